"""One clip for several accounts: each gets a draft of its own, planned alone or together."""

from dataclasses import replace

from bot.callbacks import BadTap, PostTap
from bot.conversation import Conversation
from bot.handlers import showing
from bot.handlers.bulk import showing as bulk_showing
from bot.handlers.showing import current
from bot.services import Services
from bot.views import several as views
from bot.views.bulk.batch import full
from bot.views.screen import Screen
from core.accounts.accounts import ConnectedAccount
from core.bulk.batches import MOST_POSTS, BatchFull
from core.errors import NotFound, Outdated, WrongState
from core.posts.view import PostView
from core.states import AccountStatus, PostStatus


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
    together = views.together(copy, post) if post.status is PostStatus.DRAFT else []
    screen = showing.card(services, copy, note=views.card_note(account), below=together)
    await showing.put(replace(talk, tapped_message_id=None), services, copy, screen)


async def together(talk: Conversation, services: Services, tap: PostTap) -> None:
    """Plan a draft with the one it was made from: one pass sets both, and agrees to both."""
    if not tap.argument.isdecimal():
        raise BadTap(tap.argument)
    post = await current(talk, services, tap)
    try:
        batch = await services.batches.gather(talk.creator.id, [int(tap.argument), post.id])
    except (WrongState, NotFound):  # the other one has gone on by itself
        raise Outdated from None
    except BatchFull:
        await talk.say(Screen(text=full(MOST_POSTS)))
        return
    await showing.show(talk, services, post.id)
    await bulk_showing.put(replace(talk, tapped_message_id=None), services, batch)


async def _others(services: Services, post: PostView) -> list[ConnectedAccount]:
    """Connected accounts of the creator's that the post does not go to."""
    here = post.account.id if post.account else None
    accounts = await services.accounts.of(post.owner_id)
    return [each for each in accounts if each.id != here and each.status is AccountStatus.CONNECTED]
