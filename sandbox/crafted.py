"""Files that mean harm to whoever reads them: crafted by hand, and clips with something changed.

Each is made from a seed, so that a run can be repeated. Boxes are those of ISO/IEC 14496-12.
"""

import gzip
import io
import random
import struct
import tarfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image

from sandbox.oddities import Oddity


def _small(name: str, **how: Any) -> Oddity:
    return Oddity(name=name, seconds=0.3, width=128, height=96, **how)


WHOLE = (
    _small("h264.mp4"),
    _small("h264.mov", rotation=90),
    _small("hevc.mp4", codec="libx265"),
    _small("av1.mp4", codec="libsvtav1"),
    _small("mpeg4.3gp", codec="mpeg4", sound=None),
    _small("prores.mov", codec="prores_ks", pixels="yuv422p10le", sound=None),
    _small("mjpeg.mov", codec="mjpeg", pixels="yuvj422p", sound="pcm_s16le"),
    _small("vp9.webm", codec="libvpx-vp9", sound="libopus"),
    _small("h264.mkv"),
    _small("mpeg4.avi", codec="mpeg4", sound="mp3"),
    _small("h264.ts"),
    _small("mpeg2.mpg", codec="mpeg2video", sound="mp2"),
    _small("h264.flv"),
)
"""Small clips in every container that is read."""

_BOXES = (
    *(b"ftyp", b"moov", b"mvhd", b"trak", b"tkhd", b"edts", b"elst", b"mdia", b"mdhd", b"hdlr"),
    *(b"minf", b"vmhd", b"dinf", b"dref", b"stbl", b"stsd", b"stts", b"ctts", b"stss", b"stsc"),
    *(b"stsz", b"stco", b"avc1", b"avcC", b"hvcC", b"av1C", b"colr", b"pasp", b"udta", b"meta"),
    *(b"mdat", b"free", b"esds", b"mp4a", b"sgpd", b"sbgp", b"btrt"),
)
_TABLES = (b"stts", b"ctts", b"stss", b"stsc", b"stsz", b"stco", b"elst", b"stsd", b"dref", b"sgpd")
_ODD = (0, 1, 2, 7, 8, 0x7FFF, 0xFFFF, 0x10000, 0x00FFFFFF, 0x10000000, 0x7FFFFFFF, 0x80000000,
        0xFFFFFFFE, 0xFFFFFFFF)  # fmt: skip
"""Numbers at which readers stumble."""
_MAGICS = (
    *(b"\x1a\x45\xdf\xa3", b"RIFF\xff\xff\xff\xffAVI ", b"FLV\1\5\0\0\0\x09\0\0\0\0"),
    *(b"\0\0\1\xba", b"\x47", b"OggS", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"),
)
"""How files of the other containers begin."""
_HEADER = 4096
"""Bytes in which most of what a reader believes stands, also at the end of an MP4."""


@dataclass(frozen=True, kw_only=True)
class Crafted:
    """A file by what was done to it."""

    name: str
    content: bytes


def whole() -> dict[str, bytes]:
    """The clips that are changed, by name."""
    with TemporaryDirectory(prefix="clipcue-crafted-") as folder:
        return {each.name: each.make(Path(folder)).read_bytes() for each in WHOLE}


def changed(clips: dict[str, bytes], *, seed: int, count: int) -> Iterator[Crafted]:
    """So many clips, each with something changed at random."""
    chance = random.Random(seed)  # noqa: S311 - so that it can be repeated
    names, ways = sorted(clips), list(_WAYS.items())
    for number in range(count):
        name, (way, change) = chance.choice(names), chance.choice(ways)
        content = bytearray(clips[name])
        if way == "joined":
            content += clips[chance.choice(names)]
        for _ in range(chance.choice((1, 1, 1, 2, 5))):
            change(content, chance)
        yield Crafted(name=f"{number:05}-{way}-{name}", content=bytes(content))


def _flipped(content: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 4, 16, 64))):
        content[_place(content, chance)] ^= 1 << chance.randrange(8)


def _overwritten(content: bytearray, chance: random.Random) -> None:
    at = _place(content, chance)
    content[at : at + 4] = chance.choice(_ODD).to_bytes(4, chance.choice(("big", "little")))


def _cut_off(content: bytearray, chance: random.Random) -> None:
    del content[chance.randrange(1, max(2, len(content))) :]


def _taken_out(content: bytearray, chance: random.Random) -> None:
    at = _place(content, chance)
    del content[at : at + chance.choice((1, 4, 100, 5000))]


def _put_in(content: bytearray, chance: random.Random) -> None:
    at, size = _place(content, chance), chance.choice((1, 4, 100, 5000))
    content[at:at] = chance.choice((chance.randbytes(size), bytes(size), b"\xff" * size))


def _repeated(content: bytearray, chance: random.Random) -> None:
    at, size = _place(content, chance), chance.choice((8, 100, 2000))
    content[at:at] = content[at : at + size] * chance.choice((2, 50, 500))


def _joined(content: bytearray, chance: random.Random) -> None:
    """What was put behind it begins somewhere else."""
    del content[chance.randrange(len(content)) : chance.randrange(len(content))]


