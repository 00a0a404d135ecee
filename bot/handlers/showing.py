"""One post on the screen: found, drawn, changed, and what TikTok allows its account.

A post has one message in the chat. Each of its screens is shown there, or in a new message that
takes its place.
"""

import asyncio
from collections.abc import Awaitable
from typing import Any

import structlog

from bot.callbacks import PostTap
from bot.conversation import Conversation
from bot.services import Services
from bot.views import card as views
from bot.views import consent, faults, mending, options, post_buttons, queue
from bot.views.screen import Screen
from core import tiktok, verdicts
from core.errors import AccountUnusable, ClipGone, Outdated, SlotTaken, WrongState
from core.limits import LimitReached
from core.posts.view import PostView
from core.states import AccountStatus

LOOK_WITHIN = 3.0
"""Seconds that a card waits for TikTok's word on its account before it is shown without."""

log = structlog.get_logger()


async def current(talk: Conversation, services: Services, tap: PostTap) -> PostView:
    """The post, if it still is what the button was drawn for; raises `Outdated`."""
    post = await services.posts.get(talk.creator.id, tap.post_id)
    if post.version != tap.version:
        raise Outdated
    return post


async def possible(
    talk: Conversation, services: Services, post_id: int, action: Awaitable[None]
) -> None:
    """Do something with a post; where that is not possible, show it as it is now and say so."""
    try:
        await action
    except (Outdated, WrongState, ClipGone, SlotTaken) as error:
        await not_possible(talk, services, post_id, error)


async def not_possible(
    talk: Conversation,
    services: Services,
    post_id: int,
    error: Outdated | WrongState | ClipGone | SlotTaken,
) -> None:
    """Show the post as it is now, and say why what was asked for is not possible."""
    post = await services.posts.get(talk.creator.id, post_id)
    if isinstance(error, ClipGone):
        note = mending.says("photo_missing" if post.photos else "clip_missing")
    elif isinstance(error, SlotTaken):
        note = queue.taken()
    else:
        note = consent.not_possible(post, outdated=isinstance(error, Outdated))
    await draw(talk, services, post, note=note)


async def edit(
    talk: Conversation, services: Services, seen: PostView | PostTap, **values: Any
) -> None:
    """Change a post that the creator saw, and draw its card; what was asked of it is answered."""
    post_id = seen.id if isinstance(seen, PostView) else seen.post_id
    post = await services.posts.edit(talk.creator.id, post_id, version=seen.version, **values)
    await services.chat_states.forget(talk.creator.chat_id, post_id=post.id)
    await draw(talk, services, post)


def card(services: Services, post: PostView, **how: Any) -> Screen:
    """The post's card as it is now; `how` are options of `views.card`."""
    known = services.accounts.last_creator_info(post.account.id) if post.account else None
    how = {"offers_inbox": services.asks_for_drafts} | how
    return views.card(post, link=services.posts.link(post), creator=known, **how)


async def show(talk: Conversation, services: Services, post_id: int, *, note: str = "") -> None:
    """The card of a post, where the creator looks."""
    post = await services.posts.get(talk.creator.id, post_id)
    await draw(talk, services, post, note=note)


async def draw(talk: Conversation, services: Services, post: PostView, *, note: str = "") -> None:
    """The card, where the creator looks."""
    await put(talk, services, post, card(services, post, note=note))


async def put(talk: Conversation, services: Services, post: PostView, screen: Screen) -> None:
    """Show a screen of the post where the tap was, or after a text at the end of the chat.

    From then on that is the post's message; the one before goes.
    """
    message_id = await talk.show(screen)
    await services.cards.drawn(post, message_id)
    if post.card_message_id is not None and post.card_message_id != message_id:
        await talk.take_away(post.card_message_id)


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
        screen = faults.reconnect()
    except tiktok.TikTokError as error:
        log.warning("creator_info_refused", code=error.code, log_id=error.log_id)
        if error.code in verdicts.CANNOT_POST:
            screen = Screen(text=options.cannot_post(error.code))
        else:
            screen = faults.tiktok_said_no(error)
    back = post_buttons.back(post)
    await talk.show(Screen(text=screen.text, rows=[*screen.rows, [back]]))
    return None


async def posting_trouble(talk: Conversation, services: Services, post: PostView) -> str:
    """Ask TikTok about the account whose card opens; why it takes no posts now, if so (HTML).

    The answer also tells how long a clip may be, and what the creator calls themselves now. Without
    one the card opens all the same: it is asked for again before anything is agreed to.
    """
    if post.account is None or post.account.status is not AccountStatus.CONNECTED:
        return ""
    try:
        async with asyncio.timeout(LOOK_WITHIN):
            await services.accounts.recent_creator_info(talk.creator.id, post.account.id)
    except (AccountUnusable, LimitReached, TimeoutError):
        pass
    except tiktok.TikTokError as error:
        log.warning("creator_info_refused", code=error.code, log_id=error.log_id)
        if error.code in verdicts.CANNOT_POST:
            return options.cannot_post(error.code)
    return ""
