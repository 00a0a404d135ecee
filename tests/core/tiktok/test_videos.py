"""Query Videos: what is sent, and what is made of the answer."""

import json

import pytest

from core import tiktok
from tests.core.tiktok.far_end import FarEnd, envelope

VIDEO = {"id": "7", "view_count": 12, "like_count": 3, "comment_count": 2, "share_count": 1}


async def test_counts_of_videos() -> None:
    far_end = FarEnd(envelope({"videos": [VIDEO, {"id": "8", "view_count": None}]}))
    told = await far_end.client().video_counts("act.1", ["7", "8"])
    assert told == (
        tiktok.VideoCounts(id="7", views=12, likes=3, comments=2, shares=1),
        tiktok.VideoCounts(id="8", views=None, likes=None, comments=None, shares=None),
    )
    request = far_end.request
    assert request.method == "POST"
    assert request.url.path == "/v2/video/query/"
    fields = "id,view_count,like_count,comment_count,share_count"
    assert request.url.query.decode() == f"fields={fields}"
    assert json.loads(request.content) == {"filters": {"video_ids": ["7", "8"]}}
    assert request.headers["authorization"] == "Bearer act.1"


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"videos": "many"},
        {"videos": [1]},
        {"videos": [{"view_count": 3}]},
        {"videos": [{"id": 7}]},
        {"videos": [{"id": "7", "view_count": "12"}]},
        {"videos": [{"id": "7", "view_count": -1}]},
    ],
)
async def test_an_answer_of_another_shape_is_refused(data: object) -> None:
    with pytest.raises(tiktok.AnswerMalformed):
        await FarEnd(envelope(data)).client().video_counts("act.1", ["7"])


@pytest.mark.parametrize("count", [0, tiktok.VIDEOS_AT_ONCE + 1])
async def test_none_or_too_many_are_not_asked_for(count: int) -> None:
    far_end = FarEnd(envelope({"videos": []}))
    with pytest.raises(ValueError, match="1 to 20 videos"):
        await far_end.client().video_counts("act.1", map(str, range(count)))
    assert not far_end.requests
