"""Creators: who they are, where they live, whether they can be reached."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update

from core.clock import Clock
from core.errors import NotFound
from core.notifications import Outbox
from core.store.database import Database
from core.store.models import User


@dataclass(frozen=True, kw_only=True)
class Creator:
    """A creator as the rest of the product sees them.

    `zone` is an IANA name or unknown. `late_tolerance` is how late their posts may still go out by
    themselves; None leaves that to the operator.
    """

    id: int
    chat_id: int
    locale: str | None
    zone: str | None
    late_tolerance: timedelta | None


class Users:
    def __init__(self, *, database: Database, clock: Clock, outbox: Outbox) -> None:
        self._database = database
        self._clock = clock
        self._on_return = outbox.wake

    async def meet(self, user_id: int, *, chat_id: int, locale: str | None) -> Creator:
        """The creator with this id, made known now if they are new."""
        async with self._database.reading() as session:
            known = await session.get(User, user_id)
            if known and (known.chat_id, known.locale, known.reachable) == (chat_id, locale, True):
                return _creator(known)
        async with self._database.transaction() as change:
            user = await change.get(User, user_id)
            if user is None:
                user = User(id=user_id, created_at=self._clock())
                change.add(user)
            user.chat_id, user.locale, user.reachable = chat_id, locale, True
            change.after_commit(self._on_return)
            return _creator(user)

    async def get(self, user_id: int) -> Creator:
        """The creator with this id; raises `NotFound`."""
        async with self._database.reading() as session:
            user = await session.get(User, user_id)
            if user is None:
                raise NotFound
            return _creator(user)

    async def set_reachable(self, user_id: int, *, reachable: bool) -> None:
        """Whether messages reach the creator; what they are owed waits while they do not."""
        async with self._database.transaction() as change:
            await change.execute(update(User).where(User.id == user_id).values(reachable=reachable))
            if reachable:
                change.after_commit(self._on_return)

    async def set_zone(self, user_id: int, zone: str) -> None:
        """Keep the creator's time zone. Posts already scheduled keep theirs."""
        async with self._database.transaction() as change:
            await change.execute(update(User).where(User.id == user_id).values(zone=zone))

    async def set_late_tolerance(self, user_id: int, tolerance: timedelta) -> None:
        """Keep how late the creator's posts may go out by themselves; whole minutes."""
        minutes = tolerance // timedelta(minutes=1)
        async with self._database.transaction() as change:
            await change.execute(
                update(User).where(User.id == user_id).values(late_tolerance_minutes=minutes)
            )


def late_tolerance(user: User, default: timedelta) -> timedelta:
    """How late this creator's posts may go out by themselves; `default` is the operator's word."""
    minutes = user.late_tolerance_minutes
    return default if minutes is None else timedelta(minutes=minutes)


def _creator(user: User) -> Creator:
    minutes = user.late_tolerance_minutes
    return Creator(
        id=user.id,
        chat_id=user.chat_id,
        locale=user.locale,
        zone=user.zone,
        late_tolerance=None if minutes is None else timedelta(minutes=minutes),
    )
