"""What stands in a post's way and what mends it: the same on its card and in the notice of it."""

from html import escape

from bot.callbacks import MenuVerb, PostVerb
from bot.language import N_, _
from core import verdicts
from core.verdicts import Mend

UPLOAD_OPEN = N_(
    "Its upload to TikTok has begun and may already have become a post, so it can neither be "
    "changed nor cancelled now. <b>Retry</b> finds out."
)

_MENDS: dict[Mend, tuple[PostVerb | MenuVerb, ...]] = {
    Mend.NONE: (),
    Mend.RECONNECT: (MenuVerb.CONNECT, PostVerb.RETRY),
    Mend.EDIT: (PostVerb.EDIT,),
    Mend.RETRY: (PostVerb.RETRY,),
    Mend.LATE: (PostVerb.POST_NOW, PostVerb.MOVE, PostVerb.CANCEL),
    Mend.LOOK: (PostVerb.IS_LIVE, PostVerb.IS_NOT_LIVE),
}


def says(code: str) -> str:
    """What the code of an error means, in the creator's words (HTML)."""
    return escape(_(verdicts.of_code(code).says).format(code=code))


def why(code: str, *, upload_open: bool = False) -> list[str]:
    """The reason, line by line (HTML), with TikTok's code for its support where it is TikTok's."""
    lines = [says(code)]
    if not verdicts.is_ours(code):
        shown = escape(code) or _("none")
        lines.append(_("<i>TikTok's code: {code}</i>").format(code=shown))
    if upload_open:
        lines.append(_(UPLOAD_OPEN))
    return lines


def mends(code: str, *, upload_open: bool = False) -> tuple[PostVerb | MenuVerb, ...]:
    """The buttons that help; with an upload open none but those that find out about it."""
    found = _MENDS[verdicts.of_code(code).mend]
    if not upload_open:
        return found
    reconnect = tuple(verb for verb in found if verb is MenuVerb.CONNECT)
    return (*reconnect, PostVerb.RETRY)
