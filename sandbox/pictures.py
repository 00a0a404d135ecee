"""Sample photos: real pictures of several shapes and formats, made on the spot."""

import secrets
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

LONGEST = 1280  # pixels; Telegram's apps reduce photos to this
_ORIENTATION = 0x0112  # EXIF: how the sensor was held
_TURNED = {5, 6, 7, 8}  # values that swap width and height
_PALETTES = (
    ("#0b2a4a", "#1f6fc0", "#36d1c4"),
    ("#3b0a45", "#b3476b", "#ffb36b"),
    ("#14532d", "#2f8f4f", "#d6e26f"),
    ("#7209b7", "#f72585", "#ffd166"),
    ("#6b2d0f", "#e07a3f", "#ffe3c2"),
)


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A photo that can be made: its file name, what it is in words, its pixels as they are shown.

    `orientation` is that of its EXIF data; `refused` says what is wrong with it, nothing for a good
    one. `bomb` makes a small file that claims more pixels than anybody can hold.
    """

    name: str
    title: str
    shown: tuple[int, int] = (1080, 1350)
    orientation: int = 1
    refused: str = ""
    bomb: bool = False

    def make(self, folder: Path) -> Path:
        """Write it into the folder, in colours of its own."""
        path = folder / self.name
        if self.bomb:
            return make_bomb(path)
        width, height = self.shown
        return make_photo(path, width=width, height=height, orientation=self.orientation)


PICTURES = {
    picture.name: picture
    for picture in (
        Picture(name="portrait.jpg", title="Photo, upright"),
        Picture(name="landscape.jpg", title="Photo, wide", shown=(1600, 900)),
        Picture(name="square.png", title="Photo, square (.png)", shown=(1080, 1080)),
        Picture(name="large.webp", title="Photo, 12 megapixels (.webp)", shown=(3000, 4000)),
        Picture(
            name="turned.jpg",
            title="Photo, phone held upright (turned)",
            shown=(960, 1280),
            orientation=6,
        ),
        Picture(
            name="refused-bomb.png",
            title="Photo of 50,000 x 50,000 pixels",
            refused="too many pixels",
            bomb=True,
        ),
    )
}


def make_photo(
    path: Path,
    *,
    width: int = 1080,
    height: int = 1350,
    orientation: int = 1,
    colours: Sequence[str] = (),
) -> Path:
    """Write a picture whose suffix is its format; no two are alike. Returns the path.

    Width and height are those it is shown with: an `orientation` other than 1 stores its pixels the
    way a camera does that was held so, and says it in the file.
    """
    if orientation in _TURNED:
        width, height = height, width
    dark, middle, light = colours or secrets.choice(_PALETTES)
    grey = Image.linear_gradient("L").rotate(secrets.randbelow(4) * 90).resize((width, height))
    picture = ImageOps.colorize(grey, dark, light, middle)
    side = min(width, height) // 2
    left, top = secrets.randbelow(width - side + 1), secrets.randbelow(height - side + 1)
    ImageDraw.Draw(picture).ellipse((left, top, left + side, top + side), fill=light)
    exif = picture.getexif()
    if orientation != 1:
        exif[_ORIENTATION] = orientation
    picture.save(path, exif=exif)
    return path


def make_bomb(path: Path, *, side: int = 50_000) -> Path:
    """Write a small PNG that claims so many pixels a side, all black; returns the path."""
    rows = zlib.compressobj(9)
    row = b"\0" + bytes((side + 7) // 8)
    data = b"".join(rows.compress(row) for _ in range(side)) + rows.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks))
    return path


def as_sent(path: Path) -> Path:
    """What a phone makes of a picture that is sent as photo: upright, smaller, JPEG."""
    target = path.with_suffix(".sent.jpg")
    with Image.open(path) as picture:
        upright = ImageOps.exif_transpose(picture).convert("RGB")
        upright.thumbnail((LONGEST, LONGEST))
        upright.save(target, quality=87)
    return target


def _chunk(kind: bytes, data: bytes) -> bytes:
    checked = kind + data
    return len(data).to_bytes(4) + checked + zlib.crc32(checked).to_bytes(4)
