"""Calls that share their way: what is asked while an answer is on its way is asked all at once.

A question to the database costs little more for fifty posts than for one. When a thousand come due
at the same instant, each asks for its token, its place within TikTok's limits and so on; here
those that wait go together. A single caller waits no longer than if it had asked alone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from dataclasses import dataclass
from typing import Generic, TypeVar

from core.unbroken import unbroken

AT_MOST = 200
"""Callers that go together: bounds how long the first of them waits."""

Item = TypeVar("Item")
Answer = TypeVar("Answer")


@dataclass(kw_only=True)
class _Group(Generic[Item, Answer]):
    items: list[Item]
    answers: asyncio.Task[Sequence[Answer | Exception]]


class Together(Generic[Item, Answer]):
    """Asks `ask` for many callers at once.

    `ask` returns an answer for each item, in their order; an exception among them is raised to the
    caller it belongs to, an exception that `ask` raises to all of them. It must be bounded in time:
    a caller that is cancelled waits for it.
    """

    def __init__(
        self, ask: Callable[[Sequence[Item]], Awaitable[Sequence[Answer | Exception]]]
    ) -> None:
        self._ask = ask
        self._turn = asyncio.Lock()
        self._open: _Group[Item, Answer] | None = None

    async def __call__(self, item: Item) -> Answer:
        group = self._open = self._open or self._gather()
        place = len(group.items)
        group.items.append(item)
        if len(group.items) == AT_MOST:
            self._open = None
        answer = (await unbroken(group.answers))[place]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _gather(self) -> _Group[Item, Answer]:
        """A group to join; it sets off once the one before it has its answers."""
        items: list[Item] = []

        async def set_off() -> Sequence[Answer | Exception]:
            async with self._turn:
                if self._open is group:
                    self._open = None
                return await self._ask(items)

        # In a context of its own: what it logs is not about the caller that happens to come first.
        answers = asyncio.create_task(set_off(), context=Context())
        group = _Group(items=items, answers=answers)
        return group
