"""The posting slots of an account."""

from collections.abc import Collection, Iterable, Sequence
from datetime import time

from telegram import InlineKeyboardButton

from bot.callbacks import AccountTap, AccountVerb, QueueTap, QueueVerb
from bot.language import N_, _, clock_words, ngettext, number, weekday_words
from bot.views.screen import Screen, button, handle, in_rows
from core.accounts.accounts import ConnectedAccount
from core.queue.queue import MOST_SLOTS
from core.queue.weeks import EVERY_DAY, WEEKEND, WORKDAYS, WeekTime

EXAMPLES = (N_("weekdays 12:00 and 19:00"), N_("mon, wed, fri 9am"))
"""What can be typed; what stands for it in another language has to be understood as well."""

DAYS = {
    "every": (N_("Every day"), EVERY_DAY),
    "work": (N_("Weekdays"), WORKDAYS),
    "end": (N_("Weekends"), WEEKEND),
}
"""Several days in one button."""


def slots(account: ConnectedAccount, times: Sequence[WeekTime], *, note: str = "") -> Screen:
    """The account's slots, and how to change them; `note` leads (HTML)."""
    first, second = map(_, EXAMPLES)
    lines = [note, ""] if note else []
    lines += [_("<b>Posting slots of {account}</b>").format(account=handle(account.name))]
    if times:
        lines += week_lines(times)
        lines += ["", _("“Next free slot” and /bulk use these times.")]
    else:
        lines += [
            _("None yet. Posting slots are the times of the week you like to post at: “Next free "
              "slot” and /bulk fill them one by one."),
        ]  # fmt: skip
    lines += [
        "",
        _("Type times to add them: “{first}” or “{second}”. Or tap <b>Add a time</b>.").format(
            first=first, second=second
        ),
    ]
    minutes = sorted({each.minute for each in times})
    removers = [
        button(f"✖ {_clock(minute)}", QueueTap(account.id, QueueVerb.REMOVE, str(minute)))
        for minute in minutes
    ]
    rows = [
        [button(_("🕒 Add a time"), QueueTap(account.id, QueueVerb.HOUR))],
        *in_rows(removers, 4),
    ]
    if len(minutes) > 1:
        rows.append([button(_("Remove all"), QueueTap(account.id, QueueVerb.CLEAR))])
    back = AccountTap(account.id, AccountVerb.DETAILS)
    return Screen(text="\n".join(lines), rows=[*rows, [button(_("‹ Account"), back)]])


def hours(account: ConnectedAccount) -> Screen:
    """Which hour a new slot is at."""
    choices = [
        button(_clock(60 * hour), QueueTap(account.id, QueueVerb.DAYS, str(60 * hour)))
        for hour in range(24)
    ]
    return Screen(
        text=_("<b>At what time?</b>\nFor other minutes, type the time: “weekdays 18:40”."),
        rows=[*in_rows(choices, 6), [_back(account)]],
    )


def days(account: ConnectedAccount, minute: int) -> Screen:
    """On which days a new slot is."""
    several = [button(_(label), _add(account, minute, key)) for key, (label, _days) in DAYS.items()]
    single = [button(weekday_words(day), _add(account, minute, str(day))) for day in EVERY_DAY]
    return Screen(
        text=_("<b>On which days, at {time}?</b>").format(time=_clock(minute)),
        rows=[several, single, [_back(account)]],
    )


def not_understood() -> Screen:
    """What was typed are no times of the week; the question stays open."""
    first, second = map(_, EXAMPLES)
    told = _("I could not read times of the week in that. Try “{first}” or “{second}”.")
    return Screen(text=told.format(first=first, second=second))


def too_many() -> str:
    """Why slots were not added (HTML)."""
    return ngettext(
        "An account has room for {count} posting slot a week.",
        "An account has room for {count} posting slots a week.",
        MOST_SLOTS,
    ).format(count=number(MOST_SLOTS))


def none_free() -> str:
    """Why there is no next free slot (HTML)."""
    return _("No posting slot is free: see <b>Posting slots</b> in /accounts.")


def taken() -> str:
    """Why a post could not get the slot it was given (HTML)."""
    return _(
        "ℹ️ Another post goes out in that posting slot. Tap <b>When</b> and choose another time."
    )


def week_lines(times: Iterable[WeekTime]) -> list[str]:
    """Times of the week, days with the same times in one line: "Weekdays · 12:00, 19:00"."""
    by_day: dict[int, list[int]] = {}
    for each in sorted(times):
        by_day.setdefault(each.weekday, []).append(each.minute)
    together: dict[tuple[int, ...], list[int]] = {}
    for day, minutes in by_day.items():
        together.setdefault(tuple(minutes), []).append(day)
    return [
        f"{_days_words(days)} · {', '.join(_clock(minute) for minute in minutes)}"
        for minutes, days in together.items()
    ]


def _days_words(weekdays: Collection[int]) -> str:
    for label, group in DAYS.values():
        if list(weekdays) == list(group):
            return _(label)
    return ", ".join(weekday_words(day) for day in weekdays)


def _clock(minute: int) -> str:
    return clock_words(time(minute // 60, minute % 60))


def _add(account: ConnectedAccount, minute: int, which: str) -> QueueTap:
    return QueueTap(account.id, QueueVerb.ADD, f"{minute}.{which}")


def _back(account: ConnectedAccount) -> InlineKeyboardButton:
    return button(_("‹ Back"), QueueTap(account.id, QueueVerb.SHOW))
