"""Screens of times, settings and accounts: whatever is in them, Telegram takes them."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import LANGUAGES, speaking
from bot.views import accounts, picker, quiet, several, zone
from bot.views import settings as settings_views
from core.accounts.accounts import ConnectedAccount
from core.accounts.workloads import Workload
from core.posts.view import PostView
from core.preferences import DAY, QuietHours
from core.times import minutes_of
from core.users.users import Creator
from tests.creator.test_screens import (
    NOW,
    ZONES,
    accounts_,
    many,
    nicknames,
    post_views,
    taken,
)

quiet_hours = st.none() | st.builds(
    lambda start, length: QuietHours(start=start, end=(start + length) % DAY),
    st.integers(0, DAY - 1),
    st.integers(1, DAY - 1),
)
counts = st.integers(0, 10**7)
work = st.builds(
    Workload,
    drafts=counts,
    planned=counts,
    under_way=counts,
    stuck=counts,
    in_inbox=counts,
    published=counts,
    next_due=st.none() | st.just(NOW + timedelta(days=3)),
)
creators = st.builds(
    Creator,
    id=st.just(1),
    chat_id=st.just(1),
    locale=st.none(),
    zone=st.none() | st.sampled_from(ZONES),
    late_tolerance=st.none(),
    tells_only_failures=st.booleans(),
    quiet_hours=quiet_hours,
    default_account_id=st.none() | st.integers(1, 200),
)
languages = st.sampled_from(list(LANGUAGES))


def numbered(connected: list[ConnectedAccount], name: str) -> list[ConnectedAccount]:
    """Up to 200 accounts, from a few that hypothesis has made up."""
    return [
        ConnectedAccount(
            id=number,
            username=None,
            nickname=name,
            status=connected[number % len(connected)].status,
            connected_at=NOW,
            refresh_expires_at=NOW,
        )
        for number in range(1, 201)
    ]


@many
@given(
    creator=creators,
    connected=st.lists(accounts_, min_size=1, max_size=4),
    name=nicknames,
    load=work,
    post=post_views,
    language=languages,
)
def test_settings_and_accounts(
    creator: Creator,
    connected: list[ConnectedAccount],
    name: str,
    load: Workload,
    post: PostView,
    language: str,
) -> None:
    listed = numbered(connected, name)
    with speaking(language):
        tolerance = timedelta(minutes=47)
        taken(settings_views.settings(creator, NOW, tolerance=tolerance, accounts=listed))
        taken(settings_views.ask_new_drafts(listed, chosen=creator.default_account_id))
        taken(settings_views.ask_notices(only_failures=creator.tells_only_failures))
        for page in (0, 3, 9, 9999):
            taken(accounts.accounts(listed, {each.id: load for each in listed}, page=page))
        taken(accounts.details(listed[0], load, zone=creator.zone or "UTC"))
        taken(accounts.disconnect_sure(listed[0], load))
        taken(several.choose(post, listed))
        taken(several.choose(post, []))


@many
@given(
    post=post_views,
    day=st.dates(date(2027, 1, 1), date(2028, 2, 1)),
    hour=st.integers(0, 23),
    zone_=st.sampled_from([*ZONES, "America/Argentina/ComodRivadavia"]),
    week_from=st.integers(0, 6),
    language=languages,
)
def test_the_picker(
    post: PostView, day: date, hour: int, zone_: str, week_from: int, language: str
) -> None:
    with speaking(language):
        month = day.replace(day=1)
        taken(picker.pick_day(post, month, zone=zone_, now=NOW, week_from=week_from))
        taken(picker.pick_hour(post, day, zone=zone_, now=NOW))
        if clocks := list(minutes_of(day, hour, zone=zone_, now=NOW)):
            taken(picker.pick_minute(post, day, clocks, zone=zone_, now=NOW))


@many
@given(hours=quiet_hours, zone_=st.sampled_from(ZONES), language=languages)
def test_quiet_hours_and_zones(hours: QuietHours | None, zone_: str, language: str) -> None:
    with speaking(language):
        taken(quiet.ask(hours, zone=zone_, now=NOW))
        taken(quiet.ask_start())
        taken(quiet.ask_end(23 * 60))
        taken(zone.offer(zone_, NOW))
        for text in (zone.located(zone_, NOW), zone.located(None, NOW), zone.ask_location()):
            assert text.text and text.chat_keyboard and not text.rows


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_city_with_a_mark_in_its_name_is_plain_on_its_button(language: str) -> None:
    with speaking(language):
        (row,) = zone.offer("America/St_Johns", datetime.fromisoformat("2027-01-12T12:00Z")).rows
        assert "&" not in row[0].text
