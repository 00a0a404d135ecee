"""A .csv file for a batch: an example handed out, and one that was sent read row by row."""

import asyncio
import io
from collections.abc import Sequence

from telegram import Document

from bot.callbacks import BatchTap
from bot.conversation import Conversation
from bot.downloads import DownloadFailed
from bot.handlers import zones
from bot.handlers.bulk.showing import ask_offers, put
from bot.services import Services
from bot.views import words
from bot.views.bulk import batch as bulk_views
from bot.views.bulk import sheets as views
from bot.views.screen import Screen
from core.accounts.accounts import ConnectedAccount
from core.bulk.batches import MOST_POSTS, BatchFull
from core.bulk.orders import Setting, account_named, read_orders
from core.bulk.sheets import LARGEST_SHEET, BadSheet, SheetFault, SheetRow, read_sheet
from core.states import AccountStatus


def is_sheet(document: Document | None) -> bool:
    """Whether a file that was sent is meant as a sheet."""
    if document is None:
        return False
    return document.mime_type == "text/csv" or (document.file_name or "").lower().endswith(".csv")


async def example(talk: Conversation, services: Services, tap: BatchTap) -> None:
    """A file to fill in, with the clips of the batch."""
    batch = await services.batches.get(talk.creator.id, tap.batch_id)
    await talk.send_file(io.BytesIO(views.example(batch)), views.EXAMPLE_NAME, views.explained())


async def received(talk: Conversation, services: Services, document: Document) -> None:
    """A sheet: everything in it is taken into the batch, or, where anything is wrong, nothing."""
    if talk.creator.zone is None:
        await zones.ask(talk, services, post=None)
        return
    if (document.file_size or 0) > LARGEST_SHEET:
        await talk.say(views.bad(BadSheet(SheetFault.TOO_LARGE)))
        return
    try:
        rows = read_sheet(await services.downloads.read(talk.bot, document.file_id))
    except BadSheet as error:
        await talk.say(views.bad(error))
        return
    except DownloadFailed:
        await talk.say(words.download_failed())
        return
    setting = await _setting(talk, services, rows, zone=talk.creator.zone)
    if setting is None:
        return
    orders, found = await asyncio.to_thread(read_orders, rows, setting)
    if found:
        await talk.say(views.faults(found))
        if (file := views.faults_file(found)) is not None:
            await talk.send_file(io.BytesIO(file), views.FAULTS_NAME, views.below())
        return
    try:
        batch = await services.batches.take_orders(talk.creator.id, orders)
    except BatchFull:
        await talk.say(Screen(text=bulk_views.full(MOST_POSTS)))
        return
    await put(talk, services, batch, note=views.taken(len(orders)))


async def _setting(
    talk: Conversation, services: Services, rows: Sequence[SheetRow], *, zone: str
) -> Setting | None:
    """What the rows are read against; None when the creator was told what is in the way."""
    accounts = await services.accounts.of(talk.creator.id)
    offers = await ask_offers(talk, services, _named(rows, accounts))
    if isinstance(offers, Screen):
        await talk.say(offers)
        return None
    return Setting(
        now=services.clock(),
        zone=zone,
        languages=talk.creator.time_languages,
        clips=await services.batches.clips(talk.creator.id),
        accounts=accounts,
        offers=offers,
        busy=await services.planning.busy(list(offers)),
        privacy_words=views.privacy_named(),
        yes=views.yes_words(),
        no=views.no_words(),
    )


def _named(rows: Sequence[SheetRow], accounts: Sequence[ConnectedAccount]) -> list[int]:
    """The accounts that the rows go to, as far as they can be posted to, by their ids."""
    if len(accounts) == 1:
        found = {accounts[0].id: accounts[0]}
    else:
        cells = {row.cells.get("account", "") for row in rows}
        each = (account_named(cell, accounts) for cell in cells if cell)
        found = {account.id: account for account in each if account is not None}
    return [
        account_id
        for account_id, account in found.items()
        if account.status is AccountStatus.CONNECTED
    ]
