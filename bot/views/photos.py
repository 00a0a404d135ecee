"""Photos that come in: that they do, which are left out, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.language import N_, _, ngettext, number
from bot.views.screen import Screen, beginning, number_of_photos
from core import tiktok
from core.media.images.image import Unusable

NAME_SHOWN = 40
"""Characters of a file's name."""

UNUSABLE = {
    Unusable.NO_IMAGE: N_("I cannot read that as an image. It may be damaged or cut off."),
    Unusable.HEIC: N_(
        "That is HEIC, the format iPhones keep photos in. Send it as <b>photo</b> instead of as "
        "file."
    ),
    Unusable.TOO_LARGE: N_("It has more pixels than I can take in. Send a smaller copy of it."),
    Unusable.TOO_SMALL: N_("It is too small to be seen on TikTok."),
    Unusable.TOO_NARROW: N_("It is a strip: one side is more than ten times as long as the other."),
    Unusable.SLOW: N_("I could not read it in time. Send it once more in a minute."),
}


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A photo that cannot become part of the post, what its file is called, and why (HTML)."""

    name: str
    why: str


def receiving() -> Screen:
    """The first of some photos begins to come."""
    return Screen(text=_("⬇️ Getting your photos …"))


def on_their_way(count: int) -> str:
    """How many are still to come (HTML)."""
    told = ngettext("⬇️ {count} photo on its way …", "⬇️ {count} photos on their way …", count)
    return told.format(count=number(count))


def left_out(photos: Sequence[LeftOut]) -> Screen:
    """Which photos did not become part of the post; the others did."""
    lines = [_("⚠️ <b>Left out:</b>")]
    for why in dict.fromkeys(photo.why for photo in photos):
        alike = [photo for photo in photos if photo.why == why]
        names = [beginning(photo.name, NAME_SHOWN) for photo in alike if photo.name]
        which = number_of_photos(len(alike))
        if names:
            which = f"{which} ({', '.join(names)})" if len(alike) > 1 else names[0]
        lines.append(f"• {which}: {why}")
    return Screen(text="\n".join(lines))


def refused(why: Unusable) -> str:
    """Why an image cannot become a photo (HTML)."""
    return _(UNUSABLE[why])


def too_many() -> str:
    """Why a photo does not fit into the post (HTML)."""
    told = _(
        "TikTok takes {most} photos in one post, and this one is full. Send what is missing there "
        "once more: it becomes a post of its own."
    )
    return told.format(most=number(tiktok.PHOTOS_MAX))


def too_big() -> str:
    """Telegram does not hand it over (HTML)."""
    return _("The file is too big for Telegram to hand over. Send it as <b>photo</b> instead.")


def download_failed() -> str:
    """Telegram did not hand it over (HTML)."""
    return _("Telegram did not hand it over. Please send it once more.")


def mixed_album() -> Screen:
    """An album holds photos and clips."""
    return Screen(
        text=_(
            "ℹ️ TikTok takes photos or a clip in one post, not both. I make one post of the photos; "
            "the clips go their own way."
        )
    )


def not_in_bulk() -> str:
    """Photos came while a bulk takes in clips (HTML)."""
    return _("ℹ️ A bulk takes clips. These photos have a card of their own.")
