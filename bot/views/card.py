"""The post card and the screens that open from it."""

from collections.abc import Iterable
from datetime import timedelta
from html import escape

from telegram import InlineKeyboardButton

from bot.callbacks import ANY_STAMP, BatchTap, BatchVerb, MenuTap, MenuVerb, PostTap, PostVerb
from bot.language import N_, _, ngettext, number
from bot.views import mending
from bot.views.declarations import DISCLOSURE_NEEDED
from bot.views.screen import (
    Rows,
    Screen,
    account_name,
    beginning,
    button,
    copies,
    in_rows,
    link,
    megabytes,
    minutes_seconds,
    number_of_photos,
)
from bot.views.when import time_of
from core import tiktok, verdicts
from core.media.limits import is_too_long
from core.posts.view import PostView
from core.states import PostStatus

PRIVACY = {
    tiktok.PrivacyLevel.PUBLIC_TO_EVERYONE: N_("Everyone"),
    tiktok.PrivacyLevel.FOLLOWER_OF_CREATOR: N_("Followers"),
    tiktok.PrivacyLevel.MUTUAL_FOLLOW_FRIENDS: N_("Friends"),
    tiktok.PrivacyLevel.SELF_ONLY: N_("Only me"),
}

LONGEST_SHOWN = 2600
"""UTF-16 units of a caption on a card: with all the rest a message has 4096."""

STATUS = {
    PostStatus.DRAFT: N_("📝 <b>Draft</b>"),
    PostStatus.SCHEDULED: N_("🗓 <b>Scheduled</b>"),
    PostStatus.PUBLISHING: N_("⬆️ <b>Publishing</b>"),
    PostStatus.PROCESSING: N_("⏳ <b>TikTok is processing it</b>"),
    PostStatus.DELIVERED: N_("📥 <b>In your TikTok inbox</b>"),
    PostStatus.PUBLISHED: N_("✅ <b>Published</b>"),
    PostStatus.FAILED: N_("❌ <b>Not published</b>"),
    PostStatus.HELD: N_("✋ <b>Waiting for you</b>"),
    PostStatus.UNCONFIRMED: N_("❓ <b>Not confirmed</b>"),
    PostStatus.CANCELLED: N_("🚫 <b>Cancelled</b>"),
}


_GOES_OUT = N_("🚀 <b>Going out</b>")


def privacy_words(privacy: str) -> str:
    """Who can see a post; an option that TikTok has added since is shown as it is."""
    known = {level.value: words for level, words in PRIVACY.items()}
    return _(known[privacy]) if privacy in known else privacy


def tap(post: PostView, verb: PostVerb, argument: str = "") -> PostTap:
    return PostTap(post.id, post.version, verb, argument)


def back(post: PostView) -> InlineKeyboardButton:
    """The button that leads back to the card."""
    return button(_("‹ Back"), tap(post, PostVerb.SHOW))


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
        *buttons(post.id, post.version, _verbs(post, offers_inbox=offers_inbox)),
        *open_on_tiktok(link),
        *(to_bulk(post) if post.status is PostStatus.DRAFT else []),
        *below,
    ]
    return Screen(text="\n".join(lines), rows=rows)


def to_bulk(post: PostView) -> Rows:
    """The way to the batch that it is planned with, if it is."""
    if post.batch_id is None:
        return []
    there = BatchTap(post.batch_id, ANY_STAMP, BatchVerb.BACK, str(post.id))
    return [[button(_("‹ Bulk"), there)]]


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
    return copies(_(COPY_CAPTION), post.caption) if _is_to_copy(post) else []


def _is_to_copy(post: PostView) -> bool:
    """Whether its caption is to be copied: the draft in the inbox does not have it."""
    return post.status is PostStatus.DELIVERED and post.clip is not None


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


def about(post: PostView, *, with_time: bool = True, with_account: bool = True) -> list[str]:
    """What the post is, line by line (HTML)."""
    lines = [_media(post)]
    if with_account:
        lines.append(f"👤 {_account(post)}")
    if post.photos:
        lines += ["", *_title(post)]
    lines += ["", *caption(post, folded=_is_to_copy(post)), ""]
    if with_time:
        lines.append(f"🕒 {time_of(post)}")
    if post.is_for_inbox:
        return [*lines, *(_cover(post) if post.photos else []), *_inbox(post)]
    chosen = privacy_words(post.privacy) if post.privacy else _("<i>not chosen yet</i>")
    lines.append(f"👁 {chosen}")
    lines.append(f"🤝 {_allowed(post)}")
    if post.discloses:
        kinds = [
            word
            for word, on in (
                (_("Your brand"), post.your_brand),
                (_("Branded content"), post.branded_content),
            )
            if on
        ]
        lines.append(f"🏷 {', '.join(kinds) or _(DISCLOSURE_NEEDED)}")
    if post.ai_generated:
        lines.append(f"🤖 {_('AI-generated')}")
    if post.cover_ms is not None:
        lines.append(f"🖼 {_('Cover at {time}').format(time=seconds(post.cover_ms))}")
    if post.photos:
        lines += _cover(post)
        lines.append(f"🎵 {_('TikTok adds music') if post.auto_add_music else _('no music')}")
    return lines


