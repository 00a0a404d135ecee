"""Statistics and data in words: within Telegram's limits, whatever the numbers and names are."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import LANGUAGES, speaking
from bot.views import mydata, stats
from bot.views.screen import Screen
from core import tiktok
from core.accounts.accounts import ConnectedAccount
from core.states import AccountStatus
from core.statistics.best_hours import Seen, best_hours
from core.statistics.insights import Audience, Insights, Lateness, Week
from core.users.personal_data import Erased, Kept
from sandbox.telegram.html import read_html

NOW = datetime(2027, 1, 12, 17, tzinfo=UTC)
TODAY = date(2027, 1, 12)
HUGE = 10**12
COUNTS = st.integers(0, HUGE)
NAMES = st.text(max_size=128)
LATE = st.timedeltas(timedelta(), timedelta(days=60))


def account(number: int, name: str) -> ConnectedAccount:
    return ConnectedAccount(
        id=10**15 + number, username=None, nickname=name, status=AccountStatus.CONNECTED,
        connected_at=NOW, refresh_expires_at=NOW,
    )  # fmt: skip


ACCOUNTS = st.lists(NAMES, max_size=60).map(
    lambda names: [account(number, name) for number, name in enumerate(names)]
)
INSIGHTS = st.builds(
    Insights,
    zone=st.just("America/Argentina/Buenos_Aires"),
    published=COUNTS,
    failed=COUNTS,
    scheduled=COUNTS,
    waiting=COUNTS,
    looked_at=COUNTS,
    lateness=st.none() | st.builds(Lateness, posts=COUNTS, median=LATE, p95=LATE),
    audience=st.none()
    | st.builds(
        Audience, posts=COUNTS, views=COUNTS, likes=COUNTS, comments=COUNTS, shares=COUNTS,
        counted_at=st.just(NOW),
    ),
    streak=st.integers(0, 10_000),
    weeks=st.lists(
        st.builds(Week, monday=st.just(TODAY), posts=COUNTS, views=st.none() | COUNTS),
        min_size=12, max_size=12,
    ).map(tuple),
    ahead=st.lists(st.tuples(st.just(TODAY), COUNTS), min_size=7, max_size=7).map(tuple),
    hours=st.lists(
        st.builds(
            Seen, weekday=st.integers(0, 6), hour=st.integers(0, 23), views=COUNTS
        ),
        max_size=40,
    ).map(best_hours),
    uncounted=ACCOUNTS.map(tuple),
)  # fmt: skip


def check(screen: Screen, *, most: int = 4096) -> None:
    text, _entities = read_html(screen.text)
    assert tiktok.utf16_units(text) <= most
    buttons = [button for row in screen.rows for button in row]
    assert len(buttons) <= 100
    assert all(len(row) <= 8 for row in screen.rows)


@pytest.mark.parametrize("language", LANGUAGES)
@given(insights=INSIGHTS, accounts=ACCOUNTS, asks=st.booleans())
def test_statistics_fit(
    language: str, insights: Insights, accounts: list[ConnectedAccount], asks: bool
) -> None:
    chosen = accounts[-1] if accounts else None
    with speaking(language):
        check(stats.stats(insights, accounts, chosen=chosen, asks_for_counts=asks))
        check(stats.caption(chosen), most=1024)
        picture = stats.picture_of(insights, chosen=chosen, asks_for_counts=asks)
    assert len(picture["weeks"]["words"]) == len(picture["views"]["words"]) == 12


@pytest.mark.parametrize("language", LANGUAGES)
@given(
    kept=st.builds(
        Kept, posts=COUNTS, scheduled=COUNTS, at_tiktok=COUNTS, clips=COUNTS, photos=COUNTS,
        accounts=st.lists(NAMES, max_size=60).map(tuple),
    )
)  # fmt: skip
def test_words_about_data_fit(language: str, kept: Kept) -> None:
    with speaking(language):
        check(mydata.my_data(kept))
        check(mydata.erase_sure(kept))
        check(mydata.erased(Erased(kept=kept, not_given_back=kept.accounts)))
        check(mydata.being_published(kept.posts))
        check(mydata.exported(), most=1024)
