"""Posts as their creator handles them: draft, edit, agree, retry, cancel, settle.

Everything here checks the owner, and everything that changes a post names the version the creator
was looking at, so that two taps at once do one thing.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import accounts, clips, tiktok, uploads, verdicts
from core.accounts import ConnectedAccount
from core.clips import StoredClip
from core.clock import Clock
from core.engine import WakeEngine
from core.errors import Incomplete, NotFound, Outdated, WrongState
from core.history import move, record
from core.states import AccountStatus, PostStatus
from core.store.commits import Transaction
from core.store.database import Database
from core.store.models import Account, Clip, Post, User
from core.times import Moment, at_instant


class Missing(StrEnum):
    """What keeps a post from being scheduled."""

    ACCOUNT = "account"
    PRIVACY = "privacy"
    TIME = "time"
    PAST = "past"
    CAPTION_TOO_LONG = "caption_too_long"
    DISCLOSURE = "disclosure"
    BRANDED_PRIVATE = "branded_private"


@dataclass(frozen=True, kw_only=True)
class PostView:
    """A post as its creator sees it; `failure_code` is a key of `core.verdicts`."""

    id: int
    owner_id: int
    status: PostStatus
    version: int
    caption: str
    privacy: str | None
    allow_comment: bool
    allow_duet: bool
    allow_stitch: bool
    discloses: bool
    your_brand: bool
    branded_content: bool
    moment: Moment | None
    at_once: bool
    """Whether it goes, or went, out as soon as its creator had agreed."""
    published_at: datetime | None
    agreed_before: bool
    """Whether its creator has ever agreed to it going out; a draft has been changed since."""
    account: ConnectedAccount | None
    clip: StoredClip
    failure_code: str | None
    tiktok_post_id: str | None
    card_message_id: int | None
    upload_open: bool
    """Whether an upload has begun that may still become a post: only a retry finds out."""

    @property
    def untouched(self) -> bool:
        """Whether it is as it was when its clip came in."""
        return self.version == 1

    @property
    def can_move(self) -> bool:
        """Whether it is agreed to and waits, so that its time alone can change."""
        return self.status in _WAITS and not self.upload_open

    @property
    def needs_creator(self) -> bool:
        """Whether it goes no further without its creator."""
        return self.status is PostStatus.HELD or self.failure_code == verdicts.NEVER_TOLD

    def missing(self, now: datetime, *, needs_time: bool = True) -> tuple[Missing, ...]:
        """What keeps it from being scheduled (or, without `needs_time`, posted now)."""
        found = []
        if self.account is None or self.account.status is not AccountStatus.CONNECTED:
            found.append(Missing.ACCOUNT)
        if self.privacy is None:
            found.append(Missing.PRIVACY)
        if needs_time and self.moment is None:
            found.append(Missing.TIME)
        if needs_time and self.moment is not None and self.moment.utc <= now:
            found.append(Missing.PAST)
        if tiktok.utf16_units(self.caption) > tiktok.TITLE_MAX_UTF16:
            found.append(Missing.CAPTION_TOO_LONG)
        if self.discloses and not (self.your_brand or self.branded_content):
            found.append(Missing.DISCLOSURE)
        if self.branded_content and self.privacy == tiktok.PrivacyLevel.SELF_ONLY:
            found.append(Missing.BRANDED_PRIVATE)
        return tuple(found)


INTERACTIONS = ("allow_comment", "allow_duet", "allow_stitch")
DISCLOSURES = ("discloses", "your_brand", "branded_content")
EDITABLE = frozenset(
    {"caption", "privacy", *INTERACTIONS, *DISCLOSURES, "account_id", "moment"},
)

_WAITS = frozenset({PostStatus.SCHEDULED, PostStatus.HELD})


class Posts:
    """The creator's side of the `posts` table."""

    def __init__(
        self, *, database: Database, clock: Clock, engine: WakeEngine, client: tiktok.Client
    ) -> None:
        self._database = database
        self._clock = clock
        self._engine = engine
        self._client = client

    async def draft(
        self, owner_id: int, clip_id: int, *, caption: str, moment: Moment | None
    ) -> PostView:
        """Open a draft for a clip; the account is set when the creator has just one."""
        async with self._database.transaction() as change:
            await clips.owned(change, owner_id, clip_id)
            usable = (
                await change.scalars(
                    select(Account).where(
                        Account.owner_id == owner_id,
                        Account.status == AccountStatus.CONNECTED,
                    )
                )
            ).all()
            post = Post(
                owner_id=owner_id,
                clip_id=clip_id,
                account_id=usable[0].id if len(usable) == 1 else None,
                status=PostStatus.DRAFT,
                caption=caption,
                created_at=self._clock(),
            )
            set_moment(post, moment)
            change.add(post)
            await change.flush()
            record(change, post, self._clock())
            return await self._view(change, post)

    async def get(self, owner_id: int, post_id: int) -> PostView:
        """One post of the creator's; raises `NotFound`."""
        async with self._database.reading() as session:
            return await self._view(session, await _owned(session, owner_id, post_id))

    async def edit(self, owner_id: int, post_id: int, *, version: int, **values: Any) -> PostView:
        """Change a post; `values` are names of `EDITABLE`.

        What was agreed to becomes a draft again, unless the values are what it has already. Raises
        `NotFound` (also for an account that is not theirs), `Outdated`, `WrongState`, `ClipGone`.
        """
        if unknown := values.keys() - EDITABLE:
            raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
        async with self._database.transaction() as change:
            post = await self._current(change, owner_id, post_id, version)
            if (account_id := values.get("account_id")) is not None:
                await accounts.owned(change, owner_id, account_id)
                if account_id != post.account_id:
                    # The other account may offer other choices.
                    values |= {"privacy": None, **dict.fromkeys(INTERACTIONS, False)}
            if all(_value(post, name) == value for name, value in values.items()):
                return await self._view(change, post)
            if post.status is not PostStatus.DRAFT:
                await self._take_off(change, post)
            if "moment" in values:
                set_moment(post, values.pop("moment"))
            for name, value in values.items():
                setattr(post, name, value)
            post.version += 1
            return await self._view(change, post)

    async def agree(
        self, owner_id: int, post_id: int, *, version: int, declaration: str, now: bool = False
    ) -> PostView:
        """The creator's express consent: the post will go out at its time, or at once.

        `declaration` is the wording they were shown. Raises `Incomplete`, `Outdated`,
        `WrongState`, `NotFound`.
        """
        async with self._database.transaction() as change:
            post = await self._current(change, owner_id, post_id, version)
            instant = self._clock()
            if post.status is not PostStatus.DRAFT:  # what was agreed to before changes: ask anew
                await self._require_changeable(change, post)
                move(change, post, PostStatus.DRAFT, instant)
            seen = await self._view(change, post)
            if missing := seen.missing(instant, needs_time=not now):
                raise Incomplete(missing)
            if now:
                post.zone = post.zone or (await change.get_one(User, owner_id)).zone
                post.wall_time, post.due_at = None, instant
            post.consent = _consent(seen, instant, declaration, at_once=now)
            await self._schedule(change, post)
            return await self._view(change, post)

    async def retry(self, owner_id: int, post_id: int, *, version: int) -> PostView:
        """Try a failed or held post again at once, as it was agreed to.

        A scheduled one too, if its upload is open: then nothing else can be done with it.
        """
        async with self._database.transaction() as change:
            post = await self._current(change, owner_id, post_id, version)
            if post.status is PostStatus.SCHEDULED and post.publish_id is not None:
                post.version += 1
                post.wake_at = self._clock()
                await self._engine.wake_at(post.id, post.version, post.wake_at, change)
                return await self._view(change, post)
            if post.status not in {PostStatus.FAILED, PostStatus.HELD} or post.consent is None:
                raise WrongState(post.status)
            await clips.require_file(change, post.clip_id)
            post.wall_time, post.due_at = None, self._clock()
            await self._schedule(change, post)
            return await self._view(change, post)

    async def move(self, owner_id: int, post_id: int, *, version: int, to: Moment) -> PostView:
        """Give an agreed post that waits another time; it stays agreed to.

        Raises `NotFound`, `Outdated`, `WrongState`, `ClipGone`.
        """
        async with self._database.transaction() as change:
            post = await self._current(change, owner_id, post_id, version)
            if post.status not in _WAITS:
                raise WrongState(post.status)
            await self._require_changeable(change, post)
            set_moment(post, to)
            await self._schedule(change, post, note=f"moved to {to.utc.isoformat()} by the creator")
            return await self._view(change, post)

    async def cancel(self, owner_id: int, post_id: int, *, version: int) -> PostView:
        """Call a post off before it can be on TikTok; raises `WrongState` once it is too late."""
        async with self._database.transaction() as change:
            post = await self._current(change, owner_id, post_id, version)
            await self._require_changeable(change, post)
            post.wake_at = None
            move(change, post, PostStatus.CANCELLED, self._clock())
            return await self._view(change, post)

    async def settle(self, owner_id: int, post_id: int, *, version: int, is_live: bool) -> PostView:
        """The creator's own word on a post of which TikTok never told whether it is live.

        If it is not, the post is failed, and a retry uploads it anew.
        """
        async with self._database.transaction() as change:
            post = await self._current(change, owner_id, post_id, version)
            if post.failure_code != verdicts.NEVER_TOLD:
                raise WrongState(post.status)
            now, note = self._clock(), "by the creator's word"
            post.claim_owner = post.wake_at = None
            if is_live:
                move(change, post, PostStatus.PUBLISHED, now, note)
                post.published_at = post.sent_at or now
                post.failure_code = None
            else:
                move(change, post, PostStatus.FAILED, now, note)
                post.failure_code = "not_there"
                uploads.forget(post)
            return await self._view(change, post)

    async def discard(self, owner_id: int, post_id: int, *, version: int) -> str | None:
        """Delete a draft, and its clip if no other post needs it; returns that clip's file key."""
        async with self._database.transaction() as change:
            post = await self._current(change, owner_id, post_id, version)
            if post.status is not PostStatus.DRAFT:
                raise WrongState(post.status)
            clip = await change.get_one(Clip, post.clip_id)
            await change.delete(post)
            await change.flush()
            if await change.scalar(select(func.count()).where(Post.clip_id == clip.id)):
                return None
            await change.delete(clip)
            return clip.storage_key

    def link(self, post: PostView) -> str | None:
        """Where a published post can be seen; the profile while it has no public address."""
        if post.status is not PostStatus.PUBLISHED or post.account is None:
            return None
        return self._client.post_url(post.account.username, post.tiktok_post_id)

    async def _take_off(self, change: Transaction, post: Post) -> None:
        """Make a draft of it again; what was agreed to stays noted until they agree anew."""
        await self._require_changeable(change, post)
        post.wake_at = post.failure_code = None
        if post.wall_time is None:
            post.due_at = None
        move(change, post, PostStatus.DRAFT, self._clock())

    async def _schedule(self, change: Transaction, post: Post, *, note: str = "") -> None:
        assert post.due_at is not None  # noqa: S101 - every caller has just made sure of it
        post.wake_at = post.due_at
        post.tries = 0
        post.failure_code = None
        if post.status is PostStatus.SCHEDULED:
            post.version += 1
            record(change, post, self._clock(), note)
        else:
            move(change, post, PostStatus.SCHEDULED, self._clock(), note)
        await self._engine.wake_at(post.id, post.version, post.due_at, change)

    async def _current(
        self, session: AsyncSession, owner_id: int, post_id: int, version: int
    ) -> Post:
        post = await _owned(session, owner_id, post_id)
        if post.version != version:
            raise Outdated
        return post

    async def _require_changeable(self, change: Transaction, post: Post) -> None:
        """An upload whose end is not known may still become a post: only a retry finds out."""
        clip = await clips.require_file(change, post.clip_id)
        if uploads.is_open(post, clip.size, self._clock()):
            raise WrongState(post.status)
        uploads.forget(post)

    async def _view(self, session: AsyncSession, post: Post) -> PostView:
        clip = await session.get_one(Clip, post.clip_id)
        account = await session.get(Account, post.account_id) if post.account_id else None
        return assemble(post, clip, account, now=self._clock())


