"""The buttons of a post: what each is called, and which its state allows."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from telegram import InlineKeyboardButton

from bot.callbacks import ANY_STAMP, BatchTap, BatchVerb, MenuTap, MenuVerb, PostTap, PostVerb, Tap
from bot.language import N_, _
from bot.views import mending
from bot.views.screen import Rows, button, in_rows, link
from core import verdicts
from core.posts.view import PostView
from core.states import PostStatus


def tap(post: PostView, verb: PostVerb, argument: str = "") -> PostTap:
    return PostTap(post.id, post.version, verb, argument)


def back(post: PostView) -> InlineKeyboardButton:
    """The button that leads back to the card."""
    return button(_("‹ Back"), tap(post, PostVerb.SHOW))


def to_bulk(post: PostView) -> Rows:
    """The way to the batch that it is planned with, if it is."""
    if post.batch_id is None:
        return []
    there = BatchTap(post.batch_id, ANY_STAMP, BatchVerb.BACK, str(post.id))
    return [[button(_("‹ Bulk"), there)]]


def open_on_tiktok(address: str | None) -> Rows:
    """The button that leads to a published post, where there is one."""
    return [[link(_("Open on TikTok"), address)]] if address else []


def buttons(post_id: int, version: int, verbs: Iterable[PostVerb | MenuVerb]) -> Rows:
    """The buttons of a post that do this."""
    rows: list[Sequence[InlineKeyboardButton]] = []
    for is_long, alike in groupby(verbs, key=_LONG.__contains__):
        labelled = [button(_(LABELS[verb]), _tap(post_id, version, verb)) for verb in alike]
        rows += in_rows(labelled, 1 if is_long else 2)
    return rows


def _tap(post_id: int, version: int, verb: PostVerb | MenuVerb) -> Tap:
    return MenuTap(verb) if isinstance(verb, MenuVerb) else PostTap(post_id, version, verb)


def allowed(post: PostView, *, offers_inbox: bool) -> Iterable[PostVerb | MenuVerb]:
    """What can be done with a post as it stands."""
    code = post.failure_code or ""
    mends = mending.mends(code, mode=post.mode)
    match post.status:
        case PostStatus.DRAFT:
            return mending.by_mode(_draft_verbs(post, offers_inbox=offers_inbox), post.mode)
        case PostStatus.SCHEDULED | PostStatus.HELD if post.upload_open:
            return mending.mends(code, mode=post.mode, upload_open=True)
        case PostStatus.SCHEDULED:
            verbs = (PostVerb.EDIT, PostVerb.MOVE, PostVerb.POST_NOW, PostVerb.CANCEL, *_LOOKS)
            return mending.by_mode(verbs, post.mode)
        case PostStatus.HELD:
            return dict.fromkeys((*mends, PostVerb.EDIT, PostVerb.CANCEL, *_LOOKS))
        case PostStatus.FAILED:
            return dict.fromkeys((*mends, PostVerb.EDIT, *_LOOKS))
        case PostStatus.UNCONFIRMED:
            return (*mends, *_LOOKS)
        case PostStatus.DELIVERED:
            was_deleted = code == verdicts.DRAFT_DELETED
            says = () if was_deleted else (PostVerb.WAS_DELETED,)
            return (PostVerb.WAS_POSTED, *says, *_LOOKS)
        case PostStatus.PUBLISHED | PostStatus.CANCELLED:
            return _LOOKS
    return ()


def chosen_for(post: PostView) -> tuple[PostVerb, ...]:
    """The buttons of what is chosen for a post: for the inbox, that is little."""
    if post.photos:
        return _OF_DRAFT_PHOTOS if post.is_for_inbox else _OF_PHOTOS
    return _OF_DRAFT if post.is_for_inbox else _OF_POST


def _draft_verbs(post: PostView, *, offers_inbox: bool) -> Iterable[PostVerb]:
    yield from chosen_for(post)
    if post.is_for_inbox:
        yield PostVerb.DIRECT
    elif offers_inbox or can_go_to_inbox(post):
        yield PostVerb.INBOX
    yield from (PostVerb.SCHEDULE, PostVerb.POST_NOW, PostVerb.DISCARD)


def can_go_to_inbox(post: PostView) -> bool:
    """Whether its account takes drafts."""
    return post.account is not None and post.account.takes_drafts


_LONG = frozenset({PostVerb.INBOX})
"""Whose words need a row of their own on a phone."""

_LOOKS = (PostVerb.DUPLICATE, PostVerb.HISTORY)


LABELS: dict[PostVerb | MenuVerb, str] = {
    PostVerb.CAPTION: N_("💬 Caption"),
    PostVerb.WHEN: N_("🕒 When"),
    PostVerb.PRIVACY: N_("👁 Privacy"),
    PostVerb.INTERACTIONS: N_("🤝 Interactions"),
    PostVerb.DISCLOSURE: N_("🏷 Disclosure"),
    PostVerb.ACCOUNT: N_("👤 Account"),
    PostVerb.PREVIEW: N_("▶️ Preview"),
    PostVerb.COVER: N_("🖼 Cover"),
    PostVerb.DESCRIPTION: N_("💬 Description"),
    PostVerb.TITLE: N_("🔤 Title"),
    PostVerb.PHOTOS: N_("📸 Photos"),
    PostVerb.MUSIC: N_("🎵 Music"),
    PostVerb.SCHEDULE: N_("🗓 Schedule"),
    PostVerb.POST_NOW: N_("🚀 Post now"),
    PostVerb.DISCARD: N_("🗑 Discard"),
    PostVerb.EDIT: N_("✏️ Edit"),
    PostVerb.MOVE: N_("🕒 Move"),
    PostVerb.RETRY: N_("🔁 Retry"),
    PostVerb.IS_LIVE: N_("✅ Yes, it is live"),
    PostVerb.IS_NOT_LIVE: N_("❌ No, it is not"),
    PostVerb.INBOX: N_("📥 Send to TikTok inbox"),
    PostVerb.TO_INBOX_NOW: N_("📥 Send now"),
    PostVerb.TO_INBOX: N_("🗓 At its time"),
    PostVerb.DIRECT: N_("↩️ Post it directly"),
    PostVerb.SEND_NOW: N_("📥 Send now"),
    PostVerb.IS_IN_INBOX: N_("✅ Yes, it is there"),
    PostVerb.WAS_POSTED: N_("✅ I posted it"),
    PostVerb.WAS_DELETED: N_("🗑 I deleted it"),
    MenuVerb.CONNECT: N_("Reconnect"),
    PostVerb.CANCEL: N_("🚫 Cancel post"),
    PostVerb.UNDO: N_("↩️ Undo"),
    PostVerb.DUPLICATE: N_("📄 Duplicate"),
    PostVerb.HISTORY: N_("🕘 History"),
}


_OF_POST = (
    PostVerb.CAPTION,
    PostVerb.WHEN,
    PostVerb.PRIVACY,
    PostVerb.INTERACTIONS,
    PostVerb.DISCLOSURE,
    PostVerb.COVER,
    PostVerb.ACCOUNT,
    PostVerb.PREVIEW,
)


_OF_DRAFT = (PostVerb.CAPTION, PostVerb.WHEN, PostVerb.ACCOUNT, PostVerb.PREVIEW)


_OF_PHOTOS = (
    PostVerb.DESCRIPTION,
    PostVerb.TITLE,
    PostVerb.PHOTOS,
    PostVerb.MUSIC,
    PostVerb.WHEN,
    PostVerb.PRIVACY,
    PostVerb.INTERACTIONS,
    PostVerb.DISCLOSURE,
    PostVerb.ACCOUNT,
    PostVerb.PREVIEW,
)


_OF_DRAFT_PHOTOS = (
    PostVerb.DESCRIPTION,
    PostVerb.TITLE,
    PostVerb.PHOTOS,
    PostVerb.WHEN,
    PostVerb.ACCOUNT,
    PostVerb.PREVIEW,
)
