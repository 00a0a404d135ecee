"""Images as phones, screens and drawing programs write them, and some that mean harm."""

import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageCms
from PIL.TiffImagePlugin import IFDRational

SECRET = b"where-it-was-taken"
"""Stands wherever a file has room for what is not picture."""
_LEFT, _RIGHT = (210, 40, 30), (30, 60, 200)
Make = Callable[[Path], None]


def halves(width: int, height: int) -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", (width, height), _LEFT)
    picture.paste(_RIGHT, (width // 2, 0, width, height))
    return picture


def with_secrets(width: int, height: int, orientation: int = 1, **how: object) -> bytes:
    """A JPEG full of what cameras add: place and time, comments, profiles, and things behind it."""
    picture, written = halves(width, height), BytesIO()
    exif = picture.getexif()
    exif[0x0112] = orientation
    exif[0x010E] = SECRET.decode()  # a description
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (IFDRational(40), IFDRational(25), IFDRational(1))
    picture.save(written, "JPEG", quality=90, exif=exif, comment=SECRET, xmp=b"<x>" + SECRET, **how)
    content = written.getvalue()
    preview = b"\xff\xe0" + (len(SECRET) + 7).to_bytes(2) + b"JFXX\0" + SECRET
    return content[:20] + preview + content[20:] + SECRET  # where phones keep short films


def saved(
    draw: Callable[[int, int], Image.Image], size: tuple[int, int], kind: str, **how: object
) -> Make:
    """Drawn only once it is wanted."""

    def make(path: Path) -> None:
        draw(*size).save(path, kind, **how)

    return make


def made_by(write: Callable[..., bytes], *arguments: object, **how: object) -> Make:
    def make(path: Path) -> None:
        path.write_bytes(write(*arguments, **how))

    return make


def _chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def png(width: int, height: int, *chunks: bytes, pixels: bytes = b"") -> bytes:
    """A PNG that says so of itself, whatever is in it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = _chunk(b"IDAT", zlib.compress(pixels, 9))
    beginning = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header)
    return beginning + b"".join(chunks) + body + _chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """A PNG of the right size whose texts unpack to half a gigabyte."""
    text = zlib.compress(bytes(64 << 20), 9)
    chunks = [_chunk(b"zTXt", b"k%d\x00\x00" % number + text) for number in range(8)]
    return png(100, 100, *chunks, pixels=bytes(101 * 100))


def frames(kind: str, count: int) -> bytes:
    """A moving picture."""
    written = BytesIO()
    small = [Image.new("RGB", (120, 120), (number % 256, 0, 90)) for number in range(count)]
    small[0].save(written, kind, save_all=True, append_images=small[1:])
    return written.getvalue()


def with_profile(width: int, height: int) -> bytes:
    """A JPEG with a profile of colours that is not known by its name."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    nameless = profile.replace(b"s\x00R\x00G\x00B", b"x\x00R\x00G\x00B").replace(b"sRGB", b"xRGB")
    return with_secrets(width, height, icc_profile=nameless)


def archive() -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        file.writestr("photo.jpg", with_secrets(800, 600))
    return written.getvalue()


def grey_16(width: int, height: int) -> Image.Image:
    return Image.new("I;16", (width, height), 0x8000)


def on_nothing(width: int, height: int) -> Image.Image:
    """Red on the left, nothing on the right."""
    picture = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    picture.paste((*_LEFT, 255), (0, 0, width // 2, height))
    return picture


def in_print(width: int, height: int) -> Image.Image:
    return halves(width, height).convert("CMYK")


def in_grey(width: int, height: int) -> Image.Image:
    return halves(width, height).convert("L")


def in_few_colours(width: int, height: int) -> Image.Image:
    return on_nothing(width, height).quantize(8)


def bare_png(width: int, height: int, size: int) -> bytes:
    """A PNG with `size` bytes of pixels."""
    return png(width, height, pixels=bytes(size))


def cut_off(write: Callable[..., bytes], *arguments: object, share: float = 0.5) -> bytes:
    whole = write(*arguments)
    return whole[: int(len(whole) * share)]
