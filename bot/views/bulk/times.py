"""When the posts of a batch go out: how to spread them, and why a plan is not possible."""

from collections.abc import Mapping
from datetime import datetime, time

from bot.callbacks import BatchVerb
from bot.language import N_, _, clock_words, ngettext, number
from bot.views.bulk.batch import back, spread_words, tap
from bot.views.screen import Screen, button, clock, in_rows
from bot.views.when import times_are_in
from core.bulk.view import BatchView
from core.preferences import QuietHours
from core.queue.plans import POSTS_PER_DAY, EveryHours, PostingSlots
from core.times import at_instant

HOURS = (1, 2, 3, 4, 6, 12)
"""Hours between two posts, as offered."""

STARTS = {"now": N_("From now on"), "tomorrow": N_("From tomorrow"), "monday": N_("From Monday")}
"""When a plan begins, as offered."""

EXAMPLES = (N_("12:00 and 19:00"), N_("weekdays 9am"))


def times(
    batch: BatchView,
    *,
    zone: str,
    now: datetime,
    quiet: QuietHours | None,
    starts: Mapping[str, datetime | None],
    note: str = "",
) -> Screen:
    """How to spread the times; `starts` are the instants of `STARTS`, `note` leads (HTML)."""
    first, second = map(_, EXAMPLES)
    lines = [note, ""] if note else []
    lines += [
        _("<b>When shall they go out?</b>"),
        _("Tap, or type times of day: “{first}” or “{second}”.").format(first=first, second=second),
        times_are_in(zone, now),
        "",
        f"🕒 {spread_words(batch)}",
    ]
    if batch.start is not None:
        begins = clock(at_instant(batch.start, zone))
        lines.append(_("▶️ Not before {time}").format(time=begins))
    lines += ["", _cap()]
    if quiet is not None:
        lines.append(
            _("Your quiet hours ({start}–{end}) stay free; /settings changes them.").format(
                start=_clock(quiet.start), end=_clock(quiet.end)
            )
        )
    every = [
        button(
            _mark(batch.spread == EveryHours(hours=hours)) + _every(hours),
            tap(batch, BatchVerb.EVERY, hours),
        )
        for hours in HOURS
    ]
    slots = _mark(isinstance(batch.spread, PostingSlots)) + _("🎯 Posting slots")
    begin = [
        button(_mark(batch.start == starts[key]) + _(label), tap(batch, BatchVerb.START, key))
        for key, label in STARTS.items()
    ]
    return Screen(
        text="\n".join(lines),
        rows=[
            *in_rows(every, 3),
            [button(slots, tap(batch, BatchVerb.SLOTS))],
            *in_rows(begin),
            [back(batch)],
        ],
    )


def no_room() -> str:
    """Why there is no such plan (HTML)."""
    return _(
        "⚠️ <b>There is not enough room for that.</b> Between quiet hours, other posts and "
        "TikTok's limit, a year does not hold them all. Nothing has changed."
    )


def not_understood() -> str:
    """Why times are asked for again (HTML)."""
    return _("I could not read times in that.")


def no_posts() -> str:
    """There is nothing to plan (HTML)."""
    return _("Send me the clips first; then their times can be planned.")


def no_slots() -> str:
    """The account has no posting slots yet (HTML)."""
    return _("This account has no posting slots yet. Add some, then go back with /bulk.")


def _cap() -> str:
    return ngettext(
        "At most {count} post in 24 hours on one account: TikTok takes about that many.",
        "At most {count} posts in 24 hours on one account: TikTok takes about that many.",
        POSTS_PER_DAY,
    ).format(count=number(POSTS_PER_DAY))


def _every(hours: int) -> str:
    return ngettext("Every hour", "Every {count} h", hours).format(count=number(hours))


def _mark(chosen: bool) -> str:
    return "● " if chosen else ""


def _clock(minute: int) -> str:
    return clock_words(time(minute // 60, minute % 60))
