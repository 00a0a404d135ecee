"""What TikTok's calls have in common: bearer, limits, bodies, envelope."""

import secrets
from typing import TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .creators import Creator
from .endpoint import Refusal
from .faults import EndpointName
from .state import Credential
from .world import World

LARGEST_BODY = 64 * 1024
GUIDELINES = "Please review our integration guidelines"

Body = TypeVar("Body", bound=BaseModel)


def base_url(request: Request) -> str:
    """Where this app is reached from outside, without a trailing slash.

    Starlette's own `base_url` and `url_for` name the outermost app, not the one mounted in it.
    """
    return f"{request.url.scheme}://{request.url.netloc}{request.scope.get('root_path', '')}"


def log_id() -> str:
    return secrets.token_hex(16).upper()


def answer(data: dict[str, object]) -> Response:
    """`data` in the envelope of every v2 call."""
    return JSONResponse({"data": data, "error": {"code": "ok", "message": "", "log_id": log_id()}})


def refuse(refusal: Refusal) -> Response:
    """The same envelope around an error."""
    error = {"code": refusal.code, "message": refusal.message, "log_id": log_id()}
    return JSONResponse({"data": {}, "error": error}, refusal.status)


def admit(world: World, request: Request, endpoint: EndpointName, *scopes: str) -> Creator:
    """The creator for whom the call's access token speaks.

    One of `scopes` must have been granted. Raises Refusal 401 or 429.
    """
    credential = _credential(world, request)
    if not set(scopes) & set(credential.scopes):
        raise _not_authorized(scopes[0])
    if not world.limits.allow(endpoint, credential.username):
        raise Refusal(429, "rate_limit_exceeded", "The API rate limit was exceeded.")
    return world.creators[credential.username]


def require(world: World, request: Request, *scopes: str) -> None:
    """Let nothing pass for which not each of `scopes` has been granted. Raises Refusal 401."""
    if missing := set(scopes) - set(_credential(world, request).scopes):
        raise _not_authorized(", ".join(sorted(missing)))


def _credential(world: World, request: Request) -> Credential:
    """What the access token of a call stands for. Raises Refusal 401."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    credential = world.live(world.state.access_tokens, token) if scheme == "Bearer" else None
    if credential is None:
        message = "The access token is invalid or not found in the request."
        raise Refusal(401, "access_token_invalid", message)
    return credential


def _not_authorized(scopes: str) -> Refusal:
    return Refusal(401, "scope_not_authorized", f"The user did not authorize {scopes}")


async def json_body(request: Request, body: type[Body]) -> Body:
    """The JSON object sent, checked field by field; an empty body counts as an empty object.

    Raises Refusal 400 invalid_params.
    """
    if _media_type(request) != "application/json":
        raise invalid_params("Content-Type must be application/json")
    try:
        return body.model_validate_json(await _read(request) or b"{}")
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "body"
        raise invalid_params(f"{field}: {first['msg']}") from None


def invalid_params(message: str) -> Refusal:
    return Refusal(400, "invalid_params", message)


async def form_body(request: Request) -> list[tuple[str, str]]:
    """The form fields sent, in order. Raises ValueError for anything but a urlencoded form."""
    if _media_type(request) != "application/x-www-form-urlencoded":
        raise ValueError("Only application/x-www-form-urlencoded is supported as Content-Type")
    text = (await _read(request)).decode("ascii")
    return parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), errors="strict")


def _media_type(request: Request) -> str:
    """The content type, where it names no charset but UTF-8."""
    media_type, _, rest = request.headers.get("content-type", "").lower().partition(";")
    return media_type.strip() if rest.strip() in ("", "charset=utf-8") else ""


async def _read(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_BODY:
            raise Refusal(413, "invalid_params", "The body is too large")
    return bytes(body)
