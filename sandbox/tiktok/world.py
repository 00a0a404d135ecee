"""The world behind the sandbox: its creators, what they posted, and the rules of the day."""

from collections import deque
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path

from .creators import Creator
from .endpoint import Call
from .faults import Faults
from .limits import Limits
from .posts import Post, Upload, published
from .state import Credential, Disk

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
    ) -> None:
        self.now = now
        self.client_key = client_key
        self.client_secret = client_secret
        self.redirect_uris = redirect_uris
        self.disk = Disk(folder)
        self.state = self.disk.load()
        self.faults = Faults()
        self.limits = Limits(now)
        self.calls: deque[Call] = deque(maxlen=10_000)
        self.audited = True
        self.code_lifetime: int = 5 * 60
        self.access_lifetime: int = 2 * HOUR
        self.refresh_lifetime: int = 180 * DAY
        self.upload_lifetime: int = HOUR
        self.processing_delay: float = 1
        self.post_id_delay: float = 0
        """How long after completion moderation holds a public post's id back."""

    @property
    def creators(self) -> dict[str, Creator]:
        """By username."""
        return self.state.creators

    def add_creator(self, creator: Creator) -> Creator:
        self.creators[creator.username] = creator
        return creator

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

    async def save(self) -> None:
        """Keep the state; to be awaited after each change, before it is answered."""
        await self.disk.save(self.state)
