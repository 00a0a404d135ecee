"""Links to the upload page: each for one creator, for a while, and for the page that opens it.

A page makes a key of its own before it opens its link. From then on the link is bound to that key:
opened again with it, as after an answer that was lost, it opens; with any other it does not. Of
both only hashes are kept.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from core.clock import Clock
from core.errors import ClipCueError
from core.preferences import reads
from core.store.database import Database
from core.store.models import UploadLink, User

OPENED_WITHIN = timedelta(hours=1)
KEY_LASTS = timedelta(days=1)
SHORTEST_KEY, LONGEST_KEY = 32, 128
"""Characters."""


class LinkRefused(ClipCueError):
    """The link does not open the page."""


class LinkUnknown(LinkRefused):
    """There is no such link."""


class LinkUsed(LinkRefused):
    """Another page has opened it."""


class LinkTooOld(LinkRefused):
    """Its time is over."""


class KeyRefused(ClipCueError):
    """The page's key is not good, or no longer."""


class Links:
    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def make(self, user_id: int) -> str:
        """A new link's secret part."""
        secret = secrets.token_urlsafe(32)
        async with self._database.transaction() as change:
            change.add(
                UploadLink(
                    link_hash=_hash(secret),
                    user_id=user_id,
                    expires_at=self._clock() + OPENED_WITHIN,
                )
            )
        return secret

    async def language(self, secret: str) -> str | None:
        """The tag of what the link's creator reads; None where either is not known."""
        async with self._database.reading() as session:
            user = await session.scalar(
                select(User)
                .join(UploadLink, UploadLink.user_id == User.id)
                .where(UploadLink.link_hash == _hash(secret))
            )
            return reads(user) if user else None

    async def open(self, secret: str, key: str) -> None:
        """Bind the link to the key of the page that opens it; raises `LinkRefused`."""
        if not SHORTEST_KEY <= len(key) <= LONGEST_KEY:
            raise LinkUnknown
        async with self._database.transaction() as change:
            link = await change.get(UploadLink, _hash(secret), with_for_update=True)
            if link is None:
                raise LinkUnknown
            if link.key_hash is not None and link.key_hash != _hash(key):
                raise LinkUsed
            if self._is_over(link.expires_at):
                raise LinkTooOld
            if link.key_hash is None:
                known = select(UploadLink.key_hash).where(UploadLink.key_hash == _hash(key))
                if await change.scalar(known) is not None:  # a key opens one link
                    raise LinkUnknown
                link.key_hash = _hash(key)
                link.expires_at = self._clock() + KEY_LASTS

    async def owner(self, key: str) -> int:
        """Whose page has this key; raises `KeyRefused`."""
        async with self._database.reading() as session:
            link = await session.scalar(select(UploadLink).where(UploadLink.key_hash == _hash(key)))
        if link is None or self._is_over(link.expires_at):
            raise KeyRefused
        return link.user_id

    async def sweep(self) -> None:
        """Forget links of long ago; for a day they are still told apart from unknown ones."""
        async with self._database.transaction() as change:
            await change.execute(
                delete(UploadLink).where(UploadLink.expires_at < self._clock() - KEY_LASTS)
            )

    def _is_over(self, expires_at: datetime) -> bool:
        return expires_at <= self._clock()


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode(errors="replace")).digest()
