"""What is done every hour unasked: tokens, names, numbers, reminders, and what is thrown away.

Nothing here is needed for a post to go out in time. Two processes may do it side by side: whatever
reaches TikTok or a creator is taken by a conditional update first.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from core import limits, tiktok
from core.accounts.accounts import Accounts, connected_account
from core.accounts.tokens import Tokens
from core.clips import Clips
from core.clock import Clock
from core.engine import Timer
from core.errors import ClipCueError
from core.notifications import NoticeKind, Outbox
from core.retention import Retention
from core.states import AccountStatus
from core.statistics.counts import Counts
from core.store.database import Database
from core.store.models import Account, Notification, TikTokCall
from core.unbroken import ended

EVERY = timedelta(hours=1)
JITTER = timedelta(minutes=5)
"""How far a run is moved at random, so that processes started together do not stay together."""
FIRST_AFTER = timedelta(minutes=10)
AT_ONCE_EVERY = timedelta(minutes=1)
JOB_WITHIN = timedelta(minutes=10)
STOP_WITHIN = timedelta(seconds=10)
"""What a stop waits for: a token that is being renewed has to be stored."""

TOKENS_LAST = EVERY + 3 * JITTER
"""What a token must last for to be left alone until the next run."""
NAMES_EVERY = timedelta(hours=6)
REMINDERS = (timedelta(days=14), timedelta(days=3))
"""How long before TikTok's permission ends the creator is told."""
SAME_REMINDER = timedelta(days=1)
"""TikTok counts the rest of a permission anew with each renewal: its end may move a little."""
NOTICES_KEPT = timedelta(days=30)

AT_ONCE = 4
"""Accounts that TikTok is asked about side by side."""

log = structlog.get_logger()


