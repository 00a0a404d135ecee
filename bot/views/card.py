"""The post card and the screens that open from it."""

from collections.abc import Iterable
from html import escape

from telegram import InlineKeyboardButton

from bot.callbacks import MenuTap, MenuVerb, PostTap, PostVerb
from bot.views import mending
from bot.views.declarations import DISCLOSURE_NEEDED
from bot.views.screen import (
    Rows,
    Screen,
    account_name,
    button,
    in_rows,
    link,
    megabytes,
    minutes_seconds,
)
from bot.views.when import time_of
from core import tiktok
from core.posts import PostView
from core.states import PostStatus

PRIVACY = {
    tiktok.PrivacyLevel.PUBLIC_TO_EVERYONE: "Everyone",
    tiktok.PrivacyLevel.FOLLOWER_OF_CREATOR: "Followers",
    tiktok.PrivacyLevel.MUTUAL_FOLLOW_FRIENDS: "Friends",
    tiktok.PrivacyLevel.SELF_ONLY: "Only me",
}

STATUS = {
    PostStatus.DRAFT: "📝 <b>Draft</b>",
    PostStatus.SCHEDULED: "🗓 <b>Scheduled</b>",
    PostStatus.PUBLISHING: "⬆️ <b>Publishing</b>",
    PostStatus.PROCESSING: "⏳ <b>TikTok is processing it</b>",
    PostStatus.PUBLISHED: "✅ <b>Published</b>",
    PostStatus.FAILED: "❌ <b>Not published</b>",
    PostStatus.HELD: "✋ <b>Waiting for you</b>",
    PostStatus.UNCONFIRMED: "❓ <b>Not confirmed</b>",
    PostStatus.CANCELLED: "🚫 <b>Cancelled</b>",
}


def tap(post: PostView, verb: PostVerb, argument: str = "") -> PostTap:
    return PostTap(post.id, post.version, verb, argument)


def back(post: PostView) -> InlineKeyboardButton:
    """The button that leads back to the card."""
    return button("‹ Back", tap(post, PostVerb.SHOW))


def card(
    post: PostView,
    *,
    note: str = "",
    headline: str | None = None,
    taken: str = "",
    link: str | None = None,
) -> Screen:
    """The post as it stands, with the buttons its state allows.

    `note` leads; `headline` stands in for the name of the state (both HTML); `taken` are time
    words that led the caption before.
    """
    headline = headline or STATUS[post.status]
    lines = [note, "", headline] if note else [headline]
    lines += off_schedule(post)
    lines += about(post)
    if taken:
        lines += ["", f"✂️ <b>Time taken from your caption:</b> “{escape(taken)}”"]
    if post.failure_code and post.status in _TELLS_WHY:
        lines += ["", *mending.why(post.failure_code)]
    if post.upload_open and post.status in _WAITS:
        lines += ["", mending.UPLOAD_OPEN]
    if link:
        lines += ["", escape(link)]
    rows = [
        *_keep_caption(post, taken),
        *buttons(post.id, post.version, _verbs(post)),
        *open_on_tiktok(link),
    ]
    return Screen(text="\n".join(lines), rows=rows)


def off_schedule(post: PostView) -> list[str]:
    """Says of a draft that was agreed to once that it will not go out like this (HTML)."""
    if post.status is not PostStatus.DRAFT or not post.agreed_before:
        return []
    return ["⚠️ <b>Off the schedule until you agree again</b>: tap <b>Schedule</b>."]


def _keep_caption(post: PostView, taken: str) -> Rows:
    """The button that puts time words back; without it where they are longer than it can carry."""
    keep = tap(post, PostVerb.KEEP_CAPTION, taken)
    return [[button("💬 Keep as caption", keep)]] if taken and keep.fits else []


_TELLS_WHY = frozenset(
    {PostStatus.FAILED, PostStatus.HELD, PostStatus.UNCONFIRMED, PostStatus.SCHEDULED}
)
_WAITS = frozenset({PostStatus.SCHEDULED, PostStatus.HELD})


