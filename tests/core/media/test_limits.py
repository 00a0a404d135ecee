"""TikTok's rules for what a clip is."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.media.limits import (
    LARGEST_FILE,
    ProblemCode,
    certain,
    content_type,
    is_too_long,
    problems,
)
from core.media.probe import Probe

GOOD = Probe(
    container="mp4",
    duration=30.0,
    width=1080,
    height=1920,
    fps=30.0,
    slowest_fps=29.9,
    fastest_fps=30.1,
    video_codec="h264",
    pixel_format="yuv420p",
    audio_codec="aac",
)

RULES = [
    ({"container": "matroska"}, ProblemCode.CONTAINER),
    ({"container": "3gp"}, ProblemCode.CONTAINER),
    ({"video_codec": "av1"}, ProblemCode.VIDEO_CODEC),
    ({"fps": 22.8}, ProblemCode.FPS_TOO_LOW),
    ({"fps": 0.0}, ProblemCode.FPS_TOO_LOW),
    ({"fps": 61.0}, ProblemCode.FPS_TOO_HIGH),
    ({"width": 358}, ProblemCode.PICTURE_TOO_SMALL),
    ({"height": 358}, ProblemCode.PICTURE_TOO_SMALL),
    ({"width": 4098}, ProblemCode.PICTURE_TOO_LARGE),
    ({"height": 4098}, ProblemCode.PICTURE_TOO_LARGE),
    ({"duration": 0.0}, ProblemCode.NO_DURATION),
]

ALLOWED = [
    {},
    {"container": "webm", "video_codec": "vp8", "audio_codec": None},
    {"container": "mov", "video_codec": "hevc"},
    {"video_codec": "vp9"},
    {"pixel_format": "yuvj420p"},
    {"slowest_fps": 21.0, "fastest_fps": 62.0},  # frames dropped here and there
    {"fps": 23.0},
    {"fps": 23.976},
    {"fps": 60.02},  # a camera's 60
    {"width": 360, "height": 360},
    {"width": 4096, "height": 4096},
    {"duration": 0.5},
    {"duration": 3600.0},  # how long is up to the account
]


@pytest.mark.parametrize(("parts", "code"), RULES)
def test_each_broken_rule_is_told(parts: dict[str, Any], code: ProblemCode) -> None:
    (found,) = problems(replace(GOOD, **parts), size=1)
    assert found.code is code
    assert found.measured in parts.values()


@pytest.mark.parametrize("parts", ALLOWED)
def test_what_the_rules_allow_is_no_problem(parts: dict[str, Any]) -> None:
    assert problems(replace(GOOD, **parts), LARGEST_FILE) == ()


def test_several_broken_rules_are_told_together() -> None:
    clip = replace(GOOD, fps=10.0, width=100)
    codes = [found.code for found in problems(clip, LARGEST_FILE + 1)]
    assert codes == [
        ProblemCode.FPS_TOO_LOW,
        ProblemCode.PICTURE_TOO_SMALL,
        ProblemCode.FILE_TOO_LARGE,
    ]


@pytest.mark.parametrize(
    ("seconds", "too_long"), [(0.5, False), (60.0, False), (60.001, True), (3600.0, True)]
)
def test_how_long_is_up_to_the_account(seconds: float, too_long: bool) -> None:
    assert is_too_long(timedelta(seconds=seconds), 60) is too_long


def test_content_types() -> None:
    assert [content_type(container) for container in ("mp4", "mov", "webm")] == [
        "video/mp4",
        "video/quicktime",
        "video/webm",
    ]
    with pytest.raises(ValueError, match="matroska"):
        content_type("matroska")


@pytest.mark.parametrize(
    ("parts", "measured"),
    [
        ({"slowest_fps": 12.0, "fastest_fps": 58.4}, "12–58"),
        ({"fastest_fps": 75.0}, "30–75"),
        ({"pixel_format": "yuv420p10le"}, "yuv420p10le"),
        ({"video_codec": "hevc", "pixel_format": "yuv444p"}, "yuv444p"),
    ],
)
def test_what_tiktok_may_take_is_a_doubt(parts: dict[str, Any], measured: str) -> None:
    (found,) = problems(replace(GOOD, **parts), size=1)
    assert found.measured == measured
    assert certain([found]) == ()


def test_what_breaks_a_rule_is_not_doubted_as_well() -> None:
    odd = replace(GOOD, fps=120.0, slowest_fps=20.0, fastest_fps=120.0)
    assert [problem.code for problem in problems(odd, size=1)] == [ProblemCode.FPS_TOO_HIGH]
    odd = replace(GOOD, video_codec="prores", pixel_format="yuv422p10le")
    (found,) = certain(problems(odd, size=1))
    assert found.code is ProblemCode.VIDEO_CODEC
