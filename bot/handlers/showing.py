"""One post on the screen: found, drawn, and what TikTok allows its account."""

import structlog

from bot.callbacks import PostTap
from bot.conversation import Conversation
from bot.handlers.faults import reconnect, tiktok_said_no
from bot.services import Services
from bot.views import card as views
from bot.views import options
from bot.views.screen import Screen
from core import tiktok
from core.errors import AccountUnusable, Outdated
from core.posts import PostView
from core.states import AccountStatus

log = structlog.get_logger()


async def current(talk: Conversation, services: Services, tap: PostTap) -> PostView:
    """The post, if it still is what the button was drawn for; raises `Outdated`."""
    post = await services.posts.get(talk.creator.id, tap.post_id)
    if post.version != tap.version:
        raise Outdated
    return post


async def bring(talk: Conversation, services: Services, post: PostView, *, note: str = "") -> None:
    """Move the card to the end of the chat, where the creator looks after typing."""
    screen = views.card(post, note=note, link=services.posts.link(post))
    message_id = await talk.replace(post.card_message_id, screen)
    await services.posts.remember_card(talk.creator.id, post.id, message_id)


async def show(talk: Conversation, services: Services, post_id: int, *, note: str = "") -> None:
    post = await services.posts.get(talk.creator.id, post_id)
    await draw(talk, services, post, note=note)


async def draw(talk: Conversation, services: Services, post: PostView, *, note: str = "") -> None:
    message_id = await talk.show(views.card(post, note=note, link=services.posts.link(post)))
    if message_id != post.card_message_id:
        await services.posts.remember_card(talk.creator.id, post.id, message_id)


async def creator_info(
    talk: Conversation, services: Services, post: PostView
) -> tiktok.CreatorInfo | None:
    """What TikTok allows the post's account now; None when the creator was told why not."""
    if post.account is None or post.account.status is AccountStatus.DISCONNECTED:
        accounts = await services.accounts.of(talk.creator.id)
        await talk.show(options.choose_account(post, accounts))
        return None
    try:
        return await services.accounts.creator_info(talk.creator.id, post.account.id)
    except AccountUnusable:
        screen = reconnect()
    except tiktok.TikTokError as error:
        log.warning("creator_info_refused", code=error.code, log_id=error.log_id)
        screen = tiktok_said_no(error)
    back = views.back(post)
    await talk.show(Screen(text=screen.text, rows=[*screen.rows, [back]]))
    return None
