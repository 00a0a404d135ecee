"""What a person sees of the sandbox in a browser: creators, what they posted, and each post.

Whoever sits at this machine sees all of it, as each creator would; others what is public.
"""

from dataclasses import dataclass
from datetime import timedelta
from html import escape
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from sandbox.loopback import from_this_machine

from .api import base_url
from .covers import Covers
from .creators import Creator
from .endpoint import Refusal
from .inbox import Draft, drafts_of
from .media import FOR_A_DAY, clip_answer, kept, photo_answer
from .posts import Post
from .rendering import HEADERS, page
from .shares import Share, Status
from .videos import counters
from .world import World

LATEST = 12
ARRIVED: tuple[Status, ...] = ("SEND_TO_USER_INBOX", "PUBLISH_COMPLETE")


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
    def __init__(self, world: World, covers: Covers) -> None:
        self._world = world
        self._covers = covers

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
            drafts=[
                draft
                for creator in self._world.creators.values()
                for draft in self._drafts(request, creator)
            ],
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
            drafts=self._drafts(request, creator),
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
        has_bytes = self._world.disk.folder is not None
        return self._page(request, "post.html", shown=shown, post=shown.post, kept=has_bytes)

    async def clip(self, request: Request) -> Response:
        """GET /clips/{post_id}: the bytes of a post, in ranges where asked for."""
        return await clip_answer(kept(self._find(request).post.content))

    async def photo(self, request: Request) -> Response:
        """GET /photos/{post_id}/{number}: one photo of a post, counted from 0."""
        return self._photo(self._find(request), request.path_params["number"])

    async def cover(self, request: Request) -> Response:
        """GET /covers/{post_id}: the frame, or the photo, that stands for a post."""
        shown = self._find(request)
        if shown.post.photos:
            return self._photo(shown, shown.post.photo_cover_index)
        content = kept(shown.post.content)
        cover = kept(await self._covers.of(content, shown.post.video_cover_timestamp_ms))
        return FileResponse(cover, media_type="image/jpeg", headers=HEADERS | FOR_A_DAY)

    def _photo(self, shown: Shown, number: int) -> Response:
        return photo_answer(self._world, self._world.share(shown.post.publish_id), number)

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

    def _drafts(self, request: Request, creator: Creator) -> list[Draft]:
        """Those in a creator's inbox that wait for them."""
        if not from_this_machine(request):
            return []
        return [draft for draft in drafts_of(self._world, creator) if draft.waiting]

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
