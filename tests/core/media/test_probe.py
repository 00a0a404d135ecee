"""Probing real files."""

import shutil
from pathlib import Path
from typing import Any

import av
import pytest

from core.media.limits import problems
from core.media.probe import UnreadableClip
from core.media.probing import Prober
from core.media.reader import read
from sandbox.samples import make_clip

KINDS = [
    ("a.mp4", {}, ("mp4", "h264", "aac")),
    ("a.mp4", {"codec": "libx265"}, ("mp4", "hevc", "aac")),
    ("a.mp4", {"audio": False}, ("mp4", "h264", None)),
    ("a.mov", {}, ("mov", "h264", "aac")),
    ("a.webm", {}, ("webm", "vp9", "opus")),
    ("a.webm", {"codec": "libvpx"}, ("webm", "vp8", "opus")),
]


@pytest.mark.parametrize(("name", "parts", "expected"), KINDS)
def test_a_clip_is_described(
    tmp_path: Path, name: str, parts: dict[str, Any], expected: tuple[str, str, str | None]
) -> None:
    found = read(make_clip(tmp_path / name, seconds=1, width=360, height=640, **parts))
    assert (found.container, found.video_codec, found.audio_codec) == expected
    assert (found.width, found.height) == (360, 640)
    assert found.fps == pytest.approx(30, abs=0.1)
    assert found.duration == pytest.approx(1, abs=0.1)
    assert problems(found, size=1) == ()


@pytest.mark.parametrize(
    ("rotation", "displayed"),
    [(0, (640, 360)), (90, (360, 640)), (180, (640, 360)), (270, (360, 640))],
)
def test_the_size_is_that_of_the_turned_picture(
    tmp_path: Path, rotation: int, displayed: tuple[int, int]
) -> None:
    clip = make_clip(tmp_path / "a.mov", seconds=0.2, width=640, height=360, rotation=rotation)
    found = read(clip)
    assert (found.width, found.height) == displayed


def test_a_padded_clip_has_exactly_that_size_and_stays_a_clip(tmp_path: Path) -> None:
    size = 3 * 1024 * 1024 + 7
    clip = make_clip(tmp_path / "a.mp4", seconds=0.5, pad_to=size)
    assert clip.stat().st_size == size
    assert read(clip) == read(make_clip(tmp_path / "b.mp4", seconds=0.5))
    again = make_clip(tmp_path / "c.mp4", seconds=0.5, pad_to=size)
    assert again.read_bytes()[-1_000_000:] == clip.read_bytes()[-1_000_000:]


def test_a_clip_is_not_padded_to_less_than_it_is(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="padded"):
        make_clip(tmp_path / "a.mp4", seconds=0.2, pad_to=100)


async def test_the_name_of_the_file_does_not_matter(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "a.mov", seconds=0.2)
    stored = tmp_path / "concat:0123%20,-"
    shutil.copy(clip, stored)
    assert await Prober().probe(stored) == read(clip)


def test_matroska_is_not_webm(tmp_path: Path) -> None:
    webm = make_clip(tmp_path / "a.webm", seconds=0.2, audio=False)
    matroska = tmp_path / "a.mkv"
    with av.open(str(webm)) as source, av.open(str(matroska), "w") as target:
        copy = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.size:
                packet.stream = copy
                target.mux(packet)
    assert read(matroska).container == "matroska"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 4096,
        b"not a clip at all",
        b"\xff\xd8\xff\xe0" + b"\0" * 4096,  # a picture
        b"\0\0\0\x18ftypisom\0\0\0\0isommp42",  # an MP4 that ends after its first box
    ],
)
async def test_what_is_no_clip_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(content)
    with pytest.raises(UnreadableClip):
        await Prober().probe(path)


def test_a_clip_cut_off_before_its_first_picture_is_refused(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "a.mp4", seconds=1, audio=False)
    with clip.open("r+b") as file:
        file.truncate(clip.read_bytes().index(b"mdat") + 64)
    with pytest.raises(UnreadableClip):
        read(clip)


def test_a_song_is_no_clip(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        sound = container.add_stream("aac", 48_000, layout="mono")
        frame = av.AudioFrame("s16", "mono", 960)
        frame.planes[0].update(bytes(frame.planes[0].buffer_size))
        frame.sample_rate = 48_000
        container.mux(sound.encode(frame))
        container.mux(sound.encode(None))
    with pytest.raises(UnreadableClip, match="no video"):
        read(path)


def test_a_playlist_cannot_point_at_other_files(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "secret.mp4", seconds=0.2)
    playlists = {
        "a.m3u8": f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{clip}\n#EXT-X-ENDLIST\n",
        "a.ffconcat": f"ffconcat version 1.0\nfile {clip.name}\n",
    }
    for name, text in playlists.items():
        (tmp_path / name).write_text(text)
        with pytest.raises(UnreadableClip):
            read(tmp_path / name)


def test_a_missing_file_is_no_broken_clip(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "none.mp4")
