"""The state of the stand-in: one bot, its chats, files, updates and what it has set."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from sandbox.telegram.chats import Chat, Json
from sandbox.telegram.errors import ApiError
from sandbox.telegram.faults import Faults
from sandbox.telegram.files import Files
from sandbox.telegram.history import journal_of, restored
from sandbox.telegram.pulse import Pulse
from sandbox.telegram.updates import Updates
from sandbox.telegram.webhook import Webhook

CALLS_KEPT = 10_000
QUERY_LIFE = timedelta(seconds=150)


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of the bot; `error` is the server's description when it was refused."""

    at: datetime
    method: str
    parameters: Json
    ok: bool
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class CallbackQuery:
    """A tapped callback button that the bot has not answered yet."""

    id: str
    chat: Chat
    message_id: int
    data: str
    made_at: datetime


@dataclass(kw_only=True)
class Profile:
    """What the bot says of itself: by (scope, language) or by language."""

    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    menu_button: Json = field(default_factory=lambda: {"type": "default"})


class World:
    """All that the server remembers.

    `links` are offered beside the chat page: words, an address, and an icon of its sprite. Once it
    is `closed`, who follows the chats is sent away, so that the server can stop.

    `now` gives the current time as an aware UTC datetime; dates of messages and the ages of
    updates and callback queries follow it, waiting does not. `local` is a server run with --local.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        token: str,
        username: str,
        folder: Path | None,
        local: bool,
        webhook_delay: float,
        webhook_transport: httpx.AsyncBaseTransport | None,
    ) -> None:
        self.now = now
        self.token = token
        self.local = local
        self.bot: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "ClipCue",
            "username": username,
        }
        folder = (folder or _folder_for(self)).absolute()
        self.files = Files(folder)
        self.changes = Pulse()
        self.chats = restored(folder, bot=self.bot, changes=self.changes)
        self.updates = Updates(now)
        self.webhook = Webhook(
            self.updates,
            now=now,
            local=local,
            first_delay=webhook_delay,
            transport=webhook_transport,
        )
        self.faults = Faults()
        self.profile = Profile()
        self.calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        self.links: list[tuple[str, str, str]] = []
        self.closed = False
        self._queries: dict[str, CallbackQuery] = {}
        self._queries_made = 0

    def second(self) -> int:
        """The current Unix time, as messages carry it."""
        return int(self.now().timestamp())

    def meet(self, user: Json) -> Chat:
        """The chat with this person, opened when there is none; the bot cannot see it yet."""
        if user["id"] not in self.chats:
            journal = journal_of(self.files.folder, user["id"])
            journal.add({"user": user})
            changes = Pulse(within=self.changes)
            self.chats[user["id"]] = Chat(user=user, bot=self.bot, changes=changes, journal=journal)
            changes.beat()
        return self.chats[user["id"]]

    def chat(self, chat_id: Any) -> Chat:
        """A chat that the bot has seen: the person has written to it at least once."""
        if chat_id is None:
            raise ApiError("chat_id is empty")
        chat = self.chats.get(chat_id)
        if chat is None or not chat.started:
            raise ApiError("chat not found")
        return chat

    def reachable(self, chat_id: Any) -> Chat:
        """The same for sending: 403 when the bot was blocked by the person, or left the group."""
        chat = self.chat(chat_id)
        if chat.blocked:
            raise ApiError(chat.unreachable, 403)
        return chat

    def open_query(self, chat: Chat, message_id: int, data: str) -> CallbackQuery:
        """Begin a callback query; the bot has 150 seconds to answer it, once."""
        self._queries_made += 1
        query = CallbackQuery(
            id=str(4_294_967_296 * chat.id + self._queries_made),
            chat=chat,
            message_id=message_id,
            data=data,
            made_at=self.now(),
        )
        self._queries[query.id] = query
        chat.changes.beat()
        return query

    def close_query(self, query_id: str) -> CallbackQuery:
        """Take the query to answer it. Raises ApiError for one unknown, answered or too old."""
        query = self._queries.pop(query_id, None)
        if query is None or self.now() - query.made_at > QUERY_LIFE:
            raise ApiError("query is too old and response timeout expired or query ID is invalid")
        query.chat.changes.beat()
        return query

    def open_queries(self, chat: Chat) -> list[CallbackQuery]:
        """The taps in this chat that still wait for their answer."""
        return [
            query
            for query in self._queries.values()
            if query.chat is chat and self.now() - query.made_at <= QUERY_LIFE
        ]


def _folder_for(world: World) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="telegram-sandbox-"))
    weakref.finalize(world, shutil.rmtree, folder, ignore_errors=True)
    return folder
