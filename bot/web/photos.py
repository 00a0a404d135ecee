"""What TikTok fetches: photos of posts, and the file that shows it whose address this is.

Both lie below one prefix, which is verified in TikTok's portal (docs/run.md). Nothing here leads to
another address, for TikTok follows none, and nothing tells why a link is not good.
"""

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, PlainTextResponse
from starlette.types import Receive, Scope, Send

from core.publishing.photo_links import LinkRefused, PhotoLinks
from core.settings import PHOTOS_PATH, Settings

_HEADERS = {
    "Cache-Control": "no-store",  # a cache would answer without our knowing that TikTok asked
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Robots-Tag": "noindex",
}


def verification_file(token: str) -> tuple[str, str]:
    """Name and content of the file by which TikTok sees whose address this is; both are public."""
    return f"tiktok{token}.txt", f"tiktok-developers-site-verification={token}"


def add_photos(site: FastAPI, settings: Settings, links: PhotoLinks) -> None:
    """Serve the photos of posts that TikTok is being told of."""
    token = settings.tiktok_url_verification
    shown = verification_file(token) if token else None

    @site.api_route(PHOTOS_PATH + "{name}", methods=["GET", "HEAD"])
    async def photo(request: Request, name: str) -> Response:
        if shown and name == shown[0]:
            return PlainTextResponse(shown[1], headers=_HEADERS)
        return _Served(links, name, only_looks=request.method == "HEAD")


class _Served(Response):
    """A photo that is held while it is sent."""

    def __init__(self, links: PhotoLinks, name: str, *, only_looks: bool) -> None:
        super().__init__(headers=_HEADERS)
        self._links = links
        self._name = name
        self._only_looks = only_looks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with self._links.open(self._name, only_looks=self._only_looks) as found:
                answer: Response = FileResponse(
                    found.path,
                    media_type=found.content_type,
                    stat_result=found.stat,
                    headers=_HEADERS,
                )
                await answer(scope, receive, send)
        except LinkRefused:
            answer = PlainTextResponse("There is no such photo.", 404, headers=_HEADERS)
            await answer(scope, receive, send)
