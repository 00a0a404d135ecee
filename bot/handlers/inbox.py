"""Sending to the TikTok inbox: offered, chosen, left again, and what became of the draft there."""

from bot.callbacks import PostTap, PostVerb
from bot.conversation import Conversation
from bot.handlers import consent, questions
from bot.handlers.showing import current, draw, edit
from bot.language import _
from bot.services import Services
from bot.views import inbox as views
from bot.views import options
from core.errors import WrongState
from core.states import AccountStatus, PostMode, PostStatus


async def ask(talk: Conversation, services: Services, tap: PostTap) -> None:
    """Say what it means, and let the creator choose."""
    post = await current(talk, services, tap)
    if post.upload_open or post.status not in {PostStatus.DRAFT, *options.CHANGEABLE}:
        raise WrongState(post.status)
    if post.account is None or post.account.status is AccountStatus.DISCONNECTED:
        accounts = await services.accounts.of(talk.creator.id)
        await talk.show(options.choose_account(post, accounts))
        return
    await questions.leave(talk, services, post.id)
    pending = await services.inbox.pending(talk.creator.id, post.account.id)
    await talk.show(views.offer(post, pending, can_reconnect=services.asks_for_drafts))


async def choose(talk: Conversation, services: Services, tap: PostTap) -> None:
    """It is to become a draft: now, after the last look, or at its time."""
    if tap.verb is PostVerb.TO_INBOX:
        await edit(talk, services, tap, mode=PostMode.MEDIA_UPLOAD)
        return
    post = await services.posts.edit(
        talk.creator.id, tap.post_id, version=tap.version, mode=PostMode.MEDIA_UPLOAD
    )
    await consent.confirm(talk, services, PostTap(post.id, post.version, PostVerb.SEND_NOW))


async def leave(talk: Conversation, services: Services, tap: PostTap) -> None:
    """It is to be posted after all."""
    await edit(talk, services, tap, mode=PostMode.DIRECT_POST)


async def settle(talk: Conversation, services: Services, tap: PostTap) -> None:
    """The creator says what they did with the draft, which TikTok may never tell."""
    is_posted = tap.verb is PostVerb.WAS_POSTED
    post = await services.inbox.settle(
        talk.creator.id, tap.post_id, version=tap.version, is_posted=is_posted
    )
    note = _(views.WAS_POSTED if is_posted else views.WAS_DELETED)
    await draw(talk, services, post, note=note)
