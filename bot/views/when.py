"""Choosing a time: quick times, typed words, and kind answers to words that name no time."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

from telegram import InlineKeyboardButton

from bot.callbacks import PostTap, PostVerb
from bot.language import N_, _, clock_words, near_moment_words
from bot.views.screen import Rows, Screen, button, clock, in_rows, wall, zone_name
from core.posts.view import PostView
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
    QuickKey.IN_1_HOUR: N_("In 1 hour"),
    QuickKey.IN_3_HOURS: N_("In 3 hours"),
    QuickKey.TONIGHT_20: N_("Tonight 20:00"),
    QuickKey.TOMORROW_09: N_("Tomorrow 09:00"),
    QuickKey.TOMORROW_12: N_("Tomorrow 12:00"),
    QuickKey.TOMORROW_18: N_("Tomorrow 18:00"),
}

EXAMPLES = (N_("tomorrow 18:30"), N_("fri 9am"), N_("in 2h"), N_("25 dec 20:00"))
"""What can be typed; what stands for it in another language has to be understood as well."""

REASONS = {
    Reason.NO_TIME_WORDS: N_("I could not read a time in that."),
    Reason.TOO_LONG: N_("That is too long for a time."),
    Reason.NO_SUCH_DATE: N_("There is no such date."),
    Reason.NO_SUCH_TIME: N_("There is no such time of day."),
}


MOVED = N_("✅ <b>Moved.</b> Nothing else has changed.")


def delivered_at(post: PostView) -> Moment | None:
    """Since when it is in the inbox, on the clock it was given."""
    if post.delivered_at is None:
        return None
    return at_instant(post.delivered_at, post.moment.zone if post.moment else UTC_ZONE)


def time_of(post: PostView) -> str:
    """When a post goes out, or went (HTML)."""
    if post.published_at is not None:
        zone = post.moment.zone if post.moment else UTC_ZONE
        return _("posted {time}").format(time=clock(at_instant(post.published_at, zone)))
    if (since := delivered_at(post)) is not None:
        return _("in the inbox since {time}").format(time=clock(since))
    if post.at_once and post.status is not PostStatus.DRAFT:
        return _("at once")
    return clock(post.moment) if post.moment else _("<i>no time yet</i>")


def when(
    post: PostView,
    quick: Sequence[QuickTime],
    *,
    zone: str,
    now: datetime,
    free_slot: Moment | None = None,
) -> Screen:
    """Quick times as buttons, a calendar, and an invitation to type.

    `free_slot` is the next free posting slot of the account, where it has any.
    """
    choices = [button(_(QUICK[offer.key]), _at(post, offer.moment)) for offer in quick]
    pick = button(_("📅 Pick a day"), PostTap(post.id, post.version, PostVerb.PICK_DAY))
    lines = [
        _("<b>When should it go out?</b>"),
        _("Tap a time, or type one: {examples}.").format(examples=_examples()),
        times_are_in(zone, now),
    ]
    if post.can_move:
        stays = _("It stays at {time} until you confirm another time.")
        lines.insert(1, stays.format(time=time_of(post)))
    rows = [*in_rows(choices), [pick], [_back(post)]]
    if free_slot is not None:
        label = _("🎯 Next free slot · {time}").format(time=near_moment_words(free_slot.wall))
        rows.insert(0, [button(label, PostTap(post.id, post.version, PostVerb.SLOT))])
    return Screen(text="\n".join(lines), rows=rows)


def times_are_in(zone: str, now: datetime) -> str:
    """Which clock times are read by (HTML)."""
    return _("Times are in {zone} ({offset}); /settings changes that.").format(
        zone=zone_name(zone, now), offset=describe_offset(zone, now)
    )


def move_sure(post: PostView, moment: Moment) -> Screen:
    """A last look before a post that was agreed to gets another time."""
    stamp = str(int(moment.utc.timestamp()))
    sure = button(_("✅ Move it"), PostTap(post.id, post.version, PostVerb.MOVE_SURE, stamp))
    return Screen(
        text=_(
            "<b>Move this post?</b>\nFrom {before}\nto {after}\n\n"
            "Everything else stays as you agreed to it."
        ).format(before=time_of(post), after=clock(moment)),
        rows=[[sure], [_back(post)]],
    )


def problem(post: PostView, error: TimeProblem) -> Screen:
    """Why a time cannot be kept, and the nearest that can, as buttons."""
    return Screen(text=explain(error), rows=[*offers(post, nearest(error)), [_back(post)]])


def offers(post: PostView, moments: Sequence[Moment]) -> Rows:
    """Moments as buttons."""
    return in_rows([button(_label(moment), _at(post, moment)) for moment in moments])


def nearest(error: TimeProblem) -> Sequence[Moment]:
    """The moments that may have been meant."""
    match error:
        case NotUnderstood():
            return error.nearest
        case InThePast() | DoesNotExist():
            return (error.nearest,)
        case HappensTwice():
            return (error.first, error.second)
        case AmbiguousWords():
            return error.options
    return ()


def explain(error: TimeProblem) -> str:
    """Why a time cannot be kept (HTML); what to choose from stands below as buttons."""
    match error:
        case NotUnderstood():
            hint = _("The nearest is below; or type another.") if error.nearest else _try()
            return f"{_(REASONS[error.reason])} {hint}"
        case InThePast():
            gone = _("{time} has gone by. Try a later time, such as {examples}.")
            return gone.format(time=wall(error.moment), examples=_examples())
        case TooFar():
            far = _("That is too far away: the last time I can keep is {time}.")
            return far.format(time=wall(error.limit))
        case DoesNotExist():
            return _(
                "Clocks in {zone} go forward that night: {time} does not exist. The nearest time "
                "is below; or type another."
            ).format(zone=escape(error.zone), time=clock_words(error.wall))
        case HappensTwice():
            return _(
                "Clocks in {zone} go back that night, so that time comes twice. Which one?"
            ).format(zone=escape(error.first.zone))
        case AmbiguousWords():
            return _("That could mean more than one time. Which one?")
    return f"{_('I could not use that time.')} {_try()}"


def _try() -> str:
    return _("Try {examples}.").format(examples=_examples())


def _examples() -> str:
    first, second, third, fourth = map(_, EXAMPLES)
    return _("“{first}”, “{second}”, “{third}” or “{fourth}”").format(
        first=first, second=second, third=third, fourth=fourth
    )


def _at(post: PostView, moment: Moment) -> PostTap:
    return PostTap(post.id, post.version, PostVerb.AT, str(int(moment.utc.timestamp())))


def _back(post: PostView) -> InlineKeyboardButton:
    return button(_("‹ Back"), PostTap(post.id, post.version, PostVerb.SHOW))


def _label(moment: Moment) -> str:
    offset = describe_offset(moment.zone, moment.utc)
    return f"{near_moment_words(moment.wall)} ({offset})"
