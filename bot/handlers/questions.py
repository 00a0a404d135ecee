"""Questions that the creator's next text answers: one at a time, whichever post it is about."""

from bot.conversation import Conversation
from bot.handlers import showing
from bot.services import Services
from bot.views.screen import Screen
from core.posts.view import PostView
from core.states import Expecting
from core.users.chat_state import Expected


async def ask(
    talk: Conversation,
    services: Services,
    what: Expecting,
    screen: Screen,
    *,
    post: PostView | None,
    subject_id: int | None = None,
) -> None:
    """Ask with this screen; a question about another post gives its place back to that card.

    `subject_id` is the account or the template that it is about.
    """
    post_id = post.id if post else None
    before = await services.chat_states.expect(
        talk.creator.chat_id, what, post_id=post_id, subject_id=subject_id
    )
    if post:
        await showing.put(talk, services, post, screen)
    else:
        await talk.show(screen)
    await _give_back(talk, services, before, post_id)


async def expect(
    talk: Conversation, services: Services, what: Expecting, *, post_id: int | None
) -> None:
    """The same where the question is on screen already, in a message of its own."""
    before = await services.chat_states.expect(talk.creator.chat_id, what, post_id=post_id)
    await _give_back(talk, services, before, post_id)


async def _give_back(
    talk: Conversation, services: Services, before: Expected | None, post_id: int | None
) -> None:
    if before and before.post_id not in {None, post_id}:
        other = await services.posts.get(talk.creator.id, before.post_id)
        if other.card_message_id is not None:
            await talk.update(other.card_message_id, showing.card(services, other))


async def over(talk: Conversation, services: Services, *what: Expecting) -> None:
    """These are no longer asked; any other question stays open."""
    await services.chat_states.forget(talk.creator.chat_id, only=what)


async def leave(talk: Conversation, services: Services, post_id: int) -> None:
    """Nothing more is asked about this post; a question about another one stays open."""
    await services.chat_states.forget(talk.creator.chat_id, post_id=post_id)
