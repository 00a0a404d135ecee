"""A batch as its creator sees it."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.posts.view import PostView
from core.queue.plans import EveryHours, PostingSlots, Spread, Weekly
from core.queue.weeks import WeekTime
from core.states import AccountStatus
from core.store.models import Batch


@dataclass(frozen=True, kw_only=True)
class BatchView:
    """Drafts that are planned together, in the order in which their clips came.

    `stamp` is a number of all that the creator sees of it, each post included: a tap that names
    another was made on something else. `start` is when the spread begins; None is at once.
    """

    id: int
    owner_id: int
    stamp: int
    posts: tuple[PostView, ...]
    spread: Spread | None
    start: datetime | None
    collects: bool
    """Whether clips that come now join it."""
    message_id: int | None

    @property
    def in_order(self) -> tuple[PostView, ...]:
        """The posts as they go out; those without a time last."""
        return tuple(
            sorted(self.posts, key=lambda post: (post.moment is None, _due(post), post.id))
        )

    @property
    def account_ids(self) -> tuple[int, ...]:
        """The accounts that its posts go to."""
        return tuple(dict.fromkeys(post.account.id for post in self.posts if post.account))

    @property
    def without_account(self) -> tuple[PostView, ...]:
        """The posts that have no account, or one that was let go."""
        return tuple(
            post
            for post in self.posts
            if post.account is None or post.account.status is AccountStatus.DISCONNECTED
        )

    def shared(self, name: str) -> Any:
        """What all posts have in this field, or None where they differ."""
        values = [getattr(post, name) for post in self.posts]
        return values[0] if values and all(value == values[0] for value in values) else None

    def differ(self, name: str) -> bool:
        """Whether the posts differ in this field."""
        return len({repr(getattr(post, name)) for post in self.posts}) > 1


def _due(post: PostView) -> datetime | int:
    return post.moment.utc if post.moment else 0


def view_of(batch: Batch, posts: Sequence[PostView], *, collects: bool) -> BatchView:
    """The row as a value; `posts` are its drafts by id."""
    plan = batch.plan or {}
    seen = [batch.version, *((post.id, post.version) for post in posts)]
    return BatchView(
        id=batch.id,
        owner_id=batch.owner_id,
        stamp=zlib.crc32(repr(seen).encode()),
        posts=tuple(posts),
        spread=spread_of_json(plan["spread"]) if plan.get("spread") else None,
        start=datetime.fromisoformat(plan["start"]) if plan.get("start") else None,
        collects=collects,
        message_id=batch.message_id,
    )


def spread_to_json(spread: Spread) -> dict[str, Any]:
    """A spread as a batch keeps it."""
    match spread:
        case EveryHours(hours=hours):
            return {"every": hours}
        case Weekly(times=times):
            return {"weekly": [[each.weekday, each.minute] for each in times]}
        case PostingSlots():
            return {"slots": True}


def spread_of_json(kept: Mapping[str, Any]) -> Spread:
    """The spread that a batch kept."""
    if "every" in kept:
        return EveryHours(hours=int(kept["every"]))
    if "weekly" in kept:
        times = (WeekTime(weekday=day, minute=minute) for day, minute in kept["weekly"])
        return Weekly(times=tuple(times))
    return PostingSlots()
