"""Connecting TikTok, and the accounts that are connected."""

import re

from telegram import Message

from bot.callbacks import AccountTap, AccountVerb, BadTap
from bot.conversation import Conversation
from bot.services import Services
from bot.views import accounts as views
from core.states import AccountStatus
from core.times import UTC_ZONE


async def connect(talk: Conversation, services: Services, _message: Message | None) -> None:
    """`/connect`: a link of their own to TikTok's consent page."""
    url = await services.connecting.begin(talk.creator.id)
    await talk.say(views.connect(url))


async def show(talk: Conversation, services: Services, _message: Message | None) -> None:
    """`/accounts`"""
    await turn_to(talk, services, "")


async def turn_to(talk: Conversation, services: Services, page: str) -> None:
    """A page of the accounts; a creator with many has several."""
    if not re.fullmatch(r"[0-9]{0,4}", page):
        raise BadTap(page)
    accounts = await services.accounts.of(talk.creator.id)
    work = await services.workloads.of(talk.creator.id)
    await talk.show(views.accounts(accounts, work, page=int(page or 0)))


async def tapped(talk: Conversation, services: Services, tap: AccountTap) -> None:
    """A button of one account."""
    account = await services.accounts.get(talk.creator.id, tap.account_id, let_go=True)
    if account.status is AccountStatus.DISCONNECTED:
        await talk.show(views.not_connected(account))
        return
    match tap.verb:
        case AccountVerb.DETAILS:
            work = await services.workloads.get(talk.creator.id, account.id)
            zone = talk.creator.zone or UTC_ZONE
            await talk.show(views.details(account, work, zone=zone))
        case AccountVerb.DISCONNECT:
            work = await services.workloads.get(talk.creator.id, account.id)
            await talk.show(views.disconnect_sure(account, work))
        case AccountVerb.DISCONNECT_SURE:
            confirmed = await services.accounts.disconnect(talk.creator.id, account.id)
            await talk.show(views.disconnected(account, confirmed=confirmed))
        case AccountVerb.RESUME:
            resumed = await services.reconnecting.resume(talk.creator.id, account.id)
            await talk.say(views.resumed(account, resumed))
        case AccountVerb.RECONNECT:
            await connect(talk, services, None)
