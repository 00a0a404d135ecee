"""Images that come in: what becomes of each, and that nothing but the picture goes out."""

import random
from pathlib import Path

import pytest
from PIL import Image

from core import tiktok
from core.media.images.asking import Images
from core.media.images.fitter import answer
from core.media.images.image import LARGEST_FILE, SHORTER_SIDE, ImageRefused, Unusable
from tests.core.media.images.strange_images import (
    SECRET,
    Make,
    archive,
    bare_png,
    cut_off,
    frames,
    grey_16,
    halves,
    in_few_colours,
    in_grey,
    in_print,
    made_by,
    on_nothing,
    saved,
    text_bomb,
    with_profile,
    with_secrets,
)

RED, BLUE, WHITE, GREY = (210, 40, 30), (30, 60, 200), (255, 255, 255), (128, 128, 128)
CLOSE = 12
"""So far a colour may be off after JPEG."""

Case = tuple[str, Make, str, tuple[int, int], tuple[int, int, int], tuple[int, int, int]]
FIT: list[Case] = [
    ("telegram.jpg", made_by(with_secrets, 960, 1280), "JPEG", (960, 1280), RED, BLUE),
    ("progressive.jpg", made_by(with_secrets, 640, 480, progressive=True), "JPEG", (640, 480),
     RED, BLUE),
    ("camera.jpg", made_by(with_secrets, 4000, 3000), "JPEG", (1440, 1080), RED, BLUE),
    ("turned.jpg", made_by(with_secrets, 1600, 1200, 8), "JPEG", (1080, 1440), BLUE, BLUE),
    ("upside-down.jpg", made_by(with_secrets, 900, 600, 3), "JPEG", (900, 600), BLUE, RED),
    ("profile.jpg", made_by(with_profile, 800, 800), "JPEG", (800, 800), RED, BLUE),
    ("print.jpg", saved(in_print, (800, 800), "JPEG"), "JPEG", (800, 800), RED, BLUE),
    ("grey.jpg", saved(in_grey, (500, 400), "JPEG"), "JPEG", (500, 400), (89,) * 3, (67,) * 3),
    ("screen.png", saved(halves, (1170, 2532), "PNG"), "JPEG", (1080, 2337), RED, BLUE),
    ("clear.png", saved(on_nothing, (600, 600), "PNG"), "JPEG", (600, 600), RED, WHITE),
    ("palette.png", saved(in_few_colours, (600, 600), "PNG"), "JPEG", (600, 600), RED, WHITE),
    ("16-bit.png", saved(grey_16, (300, 300), "PNG"), "JPEG", (300, 300), GREY, GREY),
    ("simple.webp", saved(halves, (1080, 1350), "WEBP"), "WEBP", (1080, 1350), RED, BLUE),
    ("exif.webp", saved(halves, (1080, 1350), "WEBP", exif=b"Exif\0\0" + SECRET), "JPEG",
     (1080, 1350), RED, BLUE),
    ("clear.webp", saved(on_nothing, (400, 400), "WEBP"), "JPEG", (400, 400), RED, WHITE),
    ("large.webp", saved(halves, (3000, 2000), "WEBP"), "JPEG", (1620, 1080), RED, BLUE),
    ("moving.gif", made_by(frames, "GIF", 1500), "JPEG", (120, 120), (0, 0, 90), (0, 0, 90)),
    ("moving.webp", made_by(frames, "WEBP", 300), "JPEG", (120, 120), (0, 0, 90), (0, 0, 90)),
    ("drawing.bmp", saved(halves, (700, 700), "BMP"), "JPEG", (700, 700), RED, BLUE),
    ("scan.tiff", saved(halves, (1700, 1700), "TIFF"), "JPEG", (1080, 1080), RED, BLUE),
    ("png-named.jpg", saved(halves, (500, 500), "PNG"), "JPEG", (500, 500), RED, BLUE),
    ("panorama.jpg", made_by(with_secrets, 6000, 700), "JPEG", (6000, 700), RED, BLUE),
]  # fmt: skip

