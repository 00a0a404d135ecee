"""What a person sees of the sandbox in a browser: creators, what they posted, and each post.

Whoever sits at this machine sees all of it, as each creator would; others what is public.
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from sandbox.loopback import from_this_machine

from .api import base_url
from .covers import Covers
from .creators import Creator
from .endpoint import Refusal
from .posts import Post
from .rendering import HEADERS, page
from .shares import Share, Status
from .videos import counters
from .world import World

LATEST = 12
ARRIVED: tuple[Status, ...] = ("SEND_TO_USER_INBOX", "PUBLISH_COMPLETE")
_WEBM = b"\x1aE\xdf\xa3"  # how every Matroska file begins


def error_page(refusal: Refusal) -> Response:
    """Instead of the consent page, which alone has one."""
    base = "../../.."  # seen from there: no request tells it here
    return page(
        "error.html",
        refusal.status,
        base=base,
        here=False,
        code=refusal.code,
        message=refusal.message,
    )


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A post as a page shows it; `counts` are those of video/query, empty unless it is public."""

    post: Post
    creator: Creator
    counts: dict[str, int]
    age: timedelta


@dataclass(frozen=True, kw_only=True)
class UnderWay:
    """What is neither a post nor a draft: still on its way, or failed."""

    share: Share
    status: Status
    age: timedelta


class Pages:
    def __init__(self, world: World) -> None:
        self._world = world
        self._covers = Covers()

    async def overview(self, request: Request) -> Response:
        """GET /: the creators, what was posted last, and what is under way."""
        posts = self._posts(request)
        return self._page(
            request,
            "overview.html",
            creators=[
                (creator, sum(shown.creator is creator for shown in posts))
                for creator in self._world.creators.values()
            ],
            posts=posts[:LATEST],
            under_way=self._under_way(request),
        )

    async def profile(self, request: Request) -> Response:
        """GET /@{username}: a creator, and what they posted."""
        creator = self._world.creators.get(request.path_params["username"])
        if creator is None:
            raise HTTPException(404)
        return self._page(
            request,
            "profile.html",
            creator=creator,
            posts=[shown for shown in self._posts(request) if shown.creator is creator],
            under_way=[
                each for each in self._under_way(request) if each.share.username == creator.username
            ],
        )

    async def post(self, request: Request) -> Response:
        """GET /@{username}/video/{post_id}: the link to a post."""
        shown = self._find(request)
        if shown.creator.username != request.path_params["username"]:
            raise HTTPException(404)
        return self._page(request, "post.html", shown=shown, post=shown.post)

    async def clip(self, request: Request) -> Response:
        """GET /clips/{post_id}: the bytes of a post, in ranges where asked for."""
        content = self._content(self._find(request))
        kind = "webm" if await asyncio.to_thread(_begins, content, _WEBM) else "mp4"
        return FileResponse(content, media_type=f"video/{kind}", headers=HEADERS)

    async def cover(self, request: Request) -> Response:
        """GET /covers/{post_id}: the frame that stands for a post."""
        shown = self._find(request)
        content = self._content(shown)
        cover = await self._covers.of(content, shown.post.video_cover_timestamp_ms)
        if cover is None:
            raise HTTPException(404)
        kept = {"Cache-Control": "private, max-age=86400"}
        return FileResponse(cover, media_type="image/jpeg", headers=HEADERS | kept)

    async def avatar(self, request: Request) -> Response:
        """A coloured disc with the creator's initial."""
        creator = self._world.creators.get(request.path_params["username"])
        if creator is None:
            raise HTTPException(404)
        hue = int(creator.union_id[12:16], 16) % 360
        picture = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
            f'<circle cx="50" cy="50" r="50" fill="hsl({hue} 55% 40%)"/>'
            '<text x="50" y="68" font-size="50" text-anchor="middle" fill="#fff" '
            f'font-family="sans-serif">{escape(creator.nickname[:1])}</text></svg>'
        )
        return Response(picture, media_type="image/svg+xml")

    def _page(self, request: Request, template: str, **values: Any) -> Response:
        return page(
            template,
            base=base_url(request),
            chat_url=self._world.chat_url,
            here=from_this_machine(request),
            **values,
        )

    def _posts(self, request: Request) -> list[Shown]:
        """What may be seen, the newest first."""
        now, here = self._world.now(), from_this_machine(request)
        shown = []
        for post in reversed(self._world.posts):
            creator = self._world.creators.get(post.username)
            public = post.privacy_level == "PUBLIC_TO_EVERYONE"
            if creator is None or not (public or here):
                continue
            age = now - post.published_at
            counts = counters(post.post_id, creator, age) if public else {}
            shown.append(Shown(post=post, creator=creator, counts=counts, age=age))
        return shown

    def _under_way(self, request: Request) -> list[UnderWay]:
        now = self._world.now()
        if not from_this_machine(request):
            return []
        every = [
            UnderWay(share=share, status=share.status(now), age=now - share.started_at)
            for share in reversed(self._world.shares)
        ]
        return [each for each in every if each.status not in ARRIVED]

    def _find(self, request: Request) -> Shown:
        wanted = request.path_params["post_id"]
        for shown in self._posts(request):
            if shown.post.post_id == wanted:
                return shown
        raise HTTPException(404)

    def _content(self, shown: Shown) -> Path:
        if shown.post.content is None:  # a sandbox without a folder keeps no bytes
            raise HTTPException(404)
        return shown.post.content


def _begins(file: Path, mark: bytes) -> bool:
    with file.open("rb") as content:
        return content.read(len(mark)) == mark
