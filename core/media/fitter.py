"""Makes a clip fit TikTok's rules, in a process of its own.

`python -m core.media.fitter FILE TARGET SECONDS BYTES` gives itself that much time and memory and
the machine's idle moments, and writes an MP4 to TARGET. It prints lines of JSON: how far it is,
`share` (0 to 1), and last an empty object, or why there is nothing, as `core.media.reader` says it.

Pictures are copied where only the container is wrong, and else become H.264 High with BT.709
colours, turned the way they are seen. Sound is copied if it is AAC, and else becomes that.
"""

import errno
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol, TypeAlias, cast

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.filter import Graph
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from core.bounds import bound_by
from core.media.colours import bt709
from core.media.limits import LARGEST_FILE, ProblemCode, problems
from core.media.probe import Probe, UnreadableClip
from core.media.reader import answer, opened, read, video_stream
from core.media.recipes import can_be_copied, fitting_fps, fitting_size
from core.media.turning import turned

TELL_EVERY = 1.0  # seconds
NICENESS = 10
THREADS = 1  # of each codec
SOUND_RATE = 48_000
# Twice what TikTok shows is kept of a clip's quality; ten minutes stay within its limit of size.
_H264 = {
    "preset": "veryfast",
    "crf": "20",
    "profile": "high",
    "maxrate": "24M",
    "bufsize": "48M",
    "threads": str(THREADS),
}
_DISK_FAULTS = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.ENOENT, errno.EACCES}
_MP4 = {"movflags": "+faststart"}

AnyPacket: TypeAlias = "Packet[Any]"
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


class _Way(Protocol):
    """What becomes of the packets of one stream."""

    def take(self, packet: AnyPacket) -> Iterator[AnyPacket]: ...
    def end(self) -> Iterator[AnyPacket]: ...


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
        ways: dict[int, _Way] = {
            seen.index: _Copied(seen, made, begins)
            if copies
            else _Pictures(seen, made, begins, probe)
        }
        heard = _sound_stream(container)
        if heard is not None:
            is_aac = heard.codec_context.codec.canonical_name == "aac"
            ways[heard.index] = (
                _Copied(heard, made, begins) if copies and is_aac else _Sound(heard, made, begins)
            )
        streams = [seen] if heard is None else [seen, heard]
        for packet in container.demux(streams):
            if packet.dts is None and not packet.size:
                continue  # the end of a stream, which `end` is for
            if packet.time_base and packet.pts is not None and probe.duration:
                tell(float(packet.pts * packet.time_base - begins) / probe.duration)
            made.mux(list(ways[packet.stream_index].take(packet)))
        for way in ways.values():
            made.mux(list(way.end()))


def _sound_stream(container: InputContainer) -> AudioStream | None:
    return next((each for each in container.streams.audio if each.codec_context), None)


class _Copied:
    def __init__(self, stream: Stream, made: OutputContainer, begins: Fraction) -> None:
        self._copy = made.add_stream_from_template(stream)
        if stream.codec_context.codec.canonical_name == "hevc":
            self._copy.codec_context.codec_tag = "hvc1"  # Apple's players know no other
        self._begins = begins

    def take(self, packet: AnyPacket) -> Iterator[AnyPacket]:
        offset = round(self._begins / (packet.time_base or Fraction(1)))
        if packet.dts is None or packet.pts is None:
            raise UnreadableClip("does not say when its pictures are shown")
        packet.pts, packet.dts = packet.pts - offset, packet.dts - offset
        packet.stream = self._copy
        yield packet

    def end(self) -> Iterator[AnyPacket]:
        yield from ()


