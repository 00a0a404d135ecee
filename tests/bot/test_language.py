"""Languages: which one is spoken, and how days, numbers and plurals read in it."""

import ast
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot import language as spoken_language
from bot.language import (
    ENGLISH,
    LANGUAGES,
    _,
    accepted_language,
    catalog_file,
    city,
    day_words,
    language_of,
    learn,
    moment_words,
    month_words,
    near_day_words,
    near_moment_words,
    ngettext,
    number,
    speak,
    speaking,
    weekday_words,
)
from bot.locale.messages import (
    MARKS,
    ROOT,
    NotExtractable,
    brought_up_to_date,
    collected,
    found,
    in_source,
    write,
)

TRANSLATED = [language for language in LANGUAGES if language != ENGLISH]
EVENING = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("en", "en"),
        ("en-GB", "en"),
        ("es", "es"),
        ("es-419", "es"),
        ("es_MX", "es"),
        ("ES", "es"),
        ("ru", "ru"),
        ("uk", "en"),  # nobody is answered in a language that is merely like theirs
        ("pt-br", "en"),
        ("tlh", "en"),
        ("-", "en"),
    ],
)
def test_the_language_of_a_tag(tag: str | None, language: str) -> None:
    assert language_of(tag) == language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("*", "en"),
        ("ru", "ru"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("en-US,en;q=0.9,ru;q=0.8", "en"),
        ("fr, es;q=0.5", "es"),
        ("es;q=0.3, ru;q=0.7", "ru"),
        ("es;q=0, ru;q=0.1", "ru"),
        ("es; q=0.3 , ru; q=0.7", "ru"),
        ("fr, de", "en"),
        ("es;q=none", "en"),
        (",,;;q=1", "en"),
        ("es;q=1e999999", "es"),
    ],
)
def test_the_language_of_a_browser(header: str, language: str) -> None:
    assert accepted_language(header) == language


def test_a_language_is_spoken_inside_the_block_only() -> None:
    with speaking("ru"):
        with speaking("es"):
            assert spoken_language.spoken() == "es"
        assert spoken_language.spoken() == "ru"
    assert spoken_language.spoken() == "en"


async def test_a_task_speaks_for_itself() -> None:
    """What one update's task speaks is nothing to another's."""
    import asyncio  # noqa: PLC0415 - of this test alone

    async def told(language: str) -> str:
        speak(language)
        await asyncio.sleep(0)
        return spoken_language.spoken()

    heard = await asyncio.gather(*map(told, ("es", "ru", "en", "es")))
    assert heard == ["es", "ru", "en", "es"]
    assert spoken_language.spoken() == "en"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            "Fri 27 Nov 2026, 18:00 | Fri 27 Nov, 18:00 | 27 Nov 2026 | Fri 27 Nov | November 2026 "
            "| Mo | Fr",
        ),
        (
            "es",
            "vie 27 nov 2026, 18:00 | vie 27 nov, 18:00 | 27 nov 2026 | vie 27 nov "
            "| Noviembre 2026 | Lu | Vi",
        ),
        (
            "ru",
            "пт 27 нояб. 2026, 18:00 | пт 27 нояб., 18:00 | 27 нояб. 2026 | пт 27 нояб. "
            "| Ноябрь 2026 | Пн | Пт",
        ),
    ],
)
def test_days(language: str, words: str) -> None:
    today = date(2026, 11, 27)
    with speaking(language):
        said = [moment_words(EVENING), near_moment_words(EVENING), day_words(today)]
        said += [near_day_words(today), month_words(today), weekday_words(0), weekday_words(4)]
    assert " | ".join(said) == words


@pytest.mark.parametrize(
    ("language", "numbers"),
    [
        ("en", ["12,500", "1.5", "3", "0"]),
        ("es", ["12.500", "1,5", "3", "0"]),
        ("ru", ["12\N{NO-BREAK SPACE}500", "1,5", "3", "0"]),
    ],
)
def test_numbers(language: str, numbers: list[str]) -> None:
    with speaking(language):
        said = [number(12_500), number(1.54, digits=1), number(3.0, digits=1), number(0)]
    assert said == numbers


def test_cities_are_called_as_people_there_call_them() -> None:
    with speaking("ru"):
        assert city("Europe/Madrid") == "Мадрид"
    with speaking("en"):
        assert city("Europe/Kiev") == "Kyiv"
        assert city("Europe/Madrid") is None, "its name says it"


RUSSIAN = """
msgid ""
msgstr ""
"Language: ru\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 \
&& (n%100<10 || n%100>=20) ? 1 : 2);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgid "{count} post"
msgid_plural "{count} posts"
msgstr[0] "{count} пост"
msgstr[1] "{count} поста"
msgstr[2] "{count} постов"

#, fuzzy
msgid "Posts"
msgstr "Письма"

msgid "Half"
msgid_plural "Halves"
msgstr[0] ""
msgstr[1] ""
msgstr[2] ""
"""


@pytest.fixture
def russian(tmp_path: Path) -> str:
    """A language that has Russian's plurals and hardly any words."""
    catalog = tmp_path / "qru.po"
    catalog.write_text(RUSSIAN.lstrip())
    learn("qru", catalog)
    return "qru"


def test_plurals_are_those_of_the_language(russian: str) -> None:
    with speaking(russian):
        said = [
            ngettext("{count} post", "{count} posts", count).format(count=count)
            for count in (1, 2, 5, 11, 21, 22, 111)
        ]
    assert said == [
        *("1 пост", "2 поста", "5 постов", "11 постов", "21 пост", "22 поста", "111 постов")
    ]