class Upkeep:
    """`at_once_every` is how often files that nobody wants kept are looked for."""

    def __init__(
        self,
        *,
        database: Database,
        tokens: Tokens,
        accounts: Accounts,
        counts: Counts,
        clips: Clips,
        retention: Retention,
        outbox: Outbox,
        clock: Clock,
        at_once_every: timedelta = AT_ONCE_EVERY,
    ) -> None:
        self._database = database
        self._tokens = tokens
        self._accounts = accounts
        self._counts = counts
        self._clips = clips
        self._retention = retention
        self._outbox = outbox
        self._clock = clock
        self._at_once_every = at_once_every
        self._running: asyncio.Task[None] | None = None
        self._running_at_once: asyncio.Task[None] | None = None
        self._timer = Timer()

    def start(self) -> None:
        """Do everything `FIRST_AFTER` from now, and then again and again (`EVERY`).

        Files that nobody wants kept are looked for more often.
        """
        self._timer.call(
            self.begin,
            IntervalTrigger(
                seconds=int(EVERY.total_seconds()),
                start_date=datetime.now(UTC) + FIRST_AFTER,
                jitter=int(JITTER.total_seconds()),
            ),
        )
        self._timer.call(
            self.begin_at_once, IntervalTrigger(seconds=self._at_once_every.total_seconds())
        )
        self._timer.start()

    async def stop(self) -> None:
        """Stop; what is left undone is done by the next run."""
        self._timer.stop()
        await ended(self._running, self._running_at_once, within=STOP_WITHIN)

    def begin(self) -> None:
        """Do everything now, unless it is being done."""
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self.run())

    def begin_at_once(self) -> None:
        """Throw away now what nobody wants kept, unless that is being done."""
        if self._running_at_once is None or self._running_at_once.done():
            self._running_at_once = asyncio.create_task(self._do(self._retention.forget_at_once))

    async def run(self) -> None:
        """Do everything once; a job that fails does not keep the others from being done."""
        for job in (
            self.renew_tokens,
            self.sync_names,
            self.count_views,
            self.remind,
            self._retention.forget,
            self._retention.forget_originals,
            self.forget_notices,
            self.forget_calls,
            self._clips.sweep,
        ):
            await self._do(job)

    async def _do(self, job: Callable[[], Awaitable[None]]) -> None:
        try:
            async with asyncio.timeout(JOB_WITHIN.total_seconds()):
                await job()
        except Exception:
            log.exception("upkeep_failed", job=job.__name__)

    async def renew_tokens(self) -> None:
        """Renew the tokens that end before the next run, so that no due post waits for that."""
        async with self._database.reading() as session:
            ids = await session.scalars(
                select(Account.id).where(
                    Account.status == AccountStatus.CONNECTED,
                    Account.access_expires_at < self._clock() + TOKENS_LAST,
                )
            )
            found = ids.all()
        await _each(found, lambda each: self._tokens.fresh(each, lasting=TOKENS_LAST))

    async def sync_names(self) -> None:
        """Learn how the accounts are called by now."""
        async with self._database.reading() as session:
            ids = await session.scalars(select(Account.id).where(self._wants_sync()))
            found = ids.all()
        await _each(found, self._sync_name)

    async def _sync_name(self, account_id: int) -> None:
        async with self._database.transaction() as change:
            ours = await change.scalar(
                update(Account)
                .where(Account.id == account_id, self._wants_sync())
                .values(synced_at=self._clock())
                .returning(Account.id)
                .execution_options(synchronize_session=False)
            )
        if ours is None:
            return  # another process is at it
        creator = await self._accounts.ask_creator_info(account_id)
        async with self._database.transaction() as change:
            account = await change.get_one(Account, account_id)
            account.nickname, account.username = creator.nickname, creator.username

    def _wants_sync(self) -> ColumnElement[bool]:
        long_ago = self._clock() - NAMES_EVERY
        return and_(
            Account.status == AccountStatus.CONNECTED,
            or_(Account.synced_at.is_(None), Account.synced_at < long_ago),
        )

    async def count_views(self) -> None:
        """Learn how often published posts were seen, where creators let us ask."""
        await _each(await self._counts.wanted(), self._counts.refresh)

    async def remind(self) -> None:
        """Tell creators in time that TikTok's permission ends, once for each of `REMINDERS`."""
        now = self._clock()
        async with self._database.transaction() as change:
            ending = await change.scalars(
                select(Account)
                .where(
                    Account.status == AccountStatus.CONNECTED,
                    Account.refresh_expires_at > now,
                    Account.refresh_expires_at <= now + max(REMINDERS),
                )
                .order_by(Account.refresh_expires_at)
            )
            for account in ending:
                before = _reminder(account, now)
                if before is None:
                    continue
                account.reminded_at = now
                self._outbox.tell(
                    change,
                    user_id=account.owner_id,
                    kind=NoticeKind.PERMISSION_ENDS,
                    key=f"{account.id}:{account.refresh_expires_at:%Y-%m-%d}:{before.days}",
                    account=connected_account(account).name,
                    ends_at=account.refresh_expires_at.isoformat(),
                )

    async def forget_notices(self) -> None:
        """Throw away notices of long ago that are no longer owed."""
        async with self._database.transaction() as change:
            await change.execute(
                delete(Notification).where(
                    Notification.next_attempt_at.is_(None),
                    Notification.created_at < self._clock() - NOTICES_KEPT,
                )
            )

    async def forget_calls(self) -> None:
        """Throw away what accounts asked of TikTok before the present minute."""
        async with self._database.transaction() as change:
            await change.execute(
                delete(TikTokCall).where(TikTokCall.at < self._clock() - limits.KEPT)
            )


async def _each(account_ids: Iterable[int], work: Callable[[int], Awaitable[object]]) -> None:
    """Do `work` for each account, `AT_ONCE` side by side; where one fails the others go on."""
    waiting = iter(account_ids)

    async def worker() -> None:
        for account_id in waiting:
            try:
                await work(account_id)
            except (ClipCueError, tiktok.TikTokError) as error:
                log.warning("upkeep_of_account_failed", account=account_id, error=repr(error))
            except Exception:
                log.exception("upkeep_of_account_failed", account=account_id)

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(worker())


def _reminder(account: Account, now: datetime) -> timedelta | None:
    """The latest reminder whose time has come, unless it was given."""
    come = [before for before in REMINDERS if account.refresh_expires_at - before <= now]
    if not come:
        return None
    since = account.refresh_expires_at - min(come) - SAME_REMINDER
    given = account.reminded_at is not None and account.reminded_at >= since
    return None if given else min(come)
