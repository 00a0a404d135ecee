"""What the bot has asked a chat for: the meaning of its next text, for a while."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from core.clock import Clock
from core.states import Expecting
from core.store.database import Database
from core.store.models import ChatState

LIFETIME = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True)
class Expected:
    """The next text is `what`, of the post `post_id` where one is meant.

    `subject_id` is the account or the template that it is about, whichever `what` says.
    """

    what: Expecting
    post_id: int | None
    subject_id: int | None = None


class ChatStates:
    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def expect(
        self,
        chat_id: int,
        what: Expecting,
        *,
        post_id: int | None = None,
        subject_id: int | None = None,
    ) -> Expected | None:
        """The chat's next text answers this; returns the question that it takes the place of."""
        async with self._database.transaction() as change:
            before = await change.get(ChatState, chat_id)
            superseded = _expected(before) if before else None
            state = ChatState(
                chat_id=chat_id,
                expecting=what,
                post_id=post_id,
                subject_id=subject_id,
                expires_at=self._clock() + LIFETIME,
            )
            await change.merge(state)
            return superseded

    async def expected(self, chat_id: int) -> Expected | None:
        """What the next text is for, if anything."""
        async with self._database.reading() as session:
            state = await session.get(ChatState, chat_id)
            if state is None or state.expires_at <= self._clock():
                return None
            return _expected(state)

    async def forget(
        self,
        chat_id: int,
        *,
        post_id: int | None = None,
        only: Collection[Expecting] = tuple(Expecting),
    ) -> bool:
        """Expect nothing; says whether anything was.

        With `post_id` that is nothing of that post, with `only` nothing of these kinds.
        """
        async with self._database.transaction() as change:
            state = await change.get(ChatState, chat_id)
            if state is None or post_id not in {None, state.post_id} or state.expecting not in only:
                return False
            await change.delete(state)
            return state.expires_at > self._clock()


def _expected(state: ChatState) -> Expected:
    return Expected(what=state.expecting, post_id=state.post_id, subject_id=state.subject_id)
