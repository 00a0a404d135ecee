"""What happened to a post, in sentences."""

from collections.abc import Sequence
from datetime import datetime

from bot.language import N_, _, near_moment_words
from bot.views import mending
from bot.views.post_buttons import back
from bot.views.post_words import STATUS, named
from bot.views.screen import Screen
from core.posts.history import Event, What
from core.posts.view import PostView
from core.times import at_instant

SENTENCES = {
    What.DRAFTED: N_("The draft was made"),
    What.TAKEN_OFF: N_("You took it off the schedule, to change it"),
    What.AGREED: N_("You agreed to it going out"),
    What.MOVED: N_("You moved it to {time}"),
    What.MOVED_WITH_ZONE: N_("It moved to {time}, with your time zone"),
    What.BEGUN: N_("Publishing began"),
    What.SENT: N_("TikTok has all of it"),
    What.PUT_OFF: N_("It will be tried again. {reason}"),
    What.RETRIED: N_("You had it tried again"),
    What.RESUMED: N_("It is back on the schedule: its account is connected again"),
    What.HELD: N_("It waits for you. {reason}"),
    What.FAILED: N_("It was not published. {reason}"),
    What.NO_VERDICT: N_("TikTok has not said whether it is live"),
    What.ASKED: N_("You were asked whether it is live"),
    What.DELIVERED: N_("It came into your TikTok inbox, as a draft"),
    What.LEFT: N_("TikTok was asked no more whether you posted it"),
    What.DELETED: N_("You said that you deleted the draft in TikTok"),
    What.PUBLISHED: N_("It was published"),
    What.SAID_LIVE: N_("You said that it is live"),
    What.SAID_DELIVERED: N_("You said that it is in your TikTok inbox"),
    What.SAID_NOT_LIVE: N_("You said that it is not live"),
    What.CANCELLED: N_("You cancelled it"),
    What.UNDONE: N_("You took the cancelling back"),
    What.COPIED: N_("You made a copy of it"),
    What.RESTORED: N_("ClipCue was brought back from a backup"),
}


def history(post: PostView, events: Sequence[Event], *, is_all: bool, zone: str) -> Screen:
    """What happened to a post, the latest last; times are those of clocks in `zone`."""
    lines = [
        _("🕘 <b>What happened to this post</b>"),
        named(post),
        "",
    ]
    if not is_all:
        lines.append(_("<i>Only the latest is shown.</i>"))
    lines += [
        f"<b>{_time(event.at, zone)}</b>  {_sentence(event, zone, post.mode)}" for event in events
    ]
    lines += ["", _("Now: {state}").format(state=_(STATUS[post.status]))]
    return Screen(text="\n".join(lines), rows=[[back(post)]])


def _sentence(event: Event, zone: str, mode: str) -> str:
    return _(SENTENCES[event.what]).format(
        time=_time(event.to, zone) if event.to else "",
        reason=mending.says(event.code, mode) if event.code is not None else "",
    )


def _time(instant: datetime, zone: str) -> str:
    return near_moment_words(at_instant(instant, zone).wall)
