"""What keeps the posts of a batch from being scheduled: what they lack, their times, TikTok."""

from bisect import insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core import tiktok
from core.media.limits import is_too_long
from core.posts.view import Missing, PostView
from core.queue.plans import is_free, keeps_cap


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
        if offer is None or post.is_for_inbox:  # a draft takes none of its settings along
            continue
        disabled = (offer.comment_disabled, offer.duet_disabled, offer.stitch_disabled)
        allowed = (post.allow_comment, post.allow_duet, post.allow_stitch)
        wrong = {
            Barred.NOT_OFFERED: post.privacy is not None
            and post.privacy not in offer.privacy_level_options,
            Barred.CLIP_TOO_LONG: is_too_long(post.lasts, offer.max_video_post_duration_sec),
            Barred.TURNED_OFF: any(off and on for off, on in zip(disabled, allowed, strict=True)),
        }
        found += [RowProblem(post_id=post.id, what=what) for what, so in wrong.items() if so]
    return tuple(found)
