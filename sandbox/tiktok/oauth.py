"""Tokens: exchange, refresh, revoke. Sources: TikTok's pages on user access tokens.

Refusals come with HTTP 200 and a flat body, as clients have recorded them.
"""

import secrets
from datetime import timedelta
from hmac import compare_digest

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .api import form_body, log_id
from .endpoint import Refusal
from .state import Credential
from .world import World

GRANT_FIELDS = {
    "authorization_code": {"code", "redirect_uri"},
    "refresh_token": {"refresh_token"},
}


def refuse(refusal: Refusal) -> Response:
    body = {
        "error": refusal.code,
        "error_description": refusal.message,
        "log_id": log_id(),
    }
    return JSONResponse(body, refusal.status)


def refused(code: str, message: str) -> Refusal:
    return Refusal(200, code, message)


class OAuth:
    """The token endpoint and revocation."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def token(self, request: Request) -> Response:
        """POST /v2/oauth/token/, for both grant types."""
        form = await self._form(request)
        grant_type = form.pop("grant_type", "")
        if not grant_type:
            raise refused("invalid_request", "grant_type is missing")
        if grant_type not in GRANT_FIELDS:
            raise refused("unsupported_grant_type", "Grant type is not supported")
        _require(form, GRANT_FIELDS[grant_type])
        if grant_type == "authorization_code":
            credential = self._redeem(form["code"], form["redirect_uri"])
        else:
            credential = self._rotate(form["refresh_token"])
        body = self._issue(credential)
        await self._world.save()
        return JSONResponse(body, headers={"Cache-Control": "no-store"})

    async def revoke(self, request: Request) -> Response:
        """POST /v2/oauth/revoke/: the app loses the account, whichever token is shown."""
        form = await self._form(request)
        _require(form, {"token"})
        shown = self._world.live(self._world.state.access_tokens, form["token"])
        if shown is None:
            raise refused("invalid_grant", "Access token is invalid or expired")
        self._world.remove_app(shown.username, reason=5)
        await self._world.save()
        return JSONResponse({})

    async def _form(self, request: Request) -> dict[str, str]:
        """The fields beside the client's own two, which are checked here."""
        if "authorization" in request.headers:
            raise refused("invalid_request", "No Authorization header belongs here")
        try:
            fields = await form_body(request)
        except ValueError as error:
            raise refused("invalid_request", str(error)) from None
        form = dict(fields)
        if len(form) != len(fields):
            raise refused("invalid_request", "A parameter is sent twice")
        key, secret = form.pop("client_key", ""), form.pop("client_secret", "")
        if not key or not secret:
            raise refused("invalid_request", "client_key or client_secret is missing")
        known = compare_digest(secret.encode(), self._world.client_secret.encode())
        if key != self._world.client_key or not known:
            raise refused("invalid_client", "Client key or secret is incorrect")
        return form

    def _redeem(self, code: str, redirect_uri: str) -> Credential:
        """Take a code out of circulation; one shown with a wrong redirect stays in it."""
        codes = self._world.state.codes
        credential = self._world.live(codes, code)
        if credential is None:
            raise refused("invalid_grant", "Authorization code is invalid or expired")
        if credential.redirect_uri != redirect_uri:
            raise refused("invalid_grant", "redirect_uri does not match the authorization request")
        return codes.pop(code)

    def _rotate(self, refresh_token: str) -> Credential:
        tokens = self._world.state.refresh_tokens
        if self._world.live(tokens, refresh_token) is None:
            raise refused("invalid_grant", "Refresh token is invalid or expired")
        return tokens.pop(refresh_token)

    def _issue(self, credential: Credential) -> dict[str, object]:
        """A new pair of tokens; earlier access tokens live on until they expire."""
        world, now = self._world, self._world.now()
        access_token = "act." + secrets.token_urlsafe(40)
        refresh_token = "rft." + secrets.token_urlsafe(40)
        access_tokens = world.state.access_tokens
        for secret in [key for key, each in access_tokens.items() if each.expires_at <= now]:
            del access_tokens[secret]
        access_tokens[access_token] = Credential(
            username=credential.username,
            scopes=credential.scopes,
            expires_at=now + timedelta(seconds=world.access_lifetime),
        )
        world.state.refresh_tokens[refresh_token] = Credential(
            username=credential.username,
            scopes=credential.scopes,
            expires_at=now + timedelta(seconds=world.refresh_lifetime),
        )
        return {
            "access_token": access_token,
            "expires_in": world.access_lifetime,
            "open_id": world.creators[credential.username].open_id,
            "refresh_expires_in": world.refresh_lifetime,
            "refresh_token": refresh_token,
            "scope": ",".join(credential.scopes),
            "token_type": "Bearer",
        }


def _require(form: dict[str, str], fields: set[str]) -> None:
    missing = {field for field in fields if not form.get(field)}
    if missing or form.keys() - fields:
        wrong = sorted(missing or form.keys() - fields)
        raise refused("invalid_request", f"Missing or unknown parameter: {', '.join(wrong)}")
