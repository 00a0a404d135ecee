"""A month as a grid of buttons: the shape that picking a day and the calendar have in common."""

from collections.abc import Callable
from datetime import date, timedelta

from telegram import InlineKeyboardButton

from bot.callbacks import MenuTap, MenuVerb
from bot.language import short_month_words, weekday_words
from bot.views.screen import Rows, button

BLANK = "\N{BRAILLE PATTERN BLANK}"
"""A label that shows nothing; Telegram takes no empty ones."""
WEEK = 7


def month_grid(
    month: date,
    *,
    first_weekday: int,
    day: Callable[[date], InlineKeyboardButton],
    earlier: InlineKeyboardButton | None = None,
    later: InlineKeyboardButton | None = None,
) -> Rows:
    """The month that starts on `month`: its name between two buttons, the weekdays, the days.

    `first_weekday` is 0 for Monday, as `core.times.first_weekday` tells it. Eight rows at most, 56
    buttons.
    """
    nothing = inert(BLANK)
    heading = [earlier or nothing, inert(short_month_words(month)), later or nothing]
    weekdays = [inert(weekday_words((first_weekday + each) % WEEK)) for each in range(WEEK)]
    before = (month.weekday() - first_weekday) % WEEK
    days = (next_month(month) - month).days
    cells = [nothing] * before
    cells += [day(month + timedelta(days=each)) for each in range(days)]
    cells += [nothing] * (-len(cells) % WEEK)
    weeks = [cells[start : start + WEEK] for start in range(0, len(cells), WEEK)]
    return [heading, weekdays, *weeks]


def inert(label: str) -> InlineKeyboardButton:
    """A button that does nothing."""
    return button(label, MenuTap(MenuVerb.NOTHING))


def next_month(month: date) -> date:
    """The first day of the month after this day's."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def month_before(month: date) -> date:
    """The first day of the month before this day's."""
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)