REFUSED: list[tuple[str, Make, Unusable]] = [
    ("iphone.heic", made_by(bytes, b"\0\0\0\x18ftypheic" + bytes(64)), Unusable.HEIC),
    ("icon.png", saved(halves, (48, 48), "PNG"), Unusable.TOO_SMALL),
    ("ribbon.png", saved(halves, (3000, 200), "PNG"), Unusable.TOO_NARROW),
    ("bomb.png", made_by(bare_png, 50_000, 50_000, 100), Unusable.TOO_LARGE),
    ("pixels.png", made_by(bare_png, 12_000, 9_500, 1 << 20), Unusable.TOO_LARGE),
    ("texts.png", made_by(text_bomb), Unusable.NO_IMAGE),
    ("cut-off.jpg", made_by(cut_off, with_secrets, 800, 800), Unusable.NO_IMAGE),
    ("cut-off.png", made_by(cut_off, bare_png, 500, 500, 250_500), Unusable.NO_IMAGE),
    ("archive.jpg", made_by(archive), Unusable.NO_IMAGE),
    ("program.jpg", made_by(bytes, b"\x7fELF" + bytes(4000)), Unusable.NO_IMAGE),
    ("drawing.svg", made_by(bytes, b"<svg/>"), Unusable.NO_IMAGE),
    ("empty.jpg", made_by(bytes), Unusable.NO_IMAGE),
    ("noise.webp", made_by(bytes, b"RIFF\xff\xff\0\0WEBPVP8 " + bytes(9)), Unusable.NO_IMAGE),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "make", "kind", "size", "left", "right"), FIT, ids=[case[0] for case in FIT]
)
async def test_an_image_is_made_to_fit(
    tmp_path: Path,
    name: str,
    make: Make,
    kind: str,
    size: tuple[int, int],
    left: tuple[int, int, int],
    right: tuple[int, int, int],
) -> None:
    source, target = tmp_path / name, tmp_path / "fitted"
    make(source)
    fitted = await Images().fit(source, target)
    assert SECRET not in target.read_bytes()
    assert target.stat().st_size <= LARGEST_FILE
    with Image.open(target) as picture:
        assert (picture.format, picture.size) == (kind, size)
        assert (fitted.width, fitted.height) == size
        assert fitted.content_type == f"image/{kind.lower()}"
        assert picture.mode == "RGB"
        assert not picture.getexif()
        assert not {"exif", "xmp", "comment", "icc_profile"} & picture.info.keys()
        middle = picture.height // 2
        for at, colour in ((picture.width // 4, left), (picture.width * 3 // 4, right)):
            seen = picture.getpixel((at, middle if name != "turned.jpg" else 10))
            assert isinstance(seen, tuple)
            assert all(abs(a - b) < CLOSE for a, b in zip(seen, colour, strict=True)), seen


@pytest.mark.parametrize(("name", "make", "why"), REFUSED, ids=[case[0] for case in REFUSED])
async def test_what_cannot_be_a_photo_is_refused(
    tmp_path: Path, name: str, make: Make, why: Unusable
) -> None:
    source = tmp_path / name
    make(source)
    with pytest.raises(ImageRefused) as refused:
        await Images().fit(source, tmp_path / "fitted")
    assert refused.value.why is why


@pytest.mark.parametrize("name", ["telegram.jpg", "progressive.jpg", "simple.webp"])
async def test_what_fits_keeps_every_pixel(tmp_path: Path, name: str) -> None:
    source, target = tmp_path / name, tmp_path / "fitted"
    next(make for case, make, *_ in FIT if case == name)(source)
    await Images().fit(source, target)
    with Image.open(source) as before, Image.open(target) as after:
        assert list(before.tobytes()) == list(after.tobytes())
    assert target.stat().st_size <= source.stat().st_size


async def test_a_reader_is_bounded_in_time_and_memory(tmp_path: Path) -> None:
    source = tmp_path / "camera.jpg"
    made_by(with_secrets, 6000, 5000)(source)
    with pytest.raises(ImageRefused) as slow:
        await Images(seconds=0.05).fit(source, tmp_path / "fitted")
    assert slow.value.why is Unusable.SLOW
    scan = tmp_path / "scan.png"
    saved(halves, (8000, 8000), "PNG")(scan)
    with pytest.raises(ImageRefused) as large:
        await Images(memory=200 << 20).fit(scan, tmp_path / "fitted")
    assert large.value.why is Unusable.TOO_LARGE


@pytest.mark.parametrize(("count", "columns"), [(1, 1), (4, 3), (35, 5)])
async def test_a_sheet_shows_all_photos_and_marks_the_cover(
    tmp_path: Path, count: int, columns: int
) -> None:
    paths = []
    for number in range(count):
        paths.append(tmp_path / f"{number}")
        saved(halves, (300, 400), "WEBP" if number % 2 else "JPEG")(paths[-1])
    picture = await Images().sheet(paths, cover=count - 1)
    (tmp_path / "sheet.jpg").write_bytes(picture)
    with Image.open(tmp_path / "sheet.jpg") as sheet:
        lines = -(-count // columns)
        longer = 400 if count <= 9 else 240
        assert sheet.size == (columns * (longer * 3 // 4 + 6) + 6, lines * (longer + 6) + 6)
        corner = sheet.getpixel((sheet.width - 3, sheet.height - 3)) if count != 4 else None
        assert corner is None or (
            isinstance(corner, tuple) and corner[0] > 200
        )  # the cover's frame
    assert len(picture) < 1 << 20
    with pytest.raises(FileNotFoundError):
        await Images().sheet([*paths, tmp_path / "gone"], cover=0)


def test_the_limits_are_those_of_the_client_library() -> None:
    assert (SHORTER_SIDE, LARGEST_FILE) == (tiktok.PHOTO_SHORT_SIDE_MAX, tiktok.PHOTO_MAX_BYTES)


FUZZED = 800


@pytest.mark.filterwarnings("ignore")  # as in the process of its own
def test_no_image_that_was_damaged_ends_in_a_fault(tmp_path: Path) -> None:
    """Whatever stands in a file, what is said of it is one of the known words, or it is fitted."""
    dice = random.Random(6)  # noqa: S311 - the same cases each time
    kinds = [
        (with_secrets(160, 120), "jpg"),
        *((path.read_bytes(), path.suffix) for path in _small_ones(tmp_path)),
    ]
    words = set()
    for number in range(FUZZED):
        content = bytearray(kinds[number % len(kinds)][0])
        for _ in range(dice.randrange(1, 12)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        if not number % 3:
            del content[dice.randrange(len(content)) :]
        source, target = tmp_path / "damaged", tmp_path / "made"
        source.write_bytes(content)
        said = answer(source, target)
        words.add(said.get("refused", "fitted"))
        if "fitted" in said:
            with Image.open(target) as picture:
                picture.load()
                assert min(picture.size) <= SHORTER_SIDE
    assert {"fitted", Unusable.NO_IMAGE} <= words <= {"fitted", *Unusable}


def _small_ones(folder: Path) -> list[Path]:
    made = [folder / f"small.{kind}" for kind in ("png", "webp", "gif", "bmp", "tiff")]
    for path in made:
        halves(160, 120).save(path)
    return made
