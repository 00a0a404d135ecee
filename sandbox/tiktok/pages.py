"""What a person sees of the sandbox in a browser."""

from datetime import datetime
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from .api import base_url
from .endpoint import Refusal
from .world import World


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 100_000 else f"{count:,} bytes"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,
)
_templates.filters["size"] = _size
_templates.filters["moment"] = _moment


def page(template: str, status: int = 200, **values: object) -> Response:
    return HTMLResponse(_templates.get_template(template).render(**values), status)


def error_page(refusal: Refusal) -> Response:
    return page("error.html", refusal.status, code=refusal.code, message=refusal.message)


class Pages:
    def __init__(self, world: World) -> None:
        self._world = world

    async def overview(self, request: Request) -> Response:
        """GET /: the creators, what they posted, and what is under way."""
        now = self._world.now()
        return page(
            "overview.html",
            base=base_url(request),
            creators=self._world.creators.values(),
            posts=self._world.posts[::-1],
            uploads=[(upload, upload.status(now)) for upload in self._world.uploads[::-1]],
        )

    async def post(self, request: Request) -> Response:
        """GET /@{username}/video/{post_id}: the link to a post."""
        wanted = request.path_params["username"], request.path_params["post_id"]
        for post in self._world.posts:
            if (post.username, post.post_id) == wanted:
                creator = self._world.creators.get(post.username)
                return page("post.html", post=post, creator=creator, base=base_url(request))
        raise HTTPException(404)

    async def avatar(self, request: Request) -> Response:
        """A coloured disc with the creator's initial."""
        creator = self._world.creators.get(request.path_params["username"])
        if creator is None:
            raise HTTPException(404)
        hue = int(creator.union_id[:4], 16) % 360
        picture = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
            f'<circle cx="50" cy="50" r="50" fill="hsl({hue} 55% 40%)"/>'
            '<text x="50" y="68" font-size="50" text-anchor="middle" fill="#fff" '
            f'font-family="sans-serif">{escape(creator.nickname[:1])}</text></svg>'
        )
        return Response(picture, media_type="image/svg+xml")
