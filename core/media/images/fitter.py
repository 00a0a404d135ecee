"""Makes an image fit for TikTok, in a process of its own.

`python -m core.media.images.fitter SOURCE TARGET SECONDS BYTES` gives itself that much time and
memory, writes the image to TARGET, and prints one JSON object: `fitted`, or why there is nothing,
`refused` or `errno`.

TikTok takes JPEG and WebP of up to 20 MB, whose shorter side has 1080 pixels at most (Media
Transfer Guide). What is so already keeps its pixels and loses only what is not picture; the rest
is decoded, turned, made smaller, and written as JPEG. Nothing but the picture is left in it: where
and when it was taken is nobody's business.
"""

import json
import sys
import warnings
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from core.bounds import bound_by
from core.media.images.bare import bare_jpeg, bare_webp
from core.media.images.image import (
    LARGEST_FILE,
    LARGEST_SOURCE,
    SHORTER_SIDE,
    FittedImage,
    ImageRefused,
    Unusable,
)

KINDS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
"""What is opened at all, by Pillow's names; of those that move, the first picture."""
MOST_PIXELS = 110_000_000
"""More than the cameras of phones make, but for those of 200 megapixels at their very best."""
SMALLEST_SIDE = 64  # pixels; TikTok names no such limit
LONGEST_RATIO = 10  # of the longer side to the shorter; nor one for this
QUALITIES = (92, 80, 60)
"""The first that keeps it within TikTok's bytes."""
WHITE = (255, 255, 255)

_CONTENT_TYPES = {"JPEG": "image/jpeg", "WEBP": "image/webp"}
_HEIC_BRANDS = (b"hei", b"hev", b"mif1", b"msf1", b"avi")
_ORIENTATION = 0x0112  # Exif's tag; 1 is upright


def fit(source: Path, target: Path) -> FittedImage:
    """Write the image at `source` to `target`; raises `ImageRefused`, OSError."""
    if source.stat().st_size > LARGEST_SOURCE:
        raise ImageRefused(Unusable.TOO_LARGE)
    _require_known(source)
    with _opened(source) as image:
        _require_size(image)
        kept = _as_it_is(image, source)
        if kept is None:
            picture = _decoded(image)
            kept, size, kind = _written(picture), picture.size, "JPEG"
        else:
            size, kind = image.size, str(image.format)
    target.write_bytes(kept)
    return FittedImage(width=size[0], height=size[1], content_type=_CONTENT_TYPES[kind])


def _require_known(source: Path) -> None:
    """Photos of iPhones as they are kept there come as a mosaic that nothing here puts together."""
    with source.open("rb") as file:
        beginning = file.read(12)
    if beginning[4:8] == b"ftyp" and beginning[8:12].startswith(_HEIC_BRANDS):
        raise ImageRefused(Unusable.HEIC)


def _opened(source: Path) -> Image.Image:
    """The image, of which only the header has been read."""
    try:
        return Image.open(source, formats=KINDS)
    except Image.DecompressionBombError:
        raise ImageRefused(Unusable.TOO_LARGE) from None
    except (UnidentifiedImageError, ValueError, SyntaxError):
        raise ImageRefused(Unusable.NO_IMAGE) from None


def _require_size(image: Image.Image) -> None:
    shorter, longer = sorted(image.size)
    if shorter * longer > MOST_PIXELS:
        raise ImageRefused(Unusable.TOO_LARGE)
    if longer > shorter * LONGEST_RATIO:
        raise ImageRefused(Unusable.TOO_NARROW)
    if shorter < SMALLEST_SIDE:
        raise ImageRefused(Unusable.TOO_SMALL)


def _as_it_is(image: Image.Image, source: Path) -> bytes | None:
    """The file without what is not picture, where TikTok takes that picture as it is."""
    upright = _turn(image) == 1
    coloured = image.info.get("icc_profile") and not _is_srgb(image.info["icc_profile"])
    fits = min(image.size) <= SHORTER_SIDE and image.mode == "RGB"
    if not fits or not upright or coloured or getattr(image, "is_animated", False):
        return None
    bare = {"JPEG": bare_jpeg, "WEBP": bare_webp}.get(image.format or "")
    kept = bare(source.read_bytes()) if bare else None
    if kept is None or len(kept) > LARGEST_FILE:
        return None
    image.load()  # a header alone proves nothing
    return kept


def _decoded(image: Image.Image) -> Image.Image:
    """The picture as it is seen: upright, in sRGB, on white, and no larger than TikTok takes it."""
    longest = _within(image.size)
    image.draft("RGB", longest)  # JPEG can be decoded small
    turn = _turn(image)
    picture = _on_white(_in_srgb(image))
    picture = picture.resize(longest, Image.Resampling.LANCZOS, reducing_gap=3.0)
    if turn != 1:
        picture.getexif()[_ORIENTATION] = turn
        ImageOps.exif_transpose(picture, in_place=True)  # which leaves the tag out
    return picture


def _turn(image: Image.Image) -> int:
    """Exif's word for how the camera was held; what makes no sense says nothing."""
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except (SyntaxError, ValueError, TypeError, OSError):
        return 1


def _within(size: tuple[int, int]) -> tuple[int, int]:
    scale = min(1.0, SHORTER_SIDE / min(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _in_srgb(image: Image.Image) -> Image.Image:
    """RGB or RGBA as screens show it."""
    if image.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut off at 255
        return image.point(lambda value: value / 256).convert("L").convert("RGB")
    profile = image.info.get("icc_profile")
    has_alpha = image.has_transparency_data
    if not profile or image.mode not in {"RGB", "RGBA", "CMYK", "L"} or _is_srgb(profile):
        return image.convert("RGBA" if has_alpha else "RGB")
    try:
        given = ImageCms.ImageCmsProfile(BytesIO(profile))
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        turned = ImageCms.profileToProfile(
            image, given, ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except (ImageCms.PyCMSError, OSError):  # a profile that makes no sense is as good as none
        turned = None
    return turned or image.convert("RGBA" if has_alpha else "RGB")


def _is_srgb(profile: bytes) -> bool:
    return b"sRGB" in profile or b"s\x00R\x00G\x00B" in profile


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    ground = Image.new("RGB", picture.size, WHITE)
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _written(picture: Image.Image) -> bytes:
    """As JPEG. Colours keep every pixel (4:4:4): slides with coloured letters stay sharp."""
    picture.info.clear()  # Pillow would write comments and profiles again
    for quality in QUALITIES:
        written = BytesIO()
        picture.save(written, "JPEG", quality=quality, subsampling=0, optimize=True)
        if written.tell() <= LARGEST_FILE:
            return written.getvalue()
    raise ImageRefused(Unusable.TOO_LARGE)


def answer(source: Path, target: Path) -> dict[str, Any]:
    """What this process says."""
    try:
        return {"fitted": asdict(fit(source, target))}
    except ImageRefused as refused:
        return {"refused": refused.why}
    except MemoryError:
        return {"refused": Unusable.TOO_LARGE}
    except OSError as error:  # also what Pillow says of a damaged file, without a number
        return {"errno": error.errno} if error.errno else {"refused": Unusable.NO_IMAGE}
    except (
        Exception
    ):  # Pillow's readers meet a stranger's bytes with whatever these happen to raise
        return {"refused": Unusable.NO_IMAGE}


def main(arguments: list[str]) -> int:
    source, target = Path(arguments[0]), Path(arguments[1])
    bound_by(float(arguments[2]), int(arguments[3]))
    warnings.simplefilter("ignore")  # a large picture is no news: its size is looked at above
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    sys.stdout.write(json.dumps(answer(source, target)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