def about(post: PostView, *, with_time: bool = True, with_account: bool = True) -> list[str]:
    """What the post is, line by line (HTML)."""
    clip = post.clip
    lines = [
        f"🎬 {minutes_seconds(clip.duration)} · {clip.width}×{clip.height} · {megabytes(clip.size)}"
    ]
    if with_account:
        lines.append(f"👤 {_account(post)}")
    units = tiktok.utf16_units(post.caption)
    lines += ["", f"💬 Caption · {units}/{tiktok.TITLE_MAX_UTF16}"]
    lines.append(escape(post.caption) if post.caption else "<i>none</i>")
    lines.append("")
    if with_time:
        lines.append(f"🕒 {time_of(post)}")
    chosen = PRIVACY.get(post.privacy, post.privacy) if post.privacy else "<i>not chosen yet</i>"  # type: ignore[call-overload]  # an unknown option is shown as it is
    lines.append(f"👁 {chosen}")
    allowed = [
        word
        for word, on in (
            ("comments", post.allow_comment),
            ("duets", post.allow_duet),
            ("stitches", post.allow_stitch),
        )
        if on
    ]
    lines.append(f"🤝 {', '.join(allowed) if allowed else 'no comments, duets or stitches'}")
    if post.discloses:
        kinds = [
            word
            for word, on in (
                ("Your brand", post.your_brand),
                ("Branded content", post.branded_content),
            )
            if on
        ]
        lines.append(f"🏷 {', '.join(kinds) or DISCLOSURE_NEEDED}")
    return lines


def open_on_tiktok(address: str | None) -> Rows:
    """The button that leads to a published post, where there is one."""
    return [[link("Open on TikTok", address)]] if address else []


def _account(post: PostView) -> str:
    if post.account is None:
        return "<i>no account chosen yet</i>"
    return account_name(post.account.nickname, post.account.name)


def buttons(post_id: int, version: int, verbs: Iterable[PostVerb | MenuVerb]) -> Rows:
    """The buttons of a post that do this."""
    return in_rows(
        [
            button(
                LABELS[verb],
                MenuTap(verb) if isinstance(verb, MenuVerb) else PostTap(post_id, version, verb),
            )
            for verb in verbs
        ]
    )


def _verbs(post: PostView) -> Iterable[PostVerb | MenuVerb]:
    code = post.failure_code or ""
    mends = mending.mends(code)
    match post.status:
        case PostStatus.DRAFT:
            return _DRAFT_VERBS
        case PostStatus.SCHEDULED | PostStatus.HELD if post.upload_open:
            return mending.mends(code, upload_open=True)
        case PostStatus.SCHEDULED:
            return (PostVerb.EDIT, PostVerb.MOVE, PostVerb.POST_NOW, PostVerb.CANCEL)
        case PostStatus.HELD:
            return dict.fromkeys((*mends, PostVerb.EDIT, PostVerb.CANCEL))
        case PostStatus.FAILED:
            return dict.fromkeys((*mends, PostVerb.EDIT))
        case PostStatus.UNCONFIRMED:
            return mends
    return ()


LABELS: dict[PostVerb | MenuVerb, str] = {
    PostVerb.CAPTION: "💬 Caption",
    PostVerb.WHEN: "🕒 When",
    PostVerb.PRIVACY: "👁 Privacy",
    PostVerb.INTERACTIONS: "🤝 Interactions",
    PostVerb.DISCLOSURE: "🏷 Disclosure",
    PostVerb.ACCOUNT: "👤 Account",
    PostVerb.PREVIEW: "▶️ Preview",
    PostVerb.SCHEDULE: "🗓 Schedule",
    PostVerb.POST_NOW: "🚀 Post now",
    PostVerb.DISCARD: "🗑 Discard",
    PostVerb.EDIT: "✏️ Edit",
    PostVerb.MOVE: "🕒 Move",
    PostVerb.RETRY: "🔁 Retry",
    PostVerb.IS_LIVE: "✅ Yes, it is live",
    PostVerb.IS_NOT_LIVE: "❌ No, it is not",
    MenuVerb.CONNECT: "Reconnect",
    PostVerb.CANCEL: "🚫 Cancel post",
}


_DRAFT_VERBS = (
    PostVerb.CAPTION,
    PostVerb.WHEN,
    PostVerb.PRIVACY,
    PostVerb.INTERACTIONS,
    PostVerb.DISCLOSURE,
    PostVerb.ACCOUNT,
    PostVerb.PREVIEW,
    PostVerb.DISCARD,
    PostVerb.SCHEDULE,
    PostVerb.POST_NOW,
)
