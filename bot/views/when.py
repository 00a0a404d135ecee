"""Choosing a time: quick times, typed words, and kind answers to words that name no time."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

from telegram import InlineKeyboardButton

from bot.callbacks import PostTap, PostVerb
from bot.views.screen import Screen, button, clock, in_rows, wall
from core.posts import PostView
from core.states import PostStatus
from core.times import (
    UTC_ZONE,
    AmbiguousWords,
    DoesNotExist,
    HappensTwice,
    InThePast,
    Moment,
    NotUnderstood,
    QuickKey,
    QuickTime,
    Reason,
    TimeProblem,
    TooFar,
    at_instant,
    describe_offset,
)

QUICK = {
    QuickKey.IN_1_HOUR: "In 1 hour",
    QuickKey.IN_3_HOURS: "In 3 hours",
    QuickKey.TONIGHT_20: "Tonight 20:00",
    QuickKey.TOMORROW_09: "Tomorrow 09:00",
    QuickKey.TOMORROW_12: "Tomorrow 12:00",
    QuickKey.TOMORROW_18: "Tomorrow 18:00",
}

EXAMPLES = "“tomorrow 18:30”, “fri 9am”, “in 2h” or “25 dec 20:00”"

REASONS = {
    Reason.NO_TIME_WORDS: "I could not read a time in that.",
    Reason.TOO_LONG: "That is too long for a time.",
    Reason.NO_SUCH_DATE: "There is no such date.",
    Reason.NO_SUCH_TIME: "There is no such time of day.",
}


MOVED = "✅ <b>Moved.</b> Nothing else has changed."


def time_of(post: PostView) -> str:
    """When a post goes out, or went (HTML)."""
    if post.published_at is not None:
        zone = post.moment.zone if post.moment else UTC_ZONE
        return f"posted {clock(at_instant(post.published_at, zone))}"
    if post.at_once and post.status is not PostStatus.DRAFT:
        return "at once"
    return clock(post.moment) if post.moment else "<i>no time yet</i>"


def when(post: PostView, offers: Sequence[QuickTime], *, zone: str, now: datetime) -> Screen:
    """Quick times as buttons, and an invitation to type."""
    choices = [button(QUICK[offer.key], _at(post, offer.moment)) for offer in offers]
    lines = [
        "<b>When should it go out?</b>",
        f"Tap a time, or type one: {EXAMPLES}.",
        f"Times are in {escape(zone)} ({describe_offset(zone, now)}); /settings changes that.",
    ]
    if post.can_move:
        lines.insert(1, f"It stays at {time_of(post)} until you confirm another time.")
    return Screen(text="\n".join(lines), rows=[*in_rows(choices), [_back(post)]])


def move_sure(post: PostView, moment: Moment) -> Screen:
    """A last look before a post that was agreed to gets another time."""
    stamp = str(int(moment.utc.timestamp()))
    sure = button("✅ Move it", PostTap(post.id, post.version, PostVerb.MOVE_SURE, stamp))
    return Screen(
        text=f"<b>Move this post?</b>\nFrom {time_of(post)}\nto {clock(moment)}\n\n"
        "Everything else stays as you agreed to it.",
        rows=[[sure], [_back(post)]],
    )


def problem(post: PostView, error: TimeProblem) -> Screen:
    """Why a time cannot be kept, and the nearest that can, as buttons."""
    words, moments = _explain(error)
    choices = [button(_label(moment), _at(post, moment)) for moment in moments]
    return Screen(text=words, rows=[*in_rows(choices), [_back(post)]])


def explain(error: TimeProblem) -> str:
    """The same, in words alone."""
    return _explain(error)[0]


def _explain(error: TimeProblem) -> tuple[str, Sequence[Moment]]:
    match error:
        case NotUnderstood():
            return f"{REASONS[error.reason]} Try {EXAMPLES}.", ()
        case InThePast():
            return f"{wall(error.moment)} has gone by. Try a later time, such as {EXAMPLES}.", ()
        case TooFar():
            return f"That is too far away: the last time I can keep is {wall(error.limit)}.", ()
        case DoesNotExist():
            skipped = f"{error.wall:%H:%M}"
            return (
                f"Clocks in {escape(error.zone)} go forward that night: {skipped} does not exist. "
                "The nearest time is below; or type another.",
                [error.nearest],
            )
        case HappensTwice():
            return (
                f"Clocks in {escape(error.first.zone)} go back that night, so that time comes "
                "twice. Which one?",
                [error.first, error.second],
            )
        case AmbiguousWords():
            return "That could mean more than one time. Which one?", error.options
    return f"I could not use that time. Try {EXAMPLES}.", ()


def _at(post: PostView, moment: Moment) -> PostTap:
    return PostTap(post.id, post.version, PostVerb.AT, str(int(moment.utc.timestamp())))


def _back(post: PostView) -> InlineKeyboardButton:
    return button("‹ Back", PostTap(post.id, post.version, PostVerb.SHOW))


def _label(moment: Moment) -> str:
    offset = describe_offset(moment.zone, moment.utc)
    return f"{moment.wall:%a} {moment.wall.day} {moment.wall:%b %H:%M} ({offset})"
