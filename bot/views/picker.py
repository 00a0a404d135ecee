"""Picking a time with taps: a day of the month, its hour, its minute."""

from collections.abc import Iterable
from datetime import date, datetime, time

from telegram import InlineKeyboardButton

from bot.callbacks import PostTap, PostVerb
from bot.language import _, clock_words, heading, near_day_words
from bot.views.month import inert, month_before, month_grid, next_month
from bot.views.screen import Screen, button, in_rows
from bot.views.when import times_are_in
from core.posts.view import PostView
from core.times import HORIZON, at_instant, hours_of

HOURS_A_ROW = 6
MINUTES_A_ROW = 4


def pick_day(post: PostView, month: date, *, zone: str, now: datetime, week_from: int) -> Screen:
    """The days of a month that can still be posted on; `week_from` is the week's first day."""
    today, last = (at_instant(each, zone).wall.date() for each in (now, now + HORIZON))

    def day(each: date) -> InlineKeyboardButton:
        if not today <= each <= last or not any(hours_of(each, zone=zone, now=now)):
            return inert("·")
        label = f"•{each.day}" if each == today else str(each.day)
        return button(label, _tap(post, PostVerb.PICK_HOUR, each.isoformat()))

    def to(other: date, label: str) -> InlineKeyboardButton | None:
        if not today.replace(day=1) <= other <= last:
            return None
        return button(label, _tap(post, PostVerb.PICK_DAY, f"{other:%Y-%m}"))

    grid = month_grid(
        month,
        first_weekday=week_from,
        day=day,
        earlier=to(month_before(month), "‹"),
        later=to(next_month(month), "›"),
    )
    back = button(_("‹ Back"), _tap(post, PostVerb.WHEN))
    lines = [_("<b>Which day?</b>"), times_are_in(zone, now)]
    return Screen(text="\n".join(lines), rows=[*grid, [back]])


def pick_hour(post: PostView, day: date, *, zone: str, now: datetime) -> Screen:
    """The hours of a day that can be picked."""
    choices = [
        button(f"{hour:02}", _tap(post, PostVerb.PICK_MINUTE, f"{day.isoformat()}T{hour:02}"))
        for hour in hours_of(day, zone=zone, now=now)
    ]
    back = button(_("‹ Back"), _tap(post, PostVerb.PICK_DAY, f"{day:%Y-%m}"))
    lines = [
        _("<b>{day}: which hour?</b>").format(day=heading(near_day_words(day))),
        times_are_in(zone, now),
    ]
    return Screen(text="\n".join(lines), rows=[*in_rows(choices, HOURS_A_ROW), [back]])


def pick_minute(
    post: PostView, day: date, clocks: Iterable[time], *, zone: str, now: datetime
) -> Screen:
    """The minutes of an hour that can be picked; any other can be typed."""
    walls = [datetime.combine(day, clock) for clock in clocks]
    choices = [
        button(clock_words(wall), _tap(post, PostVerb.PICKED, wall.isoformat(timespec="minutes")))
        for wall in walls
    ]
    back = button(_("‹ Back"), _tap(post, PostVerb.PICK_HOUR, day.isoformat()))
    lines = [
        _("<b>{day}: which minute?</b>").format(day=heading(near_day_words(day))),
        _("For one in between, type day and time, such as {example}.").format(
            example=f"<code>{walls[0]:%Y-%m-%d %H}:03</code>"
        ),
        times_are_in(zone, now),
    ]
    return Screen(text="\n".join(lines), rows=[*in_rows(choices, MINUTES_A_ROW), [back]])


def _tap(post: PostView, verb: PostVerb, argument: str = "") -> PostTap:
    return PostTap(post.id, post.version, verb, argument)
