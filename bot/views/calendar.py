"""A month of posts: as buttons, and as what the picture of it is drawn from."""

from datetime import date
from typing import Any

from telegram import InlineKeyboardButton

from bot.callbacks import CalendarTap, CalendarVerb, ListVerb
from bot.language import _, month_words, number, weekday_words
from bot.views.month import month_before, month_grid, next_month
from bot.views.posts import list_tap, many, of_day
from bot.views.screen import Screen, button
from core.lists.calendar import DayCounts, Month
from core.lists.selection import FIRST_DAY, LAST_DAY, Selection

WEEK = 7
RAISED = str.maketrans("0123456789+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺")


def month(shown: Month, *, today: date, first_weekday: int, times_are_in: str) -> Screen:
    """The month with how many posts each day has; a tap on a day lists them."""

    def day(each: date) -> InlineKeyboardButton:
        counts = shown.days.get(each.day, DayCounts())
        return button(_cell(each, counts, today=today), list_tap(of_day(each)))

    first = shown.first
    earlier, later = month_before(first), next_month(first)
    grid = month_grid(
        first,
        first_weekday=first_weekday,
        day=day,
        earlier=button("‹", _month(earlier)) if earlier >= FIRST_DAY else None,
        later=button("›", _month(later)) if next_month(later) <= LAST_DAY else None,
    )
    below = [
        button(_("🖼 As a picture"), CalendarTap(CalendarVerb.PICTURE, f"{first:%Y-%m}")),
        button(_("☰ List"), list_tap(Selection(), ListVerb.PAGE)),
    ]
    return Screen(
        text="\n".join([f"📅 <b>{month_words(first)}</b>", _totals(shown), "", times_are_in]),
        rows=[*grid, below],
    )


def picture_of(shown: Month, *, today: date, first_weekday: int) -> dict[str, Any]:
    """What `bot.pictures.month` draws."""
    first = shown.first
    in_month = (next_month(first) - first).days
    days = [shown.days.get(day, DayCounts()) for day in range(1, in_month + 1)]
    return {
        "title": month_words(first),
        "weekdays": [weekday_words((first_weekday + each) % WEEK) for each in range(WEEK)],
        "begins": (first.weekday() - first_weekday) % WEEK,
        "today": today.day if today.replace(day=1) == first else None,
        "days": [
            {
                "good": counts.published,
                "planned": counts.planned,
                "waiting": counts.needs_you,
                "bad": counts.failed,
                "words": many(counts.all) if counts.all else "",
            }
            for counts in days
        ],
        "legend": [
            ["good", _("Published")],
            ["planned", _("Planned")],
            ["waiting", _("Needs you")],
            ["bad", _("Not published")],
        ],
    }


def caption(shown: Month) -> Screen:
    """Below the picture."""
    return Screen(text=f"📅 <b>{month_words(shown.first)}</b>\n{_totals(shown)}")


def no_picture() -> Screen:
    """The picture could not be drawn."""
    return Screen(
        text=_("I could not draw the picture this time. The calendar above has all of it.")
    )


def _month(first: date) -> CalendarTap:
    return CalendarTap(CalendarVerb.MONTH, f"{first:%Y-%m}")


def _cell(day: date, counts: DayCounts, *, today: date) -> str:
    """A day with its number of posts: a seventh of a phone's width shows little more than that."""
    mark = "!" if counts.needs_you else "•" if day == today else ""
    count = many(counts.all).translate(RAISED) if counts.all else ""
    return f"{mark}{day.day}{count}"


def _totals(shown: Month) -> str:
    """How many posts the month has, by how they stand (HTML)."""
    days = shown.days.values()
    parts = [
        f"{icon} {words}: {number(count)}"
        for icon, words, count in (
            ("✅", _("Published"), sum(day.published for day in days)),
            ("🗓", _("Planned"), sum(day.planned for day in days)),
            ("⚠️", _("Needs you"), sum(day.needs_you for day in days)),
            ("❌", _("Not published"), sum(day.failed for day in days)),
        )
        if count
    ]
    return " · ".join(parts) or _("No posts this month.")
