"""Makes a clip fit TikTok's rules, in a process of its own.

`python -m core.media.fitter FILE TARGET SECONDS BYTES` gives itself that much time and memory and
the machine's idle moments, and writes an MP4 to TARGET. It prints lines of JSON: how far it is,
`share` (0 to 1), and last an empty object, or why there is nothing, as `core.media.reader` says it.
"""

import errno
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.frame import VideoFrame

from core.bounds import bound_by
from core.media.conveying import Copied, Pictures, Sound, Way
from core.media.limits import LARGEST_FILE, problems
from core.media.probe import Probe, UnreadableClip
from core.media.reader import answer, first_picture, opened, read, video_stream
from core.media.recipes import can_be_copied

TELL_EVERY = 1.0  # seconds
NICENESS = 10
MINUTE, HOUR = 60, 3600
MAY_LAST = 2
"""Times as long as it says, and a minute; an hour at most, and where it says nothing."""
_DISK_FAULTS = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.ENOENT, errno.EACCES}
_MP4 = {"movflags": "+faststart"}

Tell = Callable[[float], None]


def fit(source: Path, target: Path, *, tell: Tell) -> None:
    """Write the clip at `source` to `target` so that TikTok takes it; `tell` hears the share done.

    Raises UnreadableClip, or OSError, also where `target` cannot be written.
    """
    probe, size = read(source), source.stat().st_size
    if can_be_copied(probe, size):
        try:
            _write(source, target, probe, tell, copies=True)
            if not problems(read(target), target.stat().st_size):
                return
        except (UnreadableClip, ValueError):
            pass  # such as one that tells no times: it has to be made anew
    _write(source, target, probe, tell, copies=False)


def _write(source: Path, target: Path, probe: Probe, tell: Tell, *, copies: bool) -> None:
    """Raises UnreadableClip, or OSError where the disk is at fault and not the clip."""
    try:
        _convey(source, target, probe, tell, copies=copies)
    except UnreadableClip as error:
        cause = error.__cause__
        if isinstance(cause, av.FFmpegError) and cause.errno in _DISK_FAULTS:
            raise OSError(cause.errno, cause.strerror) from None
        raise


def _convey(source: Path, target: Path, probe: Probe, tell: Tell, *, copies: bool) -> None:
    with opened(source) as container, av.open(str(target), "w", "mp4", options=_MP4) as made:
        begins = Fraction(container.start_time or 0, av.time_base)
        seen = video_stream(container)
        ways: dict[int, Way] = {
            seen.index: Copied(seen, made, begins)
            if copies
            else Pictures(seen, made, begins, probe, _first_picture_of(source))
        }
        heard = _sound_stream(container)
        if heard is not None:
            is_aac = heard.codec_context.codec.canonical_name == "aac"
            ways[heard.index] = (
                Copied(heard, made, begins) if copies and is_aac else Sound(heard, made, begins)
            )
        streams = [seen] if heard is None else [seen, heard]
        lasts = MAY_LAST * probe.duration + MINUTE if probe.duration else HOUR
        ends = begins + Fraction(min(lasts, HOUR))
        for packet in container.demux(streams):
            if packet.dts is None and not packet.size:
                continue  # the end of a stream, which `end` is for
            if packet.time_base and packet.pts is not None:
                at = packet.pts * packet.time_base
                if at + (packet.duration or 0) * packet.time_base > ends:
                    # Else the time until then would be filled with pictures, or silence.
                    raise UnreadableClip("goes on long after its end")
                if probe.duration:
                    tell(float(at - begins) / probe.duration)
            made.mux(list(ways[packet.stream_index].take(packet)))
        for way in ways.values():
            made.mux(list(way.end()))


def _first_picture_of(source: Path) -> VideoFrame:
    with opened(source) as container:
        return first_picture(container, video_stream(container))


def _sound_stream(container: InputContainer) -> AudioStream | None:
    return next((each for each in container.streams.audio if each.codec_context), None)


class _Teller:
    """Prints how far it is, seldom enough."""

    def __init__(self) -> None:
        self._told_at = 0.0
        self._most = 0.0

    def __call__(self, share: float) -> None:
        self._most = max(self._most, min(1.0, share))
        if time.monotonic() - self._told_at >= TELL_EVERY:
            self._told_at = time.monotonic()
            _say({"share": round(self._most, 3)})


def _say(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    source, target = Path(arguments[0]), Path(arguments[1])
    bound_by(float(arguments[2]), int(arguments[3]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    os.nice(NICENESS)

    def work() -> dict[str, Any]:
        fit(source, target, tell=_Teller())
        return {}

    _say(answer(work))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
