"""`/stats`: the numbers at once, and beside the creator's turns the picture of them."""

from telegram import Message

from bot.callbacks import ALL_ACCOUNTS, StatsTap
from bot.conversation import Conversation
from bot.handlers import pictures
from bot.services import Services
from bot.views import stats as views


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
    pictures.follow(
        talk,
        services,
        "stats",
        data,
        below=views.caption(chosen),
        otherwise=views.no_picture(),
    )
