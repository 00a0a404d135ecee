"""From a stored update to its handler, and to the note that it is done.

Updates of one creator have their turn one after another. What takes long, such as a clip, is begun
in its turn and goes on beside it, so that its sender is answered meanwhile.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import Application

from bot.language import language_of, speak
from bot.ordering import OneByOnePerUser
from bot.pacing import Allowance
from bot.telegram_errors import MAY_PASS, trouble
from bot.views import words
from bot.views.screen import Screen
from core.intake import Intake, Json, Kept, Trail
from core.unbroken import ended, unbroken
from core.users.users import Users

ACCEPTED = 1024
"""Updates that wait for their turn, all users together: then no more are fetched."""
MOST_PER_USER = 100
"""Updates of one user that wait or are worked on; what comes on top is refused."""
TAKEN_AT_ONCE, TAKEN_PER_SECOND = MOST_PER_USER, 4.0
"""Updates of one user, after a while of silence and in the long run: faster than a hand taps."""
AT_ONCE = 64
"""Turns at the same time."""
ASIDE_AT_ONCE = 256
"""Long work at the same time; how many clips are fetched is a bound of its own."""
MOST_REPEATS = 2
"""So often an update is begun again whose process ended; then it is stepped over."""
PAUSES = (2, 10, 60, 600)
"""Seconds before long work is tried again that broke off because Telegram was away."""
LOOK_EVERY = 30.0
PRUNE_EVERY = 3600.0
FINISH_WITHIN = timedelta(seconds=2)
"""What turns under way get at a stop to come to their end."""
PARK_WITHIN = timedelta(seconds=2)

log = structlog.get_logger()

BotApplication = Application[Any, Any, Any, Any, Any, Any]


class Arrival:
    """One update while it is worked off."""

    def __init__(
        self, kept: Kept, update: Update, *, intake: Intake, turns: OneByOnePerUser
    ) -> None:
        self.kept = kept
        self.update = update
        self.user_id = update.effective_user.id if update.effective_user else 0
        self.trail: Trail = kept.trail
        self.rest: Callable[[], Awaitable[None]] | None = None
        self.line = self.user_id
        self.one_too_many = False
        self.has_turn = False
        self._intake = intake
        self._turns = turns

    def afterwards(self, work: Callable[[], Awaitable[None]], *, line: int | None = None) -> None:
        """Go on with this once the turn is over, after earlier such work of the same creator; or,
        where it takes too long for that, in a `line` (a negative number) of its own.

        It is called again when Telegram was away, and after a restart once its handler has run
        again: it goes on where `trail` leads.
        """
        self.rest = work
        if line is not None:
            self.line = line

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """A turn of the creator's: the update's own, then one for the end of what went on beside.

        A stop lets it come to its end: what is said in it is noted in it, or it would be said again
        after the next start.
        """
        async with self._turns.turn(self.user_id):
            self.has_turn = True
            try:
                yield
            finally:
                self.has_turn = False

    async def shown_in(self, message_id: int) -> None:
        """Remember which message shows the progress."""
        if message_id != self.trail.message_id:
            self.trail = replace(self.trail, message_id=message_id)
            await self._intake.note(self.kept, message_id=message_id)

    def became(self, clip_id: int) -> None:
        """It is a clip now; whoever stored that has left the trail as well."""
        self.trail = replace(self.trail, clip_id=clip_id)


class Arrivals:
    """Everything that has come in and is not done."""

    def __init__(
        self,
        application: BotApplication,
        intake: Intake,
        users: Users,
    ) -> None:
        self._application = application
        self._intake = intake
        self._users = users
        self._allowance = Allowance(at_once=TAKEN_AT_ONCE, per_second=TAKEN_PER_SECOND)
        self._turns = OneByOnePerUser(AT_ONCE)
        self._aside = OneByOnePerUser(ASIDE_AT_ONCE)
        self._under_way: dict[int, Arrival] = {}
        self._tasks: dict[asyncio.Task[None], Arrival] = {}
        self._of_user: Counter[int] = Counter()
        self._refused: set[int] = set()
        self._slowed: set[int] = set()
        self._turns_owed = 0
        self._room = asyncio.Event()
        self._room.set()
        self._open = asyncio.Event()
        self._stopping = asyncio.Event()
        self._tending: asyncio.Task[None] | None = None

    def at(self, number: int) -> Arrival:
        """The arrival of the update with this number, while it is worked off."""
        return self._under_way[number]

    def turn(self, user_id: int) -> AbstractAsyncContextManager[None]:
        """A turn among the updates of one creator, for what nobody has sent."""
        return self._turns.turn(user_id)

    def start(self) -> None:
        """Begin: first with what an earlier process has left behind."""
        self._tending = asyncio.create_task(self._tend())

    async def take(self, updates: Sequence[Json]) -> None:
        """Store updates; when this returns they may be confirmed, and are worked off beside."""
        fresh = await self._intake.keep(updates)
        await self._open.wait()
        for kept in fresh:
            self._begin(kept, again=False)
        await self._room.wait()

    async def stop(self) -> None:
        """Let turns under way end, park the rest: it is worked off after the next start."""
        self._stopping.set()
        beside = [
            task
            for task, each in self._tasks.items()
            if each.rest is not None and not each.has_turn
        ]
        parked = await ended(self._tending, *beside, within=PARK_WITHIN)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=FINISH_WITHIN.total_seconds())
        if not (await ended(*self._tasks, within=PARK_WITHIN) and parked):
            log.warning("updates_not_parked", updates=len(self._tasks))

    async def _tend(self) -> None:
        loop = asyncio.get_running_loop()
        prune_at = loop.time()
        while True:
            try:
                if loop.time() >= prune_at:
                    await self._intake.prune()
                    prune_at = loop.time() + PRUNE_EVERY
                for kept in await self._intake.left_behind():
                    log.info("update_left_behind", update=kept.number, repeats=kept.repeats)
                    self._begin(kept, again=True)
            except Exception:
                log.exception("intake_not_tended")
            self._open.set()
            await asyncio.sleep(LOOK_EVERY)

    def _begin(self, kept: Kept, *, again: bool) -> None:
        update = self._read(kept)
        arrival = Arrival(kept, update, intake=self._intake, turns=self._turns)
        self._under_way[kept.number] = arrival
        self._of_user[arrival.user_id] += 1
        arrival.one_too_many = self._of_user[arrival.user_id] > MOST_PER_USER
        self._owe_turns(+1)
        task = asyncio.create_task(self._work_off(arrival, again=again))
        self._tasks[task] = arrival
        task.add_done_callback(self._ended)

    def _read(self, kept: Kept) -> Update:
        try:
            return Update.de_json(kept.data, self._application.bot)
        except Exception as error:
            log.error("update_not_readable", update=kept.number, error=type(error).__name__)  # noqa: TRY400 - its content is private
            return Update(kept.number)  # no handler wants it: it is confirmed and forgotten

    def _ended(self, task: asyncio.Task[None]) -> None:
        arrival = self._tasks.pop(task)
        del self._under_way[arrival.kept.number]
        self._of_user[arrival.user_id] -= 1
        if not self._of_user[arrival.user_id]:
            del self._of_user[arrival.user_id]
            self._refused.discard(arrival.user_id)
            self._slowed.discard(arrival.user_id)
        if not task.cancelled() and (error := task.exception()):
            log.error("update_not_done", update=arrival.kept.number, exc_info=error)

    def _owe_turns(self, more: int) -> None:
        self._turns_owed += more
        if self._turns_owed < ACCEPTED:
            self._room.set()
        else:
            self._room.clear()

    async def _work_off(self, arrival: Arrival, *, again: bool) -> None:
        done = False
        try:
            done = await self._handled(arrival, again=again)
        finally:
            if done:
                await self._intake.done(arrival.kept)
            elif again:
                await unbroken(self._intake.park(arrival.kept))

    async def _handled(self, arrival: Arrival, *, again: bool) -> bool:
        """Whether the update came to its end; it does not when a stop comes first."""
        try:
            if arrival.one_too_many:
                await self._refuse(arrival)
                return True
            waited = await self._wait(arrival)
            async with arrival.turn():
                if self._stopping.is_set():
                    return False
                if waited:
                    await self._slow_down(arrival)
                await self._dispatch(arrival, again=again)
        finally:
            self._owe_turns(-1)
        if arrival.rest is None:
            return True
        if self._stopping.is_set():
            return False
        async with self._aside.turn(arrival.line):
            await _insisting(arrival.rest)
        return True

    async def _dispatch(self, arrival: Arrival, *, again: bool) -> None:
        if arrival.kept.repeats >= MOST_REPEATS:
            log.error("update_stepped_over", update=arrival.kept.number)
            await self._tell(arrival, words.given_up)
            return
        if again:
            await self._intake.begin_again(arrival.kept)
        await self._application.process_update(arrival.update)

    async def _refuse(self, arrival: Arrival) -> None:
        """Too much of one user; they hear it once, until they are served."""
        if arrival.user_id not in self._refused:
            self._refused.add(arrival.user_id)
            log.warning("too_many_updates", user=arrival.user_id)
            await self._tell(arrival, words.too_many)

    async def _wait(self, arrival: Arrival) -> bool:
        """Keep back what a user sends faster than anybody can; says whether it had to wait."""
        seconds = self._allowance.take(arrival.user_id)
        if not seconds:
            return False
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        return True

    async def _slow_down(self, arrival: Arrival) -> None:
        """They hear it once, until all they sent is done."""
        if arrival.user_id not in self._slowed:
            self._slowed.add(arrival.user_id)
            log.warning("user_slowed", user=arrival.user_id)
            await self._tell(arrival, words.slowed)

    async def _tell(self, arrival: Arrival, say: Callable[[], Screen]) -> None:
        chat, user = arrival.update.effective_chat, arrival.update.effective_user
        if chat is None or user is None or chat.type != chat.PRIVATE:
            return
        speak(language_of(await self._users.language(user.id) or user.language_code))
        screen = say()
        bot, shown_in = self._application.bot, arrival.trail.message_id
        try:
            if shown_in is None:
                await bot.send_message(chat.id, screen.text)
            else:
                await bot.edit_message_text(screen.text, chat_id=chat.id, message_id=shown_in)
        except TelegramError as error:
            log.warning("telegram_said_no", trouble=trouble(error))


async def _insisting(work: Callable[[], Awaitable[None]]) -> None:
    for pause in (*PAUSES, None):
        try:
            await work()
        except TelegramError as error:
            kind = trouble(error)
            log.warning("telegram_said_no", trouble=kind, again_in=pause)
            if pause is None or kind not in MAY_PASS:
                return
            await asyncio.sleep(pause)
        else:
            return
