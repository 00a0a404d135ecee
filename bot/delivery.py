"""Takes notices from the outbox to the chats."""

import asyncio
import math
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from telegram import Bot
from telegram.error import RetryAfter, TelegramError

from bot.language import language_of, speak
from bot.pacing import Pace
from bot.telegram_errors import Trouble, asked_pause, trouble
from bot.views.consent import draft_ready
from bot.views.notices import notice, plain
from bot.views.uploading import uploaded
from core.clock import Clock
from core.notifications import Notice, NoticeKind, Outbox
from core.posts.cards import Card, Cards
from core.unbroken import ended

AT_ONCE = 8
"""Chats written to at the same time."""
LONGEST_SLEEP = timedelta(seconds=20)
LONGEST_PAUSE = timedelta(minutes=10)
FINISH_WITHIN = timedelta(seconds=2)
END_WITHIN = timedelta(seconds=1)

log = structlog.get_logger()


class Delivery:
    """Sleeps until a notice is due; then sends, a chat's notices one by one and not too fast."""

    def __init__(self, *, outbox: Outbox, cards: Cards, bot: Bot, clock: Clock, pace: Pace) -> None:
        self._outbox = outbox
        self._cards = cards
        self._bot = bot
        self._clock = clock
        self._pace = pace
        self._bell = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        self._under_way: dict[asyncio.Task[None], Notice] = {}

    def start(self) -> None:
        """Begin with what is due already."""
        self._outbox.on_new(self.ring)
        self._loop = asyncio.create_task(self._run())

    def ring(self) -> None:
        """Something may be due: look now."""
        self._bell.set()

    async def stop(self) -> None:
        """Stop; what Telegram does not take at once is tried again at the next start."""
        await ended(self._loop, within=END_WITHIN)
        if self._under_way:  # cut off, it would come twice
            await asyncio.wait(self._under_way, timeout=FINISH_WITHIN.total_seconds())
        await ended(*self._under_way, within=END_WITHIN)

    async def _run(self) -> None:
        while True:
            self._bell.clear()
            try:
                sleep = await self._send_what_is_due()
            except Exception:
                log.exception("delivery_failed")
                sleep = LONGEST_SLEEP.total_seconds()
            with suppress(TimeoutError):
                async with asyncio.timeout(sleep):
                    await self._bell.wait()

    async def _send_what_is_due(self) -> float:
        """Fill the free places; returns the seconds until there may be more to do."""
        while free := AT_ONCE - len(self._under_way):
            closed = self._pace.resting()
            closed |= {owed.chat_id: math.inf for owed in self._under_way.values()}
            notices = await self._outbox.take(free, without=closed)
            if not notices:
                due = await self._outbox.next_due(without=closed)
                waits = [LONGEST_SLEEP.total_seconds(), *closed.values()]
                if due is not None:
                    waits.append(max((due - self._clock()).total_seconds(), 0))
                return min(waits)
            for owed in notices:
                task = asyncio.create_task(self._deliver(owed))
                self._under_way[task] = owed
                task.add_done_callback(self._ended)
        return LONGEST_SLEEP.total_seconds()

    def _ended(self, task: asyncio.Task[None]) -> None:
        owed = self._under_way.pop(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("delivery_failed", exc_info=error, **_about(owed))
        self._bell.set()

    async def _deliver(self, owed: Notice) -> None:
        structlog.contextvars.bind_contextvars(**_about(owed))  # of this task, which ends with it
        speak(language_of(owed.language))
        card = draft = None
        try:
            if owed.kind is NoticeKind.DRAFT_READY:
                card = await self._cards.of(int(owed.payload["post_id"]), draft=True)
            elif owed.kind is NoticeKind.UPLOADED:
                draft = await self._cards.draft_of(int(owed.payload["post_id"]))
            if card:
                screen = draft_ready(card.post, self._clock())
            else:
                screen = uploaded(draft) if draft else notice(owed)
        except Exception:
            log.exception("notice_without_words")
            screen = plain(owed)  # as one that an older ClipCue wrote in its own way
        try:
            message = await self._bot.send_message(
                owed.chat_id, screen.text, reply_markup=screen.keyboard
            )
        except RetryAfter as error:
            delay = asked_pause(error)
            self._pace.rest(owed.chat_id, delay)
            await self._outbox.postpone(owed, delay)
        except TelegramError as error:
            await self._undelivered(owed, trouble(error))
        else:
            self._pace.sent(owed.chat_id)
            await self._outbox.delivered(owed, message.message_id)
            log.info("notice_delivered")
            if card:
                await self._move_card(card, message.message_id)
            elif draft:
                await self._cards.drawn(draft, message.message_id)

    async def _move_card(self, card: Card, message_id: int) -> None:
        """The notice is the post's card now; the one before goes."""
        await self._cards.drawn(card.post, message_id)
        try:
            await self._bot.delete_message(card.chat_id, card.message_id)
        except TelegramError as error:  # a card that stays is no harm
            log.info("card_not_deleted", trouble=trouble(error))

    async def _undelivered(self, owed: Notice, kind: Trouble) -> None:
        log.warning("notice_undelivered", trouble=kind)
        if kind is Trouble.UNREACHABLE:
            await self._outbox.unreachable(owed)
        elif kind is Trouble.REFUSED:
            await self._outbox.refused(owed, kind)
        else:
            pause = min(LONGEST_PAUSE, timedelta(seconds=2 ** min(owed.attempts, 12)))
            await self._outbox.postpone(owed, pause)


def _about(owed: Notice) -> dict[str, Any]:
    """What the log says of a notice: itself, and the post, account and attempt that it tells of."""
    names = {"post": "post_id", "account": "account_id", "attempt": "attempt"}
    told = {name: owed.payload[key] for name, key in names.items() if key in owed.payload}
    return {"notice": owed.id, "kind": owed.kind, **told}