class _Pictures:
    """Decoded, turned, brought to TikTok's size and rhythm, and encoded."""

    def __init__(
        self, stream: VideoStream, made: OutputContainer, begins: Fraction, probe: Probe
    ) -> None:
        stream.thread_type = "NONE"
        stream.codec_context.thread_count = THREADS
        average = stream.average_rate or stream.guessed_rate or Fraction(0)
        wrong = {problem.code for problem in problems(probe, 0)}
        self._fps = fitting_fps(Fraction(average), uneven=ProblemCode.UNEVEN_FPS in wrong)
        self._fps = self._fps.limit_denominator(1001)
        self._stream, self._begins = stream, begins
        self._encoder = made.add_stream("libx264", self._fps, _H264)
        self._graph: Graph | None = None

    def take(self, packet: AnyPacket) -> Iterator[AnyPacket]:
        try:
            frames = packet.decode()
        except av.InvalidDataError:
            return  # what is broken shows as a standstill, as in any player
        for frame in frames:
            yield from self._taken(frame)

    def _taken(self, frame: VideoFrame) -> Iterator[AnyPacket]:
        if self._graph is None:
            self._graph = self._set_up(frame)
        self._graph.push(frame)
        yield from self._encoded()

    def end(self) -> Iterator[AnyPacket]:
        if self._graph is None or self._stream.codec_context is None:
            raise UnreadableClip("no picture in it")
        for frame in self._stream.codec_context.decode(None):
            yield from self._taken(frame)
        self._graph.push(None)
        yield from self._encoded()
        yield from self._encoder.encode(None)

    def _encoded(self) -> Iterator[AnyPacket]:
        assert self._graph is not None  # noqa: S101 - set up by the first frame
        while True:
            try:
                frame = cast(VideoFrame, self._graph.pull())
            except (av.BlockingIOError, av.EOFError):
                return
            frame.pict_type = 0
            yield from self._encoder.encode(frame)

    def _set_up(self, frame: VideoFrame) -> Graph:
        """The graph of filters for frames like this one, and the encoder for what it gives."""
        colours = bt709(frame)
        aspect = self._stream.sample_aspect_ratio or Fraction(1)
        turn, lies = turned(frame)
        wide, high = float(frame.width * aspect), float(frame.height)
        if lies:
            wide, high = high, wide
        most = {"most": colours.most} if colours.most else {}
        size = fitting_size(wide, high, **most)
        scaled = (size.height, size.width) if lies else (size.width, size.height)
        encoder = self._encoder.codec_context
        encoder.width, encoder.height = size.padded_width, size.padded_height
        encoder.pix_fmt, encoder.time_base = "yuv420p", 1 / self._fps
        encoder.color_primaries = encoder.color_trc = encoder.colorspace = 1  # BT.709
        encoder.color_range = 1  # limited
        steps = [
            ("setpts", f"PTS-{float(self._begins)}/TB"),
            ("fps", f"fps={self._fps.numerator}/{self._fps.denominator}:start_time=0"),
            *([("bwdif", "deint=interlaced")] if frame.interlaced_frame else []),
            *colours.steps(*scaled),
            *turn,
            ("setsar", "1"),
            ("pad", f"{size.padded_width}:{size.padded_height}:-1:-1"),
            ("format", "yuv420p"),
        ]
        unit = self._stream.time_base or Fraction(1, av.time_base)
        looks = (
            f"video_size={frame.width}x{frame.height}:pix_fmt={frame.format.name}:"
            f"time_base={unit.numerator}/{unit.denominator}:"
            f"pixel_aspect={aspect.numerator}/{aspect.denominator}:"
            f"colorspace={int(frame.colorspace)}:range={int(frame.color_range)}"
        )
        return _chain(("buffer", looks), *steps, ("buffersink", ""))


class _Sound:
    """Decoded, without gaps, mono or stereo, and encoded."""

    def __init__(self, stream: AudioStream, made: OutputContainer, begins: Fraction) -> None:
        self._stream, self._begins = stream, begins
        self._layout = "mono" if stream.codec_context.channels == 1 else "stereo"
        self._encoder = made.add_stream("aac", SOUND_RATE)
        self._encoder.layout = self._layout
        self._encoder.bit_rate = 128_000
        self._graph: Graph | None = None

    def take(self, packet: AnyPacket) -> Iterator[AnyPacket]:
        try:
            frames = cast(list[AudioFrame], packet.decode())
        except av.InvalidDataError:
            return  # silence stands in for it
        for frame in frames:
            yield from self._taken(frame)

    def _taken(self, frame: AudioFrame) -> Iterator[AnyPacket]:
        if self._graph is None:
            self._graph = self._set_up(frame)
        self._graph.push(frame)
        yield from self._encoded()

    def end(self) -> Iterator[AnyPacket]:
        if self._graph is not None:
            for frame in self._stream.codec_context.decode(None):
                yield from self._taken(frame)
            self._graph.push(None)
            yield from self._encoded()
            yield from self._encoder.encode(None)

    def _encoded(self) -> Iterator[AnyPacket]:
        assert self._graph is not None  # noqa: S101 - set up by the first frame
        while True:
            try:
                frame = cast(AudioFrame, self._graph.pull())
            except (av.BlockingIOError, av.EOFError):
                return
            yield from self._encoder.encode(frame)

    def _set_up(self, frame: AudioFrame) -> Graph:
        unit = self._stream.time_base or Fraction(1, frame.sample_rate)
        looks = (
            f"sample_rate={frame.sample_rate}:sample_fmt={frame.format.name}:"
            f"channel_layout={frame.layout.name}:time_base={unit.numerator}/{unit.denominator}"
        )
        return _chain(
            ("abuffer", looks),
            ("asetpts", f"PTS-{float(self._begins)}/TB"),
            ("aresample", f"{SOUND_RATE}:async=1:first_pts=0"),
            ("aformat", f"sample_fmts=fltp:channel_layouts={self._layout}"),
            ("asetnsamples", "1024:p=0"),
            ("abuffersink", ""),
        )


def _chain(*steps: tuple[str, str]) -> Graph:
    """A graph of filters, one after another."""
    graph = Graph()
    graph.threads = THREADS
    graph.link_nodes(*(graph.add(name, how or None) for name, how in steps)).configure()
    return graph


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
