"""What TikTok fetches: photos of posts, and the file that shows it whose address this is.

Both lie below one prefix, which is verified in TikTok's portal (docs/run.md). Nothing here leads to
another address, for TikTok follows none, and nothing tells why a link is not good.
"""

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import FileResponse, PlainTextResponse

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
        try:
            found = await links.open(name, only_looks=request.method == "HEAD")
        except LinkRefused:
            raise HTTPException(404, "There is no such photo.", headers=_HEADERS) from None
        return FileResponse(
            found.path, media_type=found.content_type, stat_result=found.stat, headers=_HEADERS
        )
