"""One clip for several accounts: each gets a draft of its own, agreed to on its own."""

from dataclasses import replace

from bot.callbacks import PostTap
from bot.conversation import Conversation
from bot.handlers import showing
from bot.handlers.showing import current
from bot.services import Services
from bot.views import several as views
from core.accounts.accounts import ConnectedAccount
from core.errors import Outdated
from core.posts.view import PostView
from core.states import AccountStatus


async def ask(talk: Conversation, services: Services, tap: PostTap) -> None:
    """Offer the creator's other accounts for the same clip."""
    post = await current(talk, services, tap)
    await showing.put(talk, services, post, views.choose(post, await _others(services, post)))


async def chosen(talk: Conversation, services: Services, tap: PostTap) -> None:
    """A draft of the same clip for another account; its card comes next, at the end of the chat."""
    post = await current(talk, services, tap)
    offered = {str(each.id): each for each in await _others(services, post)}
    account = offered.get(tap.argument)
    if account is None:
        raise Outdated
    copy = await services.copies.duplicate(
        talk.creator.id, post.id, version=tap.version, to_account=account.id
    )
    await showing.show(talk, services, post.id)
    below = replace(talk, tapped_message_id=None)
    await showing.draw(below, services, copy, note=views.card_note(account))


async def _others(services: Services, post: PostView) -> list[ConnectedAccount]:
    """Connected accounts of the creator's that the post does not go to."""
    here = post.account.id if post.account else None
    accounts = await services.accounts.of(post.owner_id)
    return [each for each in accounts if each.id != here and each.status is AccountStatus.CONNECTED]
