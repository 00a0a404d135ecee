"""Telegram in one object: the Bot API server, the chat page and the people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware

from sandbox.telegram import page, server
from sandbox.telegram.groups import Group
from sandbox.telegram.person import Person
from sandbox.telegram.world import World


class Telegram(World):
    """A world with its ASGI app and its people.

    `app` serves the Bot API under /bot{token}/ and /file/bot{token}/ and the chat page at /, to
    this machine only; it may be mounted under a prefix. Chats and files are kept in `folder` (a
    temporary one when None), where a later run finds them. With `local` the server behaves as if
    run with --local. Webhook calls go through `webhook_transport` when given; `webhook_delay` is
    the first pause in seconds before one is tried again.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        token: str = "1000:sandbox",  # noqa: S107  a made-up token of a made-up server
        username: str = "clipcue_sandbox_bot",
        folder: Path | None = None,
        local: bool = False,
        webhook_delay: float = 1.0,
        webhook_transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(
            now=now,
            token=token,
            username=username,
            folder=folder,
            local=local,
            webhook_delay=webhook_delay,
            webhook_transport=webhook_transport,
        )
        self._people: dict[int, Person] = {}
        self.app = Starlette(
            routes=[*server.routes(self), *page.routes(self, self.person)],
            middleware=[Middleware(server.LoopbackOnly)],
        )

    def person(
        self,
        user_id: int = 42,
        *,
        first_name: str = "Ana",
        language_code: str = "en",
        last_name: str | None = None,
        username: str | None = None,
    ) -> Person:
        """The person with this id; names and language count when they are met first."""
        if user_id not in self._people:
            names = {"last_name": last_name, "username": username}
            user = {
                "id": user_id,
                "is_bot": False,
                "first_name": first_name,
                "language_code": language_code,
                **{name: value for name, value in names.items() if value},
            }
            self._people[user_id] = Person(self, self.meet(user))
        return self._people[user_id]

    def group(self, person: Person, *, kind: str = "supergroup", title: str = "Cooks") -> Group:
        """A new group (or "channel") of this person's, without the bot yet."""
        user = self.chats[person.id].user
        group_id = -1_000_000_000_000 - len(self.chats)
        group = Group(
            user=user,
            bot=self.bot,
            world=self,
            group_id=group_id,
            kind=kind,
            title=title,
            started=True,
            blocked=True,
        )
        self.chats[group_id] = group
        return group

    async def aclose(self) -> None:
        """Stop delivering to a webhook, and let go of the pages that wait for news."""
        self.closed = True
        self.changes.beat()
        await self.webhook.stop()