def _consent(seen: PostView, now: datetime, declaration: str, *, at_once: bool) -> dict[str, Any]:
    return {
        "by": seen.owner_id,
        "at": now.isoformat(),
        "declaration": declaration,
        "account": seen.account.name if seen.account else None,
        "clip": seen.clip.id,
        "caption": seen.caption,
        "privacy": seen.privacy,
        "comment": seen.allow_comment,
        "duet": seen.allow_duet,
        "stitch": seen.allow_stitch,
        "your_brand": seen.your_brand,
        "branded_content": seen.branded_content,
        "time": None if at_once or seen.moment is None else seen.moment.utc.isoformat(),
    }


def set_moment(post: Post, moment: Moment | None) -> None:
    """Give a post its time: the clock time and zone that were meant, and the instant they are."""
    post.wall_time = moment.wall.isoformat(timespec="minutes") if moment else None
    post.zone = moment.zone if moment else None
    post.due_at = moment.utc if moment else None


def _value(post: Post, name: str) -> Any:
    return _moment(post) if name == "moment" else getattr(post, name)


def _moment(post: Post) -> Moment | None:
    # From the instant, not from the stored wall time: a zone's rules may have changed since.
    return at_instant(post.due_at, post.zone) if post.due_at and post.zone else None


async def _owned(session: AsyncSession, owner_id: int, post_id: int) -> Post:
    post = await session.get(Post, post_id)
    if post is None or post.owner_id != owner_id:
        raise NotFound
    return post


def assemble(post: Post, clip: Clip, account: Account | None, *, now: datetime) -> PostView:
    """The rows as a value."""
    return PostView(
        id=post.id,
        owner_id=post.owner_id,
        status=post.status,
        version=post.version,
        caption=post.caption,
        privacy=post.privacy,
        allow_comment=post.allow_comment,
        allow_duet=post.allow_duet,
        allow_stitch=post.allow_stitch,
        discloses=post.discloses,
        your_brand=post.your_brand,
        branded_content=post.branded_content,
        moment=_moment(post),
        at_once=post.due_at is not None and post.wall_time is None,
        published_at=post.published_at,
        agreed_before=post.consent is not None,
        account=accounts.connected_account(account) if account else None,
        clip=clips.stored_clip(clip),
        failure_code=post.failure_code,
        tiktok_post_id=post.tiktok_post_id,
        card_message_id=post.card_message_id,
        upload_open=uploads.is_open(post, clip.size, now),
    )
