"""The world behind the sandbox: its creators, what they posted, and the rules of the day."""

from collections import deque
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from .creators import Creator, PrivacyLevel
from .endpoint import Call
from .faults import FailProcessing, Faults, NeverEnd
from .limits import Limits
from .posts import Post, posts_of
from .pulls import Pulls
from .shares import Carousel, Live, Processing, Share, Upload, nineteen_digits
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
        pull_transport: httpx.AsyncBaseTransport | None,
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
        self.pulls = Pulls(self, pull_transport)
        self.calls: deque[Call] = deque(maxlen=10_000)
        self.chat_url: str | None = None
        """Where the person finds the chat with the app, for the pages to link to."""
        self.audited = True
        self.verified_prefixes: list[str] = []
        """Where the app's photos may lie; TikTok compares addresses with them letter by letter."""
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

    def owns(self, url: str) -> bool:
        """Whether an address begins with a prefix that the app has verified."""
        return any(url.startswith(prefix) for prefix in self.verified_prefixes)

    @property
    def shares(self) -> list[Share]:
        """Everything that was ever begun, oldest first."""
        every: list[Share] = [*self.state.uploads.values(), *self.state.carousels.values()]
        return sorted(every, key=lambda share: share.started_at)

    def share(self, publish_id: str) -> Share | None:
        return self.state.uploads.get(publish_id) or self.state.carousels.get(publish_id)

    @property
    def posts(self) -> list[Post]:
        """Everything that has become a post by now, oldest first."""
        now = self.now()
        posts = [
            post
            for share in self.shares
            for post in posts_of(share, self.disk.video(share.publish_id), now)
        ]
        return sorted(posts, key=lambda post: post.published_at)

    @property
    def uploads(self) -> list[Upload]:
        """Clips that were begun but have not become a post, failed ones and drafts included."""
        now = self.now()
        every = self.state.uploads.values()
        return [upload for upload in every if upload.status(now) != "PUBLISH_COMPLETE"]

    def settle(self, share: Share, *, sha256: str, fail_reason: str = "") -> None:
        """Settle what becomes of a share, now that all of it is in, or cannot be used."""
        fault = None if fail_reason else self.faults.of_processing()
        if isinstance(fault, FailProcessing):
            fail_reason = fault.reason
        done_at = self.now() + timedelta(seconds=self.processing_delay)
        public_at = done_at + timedelta(seconds=self.post_id_delay)
        public = share.mode == "DIRECT_POST" and (
            share.post_info.privacy_level == "PUBLIC_TO_EVERYONE"
        )
        endless = isinstance(fault, NeverEnd)
        share.processing = Processing(
            sha256=sha256,
            post_id=nineteen_digits(),
            done_at=None if endless else done_at,
            public_at=public_at if public and not (endless or fail_reason) else None,
            fail_reason=fail_reason,
        )
        self.webhooks.tell_of_share(share)

    def inbox(self, username: str) -> list[Share]:
        """The drafts that a creator finds in their inbox, posted or not, newest first."""
        now = self.now()
        drafts = [share for share in self.shares if share.in_inbox(now)]
        return [draft for draft in reversed(drafts) if draft.username == username]

    def post_draft(
        self,
        publish_id: str,
        *,
        title: str | None = None,
        description: str | None = None,
        privacy_level: PrivacyLevel = "PUBLIC_TO_EVERYONE",
        disable_comment: bool = False,
    ) -> Post:
        """Post a draft as its creator does in TikTok's app, with the words it came with unless new.

        It stays in the inbox, and may be posted once more. Raises KeyError for what is not there,
        ValueError for a privacy that the account does not offer.
        """
        draft = self._draft(publish_id)
        creator = self.creators[draft.username]
        if privacy_level not in creator.privacy_level_options:
            raise ValueError(f"{creator.nickname} cannot post for {privacy_level}")
        chosen: dict[str, object] = {
            "privacy_level": privacy_level,
            "disable_comment": disable_comment or creator.comment_disabled,
        }
        chosen |= {"title": title} if title is not None else {}
        if isinstance(draft, Carousel) and description is not None:
            chosen["description"] = description
        now = self.now()
        public = privacy_level == "PUBLIC_TO_EVERYONE"
        live = Live(
            post_id=nineteen_digits(),
            at=now,
            public_at=now + timedelta(seconds=self.post_id_delay) if public else None,
            post_info=draft.post_info.model_copy(update=chosen),
        )
        draft.posted.append(live)
        self.webhooks.tell_of_draft_posted(draft, live)
        return next(post for post in self.posts if post.post_id == live.post_id)

    def delete_draft(self, publish_id: str) -> None:
        """Throw a draft away, as its creator does; the app is not told. Raises KeyError."""
        self._draft(publish_id).deleted = True

    def _draft(self, publish_id: str) -> Share:
        share = self.share(publish_id)
        if share is None or not share.in_inbox(self.now()):
            raise KeyError(publish_id)
        return share

    def live(self, kept: dict[str, Credential], secret: str) -> Credential | None:
        """What `secret` stands for: None if unknown, spent, expired or of an account gone."""
        credential = kept.get(secret)
        if credential is None or credential.expires_at <= self.now():
            return None
        return credential if credential.username in self.creators else None

    async def aclose(self) -> None:
        """Stop fetching photos and sending webhooks."""
        await self.pulls.aclose()
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
