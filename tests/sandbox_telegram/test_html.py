"""Telegram's HTML, read and written."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.telegram.errors import ApiError
from sandbox.telegram.html import Entity, cut, read_html, units, write_html
from sandbox.telegram.texts import written

# The server's own tests, tdlib/td test/message_entities.cpp, name the first eight.
REFUSED = [
    ("🏟 🏟&lt;<abacaba", "Unclosed start tag at byte offset 13"),
    ("🏟 🏟&lt;<abac aba>", 'Unsupported start tag "abac" at byte offset 13'),
    ("🏟 🏟&lt;<i   =aba>", 'Empty attribute name in the tag "i" at byte offset 13'),
    (
        "🏟 🏟&lt;<i    aba>",
        'Expected equal sign in declaration of an attribute of the tag "i" at byte offset 13',
    ),
    ("🏟 🏟&lt;<i    aba  =  ", 'Unclosed start tag "i" at byte offset 13'),
    ("🏟 🏟&lt;<i    aba  =  190azAz-.,", "Unexpected end of name token at byte offset 27"),
    ('🏟 🏟&lt;<i    aba  =  "&lt;&gt;&quot;>', "Unclosed start tag at byte offset 13"),
    ("🏟 🏟&lt;<b></b></", "Unexpected end tag at byte offset 20"),
    ("<br>", 'Unsupported start tag "br" at byte offset 0'),
    ("a < b", 'Unsupported start tag "" at byte offset 2'),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
    ("<b>x</b", "Unclosed end tag at byte offset 4"),
    ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ('<tg-time unix="soon">x</tg-time>', "Invalid date-time specified"),
    ('<tg-time unix="1" format="rt">x</tg-time>', "Invalid date-time specified"),
]


@pytest.mark.parametrize(("source", "reason"), REFUSED)
def test_refused(source: str, reason: str) -> None:
    with pytest.raises(ApiError) as refusal:
        read_html(source)
    assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"


READ: list[tuple[str, str, list[Entity]]] = [
    ("a &lt;b&gt; &amp; &quot;&#128640;&nbsp;", 'a <b> & "🚀&nbsp;', []),
    ("<b></b>x", "x", []),
    ("🎬<b>a<i>b</i></b>", "🎬ab", [
        {"type": "bold", "offset": 2, "length": 2},
        {"type": "italic", "offset": 3, "length": 1},
    ]),
    ('<a href="https://t.me">t</a>', "t", [
        {"type": "text_link", "offset": 0, "length": 1, "url": "https://t.me"},
    ]),
    ('<a href="http://localhost:8080">t</a>', "t", []),
    ('<tg-time unix="1790000000" format="wDT">Sunday</tg-time>', "Sunday", [
        {"type": "date_time", "offset": 0, "length": 6, "unix_time": 1790000000,
         "date_time_format": "wDT"},
    ]),
    ('<pre><code class="language-python">x</code></pre>', "x", [
        {"type": "pre", "offset": 0, "length": 1, "language": "python"},
    ]),
    ("<blockquote expandable>q</blockquote>", "q", [
        {"type": "expandable_blockquote", "offset": 0, "length": 1},
    ]),
    ('<span class="tg-spoiler">s</span>', "s", [{"type": "spoiler", "offset": 0, "length": 1}]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "text", "entities"), READ)
def test_read(source: str, text: str, entities: list[Entity]) -> None:
    assert read_html(source) == (text, entities)


def test_a_text_is_trimmed_and_its_links_are_found() -> None:
    text, entities = written("  <b> see tiktok.com </b>\n", "HTML", None)
    assert text == "see tiktok.com"
    assert [(entity["type"], entity["offset"], entity["length"]) for entity in entities] == [
        ("bold", 0, 14),
        ("url", 4, 10),
    ]


TAGGED = ("b", "i", "u", "s", "tg-spoiler", "blockquote")
pieces = st.recursive(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1).map(escape),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(TAGGED),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=12,
)


@given(st.lists(pieces).map("".join))
def test_what_is_written_reads_the_same(source: str) -> None:
    text, entities = read_html(source)
    assert read_html(write_html(text, entities)) == (text, entities)
    for entity in entities:
        assert units(cut(text, entity["offset"], entity["length"])) == entity["length"]
