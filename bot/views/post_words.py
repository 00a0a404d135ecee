"""A post in words: what it is made of, what is written and chosen, and how it stands."""

from html import escape

from bot.language import N_, _, ngettext, number
from bot.views.declarations import DISCLOSURE_NEEDED
from bot.views.screen import (
    account_name,
    beginning,
    megabytes,
    minutes_seconds,
    number_of_photos,
)
from bot.views.when import time_of
from core import tiktok
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


def privacy_words(privacy: str) -> str:
    """Who can see a post; an option that TikTok has added since is shown as it is."""
    known = {level.value: words for level, words in PRIVACY.items()}
    return _(known[privacy]) if privacy in known else privacy


def about(post: PostView, *, with_time: bool = True, with_account: bool = True) -> list[str]:
    """What the post is, line by line (HTML)."""
    lines = [_media(post)]
    if with_account:
        lines.append(f"👤 {_account(post)}")
    if post.photos:
        lines += ["", *_title(post)]
    lines += ["", *caption(post, folded=is_to_copy(post)), ""]
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


def is_to_copy(post: PostView) -> bool:
    """Whether its caption is to be copied: the draft in the inbox does not have it."""
    return post.status is PostStatus.DELIVERED and post.clip is not None


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


def _account(post: PostView) -> str:
    if post.account is None:
        return _("<i>no account chosen yet</i>")
    return account_name(post.account.nickname, post.account.name)
