"""The card of a post that goes its way by itself: how far it is, and at the end how it ended."""

from bot.language import N_, _
from bot.views.card import card
from bot.views.screen import Screen
from core.posts.view import PostView
from core.publishing.progress import Sent
from core.states import PostStatus

BAR = 10
"""Parts of the bar."""


def status(post: PostView, *, sent: Sent | None, link: str | None) -> Screen:
    """The card as it is to look now; `sent` are the bytes on their way, where they are known."""
    match post.status:
        case PostStatus.PUBLISHING if sent is not None:
            return card(post, headline=_uploading(sent))
        case PostStatus.PROCESSING:
            return card(post, headline=_(_PROCESSING))
    return card(post, link=link)


_PROCESSING = N_("⏳ <b>TikTok is processing it</b>\n<i>This usually takes some minutes.</i>")


def _uploading(sent: Sent) -> str:
    full = sent.percent * BAR // 100
    line = _("⬆️ <b>Uploading {percent} %</b>").format(percent=sent.percent)
    return f"{line}\n{'▰' * full}{'▱' * (BAR - full)}"
