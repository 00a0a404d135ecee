"""Pictures side by side in one, numbered from 1: frames of a clip, photos of a post.

Imported by processes of their own only.
"""

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

LONGER_SIDE = 400  # pixels of a picture among few
NARROWEST = 96  # pixels; room for a number also on a picture like a ribbon
GAP = 6
_QUALITY = 85
_LABEL = 44  # pixels of a number's side, and more where the whole is wide
_LABELS_WIDE = 14
"""So many numbers have room side by side: on a phone each can be read."""
_BACKGROUND = (24, 24, 27)
_MARK = (254, 44, 85)


def drawn(pictures: Sequence[Image.Image], *, columns: int, marked: int | None = None) -> bytes:
    """A JPEG of them all in lines of `columns`; that with index `marked` stands out by a frame."""
    width = max(NARROWEST, *(picture.width for picture in pictures))
    height = max(picture.height for picture in pictures)
    columns = min(columns, len(pictures))
    lines = -(-len(pictures) // columns)
    size = (columns * (width + GAP) + GAP, lines * (height + GAP) + GAP)
    label = min(max(_LABEL, size[0] // _LABELS_WIDE), width // 2)
    sheet = Image.new("RGB", size, _BACKGROUND)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(label * 0.7)
    for index, picture in enumerate(pictures):
        left = GAP + index % columns * (width + GAP)
        top = GAP + index // columns * (height + GAP)
        at = (left + (width - picture.width) // 2, top + (height - picture.height) // 2)
        sheet.paste(picture, at)
        if index == marked:
            around = (left - GAP, top - GAP, left + width + GAP - 1, top + height + GAP - 1)
            draw.rectangle(around, outline=_MARK, width=GAP)
        draw.rounded_rectangle(
            (left + GAP, top + GAP, left + GAP + label, top + GAP + label),
            radius=label // 4,
            fill=_MARK if index == marked else _BACKGROUND,
        )
        middle = (left + GAP + label / 2, top + GAP + label / 2)
        draw.text(middle, str(index + 1), fill="white", font=font, anchor="mm")
    written = BytesIO()
    sheet.save(written, "JPEG", quality=_QUALITY)
    return written.getvalue()
