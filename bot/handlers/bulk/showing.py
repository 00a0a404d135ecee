"""One batch on the screen: found, drawn, and what TikTok allows its accounts. It has one message
in the chat.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import structlog

from bot.callbacks import BatchTap
from bot.conversation import Conversation
from bot.services import Services
from bot.views import faults, options
from bot.views.accounts import wait
from bot.views.bulk import batch as views
from bot.views.bulk import options as bulk_options
from bot.views.screen import Screen
from core import tiktok, verdicts
from core.bulk.view import BatchView
from core.errors import AccountUnusable, Outdated
from core.limits import LimitReached
from core.posts.view import Missing

log = structlog.get_logger()

_SAID_ABOVE = (Missing.ACCOUNT, Missing.PRIVACY)
"""What the lines above the plan say once where it is so of every post."""


async def current(talk: Conversation, services: Services, tap: BatchTap) -> BatchView:
    """The batch, if it still is what the button was drawn for; raises `Outdated`."""
    batch = await services.batches.get(talk.creator.id, tap.batch_id)
    if batch.stamp != tap.seen:
        raise Outdated
    return batch


async def put(
    talk: Conversation,
    services: Services,
    batch: BatchView,
    *,
    page: int = 0,
    note: str = "",
    screen: Screen | None = None,
) -> None:
    """The batch, or a screen of it, where its message was tapped, else at the end of the chat.

    From then on that is the batch's message; the one before goes.
    """
    if talk.tapped_message_id != batch.message_id:
        talk = replace(talk, tapped_message_id=None)
    message_id = await talk.show(screen or await overview(talk, services, batch, page, note))
    await drawn(talk, services, batch, message_id)


async def overview(
    talk: Conversation, services: Services, batch: BatchView, page: int = 0, note: str = ""
) -> Screen:
    """The batch as it stands."""
    problems = await services.planning.problems(batch) if batch.spread else ()
    count = Counter(each.what for each in problems)
    said_above = {what for what in _SAID_ABOVE if count[what] == len(batch.posts)}
    return views.batch(
        batch,
        page=min(page, max(0, len(batch.posts) - 1) // views.LISTED),
        note=note,
        coming=services.gathering.left(talk.creator.chat_id),
        wrong={each.post_id for each in problems if each.what not in said_above},
    )


async def drawn(talk: Conversation, services: Services, batch: BatchView, message_id: int) -> None:
    """This message is the batch's from now on; the one before goes."""
    if message_id == batch.message_id:
        return
    await services.batches.drawn(batch.id, message_id)
    if batch.message_id is not None:
        await talk.take_away(batch.message_id)


async def offers_of(
    talk: Conversation, services: Services, batch: BatchView
) -> dict[int, tiktok.CreatorInfo] | None:
    """What TikTok offers the accounts of a batch now; None when the creator was told why not."""
    if batch.without_account:
        await ask_for_account(talk, services, batch)
        return None
    asked = await ask_offers(talk, services, batch.account_ids)
    if isinstance(asked, Screen):
        await talk.show(Screen(text=asked.text, rows=[*asked.rows, [views.back(batch)]]))
        return None
    return asked


async def ask_for_account(talk: Conversation, services: Services, batch: BatchView) -> None:
    """Which account the posts go to that have none; the others keep theirs."""
    connected = await services.accounts.of(talk.creator.id)
    await talk.show(bulk_options.choose_account(batch, connected, only_missing=True))


async def ask_offers(
    talk: Conversation, services: Services, account_ids: Sequence[int]
) -> dict[int, tiktok.CreatorInfo] | Screen:
    """What TikTok offers each account now; or what to tell the creator, where one is refused."""
    offers = {}
    for account_id in account_ids:
        try:
            offers[account_id] = await services.accounts.creator_info(talk.creator.id, account_id)
        except AccountUnusable:
            return faults.reconnect()
        except LimitReached as error:
            return wait(error.wait)
        except tiktok.TikTokError as error:
            log.warning("creator_info_refused", code=error.code, log_id=error.log_id)
            if error.code in verdicts.CANNOT_POST:
                return Screen(text=options.cannot_post(error.code))
            return faults.tiktok_said_no(error)
    return offers
