"""What a list shows, as a value and as a short text that a button carries."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.callbacks import ListTap, ListVerb, read
from core.lists.places import Place
from core.lists.selection import (
    FIRST_DAY,
    LAST_DAY,
    WORDS_BYTES,
    Selection,
    Tab,
    base36,
    fitting,
    folded,
)

days = st.none() | st.dates(FIRST_DAY, LAST_DAY)
selections = st.builds(
    Selection,
    tab=st.sampled_from(Tab),
    turned=st.booleans(),
    account_id=st.none() | st.integers(1, 36**5 - 1),
    first=days,
    last=days,
    words=st.text().map(fitting),
).filter(lambda each: each.tab is not Tab.DATED or each.first is not None)
places = st.builds(
    Place,
    at=st.datetimes(datetime(1970, 1, 2), datetime(2085, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
    | st.just(datetime(9999, 1, 1, tzinfo=UTC)),
    post_id=st.integers(1, 36**6 - 1),
)


@given(selections)
def test_a_name_is_read_as_what_it_names(selection: Selection) -> None:
    assert Selection.named(selection.name) == selection


@given(selections, places, st.sampled_from("<>="), st.sampled_from(ListVerb))
def test_every_list_fits_into_a_button(
    selection: Selection, place: Place, side: str, verb: ListVerb
) -> None:
    tap = ListTap(verb, place.name(side), selection.name)
    assert read(tap.pack()) == tap
    assert Place.named(tap.at) == (side, place)


@given(st.text(alphabet="pnd~.=<>09az: é\n"))
def test_any_text_is_understood_or_refused(text: str) -> None:
    """Buttons can be made up by hand."""
    for named in (Selection.named, Place.named):
        try:
            named(text)
        except ValueError:
            continue


@pytest.mark.parametrize(
    "name", ["", "q...", "p", "p..", "P...", "p.zzzz..", "~...", "p123456...", "c..."]
)
def test_what_names_no_list_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Selection.named(name)


@given(st.integers(0, 1 << 62))
def test_numbers_are_written_as_python_reads_them(number: int) -> None:
    assert int(base36(number), 36) == number


def test_there_are_no_numbers_below_nothing() -> None:
    with pytest.raises(ValueError, match="-1"):
        base36(-1)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("recipe", "recipe"),
        ("  my   grandma's \n soup ", "my grandma's soup"),
        ("the best chocolate cake recipe", "the best chocolate cake"),  # what fits, whole words
        ("x" * 30, "x" * WORDS_BYTES),  # of one long word, its beginning
        ("рецепт супа из грибов", "рецепт супа"),
        ("ё" * 13, "ё" * 12),  # 24 bytes, never half a letter
        ("", ""),
    ],
)
def test_words_that_a_search_can_hold(typed: str, kept: str) -> None:
    assert fitting(typed) == kept


@pytest.mark.parametrize(
    ("word", "caption"),
    [
        ("CAFÉ", "Best cafe in town"),
        ("cafe", "Mi CAFÉ favorito"),
        ("рецепт", "НОВЫЙ РЕЦЕПТ"),
        ("ЁЛКА", "елка"),
        ("strasse", "Straße"),
        ("istanbul", "İstanbul"),
        ("ﬁsh", "FISH & chips"),
        ("रेसिपी", "नई रेसिपी"),
        ("وصفة", "وصفة جديدة"),
    ],
)
def test_searches_look_past_case_and_accents_in_any_script(word: str, caption: str) -> None:
    assert folded(word) in folded(caption)


def test_another_tab_begins_in_its_own_order() -> None:
    selection = Selection(tab=Tab.PLANNED, account_id=7, words="soup").turn()
    assert selection.turned
    assert selection.in_tab(Tab.DRAFTS) == Selection(tab=Tab.DRAFTS, account_id=7, words="soup")


@pytest.mark.parametrize(
    ("selection", "is_narrowed"),
    [
        (Selection(), False),
        (Selection(tab=Tab.ALL, turned=True), False),
        (Selection(account_id=1), True),
        (Selection(words="soup"), True),
        (Selection(first=date(2027, 1, 1), last=date(2027, 1, 1)), True),
    ],
)
def test_what_leaves_out_posts_is_narrowed(selection: Selection, *, is_narrowed: bool) -> None:
    assert selection.is_narrowed is is_narrowed
