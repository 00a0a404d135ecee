"""What stands in a post's way and what mends it: the same on its card and in the notice of it."""

from collections.abc import Iterable
from html import escape

from bot.callbacks import MenuVerb, PostVerb
from bot.language import N_, _
from core import verdicts
from core.states import PostMode
from core.verdicts import Mend

Verb = PostVerb | MenuVerb

RECONNECTS: tuple[Verb, ...] = (MenuVerb.CONNECT,)

UPLOAD_OPEN = N_(
    "Its upload to TikTok has begun and may already have become a post, so it can neither be "
    "changed nor cancelled now. <b>Retry</b> finds out."
)

_MENDS: dict[Mend, tuple[Verb, ...]] = {
    Mend.NONE: (),
    Mend.RECONNECT: (MenuVerb.CONNECT, PostVerb.RETRY),
    Mend.EDIT: (PostVerb.EDIT,),
    Mend.RETRY: (PostVerb.RETRY,),
    Mend.LATE: (PostVerb.POST_NOW, PostVerb.MOVE, PostVerb.CANCEL),
    Mend.LOOK: (PostVerb.IS_LIVE, PostVerb.IS_NOT_LIVE),
}


def says(code: str, mode: str = PostMode.DIRECT_POST) -> str:
    """What the code of an error means, in the creator's words (HTML)."""
    verdict = verdicts.of_code(code)
    words = verdict.says_of_draft if mode == PostMode.MEDIA_UPLOAD else ""
    return escape(_(words or verdict.says).format(code=code))


def why(code: str, *, mode: str = PostMode.DIRECT_POST, upload_open: bool = False) -> list[str]:
    """The reason, line by line (HTML), with TikTok's code for its support where it is TikTok's."""
    lines = [says(code, mode)]
    if not verdicts.is_ours(code):
        shown = escape(code) or _("none")
        lines.append(_("<i>TikTok's code: {code}</i>").format(code=shown))
    if upload_open:
        lines.append(_(UPLOAD_OPEN))
    return lines


def by_mode(verbs: Iterable[Verb], mode: str) -> tuple[Verb, ...]:
    """The buttons, those of a draft for the inbox by their own names."""
    names = _OF_DRAFTS if mode == PostMode.MEDIA_UPLOAD else {}
    return tuple(names.get(verb, verb) for verb in verbs)


_OF_DRAFTS: dict[Verb, Verb] = {
    PostVerb.POST_NOW: PostVerb.SEND_NOW,
    PostVerb.IS_LIVE: PostVerb.IS_IN_INBOX,
}


def mends(
    code: str, *, mode: str = PostMode.DIRECT_POST, upload_open: bool = False
) -> tuple[Verb, ...]:
    """The buttons that help; with an upload open none but those that find out about it."""
    found = by_mode(_MENDS[verdicts.of_code(code).mend], mode)
    if not upload_open:
        return found
    reconnect = tuple(verb for verb in found if verb is MenuVerb.CONNECT)
    return (*reconnect, PostVerb.RETRY)
