"""The stand-in's front door: the world, and the ASGI app through which it is reached."""

from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from . import api, oauth, uploads
from .accounts import Accounts
from .authorize import Authorize
from .clock import utc_now
from .content import Content
from .covers import Covers
from .endpoint import Endpoint
from .inbox import Inbox
from .oauth import OAuth
from .pages import Pages, error_page
from .panel import Panel
from .publishing import Publishing
from .rendering import STATIC
from .uploads import Uploads
from .videos import Videos
from .world import World


class TikTok(World):
    """A world and its `app`, which runs on its own or mounted under any path.

    With a `Clock` as `now`, the panel can put it forward. Webhooks go through `webhook_transport`
    and photos are fetched through `pull_transport` when given.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = utc_now,
        client_key: str = "sandbox-key",
        client_secret: str = "sandbox-secret",  # noqa: S107 - guards nothing but made-up accounts
        folder: Path | None = None,
        redirect_uris: Collection[str] | None = None,
        webhook_transport: httpx.AsyncBaseTransport | None = None,
        pull_transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(
            now=now,
            client_key=client_key,
            client_secret=client_secret,
            folder=folder,
            redirect_uris=redirect_uris,
            webhook_transport=webhook_transport,
            pull_transport=pull_transport,
        )
        self.app = _app(self)


def _app(world: World) -> Starlette:
    consent, tokens, accounts = Authorize(world), OAuth(world), Accounts(world)
    publishing, content, intake = Publishing(world), Content(world), Uploads(world)
    videos, covers = Videos(world), Covers()
    pages, inbox = Pages(world, covers), Inbox(world, covers)
    ask = Endpoint(world, "authorize", consent.ask, error_page)
    decide = Endpoint(world, "authorize", consent.decide, error_page)
    token = Endpoint(world, "oauth/token", tokens.token, oauth.refuse)
    revoke = Endpoint(world, "oauth/revoke", tokens.revoke, oauth.refuse)
    user = Endpoint(world, "user/info", accounts.user_info, api.refuse)
    creator = Endpoint(world, "creator_info/query", accounts.creator_info, api.refuse)
    init = Endpoint(world, "video/init", publishing.init, api.refuse)
    inbox_init = Endpoint(world, "inbox/video/init", publishing.inbox_init, api.refuse)
    photos_init = Endpoint(world, "content/init", content.init, api.refuse)
    status = Endpoint(world, "status/fetch", publishing.status, api.refuse)
    query = Endpoint(world, "video/query", videos.query, api.refuse)
    put = Endpoint(world, "upload", intake.put, uploads.refuse)
    app = Starlette(
        routes=[
            Route("/v2/auth/authorize/", ask, methods=["GET"]),
            Route("/v2/auth/authorize/", decide, methods=["POST"]),
            Route("/v2/oauth/token/", token, methods=["POST"]),
            Route("/v2/oauth/revoke/", revoke, methods=["POST"]),
            Route("/v2/user/info/", user, methods=["GET"]),
            Route("/v2/post/publish/creator_info/query/", creator, methods=["POST"]),
            Route("/v2/post/publish/video/init/", init, methods=["POST"]),
            Route("/v2/post/publish/inbox/video/init/", inbox_init, methods=["POST"]),
            Route("/v2/post/publish/content/init/", photos_init, methods=["POST"]),
            Route("/v2/post/publish/status/fetch/", status, methods=["POST"]),
            Route("/v2/video/query/", query, methods=["POST"]),
            Route("/video/", put, methods=["PUT"]),
            Route("/", pages.overview),
            Route("/@{username}", pages.profile),
            Route("/@{username}/video/{post_id}", pages.post),
            Route("/@{username}/inbox", inbox.show),
            Route("/@{username}/inbox/{publish_id}", inbox.draft),
            Route("/@{username}/inbox/{publish_id}", inbox.act, methods=["POST"]),
            Route("/drafts/{publish_id}", inbox.content),
            Route("/drafts/{publish_id}/cover", inbox.cover),
            Route("/drafts/{publish_id}/{number:int}", inbox.photo),
            Route("/clips/{post_id}", pages.clip),
            Route("/photos/{post_id}/{number:int}", pages.photo),
            Route("/covers/{post_id}", pages.cover),
            Route("/avatars/{username}.svg", pages.avatar),
            Mount("/static", StaticFiles(directory=STATIC)),
            *Panel(world).routes(),
        ]
    )
    # TikTok's paths end in a slash; a client that leaves it out must not get away with it.
    app.router.redirect_slashes = False
    return app
