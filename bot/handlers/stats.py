"""`/stats`: the numbers at once, and beside the creator's turns the picture of them."""

from typing import Any

import structlog
from telegram import Message
from telegram.constants import ChatAction

from bot.callbacks import ALL_ACCOUNTS, StatsTap
from bot.conversation import Conversation
from bot.handlers import faults
from bot.pictures import NoPicture
from bot.services import Services
from bot.views import stats as views
from bot.views.screen import Screen

log = structlog.get_logger()


async def show(talk: Conversation, services: Services, _message: Message | None) -> None:
    """`/stats`: all accounts together."""
    await _show(talk, services, account_id=None)


async def tapped(talk: Conversation, services: Services, tap: StatsTap) -> None:
    """The same for one account, or for all again."""
    one = tap.account_id if tap.account_id != ALL_ACCOUNTS else None
    await _show(talk, services, account_id=one)


async def _show(talk: Conversation, services: Services, *, account_id: int | None) -> None:
    owner_id = talk.creator.id
    insights = await services.statistics.of(owner_id, account_id=account_id)
    accounts = await services.accounts.of(owner_id)
    chosen = next((account for account in accounts if account.id == account_id), None)
    asks = services.asks_for_counts
    await talk.show(views.stats(insights, accounts, chosen=chosen, asks_for_counts=asks))
    if not insights.published + insights.failed:
        return
    data = views.picture_of(insights, chosen=chosen, asks_for_counts=asks)
    below = views.caption(chosen)
    talk.arrival.afterwards(lambda: faults.explained(talk, _draw(talk, services, data, below)))


async def _draw(
    talk: Conversation, services: Services, data: dict[str, Any], below: Screen
) -> None:
    async with talk.doing(ChatAction.UPLOAD_PHOTO):
        try:
            picture = await services.pictures.draw("stats", data)
        except NoPicture as error:
            log.error("no_picture", error=str(error))  # noqa: TRY400 - the child's trace is not here
            await talk.say(views.no_picture())
            return
        await talk.send_picture(picture, below)