def test_what_is_not_translated_for_sure_stays_english(russian: str) -> None:
    with speaking(russian):
        assert _("Posts") == "Posts", "its translation is only guessed"
        assert _("Nobody translated this.") == "Nobody translated this."
        assert ngettext("Half", "Halves", 5) == "Halves"


def test_messages_are_found_wherever_they_stand() -> None:
    source = """
TABLE = {1: N_("in a table")}
def view(name):
    text = _("over "
             "two lines")
    inner = f"<b>{_('inside an f-string')}</b>"
    return _("of {name}").format(name=name), ngettext("one", "many", 2), _(TABLE[1]), _(text)
"""
    messages = [(each.text, each.plural, each.line) for each in in_source(source, "view.py")]
    assert messages == [
        ("in a table", None, 2),
        ("over two lines", None, 4),
        ("inside an f-string", None, 6),
        ("of {name}", None, 7),
        ("one", "many", 7),
    ]


@pytest.mark.parametrize("call", ['_(f"hi {name}")', '_("hi " + name)', 'N_("%s" % name)'])
def test_what_no_catalog_can_have_is_refused(call: str) -> None:
    with pytest.raises(NotExtractable, match=r"view\.py:1"):
        list(in_source(call, "view.py"))


NO_WORDS = re.compile(
    r"<code>.*?</code>|</?[a-z-]+[^>]*>?|https?:\S+|\S+\.(?:csv|txt|html)|[\w-]+/"
)
"""Code, tags (also the beginning of one), addresses, names of files, zones and commands."""
SAME_IN_EVERY_LANGUAGE = {"TikTok", "ClipCue"}


@pytest.mark.parametrize("path", sorted((ROOT / "bot/views").glob("*.py")), ids=lambda at: at.stem)
def test_no_view_has_words_that_are_not_marked(path: Path) -> None:
    tree = ast.parse(path.read_text())
    passed_over = {
        id(part)
        for node in ast.walk(tree)
        if _is_mark(node) or _is_docstring(node) or isinstance(node, ast.arguments)
        for part in ast.walk(node)
    }
    unmarked = [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in passed_over
        and re.search(r"[A-Z][a-z]{2}|[a-z]{2,} [a-z]{2}", NO_WORDS.sub("", node.value))
        and node.value not in SAME_IN_EVERY_LANGUAGE
    ]
    assert not unmarked


def _is_mark(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def test_every_message_can_be_filled_in() -> None:
    """Named fields only, and the same ones in both forms of a plural but for the number's."""
    for each in found():
        assert "" not in fields(each.text), each
        if each.plural:
            assert fields(each.text) | {"count"} == fields(each.plural) | {"count"}, each


def test_bringing_a_catalog_up_to_date_keeps_what_is_translated(tmp_path: Path) -> None:
    first = next(found())
    path = tmp_path / "clipcue.po"
    old = Catalog(locale="es")
    old.add(first.text, "traducido")
    old.add("A message that is gone", "ya no está")
    write(path, old)

    catalog = brought_up_to_date(path, "es")
    write(path, catalog)
    once = path.read_bytes()
    write(path, brought_up_to_date(path, "es"))

    assert path.read_bytes() == once, "a second time changes nothing"
    assert catalog[first.text].string == "traducido"
    assert "A message that is gone" not in catalog
    assert {message.id for message in catalog} == {message.id for message in collected()}


@pytest.fixture(params=TRANSLATED)
def catalog(request: pytest.FixtureRequest) -> Catalog:
    with catalog_file(request.param).open("rb") as file:
        return read_po(file, locale=request.param)


def test_each_catalog_has_every_message_and_no_other(catalog: Catalog) -> None:
    """Else: `make messages`, then translate what is new."""
    ours, theirs = (
        {message.id for message in each if message.id} for each in (collected(), catalog)
    )
    assert ours - theirs == set(), "not in the catalog"
    assert theirs - ours == set(), "no longer in the code"


def test_each_message_is_translated_for_sure(catalog: Catalog) -> None:
    plurals = catalog.num_plurals
    for message in messages(catalog):
        assert not message.fuzzy, message.id
        assert len(forms(message)) == (plurals if len(names(message)) > 1 else 1), message.id
        assert all(form.strip() for form in forms(message)), message.id


TAGS = re.compile(r"</?[a-z-]+(?: [^>]*)?>")


@pytest.mark.parametrize(
    ("what", "parts"),
    [
        ("fields", lambda text: sorted(fields(text) - {"count"})),
        ("tags", lambda text: sorted(TAGS.findall(text))),
        ("codes", lambda text: sorted(re.findall(r"<code>.*?</code>", text))),
        ("commands", lambda text: sorted(re.findall(r"(?<![\w<])/[a-z]+", text))),
        ("lines", lambda text: text.count("\n")),
    ],
)
def test_translations_keep_what_is_no_word(
    catalog: Catalog, what: str, parts: Callable[[str], object]
) -> None:
    for message in messages(catalog):
        for form in filter(None, forms(message)):
            assert parts(form) == parts(names(message)[-1]), f"{what}: {form}"


def test_the_form_for_many_says_how_many(catalog: Catalog) -> None:
    for message in messages(catalog):
        if len(names(message)) > 1 and "{count}" in names(message)[1]:
            last = forms(message)[-1]
            assert not last or "{count}" in last, message.id


def test_buttons_stay_short(catalog: Catalog) -> None:
    """A phone shows about twenty letters where two buttons share a row."""
    for message in messages(catalog):
        english = names(message)[0]
        if len(english) <= 20 and "\n" not in english:
            assert len(forms(message)[0]) <= 2 * len(english) + 8, english


def messages(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def names(message: Message) -> tuple[str, ...]:
    """Its English: one text, or the singular and the plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def forms(message: Message) -> tuple[str, ...]:
    """Its translations: one, or one for each kind of number."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def fields(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name is not None}