def _cover(post: PostView) -> list[str]:
    """Which photo stands for the post."""
    return [f"🖼 {_('Cover: photo {number}').format(number=number(cover_number(post)))}"]


def _inbox(post: PostView) -> list[str]:
    """That it goes to the inbox, or came from there; nothing where its state says so."""
    if post.status is PostStatus.DELIVERED:
        return []
    if post.status is PostStatus.PUBLISHED:
        return [_("📥 Posted by you from the TikTok inbox")]
    return [_("📥 To the TikTok inbox, as a draft")]


def _allowed(post: PostView) -> str:
    """What others may do with it; nobody duets or stitches photos."""
    if post.photos:
        return _("comments") if post.allow_comment else _("no comments")
    allowed = [
        word
        for word, on in (
            (_("comments"), post.allow_comment),
            (_("duets"), post.allow_duet),
            (_("stitches"), post.allow_stitch),
        )
        if on
    ]
    return ", ".join(allowed) or _("no comments, duets or stitches")


def cover_number(post: PostView) -> int:
    """Which of its photos is the cover, counted from 1."""
    ids = [photo.id for photo in post.photos]
    return ids.index(post.cover_photo_id) + 1 if post.cover_photo_id in ids else 1


def _media(post: PostView) -> str:
    """What it is made of."""
    if (clip := post.clip) is None:
        return f"📸 {number_of_photos(len(post.photos))}"
    length = minutes_seconds(clip.duration)
    return f"🎬 {length} · {clip.width}×{clip.height} · {megabytes(clip.size)}"


def named(post: PostView) -> str:
    """What a post is called where there is one line for it (HTML)."""
    words = beginning(post.caption)
    if post.photos:
        return f"📸 {beginning(post.title) or words or number_of_photos(len(post.photos))}"
    return words or _("<i>no caption</i>")


def _title(post: PostView) -> list[str]:
    """The title of photos with its length (HTML)."""
    counts = f"{tiktok.utf16_units(post.title)}/{tiktok.PHOTO_TITLE_MAX_UTF16}"
    return [f"🔤 {_('Title')} · {counts}", escape(post.title) or _("<i>no title</i>")]


def caption(post: PostView, *, folded: bool = False) -> list[str]:
    """A caption with its length as TikTok counts it, and what TikTok finds in it (HTML).

    Of a description that a message has no room for, the beginning. `folded` shows the beginning of
    a long one, which a tap unfolds.
    """
    text = post.caption
    counts = [f"{tiktok.utf16_units(text)}/{post.longest_caption}"]
    if tags := len(tiktok.hashtags(text)):
        told = ngettext("{count} hashtag", "{count} hashtags", tags)
        counts.append(told.format(count=number(tags)))
    if names := len(tiktok.mentions(text)):
        told = ngettext("{count} mention", "{count} mentions", names)
        counts.append(told.format(count=number(names)))
    name = _("Description") if post.photos else _("Caption")
    shown = _shortened(text)
    if folded and text:
        shown = f"<blockquote expandable>{shown}</blockquote>"
    return [f"💬 {name} · {' · '.join(counts)}", shown or _("<i>none</i>")]


def _shortened(text: str) -> str:
    """The text (HTML), or what of it a message has room for beside the rest of a card."""
    if tiktok.utf16_units(text) <= LONGEST_SHOWN:
        return escape(text)
    units = text.encode("utf-16-le")[: LONGEST_SHOWN * 2]
    shown = units.decode("utf-16-le", errors="ignore")
    return f"{escape(shown)}… {_('<i>(the whole of it goes out)</i>')}"


def seconds(milliseconds: int) -> str:
    """A place in a clip: "1:05.3"."""
    minutes, rest = divmod(round(milliseconds / 100), 600)
    return f"{minutes}:{rest // 10:02}.{rest % 10}"


def open_on_tiktok(address: str | None) -> Rows:
    """The button that leads to a published post, where there is one."""
    return [[link(_("Open on TikTok"), address)]] if address else []


def _account(post: PostView) -> str:
    if post.account is None:
        return _("<i>no account chosen yet</i>")
    return account_name(post.account.nickname, post.account.name)


def buttons(post_id: int, version: int, verbs: Iterable[PostVerb | MenuVerb]) -> Rows:
    """The buttons of a post that do this."""
    return in_rows(
        [
            button(
                _(LABELS[verb]),
                MenuTap(verb) if isinstance(verb, MenuVerb) else PostTap(post_id, version, verb),
            )
            for verb in verbs
        ]
    )


def _verbs(post: PostView, *, offers_inbox: bool) -> Iterable[PostVerb | MenuVerb]:
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
