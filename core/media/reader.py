"""Reads a clip by FFmpeg, through PyAV, in a process of its own.

`python -m core.media.reader FILE SECONDS BYTES` gives itself that much time and memory, reads the
file, and prints one JSON object: `probe`, or why there is none, `refused` or `errno`. Whoever
sends a clip chooses what FFmpeg's parsers see, so the bot asks for this (`core.media.probing`)
and never loads FFmpeg itself, whose libraries would also stay in its memory for good.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from core.bounds import bound_by
from core.media.probe import MOV, MP4, WEBM, Probe, UnreadableClip

# Formats that FFmpeg may try on a stranger's file: only those that hold everything themselves.
# A playlist could make it read other files of this machine, or of the network.
_SELF_CONTAINED = "mov,matroska,avi,flv,mpegts,mpeg,asf,ogg"
_FIRST_PACKETS = 64  # more than any codec holds back before it shows a first picture
_BOX_HEADER = 8  # bytes of a box's size and type (ISO/IEC 14496-12)
_MOST_BOXES = 10_000  # a file of nothing but headers must not keep us for long
_FIRST_BYTES = 4096  # in which Matroska names its document type
_RHYTHM_FRAMES, _RHYTHM_BYTES = 2000, 64 << 20  # what is read to learn how even the frames come
_SHORTEST_RHYTHM = 1.5  # seconds; in less, one late frame would seem a rhythm


def read(path: Path) -> Probe:
    """Read the headers and the first picture of the clip at `path`.

    Raises UnreadableClip where it is no video or broken, and OSError where there is no file.
    """
    with path.open("rb") as file:
        beginning = file.read(_FIRST_BYTES)
        if beginning[4:8] == b"ftyp" and _is_cut_off(file):
            raise UnreadableClip("cut off")
    with opened(path) as container:
        return _probe(container, beginning)


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """The clip at `path`, which may reach no other file. Raises UnreadableClip, also for what
    FFmpeg refuses inside the block, and OSError where there is no file.
    """
    path.stat()
    options = {"format_whitelist": _SELF_CONTAINED, "protocol_whitelist": "file"}
    try:
        with av.open(f"file:{path}", options=options, metadata_errors="replace") as container:
            yield container
    except av.FFmpegError as broken:
        raise UnreadableClip(broken.strerror or "broken") from broken


def _probe(container: InputContainer, beginning: bytes) -> Probe:
    video = video_stream(container)
    frame = first_picture(container, video)
    rate = float(video.average_rate or video.guessed_rate or 0)
    slowest, fastest = _rhythm(container, video) or (rate, rate)
    width, height = video.width, video.height
    if frame.rotation % 180:
        width, height = height, width
    return Probe(
        container=_container_name(container, beginning),
        duration=length(container, video),
        width=width,
        height=height,
        fps=rate,
        slowest_fps=slowest,
        fastest_fps=fastest,
        video_codec=video.codec_context.codec.canonical_name,
        pixel_format=frame.format.name,
        audio_codec=_audio_codec(container),
    )


def _is_cut_off(file: BinaryIO) -> bool:
    """Whether the `mdat` box of an MP4 or QuickTime file ends beyond the file's end.

    With the index in front, FFmpeg reads such a file without complaint, as long as it claims to be.
    """
    end, position = file.seek(0, os.SEEK_END), 0
    for _ in range(_MOST_BOXES):
        if position >= end:
            break
        file.seek(position)
        header = file.read(16)
        size, kind = int.from_bytes(header[:4]), header[4:8]
        if size == 1:  # the true size follows the type, in 64 bits
            size = int.from_bytes(header[8:16])
        if size < _BOX_HEADER:  # up to the end of the file, or no box at all
            return False
        position += size
        if kind == b"mdat" and position > end:
            return True
    return False


def video_stream(container: InputContainer) -> VideoStream:
    """The stream that is seen. Raises UnreadableClip."""
    for stream in container.streams.video:
        # The cover of a song is a video stream too.
        if stream.codec_context and not stream.disposition & Disposition.attached_pic:
            return stream
    raise UnreadableClip("no video in it")


def _audio_codec(container: InputContainer) -> str | None:
    known = (stream for stream in container.streams.audio if stream.codec_context)
    return next((stream.codec_context.codec.canonical_name for stream in known), None)


def first_picture(container: InputContainer, video: VideoStream) -> VideoFrame:
    """Decode one picture: it proves that there is one, and only it knows the rotation."""
    video.thread_type = "NONE"  # threads would hold pictures back
    for packet in islice(container.demux(video), _FIRST_PACKETS):
        for frame in packet.decode():
            return frame
    raise UnreadableClip("no picture in it")


def _rhythm(container: InputContainer, video: VideoStream) -> tuple[float, float] | None:
    """Frames per second in the slowest and the fastest second; None where too little is known.

    The index of an MP4 names every frame. Of other files the beginning is read, not decoded.
    """
    unit = float(video.time_base or 0)
    times = sorted(entry.timestamp * unit for entry in video.index_entries)
    if "mov" not in container.format.name:
        times = sorted(time * unit for time in _first_times(container, video))
    rates, begin = [], 0
    for end, time in enumerate(times):
        if time - times[begin] >= 1:
            rates.append((end - begin) / (time - times[begin]))
            begin += 1
            while time - times[begin] >= 1:  # after a gap only its last second counts
                begin += 1
    if not rates or times[-1] - times[0] < _SHORTEST_RHYTHM:
        return None
    return min(rates), max(rates)


def _first_times(container: InputContainer, video: VideoStream) -> Iterator[int]:
    size = 0
    for packet in islice(container.demux(video), _RHYTHM_FRAMES):
        if packet.pts is not None:
            yield packet.pts
        size += packet.size
        if size > _RHYTHM_BYTES:
            return


def length(container: InputContainer, video: VideoStream) -> float:
    """How long the clip lasts, in seconds; zero where the file does not say."""
    if container.duration is not None:
        return max(0.0, container.duration / av.time_base)
    if video.duration is not None and video.time_base is not None:
        return max(0.0, float(video.duration * video.time_base))
    return 0.0


def _container_name(container: InputContainer, beginning: bytes) -> str:
    """Tell apart the containers that FFmpeg reads with one demuxer.

    MP4 and QuickTime differ in the brand of the `ftyp` box (QuickTime: "qt  ", and old files have
    none), WebM and Matroska in the document type of the EBML header (element 0x4282).
    """
    name = container.format.name
    if name.startswith("mov,"):
        brand = container.metadata.get("major_brand", "qt").strip()
        if brand == "qt":
            return MOV
        return "3gp" if brand.startswith("3g") else MP4
    if name.startswith("matroska,"):
        return WEBM if b"\x42\x82\x84webm" in beginning else "matroska"
    return name


def main(arguments: list[str]) -> int:
    path, seconds, memory = Path(arguments[0]), float(arguments[1]), int(arguments[2])
    bound_by(seconds, memory)
    sys.stdout.write(json.dumps(answer(lambda: {"probe": asdict(read(path))})))
    return 0


def answer(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What this process says: what the work found, or why it found nothing."""
    try:
        return work()
    except UnreadableClip as error:
        return {"refused": str(error)}
    except MemoryError:
        return {"refused": "takes too much memory"}
    except OSError as error:
        return {"errno": error.errno}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
