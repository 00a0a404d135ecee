"""Taking back a creator's "cancel": for a while, a post returns to where it was."""

from datetime import timedelta

from sqlalchemy import select

from core import verdicts
from core.clock import Clock
from core.engine import WakeEngine
from core.errors import WrongState
from core.posts import media
from core.posts.history import UNDONE, move
from core.posts.rows import as_seen
from core.posts.view import PostView, view_of
from core.queue import slots
from core.states import AccountStatus, PostStatus
from core.store.commits import Transaction
from core.store.database import Database
from core.store.models import Account, Post, PostEvent

UNDO_WITHIN = timedelta(minutes=15)


class Undoing:
    def __init__(self, *, database: Database, clock: Clock, engine: WakeEngine) -> None:
        self._database = database
        self._clock = clock
        self._engine = engine

    async def cancel(self, owner_id: int, post_id: int, *, version: int) -> PostView:
        """Undo the cancelling of a post: what was agreed to counts again.

        It is back on the schedule; it is held, and its creator asked, where its time has gone by,
        its account is lost, or it was held before. Raises `NotFound`, `Outdated`, `ClipGone`,
        `SlotTaken`, and `WrongState` where it is not cancelled, or was too long ago.
        """
        now = self._clock()
        async with self._database.transaction() as change:
            post = await as_seen(change, owner_id, post_id, version)
            before = await self._state_before(change, post)
            await media.require(change, post)
            account = await change.get(Account, post.account_id) if post.account_id else None
            if account is None or account.status is not AccountStatus.CONNECTED:
                post.failure_code = verdicts.ACCOUNT_LOST
            elif before is PostStatus.SCHEDULED and post.due_at and post.due_at > now:
                await slots.require_free_slot(change, post)
                post.failure_code = None
                post.wake_at = post.due_at
                move(change, post, PostStatus.SCHEDULED, now, UNDONE)
                await self._engine.wake_at(post.id, post.version, post.due_at, change)
                return await view_of(change, post, now=now)
            elif before is PostStatus.SCHEDULED:
                post.failure_code = verdicts.LATE
            move(change, post, PostStatus.HELD, now, UNDONE)
            return await view_of(change, post, now=now)

    async def _state_before(self, change: Transaction, post: Post) -> PostStatus:
        """What the post was when it was cancelled; raises `WrongState`."""
        if post.status is not PostStatus.CANCELLED:
            raise WrongState(post.status)
        history = select(PostEvent).where(PostEvent.post_id == post.id)
        before = await change.scalar(
            history.where(PostEvent.status != PostStatus.CANCELLED).order_by(PostEvent.id.desc())
        )
        if before is not None:
            cancelled = await change.scalar(
                history.where(PostEvent.id > before.id).order_by(PostEvent.id)
            )
            if cancelled is not None and self._clock() - cancelled.at <= UNDO_WITHIN:
                return before.status
        raise WrongState(post.status)
