"""The consent page: where a creator lets the app in, or not. Source: Login Kit for Web.

TikTok never calls a wrong request back; it shows an error page instead.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from .api import base_url, form_body
from .endpoint import Refusal
from .rendering import page
from .state import Credential
from .world import World

SCOPES = {
    "user.info.basic": "Your display name and picture",
    "user.info.profile": "Your username, bio and whether you are verified",
    "user.info.stats": "Your follower, like and video counts",
    "video.list": "Your public videos and their counters",
    "video.publish": "Post videos to your account",
    "video.upload": "Put drafts into your inbox",
}
ALWAYS_GRANTED = "user.info.basic"
REQUIRED = ("client_key", "response_type", "scope", "redirect_uri", "state")
LONGEST_REDIRECT = 511
COOKIE = "clipcue_sandbox_creator"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the app asks for, once every parameter has been found right."""

    scopes: tuple[str, ...]
    redirect_uri: str
    state: str
    show_always: bool


class Authorize:
    def __init__(self, world: World) -> None:
        self._world = world

    async def ask(self, request: Request) -> Response:
        """GET: the page, or straight back for a creator who is signed in and agreed before."""
        asked = self._read(request)
        username = request.cookies.get(COOKIE, "")
        agreed = username in self._world.creators and set(asked.scopes) <= self._agreed(username)
        if agreed and not asked.show_always:
            return await self._grant(request, asked, username, asked.scopes)
        return page(
            "consent.html",
            base=base_url(request),
            chat_url=None,
            here=False,
            action=f"{base_url(request)}/v2/auth/authorize/?{request.url.query}",
            creators=self._world.creators.values(),
            signed_in=username,
            scopes=[(scope, SCOPES[scope], scope == ALWAYS_GRANTED) for scope in asked.scopes],
            destination=urlsplit(asked.redirect_uri).netloc,
        )

    async def decide(self, request: Request) -> Response:
        """POST: the form of that page, to the same address."""
        asked = self._read(request)
        try:
            fields = await form_body(request)
        except ValueError as error:
            raise Refusal(400, "invalid_request", str(error)) from None
        form = dict(fields)
        ticked = {value for name, value in fields if name == "scope"} | {ALWAYS_GRANTED}
        scopes = tuple(scope for scope in asked.scopes if scope in ticked)
        if form.get("decision") != "authorize" or not scopes:
            refusal = {
                "error": "access_denied",
                "error_description": "User denied the authorization request",
                "state": asked.state,
            }
            return _back(asked, refusal)
        if form.get("creator") not in self._world.creators:
            raise Refusal(400, "invalid_request", "Nobody was chosen")
        return await self._grant(request, asked, form["creator"], scopes)

    async def _grant(
        self, request: Request, asked: Asked, username: str, scopes: tuple[str, ...]
    ) -> Response:
        # Real codes end like this, which is where clients that decode twice or never stumble.
        code = f"{secrets.token_urlsafe(32)}*{secrets.randbelow(10)}!{secrets.randbelow(10000)}.va"
        lifetime = timedelta(seconds=self._world.code_lifetime)
        self._world.state.codes[code] = Credential(
            username=username,
            scopes=scopes,
            expires_at=self._world.now() + lifetime,
            redirect_uri=asked.redirect_uri,
        )
        await self._world.save()
        back = _back(asked, {"code": code, "scopes": ",".join(scopes), "state": asked.state})
        path = request.scope.get("root_path", "") or "/"
        back.set_cookie(COOKIE, username, path=path, httponly=True, samesite="lax")
        return back

    def _agreed(self, username: str) -> set[str]:
        """The scopes that a creator has granted and not revoked since."""
        state, now = self._world.state, self._world.now()
        grants = (*state.codes.values(), *state.refresh_tokens.values())
        live = (each for each in grants if each.username == username and now < each.expires_at)
        return {scope for each in live for scope in each.scopes}

    def _read(self, request: Request) -> Asked:
        """Raises Refusal for anything that TikTok would not take."""
        pairs = parse_qsl(request.url.query, keep_blank_values=True)
        query = dict(pairs)
        if len(query) != len(pairs):
            raise Refusal(400, "invalid_request", "A parameter is sent twice")
        if unknown := query.keys() - {*REQUIRED, "disable_auto_auth"}:
            raise Refusal(400, "invalid_request", f"Unknown: {', '.join(sorted(unknown))}")
        if missing := [name for name in REQUIRED if not query.get(name)]:
            raise Refusal(400, "invalid_request", f"Missing: {', '.join(missing)}")
        if query["client_key"] != self._world.client_key:
            raise Refusal(400, "unauthorized_client", "client_key is not known")
        if query["response_type"] != "code":
            raise Refusal(400, "unsupported_response_type", "response_type must be code")
        if query.get("disable_auto_auth", "0") not in ("0", "1"):
            raise Refusal(400, "invalid_request", "disable_auto_auth must be 0 or 1")
        scopes = tuple(query["scope"].split(","))
        if len(set(scopes)) != len(scopes) or not set(scopes) <= SCOPES.keys():
            raise Refusal(400, "invalid_scope", "scope must be known scopes, joined by commas")
        if not self._registered(query["redirect_uri"]):
            raise Refusal(400, "invalid_request", "redirect_uri is not registered")
        return Asked(
            scopes=scopes,
            redirect_uri=query["redirect_uri"],
            state=query["state"],
            show_always=query.get("disable_auto_auth") == "1",
        )

    def _registered(self, uri: str) -> bool:
        if self._world.redirect_uris is not None:
            return uri in self._world.redirect_uris
        try:
            parts = urlsplit(uri)
        except ValueError:
            return False
        absolute = parts.scheme in ("http", "https") and bool(parts.hostname)
        return absolute and not {"?", "#"} & set(uri) and len(uri) <= LONGEST_REDIRECT


def _back(asked: Asked, parameters: dict[str, str]) -> Response:
    return RedirectResponse(f"{asked.redirect_uri}?{urlencode(parameters)}", 303)
