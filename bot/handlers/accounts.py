"""Connecting TikTok, and the accounts that are connected."""

from telegram import Message

from bot.callbacks import AccountTap, AccountVerb
from bot.conversation import Conversation
from bot.services import Services
from bot.views import accounts as views
from core.states import AccountStatus


async def connect(talk: Conversation, services: Services, _message: Message | None) -> None:
    """`/connect`: a link of their own to TikTok's consent page."""
    url = await services.connecting.begin(talk.creator.id)
    await talk.say(views.connect(url))


async def show(talk: Conversation, services: Services, _message: Message | None) -> None:
    """`/accounts`"""
    await talk.show(views.accounts(await services.accounts.of(talk.creator.id)))


async def tapped(talk: Conversation, services: Services, tap: AccountTap) -> None:
    """A button of one account."""
    account = await services.accounts.get(talk.creator.id, tap.account_id, let_go=True)
    if account.status is AccountStatus.DISCONNECTED:
        await talk.show(views.not_connected(account))
        return
    match tap.verb:
        case AccountVerb.DETAILS:
            await talk.show(views.details(account))
        case AccountVerb.DISCONNECT:
            await talk.show(views.disconnect_sure(account))
        case AccountVerb.DISCONNECT_SURE:
            confirmed = await services.accounts.disconnect(talk.creator.id, account.id)
            await talk.show(views.disconnected(account, confirmed=confirmed))
        case AccountVerb.RESUME:
            resumed = await services.reconnecting.resume(talk.creator.id, account.id)
            await talk.say(views.resumed(account, resumed))
        case AccountVerb.RECONNECT:
            await connect(talk, services, None)
