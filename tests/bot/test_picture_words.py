"""The words inside pictures: in the creator's language, in a font that has their letters."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.language import LANGUAGES, speaking
from bot.pictures.paper import readable
from bot.views import calendar, stats
from core.accounts.accounts import ConnectedAccount
from core.lists.calendar import DayCounts, Month
from core.states import AccountStatus
from core.statistics.best_hours import Seen, best_hours
from core.statistics.insights import Audience, Insights, Lateness, Week
from tests.pseudo import PSEUDO, speak_pseudo, untranslated

NOW = datetime(2027, 1, 12, 17, tzinfo=UTC)
LENA = ConnectedAccount(
    id=1, username="lena.cooks", nickname="Lena", status=AccountStatus.CONNECTED,
    connected_at=NOW, refresh_expires_at=NOW,
)  # fmt: skip


def insights(*, posts: int) -> Insights:
    """Numbers of a creator with so many posts in each of their weeks."""
    seen = [Seen(weekday=each % 7, hour=18, views=900 * (each + 1)) for each in range(4 * posts)]
    mondays = [date(2027, 1, 11) - timedelta(weeks=each) for each in range(12)]
    return Insights(
        zone="Europe/Madrid",
        published=12 * posts, failed=posts, scheduled=posts, waiting=posts, looked_at=12 * posts,
        lateness=Lateness(posts=1, median=timedelta(seconds=40), p95=timedelta(minutes=4)),
        audience=Audience(
            posts=1, views=12_345, likes=2, comments=3, shares=4, counted_at=NOW
        ) if posts else None,
        streak=3,
        weeks=tuple(
            Week(monday=each, posts=posts, views=12_345 * posts or None)
            for each in reversed(mondays)
        ),
        ahead=(),
        hours=best_hours(seen),
        uncounted=() if posts else (LENA,),
    )  # fmt: skip


def words(data: Any) -> Iterator[str]:
    """Every text in what a picture is drawn from."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from words(value)
    elif isinstance(data, list):
        for value in data:
            yield from words(value)


def pictures() -> Iterator[dict[str, Any]]:
    """Pictures that show everything there is to say, in the language that is spoken."""
    days = {day: DayCounts(published=1, planned=1, needs_you=1, failed=1) for day in range(1, 32)}
    month = Month(first=date(2027, 1, 1), days=days)
    yield calendar.picture_of(month, today=date(2027, 1, 12), first_weekday=0)
    for posts in (0, 7):
        for asks in (False, True):
            numbers = insights(posts=posts)
            yield stats.picture_of(numbers, chosen=None, asks_for_counts=asks)


COLOURS = ["good", "bad", "waiting", "planned"]
"""Names of colours that stand beside the words."""


def test_nothing_is_drawn_untranslated(tmp_path: Path) -> None:
    speak_pseudo(tmp_path)
    with speaking(PSEUDO):
        drawn = [text for picture in pictures() for text in words(picture) if text not in COLOURS]
    left = {text: found for text in drawn if (found := untranslated(text, names=[]))}
    assert not left


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_font_has_every_letter(language: str) -> None:
    with speaking(language):
        drawn = {" ".join(text.split()) for picture in pictures() for text in words(picture)}
    assert any(word in drawn for word in ("Published", "Publicadas", "Вышли"))
    lost = {text: readable(text) for text in drawn if text and readable(text) != text}
    assert not lost
