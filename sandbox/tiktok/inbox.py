"""A creator's inbox in TikTok's app: the drafts that were put there, to be posted or thrown away.

Only the person at this machine sees it; they are every creator here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, get_args

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response

from sandbox.loopback import from_own_page, from_this_machine

from .api import base_url, form_body
from .content import LONGEST_DESCRIPTION
from .content import LONGEST_TITLE as LONGEST_PHOTO_TITLE
from .covers import Covers
from .creators import Creator, PrivacyLevel
from .media import clip_answer, kept, photo_answer
from .publishing import LONGEST_TITLE
from .rendering import HEADERS, page
from .shares import Carousel, Share
from .world import World


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A draft as a page shows it; `photos` is 0 for a clip."""

    share: Share
    creator: Creator
    age: timedelta
    photos: int
    waiting: bool


def drafts_of(world: World, creator: Creator) -> list[Draft]:
    """What a creator finds in their inbox, the newest first."""
    now = world.now()
    return [_shown(share, creator, now) for share in world.inbox(creator.username)]


def _shown(share: Share, creator: Creator, now: datetime) -> Draft:
    delivered_at = share.processing.done_at if share.processing else None
    return Draft(
        share=share,
        creator=creator,
        age=now - (delivered_at or now),
        photos=len(share.photos) if isinstance(share, Carousel) else 0,
        waiting=not share.posted,
    )


class Inbox:
    def __init__(self, world: World, covers: Covers) -> None:
        self._world = world
        self._covers = covers

    async def show(self, request: Request) -> Response:
        """GET /@{username}/inbox: every draft."""
        creator = self._creator(request)
        drafts = drafts_of(self._world, creator)
        return self._page(request, "inbox.html", creator=creator, drafts=drafts)

    async def draft(self, request: Request) -> Response:
        """GET /@{username}/inbox/{publish_id}: one, as it is finished and posted."""
        creator = self._creator(request)
        share = self._share(request)
        posts = [post for post in self._world.posts if post.publish_id == share.publish_id]
        is_carousel = isinstance(share, Carousel)
        return self._page(
            request,
            "draft.html",
            draft=_shown(share, creator, self._world.now()),
            creator=creator,
            posts=posts,
            longest_title=LONGEST_PHOTO_TITLE if is_carousel else LONGEST_TITLE,
            longest_description=LONGEST_DESCRIPTION,
            kept=self._world.disk.folder is not None,
        )

    async def act(self, request: Request) -> Response:
        """POST to the same: post the draft, or throw it away."""
        if not from_own_page(request):
            return PlainTextResponse("Only for the person at this machine.\n", status_code=403)
        creator, share = self._creator(request), self._share(request)
        home = f"{base_url(request)}/@{creator.username}"
        try:
            form = dict(await form_body(request))
            if form.get("do") == "delete":
                self._world.delete_draft(share.publish_id)
                leads_to = f"{home}/inbox"
            else:
                leads_to = f"{home}/video/{self._post(share, form)}"
        except ValueError as reason:
            return PlainTextResponse(f"{reason}\n", status_code=400)
        await self._world.save()
        return RedirectResponse(leads_to, 303)

    def _post(self, share: Share, form: Mapping[str, str]) -> str:
        """The id of the post; raises ValueError for no audience of this creator."""
        audience = next((e for e in get_args(PrivacyLevel) if e == form.get("audience")), None)
        if audience is None:
            raise ValueError("Choose who can see it")
        post = self._world.post_draft(
            share.publish_id,
            title=_lines(form.get("title", "")),
            description=_lines(form.get("description", "")),
            privacy_level=audience,
            disable_comment="comments" not in form,
        )
        return post.post_id

    async def content(self, request: Request) -> Response:
        """GET /drafts/{publish_id}: the bytes of a clip, in ranges where asked for."""
        share = self._share(request)
        return await clip_answer(kept(self._world.disk.video(share.publish_id)))

    async def photo(self, request: Request) -> Response:
        """GET /drafts/{publish_id}/{number}: one of its photos."""
        return photo_answer(self._world, self._share(request), request.path_params["number"])

    async def cover(self, request: Request) -> Response:
        """GET /drafts/{publish_id}/cover: what stands for it in the list."""
        share = self._share(request)
        if isinstance(share, Carousel):
            return photo_answer(self._world, share, share.photo_cover_index)
        cover = await self._covers.of(kept(self._world.disk.video(share.publish_id)), 0)
        return FileResponse(kept(cover), media_type="image/jpeg", headers=HEADERS)

    def _page(self, request: Request, template: str, **values: Any) -> Response:
        chat_url, base = self._world.chat_url, base_url(request)
        return page(template, base=base, chat_url=chat_url, here=True, **values)

    def _creator(self, request: Request) -> Creator:
        creator = self._world.creators.get(request.path_params["username"])
        if creator is None or not from_this_machine(request):
            raise HTTPException(404)
        return creator

    def _share(self, request: Request) -> Share:
        share = self._world.share(request.path_params["publish_id"])
        username = request.path_params.get("username")
        if share is None or not from_this_machine(request):
            raise HTTPException(404)
        if not share.in_inbox(self._world.now()) or username not in (None, share.username):
            raise HTTPException(404)
        return share


def _lines(text: str) -> str:
    """What was typed, without a browser's line ends."""
    return text.replace("\r\n", "\n").strip()
