"""Draws frames of a clip side by side, numbered, in a process of its own.

`python -m core.media.frames FILE SECONDS BYTES` gives itself that much time and memory, and prints
a line of JSON, `times_ms` or why there are none, as `core.media.reader` says it, and after it the
picture as JPEG.
"""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from core.bounds import bound_by
from core.media.probe import UnreadableClip
from core.media.reader import answer, length, opened, video_stream
from core.media.side_by_side import LONGER_SIDE, drawn
from core.media.turning import turned

FRAMES = 9
COLUMNS = 3
_TURNS = {
    ("hflip", ""): Image.Transpose.FLIP_LEFT_RIGHT,
    ("vflip", ""): Image.Transpose.FLIP_TOP_BOTTOM,
    ("transpose", "clock"): Image.Transpose.ROTATE_270,
    ("transpose", "cclock"): Image.Transpose.ROTATE_90,
    ("transpose", "cclock_flip"): Image.Transpose.TRANSPOSE,
    ("transpose", "clock_flip"): Image.Transpose.TRANSVERSE,
}


def strip(path: Path, *, seconds: float) -> dict[str, Any]:
    """Where the frames are (`times_ms`), and their `picture`; takes half of `seconds` at most."""
    with opened(path) as container:
        stream = video_stream(container)
        stream.thread_type = "NONE"  # threads would hold pictures back
        found = dict(_frames(container, stream, patience=seconds / 2 / FRAMES))
    if not found:
        raise UnreadableClip("no picture in it")
    return {"times_ms": list(found), "picture": drawn(list(found.values()), columns=COLUMNS)}


def _frames(
    container: InputContainer, stream: VideoStream, *, patience: float
) -> Iterator[tuple[int, Image.Image]]:
    """Frames at even distances, the first one among them, each with its time.

    A frame is reached from the key frame before it. Where that takes longer than `patience`
    (seconds), the one that was reached by then stands in for it, with its own time.
    """
    begins = float((stream.start_time or 0) * (stream.time_base or 0))
    lasts, last = length(container, stream), -1
    for number in range(FRAMES):
        wanted = begins + lasts * number / FRAMES
        frame = _frame_at(container, stream, wanted, patience=patience)
        if frame is None:
            continue
        at = max(0, round(((frame.time or begins) - begins) * 1000))
        if at > last:
            last = at
            yield at, _small(frame)


def _frame_at(
    container: InputContainer, stream: VideoStream, wanted: float, *, patience: float
) -> VideoFrame | None:
    """The first frame that is not before `wanted` (seconds), if patience lasts so long."""
    until, reached = time.monotonic() + patience, None
    container.seek(int(wanted * av.time_base))
    for packet in container.demux(stream):
        for frame in packet.decode():
            reached = frame
            if (frame.time or 0) >= wanted or time.monotonic() > until:
                return reached
    return reached


def _small(frame: VideoFrame) -> Image.Image:
    """The frame as it is seen, turned and made small."""
    scale = LONGER_SIDE / max(frame.width, frame.height)
    width, height = (max(2, round(side * scale)) for side in (frame.width, frame.height))
    fitting = frame.reformat(width=width, height=height, format="rgb24")
    picture: Image.Image = fitting.to_image()  # type: ignore[no-untyped-call]  # PyAV leaves it so
    for step in turned(frame)[0]:
        picture = picture.transpose(_TURNS[step])
    return picture


def main(arguments: list[str]) -> int:
    path, seconds, memory = Path(arguments[0]), float(arguments[1]), int(arguments[2])
    bound_by(seconds, memory)
    told = answer(lambda: strip(path, seconds=seconds))
    picture = told.pop("picture", b"")
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + picture)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
