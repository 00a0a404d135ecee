"""What became of a creator's public videos, and how often they were seen: video/query."""

import math
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from .api import admit, answer, base_url, invalid_params, json_body
from .creators import Creator
from .shares import Live
from .world import World

FIELDS = frozenset(
    {
        "id",
        "create_time",
        "share_url",
        "video_description",
        "title",
        "view_count",
        "like_count",
        "comment_count",
        "share_count",
    }
)
"""Those of TikTok's video object that the sandbox knows; the rest it refuses, as nonsense."""

MOST_IDS = 20
LONGEST_TITLE = 150
SEEN_WITHIN = 30.0
"""Hours after which about two thirds of all who will ever see a video have seen it."""


class Filters(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    video_ids: list[str] = Field(min_length=1, max_length=MOST_IDS)


class QueryBody(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    filters: Filters


class Videos:
    def __init__(self, world: World) -> None:
        self._world = world

    async def query(self, request: Request) -> Response:
        """POST /v2/video/query/?fields=a,b,c: the creator's own public videos among those asked
        for; others, and what is not public yet, are left out without a word. So are photos: TikTok
        says nothing about them here, and speaks of videos.
        """
        creator = admit(self._world, request, "video/query", "video.list")
        query = request.query_params.multi_items()
        if [name for name, _ in query] != ["fields"]:
            raise invalid_params("The one query parameter is fields")
        fields = query[0][1].split(",")
        if not set(fields) <= FIELDS:
            raise invalid_params("fields names something that does not exist")
        asked = set((await json_body(request, QueryBody)).filters.video_ids)
        now = self._world.now()
        videos = [
            _describe(live, creator, base_url(request), now)
            for upload in self._world.state.uploads.values()
            if upload.username == creator.username
            for live in upload.live(now)
            if live.post_id in asked and live.public_at and live.public_at <= now
        ]
        shown = [{field: video[field] for field in fields} for video in videos]
        return answer({"videos": shown})


def _describe(live: Live, creator: Creator, base: str, now: datetime) -> dict[str, object]:
    title = live.post_info.title
    return {
        "id": live.post_id,
        "create_time": int(live.at.timestamp()),
        "share_url": f"{base}/@{creator.username}/video/{live.post_id}",
        "video_description": title[:LONGEST_TITLE],
        "title": title[:LONGEST_TITLE],
        **counters(live.post_id, creator, now - live.at),
    }


def counters(post_id: str, creator: Creator, age: timedelta) -> dict[str, int]:
    """How often a public video of this age was seen, liked, commented and shared.

    It is seen quickly at first, then ever more slowly; luck is in its id.
    """
    luck, hours = 0.5 + int(post_id[-3:]) / 400, max(age.total_seconds() / 3600, 0)
    views = int((200 + creator.follower_count) * luck * (1 - math.exp(-hours / SEEN_WITHIN)))
    return {
        "view_count": views,
        "like_count": views // 11,
        "comment_count": views // 140,
        "share_count": views // 260,
    }
