"""The live status of posts: cards that are kept up to date while their posts go their way.

Which cards are outdated is in the database, so that the end is shown whatever happened on the way;
the percents between are shown as far as Telegram lets us, and are missed by nobody.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from datetime import timedelta
from functools import partial

import structlog
from telegram import Bot
from telegram.error import RetryAfter, TelegramError

from bot.language import language_of, speak
from bot.pacing import Pace
from bot.telegram_errors import Trouble, asked_pause, trouble
from bot.views.screen import Screen
from bot.views.status import status
from core.posts.cards import Card, Cards
from core.posts.view import PostView
from core.publishing.progress import Progress
from core.unbroken import ended
from core.users.users import Users

EDIT_EVERY = timedelta(seconds=3)
"""Between two edits of one card; a post that is done sooner changes its card once."""
LOOK_EVERY = timedelta(seconds=20)
"""How often outdated cards are looked for where no bell rings."""
AT_ONCE = 64
"""Cards that are followed at the same time."""
LONGEST_PAUSE = 300.0
END_WITHIN = timedelta(seconds=1)

log = structlog.get_logger()


class LiveStatus:
    """Follows posts under way, and edits each card once in a while until it is current.

    An edit takes its `turn` among what the creator does, so that it never paints over a screen
    that a tap has just brought.
    """

    def __init__(
        self,
        *,
        cards: Cards,
        progress: Progress,
        users: Users,
        link: Callable[[PostView], str | None],
        bot: Bot,
        pace: Pace,
        turn: Callable[[int], AbstractAsyncContextManager[None]],
        edit_every: timedelta = EDIT_EVERY,
    ) -> None:
        self._cards = cards
        self._progress = progress
        self._users = users
        self._link = link
        self._bot = bot
        self._pace = pace
        self._turn = turn
        self._every = edit_every.total_seconds()
        self._bell = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        self._followed: dict[int, asyncio.Task[None]] = {}

    def start(self) -> None:
        """Begin; cards that a crash has left outdated come first."""
        self._progress.on_change(self._bell.set)
        self._loop = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop; what is not shown yet is shown after the next start."""
        await ended(self._loop, *self._followed.values(), within=END_WITHIN)

    async def _run(self) -> None:
        while True:
            self._bell.clear()
            try:
                await self._follow_what_changed()
            except Exception:
                log.exception("status_failed")
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY.total_seconds()):
                    await self._bell.wait()

    async def _follow_what_changed(self) -> None:
        free = AT_ONCE - len(self._followed)
        changed = await self._cards.outdated(free, without=self._followed)
        for post_id in dict.fromkeys([*changed, *self._progress.uploading]):
            if post_id not in self._followed and len(self._followed) < AT_ONCE:
                task = asyncio.create_task(self._follow(post_id))
                self._followed[post_id] = task
                task.add_done_callback(partial(self._ended, post_id))

    def _ended(self, post_id: int, task: asyncio.Task[None]) -> None:
        del self._followed[post_id]
        if task.cancelled():
            return
        if error := task.exception():
            log.error("status_failed", post=post_id, exc_info=error)
        # What rang while this one was at its end was passed over.
        asyncio.get_running_loop().call_later(self._every, self._bell.set)

    async def _follow(self, post_id: int) -> None:
        """Edit a post's card until it is current and nothing more is on the way."""
        card = await self._cards.of(post_id)
        shown: Screen | None = None
        failures, pause = 0, self._every
        while card is not None:
            await asyncio.sleep(pause)
            async with self._turn(card.post.owner_id):
                card = await self._cards.of(post_id)
                sent = self._progress.of(post_id)
                if card is None or (card.is_current and sent is None):
                    return
                speak(language_of(card.language))
                screen = status(card.post, sent=sent, link=self._link(card.post))
                if card.is_current and screen == shown:
                    continue
                if pause := self._pace.until_quiet(card.chat_id):
                    continue
                if await self._draw(card, screen):
                    shown, failures, pause = screen, 0, self._every
                else:
                    failures += 1
                    pause = min(LONGEST_PAUSE, self._every * 2 ** min(failures, 12))

    async def _draw(self, card: Card, screen: Screen) -> bool:
        """Edit the card, and note that it is current; False where Telegram may take it later."""
        self._pace.sent(card.chat_id)
        try:
            await self._bot.edit_message_text(
                screen.text,
                chat_id=card.chat_id,
                message_id=card.message_id,
                reply_markup=screen.keyboard,
            )
        except RetryAfter as error:
            self._pace.rest(card.chat_id, asked_pause(error))
            return False
        except TelegramError as error:
            kind = trouble(error)
            if kind is Trouble.PASSING:
                return False
            if kind is Trouble.MESSAGE_GONE:
                await self._cards.gone(card.post)
                return True
            if kind is Trouble.UNREACHABLE:
                await self._users.set_reachable(card.post.owner_id, reachable=False)
                return True
            if kind is not Trouble.UNCHANGED:  # a fault of ours, which another try would repeat
                log.warning("card_refused", post=card.post.id, trouble=kind)
        if not card.is_current:
            await self._cards.drawn(card.post, card.message_id)
        return True
