"""Creators: who they are, where they live, whether they can be reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from core.accounts.accounts import owned
from core.clock import Clock
from core.errors import NotFound
from core.notifications import Outbox
from core.preferences import QuietHours, quiet_hours
from core.store.database import Database
from core.store.models import User
from core.together import Together

ENGLISH = "en"


@dataclass(frozen=True, kw_only=True)
class Creator:
    """A creator as the rest of the product sees them.

    `locale` is the language of their Telegram and `language` what they chose instead, if they did.
    `zone` is an IANA name or unknown. `late_tolerance` is how late their posts may still go out by
    themselves; None leaves that to the operator. `default_account_id` is where new drafts go, as
    long as that account is connected. `keeps_files` is how long files are kept after their posts
    are published; None is as long as everybody's.
    """

    id: int
    chat_id: int
    locale: str | None
    zone: str | None
    late_tolerance: timedelta | None
    language: str | None = None
    tells_only_failures: bool = False
    quiet_hours: QuietHours | None = None
    default_account_id: int | None = None
    keeps_files: timedelta | None = None

    @property
    def reads(self) -> str | None:
        """The tag of the language to write to them in, where it is known."""
        return self.language or self.locale

    @property
    def time_languages(self) -> tuple[str, ...]:
        """The languages that they may type a time in, their own first.

        Of a language that they chose and that their Telegram speaks too, Telegram's tag counts:
        it may name a country, and so say which of 3/4 is the day.
        """
        tags = [tag for tag in (self.language, self.locale, ENGLISH) if tag]
        by_language: dict[str, str] = {}
        for tag in tags:
            language = tag.replace("_", "-").partition("-")[0].lower()
            by_language[language] = max(by_language.get(language, ""), tag, key=len)
        return tuple(by_language.values())


class Users:
    def __init__(self, *, database: Database, clock: Clock, outbox: Outbox) -> None:
        self._database = database
        self._clock = clock
        self._outbox = outbox
        self._reachable = Together(self._reachable_of)

    async def meet(self, user_id: int, *, chat_id: int, locale: str | None) -> Creator:
        """The creator with this id, made known now if they are new."""
        known = await self._reachable(user_id)
        if known and (known.chat_id, known.locale) == (chat_id, locale):
            return known
        async with self._database.transaction() as change:
            user = await change.get(User, user_id)
            if user is None:
                user = User(id=user_id, created_at=self._clock())
                change.add(user)
            user.chat_id, user.locale, user.reachable = chat_id, locale, True
            await change.flush()  # gives a new row what it begins with
            change.after_commit(self._outbox.wake)
            return _creator(user)

    async def _reachable_of(self, user_ids: Sequence[int]) -> list[Creator | None]:
        async with self._database.reading() as session:
            rows = await session.scalars(select(User).where(User.id.in_(user_ids), User.reachable))
            known = {row.id: _creator(row) for row in rows}
        return [known.get(user_id) for user_id in user_ids]

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
                change.after_commit(self._outbox.wake)

    async def set_zone(self, user_id: int, zone: str) -> None:
        """Keep the creator's time zone. Posts already scheduled keep theirs."""
        async with self._database.transaction() as change:
            await change.execute(update(User).where(User.id == user_id).values(zone=zone))
            await self._outbox.reconsider(change, user_id)

    async def set_notices(self, user_id: int, *, only_failures: bool) -> None:
        """Keep whether the creator hears of what went well."""
        async with self._database.transaction() as change:
            await change.execute(
                update(User).where(User.id == user_id).values(tells_only_failures=only_failures)
            )

    async def set_quiet_hours(self, user_id: int, hours: QuietHours | None) -> None:
        """Keep the hours in which good news waits; None for none. What waits follows them."""
        start, end = (hours.start, hours.end) if hours else (None, None)
        async with self._database.transaction() as change:
            await change.execute(
                update(User).where(User.id == user_id).values(quiet_from=start, quiet_until=end)
            )
            await self._outbox.reconsider(change, user_id)

    async def set_default_account(self, user_id: int, account_id: int | None) -> None:
        """Keep the account that new drafts go to; raises `NotFound` for one that is not theirs."""
        async with self._database.transaction() as change:
            if account_id is not None:
                await owned(change, user_id, account_id)
            await change.execute(
                update(User).where(User.id == user_id).values(default_account_id=account_id)
            )

    async def set_keeps_files(self, user_id: int, kept: timedelta) -> None:
        """Keep how many days files are kept after their posts are published."""
        async with self._database.transaction() as change:
            await change.execute(
                update(User).where(User.id == user_id).values(keep_files_days=kept.days)
            )

    async def language(self, user_id: int) -> str | None:
        """What a user has chosen, also one that nobody knows yet."""
        async with self._database.reading() as session:
            return await session.scalar(select(User.language).where(User.id == user_id))

    async def set_language(self, user_id: int, language: str | None) -> None:
        """Keep the language the creator chose; None is that of their Telegram."""
        async with self._database.transaction() as change:
            await change.execute(update(User).where(User.id == user_id).values(language=language))

    async def set_late_tolerance(self, user_id: int, tolerance: timedelta) -> None:
        """Keep how late the creator's posts may go out by themselves; whole minutes."""
        minutes = tolerance // timedelta(minutes=1)
        async with self._database.transaction() as change:
            await change.execute(
                update(User).where(User.id == user_id).values(late_tolerance_minutes=minutes)
            )


def _creator(user: User) -> Creator:
    minutes = user.late_tolerance_minutes
    return Creator(
        id=user.id,
        chat_id=user.chat_id,
        locale=user.locale,
        language=user.language,
        zone=user.zone,
        late_tolerance=None if minutes is None else timedelta(minutes=minutes),
        tells_only_failures=user.tells_only_failures,
        quiet_hours=quiet_hours(user),
        default_account_id=user.default_account_id,
        keeps_files=None if user.keep_files_days is None else timedelta(days=user.keep_files_days),
    )
