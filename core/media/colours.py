"""Colours brought to BT.709, which TikTok's players take every clip for.

Standard pictures get another matrix. Wide ones (BT.2020) and those of high dynamic range (HLG, PQ)
are mapped as a whole by FFmpeg's scaler, perceptually: lights keep their shades, the middle tones
come out a little darker than a phone shows them. Dolby Vision without a base that others can read
(profile 5) is not understood, and its colours come out wrong.

Numbers are those of ITU-T H.273.
"""

from dataclasses import dataclass

from av.video.frame import VideoFrame

from core.media.recipes import LONGEST_SHRUNK
from core.media.turning import Steps

_UNKNOWN = 2
_BT2020 = 9
_PQ, _HLG = 16, 18
_SD_LINES = 576
_TAGS = "color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv"


@dataclass(frozen=True, kw_only=True)
class Bt709:
    """`most` is the longest side worth the work, where mapping colours takes long."""

    before: Steps
    scaling: str
    most: int | None = None

    def steps(self, width: int, height: int) -> Steps:
        """Filters that also bring the picture to this size."""
        if self.most is None:
            return (
                *self.before,
                ("scale", f"{width}:{height}:{self.scaling}"),
                ("setparams", _TAGS),
            )
        return (
            ("scale", f"{width}:{height}"),  # first, for then there is less to map
            *self.before,
            ("scale", self.scaling),
            ("setparams", _TAGS),
        )


def bt709(frame: VideoFrame) -> Bt709:
    """What brings the colours of frames like this one to BT.709, limited range."""
    trc, primaries = int(frame.color_trc), int(frame.color_primaries)
    if trc in (_PQ, _HLG) or primaries == _BT2020:
        curve = {_PQ: "smpte2084", _HLG: "arib-std-b67"}.get(trc, "bt709")
        return Bt709(
            before=(
                (
                    "setparams",
                    f"color_primaries=bt2020:color_trc={curve}:colorspace=bt2020nc",
                ),
            ),
            scaling=(
                "out_color_matrix=bt709:out_range=tv:out_primaries=bt709:out_transfer=bt709:"
                "intent=perceptual"
            ),
            most=LONGEST_SHRUNK,
        )
    matrix = "auto"
    if int(frame.colorspace) == _UNKNOWN:  # then the size tells, as for players
        matrix = "bt601" if min(frame.width, frame.height) <= _SD_LINES else "bt709"
    return Bt709(before=(), scaling=f"in_color_matrix={matrix}:out_color_matrix=bt709:out_range=tv")
