"""TikTok's rules for what a clip is."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.media.limits import LARGEST_FILE, ProblemCode, content_type, is_too_long, problems
from core.media.probe import Probe

GOOD = Probe(
    container="mp4",
    duration=30.0,
    width=1080,
    height=1920,
    fps=30.0,
    video_codec="h264",
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
