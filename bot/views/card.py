"""The card of a post: what it is, how it stands, and what can be done with it."""

from datetime import timedelta
from html import escape

from bot.callbacks import PostVerb
from bot.language import N_, _
from bot.views import mending
from bot.views.post_buttons import allowed, buttons, open_on_tiktok, tap, to_bulk
from bot.views.post_words import STATUS, about, is_to_copy
from bot.views.screen import Rows, Screen, button, copies, minutes_seconds
from core import tiktok
from core.media.limits import is_too_long
from core.posts.view import PostView
from core.states import PostStatus

_GOES_OUT = N_("🚀 <b>Going out</b>")


def card(
    post: PostView,
    *,
    note: str = "",
    headline: str | None = None,
    link: str | None = None,
    creator: tiktok.CreatorInfo | None = None,
    below: Rows = (),
    offers_inbox: bool = False,
) -> Screen:
    """The post as it stands, with the buttons its state allows.

    `note` leads; `headline` stands in for the name of the state (both HTML); `creator` is what
    TikTok last said of the account; `below` are buttons that belong to where it is shown.
    `offers_inbox` is whether accounts are asked for the permission to put drafts into their inbox.
    """
    headline = headline or _(_GOES_OUT if _goes_out_now(post) else STATUS[post.status])
    lines = [note, "", headline] if note else [headline]
    lines += off_schedule(post)
    lines += about(post)
    if creator is not None and not post.is_for_inbox and _is_too_long(post, creator):
        longest = timedelta(seconds=creator.max_video_post_duration_sec)
        lines += ["", too_long(post, longest)]
    if taken := _words_taken(post):
        words = _("✂️ <b>Time taken from your caption:</b> “{words}”").format(words=escape(taken))
        lines += ["", words]
    if post.failure_code and post.status in _TELLS_WHY:
        lines += ["", *mending.why(post.failure_code, mode=post.mode)]
    elif post.status is PostStatus.DELIVERED:
        lines += ["", _(POST_IT_THERE)]
    if post.upload_open and post.status in _WAITS:
        lines += ["", _(mending.UPLOAD_OPEN)]
    if link:
        lines += ["", escape(link)]
    rows = [
        *_keep_caption(post),
        *_copy_caption(post),
        *buttons(post.id, post.version, allowed(post, offers_inbox=offers_inbox)),
        *open_on_tiktok(link),
        *(to_bulk(post) if post.status is PostStatus.DRAFT else []),
        *below,
    ]
    return Screen(text="\n".join(lines), rows=rows)


def off_schedule(post: PostView, *, on_sheet: bool = False) -> list[str]:
    """Says of a draft that was agreed to once that it will not go out like this (HTML).

    `on_sheet` is whether that stands on the sheet of its photos, which has no Schedule.
    """
    if post.status is not PostStatus.DRAFT or not post.agreed_before:
        return []
    if on_sheet:
        told = _(
            "⚠️ <b>Off the schedule until you agree again</b>: tap <b>Done</b>, then "
            "<b>Schedule</b>."
        )
        return [told]
    return [_("⚠️ <b>Off the schedule until you agree again</b>: tap <b>Schedule</b>.")]


def _is_too_long(post: PostView, creator: tiktok.CreatorInfo) -> bool:
    is_draft = post.status is PostStatus.DRAFT
    return is_draft and is_too_long(post.lasts, creator.max_video_post_duration_sec)


def too_long(post: PostView, longest: timedelta) -> str:
    """Says that the account may not post a clip of this length (HTML)."""
    return _(
        "⚠️ <b>This clip is too long for that account.</b> It lasts {length}; TikTok lets this "
        "account post {longest} at most. Trim it and send it again, or choose another account."
    ).format(length=minutes_seconds(post.lasts), longest=minutes_seconds(longest))


def _goes_out_now(post: PostView) -> bool:
    """Whether it was agreed to for this moment, and nothing has come in between."""
    is_scheduled = post.status is PostStatus.SCHEDULED
    return is_scheduled and post.at_once and post.failure_code is None


def _words_taken(post: PostView) -> str:
    """The time words that led the caption, while they can be put back."""
    return post.time_words if post.status is PostStatus.DRAFT else ""


def _keep_caption(post: PostView) -> Rows:
    """The button that puts them back."""
    if not _words_taken(post):
        return []
    return [[button(_("💬 Keep as caption"), tap(post, PostVerb.KEEP_CAPTION))]]


def _copy_caption(post: PostView) -> Rows:
    """The button that copies it, where Telegram takes one that long."""
    return copies(_(COPY_CAPTION), post.caption) if is_to_copy(post) else []


COPY_CAPTION = N_("📋 Copy caption")


POST_IT_THERE = N_(
    "Tap TikTok's notification of it, or open <b>Inbox</b> in the TikTok app: there you finish the "
    "draft and post it."
)


_TELLS_WHY = frozenset(
    {
        *(PostStatus.FAILED, PostStatus.HELD, PostStatus.UNCONFIRMED, PostStatus.SCHEDULED),
        PostStatus.DELIVERED,
    }
)


_WAITS = frozenset({PostStatus.SCHEDULED, PostStatus.HELD})
