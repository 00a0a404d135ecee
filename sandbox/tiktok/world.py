"""The world behind the sandbox: its creators, what they posted, and the rules of the day."""

from collections import deque
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path

import httpx

from .creators import Creator
from .endpoint import Call
from .faults import Faults
from .limits import Limits
from .posts import Post, Upload, published
from .state import Credential, Disk
from .webhooks import Webhooks

HOUR = 3600
DAY = 24 * HOUR


class World:
    """All of it may be read and changed while the sandbox runs. Lifetimes and delays in seconds.

    `now` gives aware UTC. `redirect_uris` are those registered for the app; None lets any http(s)
    one pass. With a `folder` the world survives a restart; a change made from outside is kept
    with the next change that a call makes.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        client_key: str,
        client_secret: str,
        folder: Path | None,
        redirect_uris: Collection[str] | None,
        webhook_transport: httpx.AsyncBaseTransport | None,
    ) -> None:
        self.now = now
        self.client_key = client_key
        self.client_secret = client_secret
        self.redirect_uris = redirect_uris
        self.disk = Disk(folder)
        self.state = self.disk.load()
        self.faults = Faults()
        self.limits = Limits(now)
        self.webhooks = Webhooks(self, webhook_transport)
        self.calls: deque[Call] = deque(maxlen=10_000)
        self.chat_url: str | None = None
        """Where the person finds the chat with the app, for the pages to link to."""
        self.audited = True
        self.code_lifetime: int = 5 * 60
        self.access_lifetime: int = 2 * HOUR
        self.refresh_lifetime: int = 180 * DAY
        self.upload_lifetime: int = HOUR
        self.processing_delay: float = 1
        self.post_id_delay: float = 0
        """How long after completion moderation holds a public post's id back."""
        self.webhook_delay: float = 1
        """The wait after the first failure to deliver an event."""

    @property
    def creators(self) -> dict[str, Creator]:
        """By username."""
        return self.state.creators

    def add_creator(self, creator: Creator) -> Creator:
        self.creators[creator.username] = creator
        return creator

    def end_access(self, username: str) -> int:
        """Let every access token of a creator expire at once; returns how many there were."""
        return _drop(self.state.access_tokens, username)

    def end_refresh(self, username: str) -> int:
        """The same for refresh tokens: nothing renews the access any more."""
        return _drop(self.state.refresh_tokens, username)

    def remove_app(self, username: str, *, reason: int = 1) -> None:
        """End every grant of a creator at once, as they do in the settings of TikTok's app.

        `reason` is that of authorization.removed. Raises KeyError for nobody's name.
        """
        if username not in self.creators:
            raise KeyError(username)
        state = self.state
        kept = (state.codes, state.access_tokens, state.refresh_tokens)
        if sum(_drop(each, username) for each in kept):
            self.webhooks.tell("authorization.removed", username, {"reason": reason}, self.now())

    @property
    def webhook_url(self) -> str | None:
        """Where the app hears of what happens from now on, http(s) only; None: nowhere."""
        return self.webhooks.url

    @webhook_url.setter
    def webhook_url(self, url: str | None) -> None:
        self.webhooks.url = url

    @property
    def posts(self) -> list[Post]:
        """Everything that has become a post by now, oldest first."""
        now = self.now()
        uploads = self.state.uploads.values()
        posts = (published(each, self.disk.video(each.publish_id), now) for each in uploads)
        return sorted((post for post in posts if post), key=lambda post: post.published_at)

    @property
    def uploads(self) -> list[Upload]:
        """What was initialised but has not become a post, failed videos included."""
        now = self.now()
        every = self.state.uploads.values()
        return [upload for upload in every if upload.status(now) != "PUBLISH_COMPLETE"]

    def live(self, kept: dict[str, Credential], secret: str) -> Credential | None:
        """What `secret` stands for: None if unknown, spent, expired or of an account gone."""
        credential = kept.get(secret)
        if credential is None or credential.expires_at <= self.now():
            return None
        return credential if credential.username in self.creators else None

    async def aclose(self) -> None:
        """Stop sending webhooks."""
        await self.webhooks.aclose()

    async def save(self) -> None:
        """Keep the state; to be awaited after each change, before it is answered."""
        await self.disk.save(self.state)


def _drop(kept: dict[str, Credential], username: str) -> int:
    """Forget what is kept for a creator; returns how many there were."""
    theirs = [secret for secret, each in kept.items() if each.username == username]
    for secret in theirs:
        del kept[secret]
    return len(theirs)
