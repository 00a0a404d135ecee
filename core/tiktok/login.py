"""Login Kit for Web: the address of the consent page, and the tokens that come of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from .answers import Fields


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """What a creator's consent is worth (Get a User Access Token).

    Both lifetimes are remaining seconds. Each refresh brings a new refresh token, and the one
    before stops working: store it before using the access token.
    """

    access_token: str = field(repr=False)
    expires_in: int
    open_id: str
    refresh_token: str = field(repr=False)
    refresh_expires_in: int
    scopes: frozenset[str]


def authorize_query(
    *, client_key: str, redirect_uri: str, state: str, scopes: Iterable[str], always_ask: bool
) -> str:
    """The query of the consent page (Login Kit for Web); a web client sends no PKCE challenge."""
    return urlencode(
        {
            "client_key": client_key,
            "response_type": "code",
            "scope": ",".join(sorted(scopes)),
            "redirect_uri": redirect_uri,
            "state": state,
            "disable_auto_auth": int(always_ask),
        }
    )


def read_tokens(answer: Fields) -> Tokens:
    """The tokens of an exchange or a refresh. Raises AnswerMalformed."""
    return Tokens(
        access_token=answer.required("access_token", str),
        expires_in=answer.required("expires_in", int),
        open_id=answer.required("open_id", str),
        refresh_token=answer.required("refresh_token", str),
        refresh_expires_in=answer.required("refresh_expires_in", int),
        scopes=frozenset(filter(None, map(str.strip, answer.required("scope", str).split(",")))),
    )