def _box_resized(content: bytearray, chance: random.Random) -> None:
    if at := _found(content, chance.sample(_BOXES, len(_BOXES))):
        size = chance.choice((*_ODD, len(content), len(content) * 2))
        content[at - 4 : at] = (size & 0xFFFFFFFF).to_bytes(4)
    else:
        _overwritten(content, chance)


def _box_renamed(content: bytearray, chance: random.Random) -> None:
    if at := _found(content, chance.sample(_BOXES, len(_BOXES))):
        content[at : at + 4] = chance.choice(_BOXES)
    else:
        _flipped(content, chance)


def _table_miscounted(content: bytearray, chance: random.Random) -> None:
    """Counts, and what stands in the first lines, of the tables that name each frame."""
    if at := _found(content, chance.sample(_TABLES, len(_TABLES))):
        at += 8 + 4 * chance.choice((0, 0, 1, 2, 3))
        content[at : at + 4] = chance.choice(_ODD).to_bytes(4)
    else:
        _overwritten(content, chance)


def _measured_wrong(content: bytearray, chance: random.Random) -> None:
    """Sizes of pictures, scales of time and lengths."""
    for box, offsets in (
        (b"avc1", (28, 30)), (b"hvc1", (28, 30)), (b"tkhd", (24, 80, 84)),
        (b"mvhd", (16, 20)), (b"mdhd", (16, 20)), (b"strf", (8, 12)), (b"avih", (4, 20, 36, 40)),
        (b"\xb0\x82", (0,)), (b"\xba\x82", (0,)), (b"\x44\x89", (1,)), (b"\x2a\xd7\xb1", (1,)),
    ):  # fmt: skip
        at = content.find(box)
        if at >= 0 and chance.random() < 0.5:
            at += len(box) + chance.choice(offsets)
            content[at : at + 4] = chance.choice(_ODD).to_bytes(4, chance.choice(("big", "little")))


_WAYS: dict[str, Callable[[bytearray, random.Random], None]] = {
    "flipped": _flipped,
    "overwritten": _overwritten,
    "cut-off": _cut_off,
    "taken-out": _taken_out,
    "put-in": _put_in,
    "repeated": _repeated,
    "joined": _joined,
    "box-resized": _box_resized,
    "box-renamed": _box_renamed,
    "table-miscounted": _table_miscounted,
    "measured-wrong": _measured_wrong,
}


def _place(content: bytearray, chance: random.Random) -> int:
    """Somewhere in it, most often where headers are."""
    if not content:
        content += b"\0"
    last = len(content) - 1
    where = chance.random()
    if where < 0.4:
        return chance.randint(0, min(last, _HEADER))
    if where < 0.8:
        return chance.randint(max(0, last - _HEADER), last)
    return chance.randint(0, last)


def _found(content: bytearray, names: list[bytes]) -> int | None:
    """Where the first of these boxes has its name."""
    return next((at for name in names if (at := content.find(name)) > 3), None)


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), name) + content


_FTYP = _box(b"ftyp", b"isom\0\0\2\0isomiso2avc1mp41")


