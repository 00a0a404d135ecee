"""What becomes of a clip's streams on their way into a file that fits TikTok's rules.

Pictures are copied where only the container is wrong, and else become H.264 High with BT.709
colours, turned the way they are seen. Sound is copied if it is AAC, and else becomes that.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Generic, Protocol, TypeAlias, TypeVar, cast

import av
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.filter import Graph
from av.packet import Packet
from av.stream import Stream
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from core.media.colours import bt709
from core.media.limits import ProblemCode, problems
from core.media.probe import Probe, UnreadableClip
from core.media.recipes import fitting_fps, fitting_size
from core.media.turning import turned

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

AnyPacket: TypeAlias = "Packet[Any]"
_Frame = TypeVar("_Frame", bound=VideoFrame | AudioFrame)


class Way(Protocol):
    """What becomes of the packets of one stream."""

    def take(self, packet: AnyPacket) -> Iterator[AnyPacket]: ...
    def end(self) -> Iterator[AnyPacket]: ...


class Copied:
    """As they are, in another container."""

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


class _Remade(ABC, Generic[_Frame]):
    """Decoded, led through filters, and encoded; what is broken in it is left out."""

    def __init__(self, decoder: VideoCodecContext | AudioCodecContext | None) -> None:
        self._decoder = decoder
        self._graph: Graph | None = None

    def take(self, packet: AnyPacket) -> Iterator[AnyPacket]:
        try:
            frames = cast(list[_Frame], packet.decode())
        except av.InvalidDataError:
            return  # it shows as a standstill, and is heard as silence, as in any player
        for frame in frames:
            yield from self._taken(frame)

    def end(self) -> Iterator[AnyPacket]:
        if self._graph is None or self._decoder is None:
            return  # nothing came that could be decoded
        for frame in self._decoder.decode(None):
            yield from self._taken(cast(_Frame, frame))
        self._graph.push(None)
        yield from self._encoded()
        yield from self._encode(None)

    def _taken(self, frame: _Frame) -> Iterator[AnyPacket]:
        if self._graph is None:
            self._graph = self._set_up(frame)
        self._graph.push(frame)
        yield from self._encoded()

    def _encoded(self) -> Iterator[AnyPacket]:
        assert self._graph is not None  # noqa: S101 - set up by the first frame
        while True:
            try:
                frame = self._graph.pull()
            except (av.BlockingIOError, av.EOFError):
                return
            yield from self._encode(cast(_Frame, frame))

    @abstractmethod
    def _set_up(self, frame: _Frame) -> Graph:
        """The graph of filters for frames like this one, and the encoder for what it gives."""

    @abstractmethod
    def _encode(self, frame: _Frame | None) -> Iterator[AnyPacket]:
        """The frame as packets; None: those still to come."""


class Pictures(_Remade[VideoFrame]):
    """Turned the way they are seen, and brought to TikTok's size, rhythm and colours."""

    def __init__(
        self, stream: VideoStream, made: OutputContainer, begins: Fraction, probe: Probe
    ) -> None:
        super().__init__(stream.codec_context)
        self._stream, self._begins = stream, begins
        stream.thread_type = "NONE"
        stream.codec_context.thread_count = THREADS
        average = stream.average_rate or stream.guessed_rate or Fraction(0)
        wrong = {problem.code for problem in problems(probe, 0)}
        self._fps = fitting_fps(Fraction(average), uneven=ProblemCode.UNEVEN_FPS in wrong)
        self._fps = self._fps.limit_denominator(1001)
        self._encoder = made.add_stream("libx264", self._fps, _H264)

    def end(self) -> Iterator[AnyPacket]:
        if self._graph is None:
            raise UnreadableClip("no picture in it")
        yield from super().end()

    def _encode(self, frame: VideoFrame | None) -> Iterator[AnyPacket]:
        if frame is not None:
            frame.pict_type = 0  # as the encoder thinks best
        yield from self._encoder.encode(frame)

    def _set_up(self, frame: VideoFrame) -> Graph:
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


class Sound(_Remade[AudioFrame]):
    """Without gaps, mono or stereo."""

    def __init__(self, stream: AudioStream, made: OutputContainer, begins: Fraction) -> None:
        super().__init__(stream.codec_context)
        self._stream, self._begins = stream, begins
        self._layout = "mono" if stream.codec_context.channels == 1 else "stereo"
        self._encoder = made.add_stream("aac", SOUND_RATE)
        self._encoder.layout = self._layout
        self._encoder.bit_rate = 128_000

    def _encode(self, frame: AudioFrame | None) -> Iterator[AnyPacket]:
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
