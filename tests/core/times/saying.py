"""Saying a time in a language, somewhere, and what is understood."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from core.times import AmbiguousWords, Moment, parse

FRIDAY_TEN = "2026-11-20 10:00"


def at(wall: str, zone: str) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def understood(language: str, text: str, zone: str, now: str = FRIDAY_TEN) -> Moment:
    """What a creator in `zone` whose language that is means, when clocks there show `now`."""
    return parse(text, now=at(now, zone), zone=zone, languages=(language, "en"))


def answer(language: str, text: str, zone: str, now: str = FRIDAY_TEN) -> str:
    """The wall time that is understood; several with a bar between, where the bot asks which."""
    try:
        moments: tuple[Moment, ...] = (understood(language, text, zone, now),)
    except AmbiguousWords as question:
        moments = question.options
    return " | ".join(f"{moment.wall:%d.%m. %H:%M}" for moment in moments)