def by_hand(clips: dict[str, bytes], *, elsewhere: str, secret: Path) -> Iterator[Crafted]:
    """Files made for one purpose each.

    Some try to have `elsewhere` (an address) asked, or the file `secret` read.
    """
    mp4 = clips["h264.mp4"]
    moov = mp4[mp4.index(b"moov") - 4 :]
    yield from (Crafted(name=name, content=content) for name, content in {
        "empty.mp4": b"",
        "one-byte.mp4": b"\0",
        "zeros.mp4": bytes(1 << 20),
        "ones.mp4": b"\xff" * (1 << 20),
        "html.mp4": b"<!DOCTYPE html><video src='x.mp4'></video>" * 1000,
        "script.mp4": b"#!/bin/sh\nrm -rf /\n",
        "program.mp4": b"MZ" + b"\x90\0\3\0" * 10_000,
        "elf.mp4": b"\x7fELF\2\1\1\0" + bytes(10_000),
        "picture.mp4": _picture(),
        "zip.mp4": zipped(mp4),
        "zip-bomb.mp4": zipped(bytes(50 << 20)),
        "gzip.mp4": gzip.compress(mp4),
        "tar.mp4": _tar(mp4),
        "zip-behind-clip.mp4": mp4 + zipped(mp4),
        "clip-behind-zip.mp4": zipped(mp4) + mp4,
        "clip-behind-program.mp4": b"MZ" + bytes(1022) + mp4,
    }.items())  # fmt: skip
    for magic in _MAGICS:
        noise = random.Random(1).randbytes(200_000)  # noqa: S311 - only noise
        yield Crafted(name=f"noise-{magic[:4].hex()}.mkv", content=magic + noise)
    yield Crafted(name="moov-in-moov.mp4", content=_FTYP + _nested(b"moov", 20_000))
    yield Crafted(name="meta-in-meta.mp4", content=_FTYP + _nested(b"udta", 50_000))
    yield Crafted(name="many-moov.mp4", content=_FTYP + moov * 2000)
    yield Crafted(name="many-boxes.mp4", content=_FTYP + _box(b"free", b"") * 300_000 + moov)
    trak = _inner(mp4, b"trak")
    mvhd = _inner(mp4, b"mvhd")
    yield Crafted(name="many-tracks.mp4", content=_FTYP + _box(b"moov", mvhd + trak * 3000))
    yield Crafted(name="packed-index.mp4", content=packed_index(200 << 20))
    yield Crafted(name="packed-lie.mp4", content=packed_index(1000, claimed=0x7FFFFFFF))
    yield Crafted(name="index-of-zeros.mp4", content=_FTYP + _box(b"moov", bytes(8 << 20)))
    for table in (b"stts", b"stsz", b"stsc", b"stco", b"ctts", b"elst"):
        for count in (0x7FFFFFFF, 0x0FFFFFFF, 0x00FFFFFF):
            content = bytearray(mp4)
            at = content.find(table)
            if at > 0:
                at += 12 if table == b"stsz" else 8
                content[at : at + 4] = count.to_bytes(4)
                name = f"{table.decode()}-{count:x}.mp4"
                yield Crafted(name=name, content=bytes(content))
    for width, height in ((65535, 65535), (1, 65535), (16384, 16384), (0, 0)):
        content = bytearray(mp4)
        at = content.find(b"avc1", content.find(b"stsd")) + 28
        content[at : at + 4] = struct.pack(">HH", width, height)
        yield Crafted(name=f"size-{width}x{height}.mp4", content=bytes(content))
    avi = bytearray(clips["mpeg4.avi"])
    at = avi.find(b"strf") + 12
    avi[at : at + 8] = struct.pack("<ii", 1 << 30, 1 << 30)
    yield Crafted(name="size-giant.avi", content=bytes(avi))
    yield Crafted(name="ebml-nested.mkv", content=_ebml_nested(clips["h264.mkv"]))
    file, address = str(secret).encode(), elsewhere.encode()
    for name, text in {
        "list.m3u8.mp4": b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n%s\n#EXTINF:1,\n%s\n",
        "concat.mp4": b"ffconcat version 1.0\nfile '%s'\nfile '%s'\n",
        "sdp.mp4": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=%s\nu=%s\nt=0 0\nm=video 1 RTP/AVP 96\n",
        "dash.mp4": b"<?xml version='1.0'?><MPD><BaseURL>%s</BaseURL><BaseURL>%s</BaseURL></MPD>",
        "asx.mp4": b"<asx><entry><ref href='%s'/><ref href='%s'/></entry></asx>",
        "svg.mp4": b"<svg xmlns:x='http://www.w3.org/1999/xlink'><image x:href='%s'/>%s</svg>",
    }.items():
        yield Crafted(name=name, content=text % (file, address))
    for kind in (b"url ", b"alis"):
        for where, aim in (("file", file), ("address", address)):
            name = f"{where}-by-{kind.decode().strip()}.mov"
            yield Crafted(name=name, content=_away(mp4, kind, aim))


def _nested(name: bytes, depth: int) -> bytes:
    """A box in a box in a box; built from the outside, since each knows its length."""
    return b"".join(struct.pack(">I4s", 8 * (depth - at), name) for at in range(depth))


def _inner(content: bytes, name: bytes) -> bytes:
    """The first box of that name."""
    at = content.index(name) - 4
    return content[at : at + int.from_bytes(content[at : at + 4])]


def packed_index(size: int, *, claimed: int | None = None) -> bytes:
    """A clip with QuickTime's compressed index (`cmov`): a few bytes that grow to `size`."""
    content = zlib.compress(bytes(size), 9)
    told = struct.pack(">I", size if claimed is None else claimed)
    index = _box(b"cmov", _box(b"dcom", b"zlib") + _box(b"cmvd", told + content))
    return _FTYP + _box(b"moov", index)


def _ebml_nested(clip: bytes) -> bytes:
    """Matroska's tags within tags, thousands deep, behind a clip's head."""
    tag = b"\x67\xc8\x01" + b"\0" * 3 + b"\xff\xff\xff\xff"
    return (
        clip[: clip.index(b"\x1f\x43\xb6\x75")]
        + b"\x12\x54\xc3\x67\x01\0\0\0\0\xff\xff\xff"
        + (tag * 20_000)
    )


def _away(mp4: bytes, kind: bytes, aim: bytes) -> bytes:
    """A clip whose frames are said to lie in another file, or at an address (`dref`)."""
    entry = _box(kind, b"\0\0\0\0" + aim + b"\0")
    return mp4.replace(_inner(mp4, b"dref"), _box(b"dref", b"\0\0\0\0\0\0\0\1" + entry))


def zipped(content: bytes) -> bytes:
    """An archive with a clip in it."""
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr("clip.mp4", content)
    return packed.getvalue()


def _tar(content: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        member = tarfile.TarInfo("../../clip.mp4")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def _picture() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (64, 64)).save(written, "PNG")
    return written.getvalue()
