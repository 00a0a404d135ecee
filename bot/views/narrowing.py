"""Narrowing a list: to an account, and to days."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from telegram import InlineKeyboardButton

from bot.callbacks import ListVerb
from bot.language import _, day_words
from bot.views.month import inert, month_before, month_grid, next_month
from bot.views.posts import days_of, list_tap
from bot.views.screen import Rows, Screen, button, in_rows
from core.accounts.accounts import ConnectedAccount
from core.lists.selection import FIRST_DAY, LAST_DAY, Selection

MOST_ACCOUNTS = 24
"""Accounts that have a button."""


def narrow(
    selection: Selection,
    accounts: Sequence[ConnectedAccount],
    *,
    today: date,
    first_weekday: int,
) -> Screen:
    """What the list can be narrowed to, as buttons; what it is narrowed to is marked."""
    lines = [_("<b>Which posts do you want to see?</b>")]
    if days := days_of(selection):
        lines.append(_("Now: {days}").format(days=days))
    pick = replace(selection, first=today.replace(day=1), last=None)
    ranges = [
        button(_mark(words, (selection.first, selection.last) == (first, last)),
               list_tap(replace(selection, first=first, last=last)))
        for words, first, last in _ranges(today, first_weekday)
    ]  # fmt: skip
    rows = [
        *_accounts(selection, accounts),
        *in_rows(ranges),
        [
            button(_("📅 Pick days"), list_tap(pick, ListVerb.FROM_DAY)),
            button(_("Any day"), list_tap(replace(selection, first=None, last=None))),
        ],
    ]
    last_row = [button(_("‹ Back"), list_tap(selection))]
    if selection.is_narrowed:
        last_row.append(button(_("Show everything"), list_tap(Selection(tab=selection.tab))))
    return Screen(text="\n".join(lines), rows=[*rows, last_row])


def pick_first(selection: Selection, *, first_weekday: int) -> Screen:
    """Asks for the first of the days, in the month of `selection.first`."""

    def day(each: date) -> InlineKeyboardButton:
        # The last day's month is shown next, so it begins with this one.
        picked = replace(selection, first=each, last=each)
        return button(str(each.day), list_tap(picked, ListVerb.TO_DAY))

    def month(first: date) -> Selection:
        return replace(selection, first=first)

    grid = _grid(selection.first, first_weekday, day, month, ListVerb.FROM_DAY)
    return Screen(text=_("<b>From which day?</b>"), rows=[*grid, _to_narrow(selection)])


def pick_last(selection: Selection, *, first_weekday: int) -> Screen:
    """Asks for the last of the days from `selection.first` on, in the month of `selection.last`."""
    begins = selection.first or FIRST_DAY

    def day(each: date) -> InlineKeyboardButton:
        if each < begins:
            return inert("·")
        return button(str(each.day), list_tap(replace(selection, last=each)))

    def month(first: date) -> Selection:
        return replace(selection, last=first)

    grid = _grid(selection.last, first_weekday, day, month, ListVerb.TO_DAY)
    return Screen(
        text=_("From {day}. <b>Until which day?</b>").format(day=day_words(begins)),
        rows=[*grid, _to_narrow(selection)],
    )


def _grid(
    shown: date | None,
    first_weekday: int,
    day: Callable[[date], InlineKeyboardButton],
    of_month: Callable[[date], Selection],
    verb: ListVerb,
) -> Rows:
    month = (shown or FIRST_DAY).replace(day=1)
    earlier, later = month_before(month), next_month(month)
    return month_grid(
        month,
        first_weekday=first_weekday,
        day=day,
        earlier=button("‹", list_tap(of_month(earlier), verb)) if earlier >= FIRST_DAY else None,
        later=button("›", list_tap(of_month(later), verb))
        if next_month(later) <= LAST_DAY
        else None,
    )


def _to_narrow(selection: Selection) -> list[InlineKeyboardButton]:
    back = replace(selection, first=None, last=None)
    return [button(_("‹ Back"), list_tap(back, ListVerb.NARROW))]


def _ranges(today: date, first_weekday: int) -> Iterator[tuple[str, date, date]]:
    """Days that are asked for often: their name, the first and the last of them."""
    week = today - timedelta(days=(today.weekday() - first_weekday) % 7)
    month = today.replace(day=1)
    coming = next_month(month)
    day, days = timedelta(days=1), timedelta(days=7)
    yield _("Today"), today, today
    yield _("Tomorrow"), today + day, today + day
    yield _("This week"), week, week + days - day
    yield _("Next week"), week + days, week + 2 * days - day
    yield _("This month"), month, coming - day
    yield _("Next month"), coming, next_month(coming) - day
    yield _("Last 7 days"), today - days + day, today
    yield _("Last 30 days"), today - timedelta(days=29), today


def _accounts(selection: Selection, accounts: Sequence[ConnectedAccount]) -> Rows:
    if len(accounts) < 2:
        return []
    chosen = selection.account_id
    found = [
        button(_mark(_("All accounts"), chosen is None),
               list_tap(replace(selection, account_id=None)))
    ]  # fmt: skip
    for account in accounts[:MOST_ACCOUNTS]:
        tap = list_tap(replace(selection, account_id=account.id))
        found.append(button(_mark(account.name, chosen == account.id), tap))
    return in_rows(found)


def _mark(words: str, chosen: bool) -> str:
    return f"● {words}" if chosen else words
