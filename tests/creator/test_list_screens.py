"""Whatever is listed and searched for, every screen of it is one that Telegram takes."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.language import LANGUAGES, speaking
from bot.views import calendar, history, narrowing, posts
from core.accounts.accounts import ConnectedAccount
from core.lists.calendar import DayCounts, Month
from core.lists.lists import COUNTED_UP_TO, Page
from core.lists.places import Place
from core.lists.selection import FIRST_DAY, LAST_DAY, Selection, Tab, fitting
from core.posts.history import Event, What
from core.posts.view import PostView
from tests.creator.test_screens import (
    NOW,
    ZONES,
    accounts_,
    codes,
    fragments,
    many,
    post_views,
    taken,
)

days = st.dates(FIRST_DAY, LAST_DAY)
selections = st.builds(
    Selection,
    tab=st.sampled_from(Tab),
    turned=st.booleans(),
    account_id=st.none() | st.integers(1, 36**5 - 1),
    first=days,
    last=days,
    words=fragments.map(fitting),
) | st.builds(Selection, tab=st.sampled_from([tab for tab in Tab if tab is not Tab.DATED]))
places = st.builds(
    Place,
    at=st.just(datetime(2085, 1, 1, tzinfo=UTC)),
    post_id=st.integers(1, 36**6 - 1),
)
names = st.none() | st.builds(Place.name, places, st.sampled_from("<>="))
pages = st.builds(
    Page,
    selection=selections,
    posts=st.lists(st.tuples(post_views, places), max_size=posts.LISTED).map(tuple),
    counts=st.dictionaries(st.sampled_from(Tab), st.integers(0, COUNTED_UP_TO)),
    before=names,
    after=names,
    is_whole=st.booleans(),
)
counts = st.builds(
    DayCounts,
    planned=st.integers(0, 10**6),
    needs_you=st.integers(0, 10**6),
    published=st.integers(0, 10**6),
    failed=st.integers(0, 10**6),
)
languages = st.sampled_from(sorted(LANGUAGES))
weekdays = st.integers(0, 6)


@many
@given(page=pages, accounts=st.lists(accounts_, max_size=12), language=languages)
def test_lists(page: Page, accounts: list[ConnectedAccount], language: str) -> None:
    with speaking(language):
        text = taken(posts.listing(page, accounts))
        taken(posts.listing(replace(page, selection=posts.of_day(FIRST_DAY)), accounts))
        taken(posts.listing(replace(page, selection=posts.of_day(LAST_DAY)), accounts))
    for number in range(1, len(page.posts) + 1):
        assert f"{number}. " in text


@many
@given(
    selection=selections,
    accounts=st.lists(accounts_, max_size=60),
    today=st.dates(date(2020, 3, 1), date(2140, 1, 1)),
    first_weekday=weekdays,
    language=languages,
)
def test_narrowing(
    selection: Selection,
    accounts: list[ConnectedAccount],
    today: date,
    first_weekday: int,
    language: str,
) -> None:
    with speaking(language):
        taken(narrowing.narrow(selection, accounts, today=today, first_weekday=first_weekday))
        taken(narrowing.pick_first(selection, first_weekday=first_weekday))
        taken(narrowing.pick_last(selection, first_weekday=first_weekday))
        taken(posts.ask_words(selection))


@many
@given(
    first=days.map(lambda day: day.replace(day=1)),
    days_=st.dictionaries(st.integers(1, 28), counts, max_size=28),
    first_weekday=weekdays,
    language=languages,
)
def test_months(
    first: date, days_: dict[int, DayCounts], first_weekday: int, language: str
) -> None:
    month = Month(first=first, days=days_)
    with speaking(language):
        screen = calendar.month(
            month, today=first, first_weekday=first_weekday, times_are_in="Times are in UTC"
        )
        text = taken(screen)
        taken(calendar.caption(month))
        taken(calendar.no_picture())
    assert str(first.year) in text
    cells = [button.text for row in screen.rows for button in row if len(row) == 7]
    assert any(cell[:2] in {"•1", "!1"} for cell in cells)


@many
@given(
    post=post_views,
    told=st.lists(
        st.builds(Event, at=st.just(NOW), what=st.sampled_from(What), to=st.none() | st.just(NOW),
                  code=st.none() | codes),
        max_size=20,
    ),
    is_all=st.booleans(),
    zone=st.sampled_from(ZONES),
    language=languages,
)  # fmt: skip
def test_histories(
    post: PostView, told: list[Event], is_all: bool, zone: str, language: str
) -> None:
    with speaking(language):
        text = taken(history.history(post, told, is_all=is_all, zone=zone))
        cancelled = posts.cancelled(post)
    assert cancelled["below"]
    assert len(text.splitlines()) >= len(told)
