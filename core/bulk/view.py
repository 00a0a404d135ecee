"""A batch as its creator sees it, and what keeps it from being scheduled."""

import zlib
from bisect import insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from core import tiktok
from core.media.limits import is_too_long
from core.posts.view import Missing, PostView
from core.queue.plans import EveryHours, PostingSlots, Spread, Weekly, is_free, keeps_cap
from core.queue.weeks import WeekTime
from core.store.models import Batch


class Clash(StrEnum):
    """What is wrong with a post's time, seen beside the account's other posts."""

    SAME_TIME = "same_time"
    """Another post of the batch goes out then."""
    TAKEN = "taken"
    """A post that was agreed to before goes out then."""
    OVER_CAP = "over_cap"
    """With it there are more within 24 hours than TikTok takes."""


class Barred(StrEnum):
    """What TikTok does not offer the account of a post now."""

    NOT_OFFERED = "not_offered"
    """The privacy that was chosen."""
    CLIP_TOO_LONG = "clip_too_long"
    TURNED_OFF = "turned_off"
    """An interaction that was allowed."""


@dataclass(frozen=True, kw_only=True)
class RowProblem:
    """Why a post of a batch cannot be scheduled as it is."""

    post_id: int
    what: Missing | Clash | Barred


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


def problems(
    posts: Sequence[PostView], busy: Mapping[int, Sequence[datetime]], now: datetime
) -> tuple[RowProblem, ...]:
    """What keeps each post from being scheduled beside the others.

    `busy` are the instants of the posts that each account has agreed to besides.
    """
    found: list[RowProblem] = []
    planned: dict[int, list[datetime]] = {}
    agreed = {account_id: sorted(instants) for account_id, instants in busy.items()}
    every = {account_id: list(instants) for account_id, instants in agreed.items()}
    for post in posts:
        found += [RowProblem(post_id=post.id, what=what) for what in post.missing(now)]
        if post.account is None or post.moment is None:
            continue
        instant, account_id = post.moment.utc, post.account.id
        ours, all_ = planned.setdefault(account_id, []), every.setdefault(account_id, [])
        if not is_free(instant, ours):
            found.append(RowProblem(post_id=post.id, what=Clash.SAME_TIME))
        elif not is_free(instant, agreed.get(account_id, [])):
            found.append(RowProblem(post_id=post.id, what=Clash.TAKEN))
        elif not keeps_cap(instant, all_):
            found.append(RowProblem(post_id=post.id, what=Clash.OVER_CAP))
        insort(ours, instant)
        insort(all_, instant)
    return tuple(found)


def barred(
    posts: Sequence[PostView], offers: Mapping[int, tiktok.CreatorInfo]
) -> tuple[RowProblem, ...]:
    """What TikTok does not offer; `offers` is its word now, by the accounts' ids."""
    found: list[RowProblem] = []
    for post in posts:
        offer = offers.get(post.account.id) if post.account else None
        if offer is None:
            continue
        disabled = (offer.comment_disabled, offer.duet_disabled, offer.stitch_disabled)
        allowed = (post.allow_comment, post.allow_duet, post.allow_stitch)
        wrong = {
            Barred.NOT_OFFERED: post.privacy is not None
            and post.privacy not in offer.privacy_level_options,
            Barred.CLIP_TOO_LONG: is_too_long(
                post.clip.duration, offer.max_video_post_duration_sec
            ),
            Barred.TURNED_OFF: any(off and on for off, on in zip(disabled, allowed, strict=True)),
        }
        found += [RowProblem(post_id=post.id, what=what) for what, so in wrong.items() if so]
    return tuple(found)


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
