"""Sending to the TikTok inbox instead of posting: what it means, the last look, the notice."""

from html import escape

from bot.callbacks import PostVerb
from bot.language import N_, _, number
from bot.views import mending
from bot.views.card import COPY_CAPTION, POST_IT_THERE
from bot.views.declarations import declaration
from bot.views.post_buttons import LABELS, back, buttons, tap
from bot.views.post_words import about
from bot.views.screen import Rows, Screen, account_name, button, called, clock, copies, handle
from core import verdicts
from core.notifications import Notice
from core.posts.inbox import MOST_PENDING
from core.posts.view import PostView

SCHEDULED = N_("✅ <b>Scheduled.</b> I will tell you when it is in your TikTok inbox.")
ON_ITS_WAY = N_(
    "📥 <b>On its way to your TikTok inbox.</b> TikTok may take a few minutes to process it. I "
    "will tell you when it is there."
)
IT_IS_THERE = N_("✅ Thank you. I have noted that it is in your TikTok inbox.")
WAS_POSTED = N_("✅ Thank you. I have noted that you posted it.")
_NO_PLACE = N_(
    "⚠️ <b>No place is free in that inbox now.</b> The post waits here until you have posted one of "
    "its drafts in the TikTok app."
)
_NO_PLACE_YET = N_(
    "⚠️ <b>No place is free in that inbox now.</b> If none is free at its time, the post waits for "
    "you."
)
WAS_DELETED = N_("🗑 Thank you. I have noted that you deleted it in TikTok.")


def offer(post: PostView, pending: int, *, can_reconnect: bool) -> Screen:
    """What sending to the inbox means, before it is chosen.

    `pending` are the drafts that wait there by our count. Where the account lacks the permission,
    `can_reconnect` says whether connecting it again brings it.
    """
    assert post.account is not None  # noqa: S101 - whoever asks has looked
    lines = [
        _("📥 <b>Send to the TikTok inbox</b>"),
        _(
            "It comes to {account} as a draft: TikTok tells you that it is there, and you finish "
            "and post it in the TikTok app yourself."
        ).format(account=account_name(post.account.nickname, post.account.name)),
        "",
        _comes_along(post),
        "",
        _(
            "TikTok holds at most {most} drafts of the last 24 hours that are not posted yet. By "
            "my count there are <b>{count} of {most}</b>."
        ).format(count=number(pending), most=number(MOST_PENDING)),
    ]
    if not post.account.takes_drafts:
        lines += ["", *_no_permission(can_reconnect=can_reconnect)]
        rows = buttons(post.id, post.version, mending.RECONNECTS if can_reconnect else ())
        return Screen(text="\n".join(lines), rows=[*rows, [back(post)]])
    if pending >= MOST_PENDING:
        lines += ["", _("⚠️ <b>No place is free now.</b> Post one of them in the TikTok app first.")]
    verbs = (PostVerb.TO_INBOX_NOW, PostVerb.TO_INBOX)
    return Screen(
        text="\n".join(lines), rows=[*buttons(post.id, post.version, verbs), [back(post)]]
    )


def _comes_along(post: PostView) -> str:
    if post.clip is None:
        return _(
            "<b>What comes along:</b> the photos in their order, the cover, title and "
            "description.\n"
            "<b>What does not come along:</b> who can see it, interactions, disclosure and music. "
            "You choose these in TikTok."
        )
    return _(
        "<b>What does not come along:</b> TikTok takes nothing but the clip. Caption, who can see "
        "it, interactions, disclosure and cover are chosen in TikTok; I send you the caption to "
        "copy."
    )


def _no_permission(*, can_reconnect: bool) -> list[str]:
    if can_reconnect:
        return [f"⚠️ {mending.says(verdicts.NO_INBOX_SCOPE)}"]
    return [_("⚠️ The TikTok app of this ClipCue does not have the permission for that.")]


def confirm(post: PostView, *, at_once: bool, pending: int) -> Screen:
    """The last look before a draft is agreed to; `pending` as for `offer`."""
    when = _("as soon as you agree") if at_once or post.moment is None else clock(post.moment)
    name = account_name(post.account.nickname, post.account.name) if post.account else "TikTok"
    verb, label = (
        (PostVerb.AGREE_NOW, _("✅ Agree and send"))
        if at_once
        else (PostVerb.AGREE, _("✅ Agree and schedule"))
    )
    lines = [
        _("To the TikTok inbox of {account}, {when}").format(account=name, when=when),
        *about(post, with_time=False, with_account=False),
        "",
        _comes_along(post),
        *_full(pending, at_once=at_once),
        "",
        declaration(post),  # directly above the button that agrees to it
    ]
    look = [button(_(LABELS[PostVerb.PREVIEW]), tap(post, PostVerb.PREVIEW)), back(post)]
    return Screen(text="\n".join(lines), rows=[[button(label, tap(post, verb))], look])


def _full(pending: int, *, at_once: bool) -> list[str]:
    if pending < MOST_PENDING:
        return []
    return ["", _(_NO_PLACE) if at_once else _(_NO_PLACE_YET)]


def delivered(owed: Notice) -> Screen:
    """The draft is in the inbox; its caption, which TikTok did not take, is there to copy."""
    account = handle(owed.payload["account"])
    lines = [_("📥 <b>In your TikTok inbox</b>: {account}").format(account=account)]
    caption = str(owed.payload.get("caption") or "")
    to_copy = bool(caption.strip()) and owed.payload["is_clip"]
    if not to_copy:
        lines.append(called(owed.payload))
    if late := int(owed.payload.get("late_minutes") or 0):
        came = _("It came {minutes} min late: ClipCue or TikTok was not available before.")
        lines.append(came.format(minutes=late))
    lines.append(_(POST_IT_THERE))
    rows: Rows = []
    if to_copy:
        lines += ["", _("Its caption, to copy:"), f"<pre>{escape(caption)}</pre>"]
        rows = copies(_(COPY_CAPTION), caption)
    return Screen(text="\n".join(lines), rows=rows)
