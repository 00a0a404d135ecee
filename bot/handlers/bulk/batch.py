"""A batch in the chat: clips that join it, its plan, and the consent that schedules all."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from telegram import Message

from bot.callbacks import BadTap, BatchTap, BatchVerb
from bot.conversation import Conversation
from bot.handlers import questions, showing
from bot.handlers.bulk import options as bulk_options
from bot.handlers.bulk import sheets
from bot.handlers.bulk import times as bulk_times
from bot.handlers.bulk.showing import current, offers_of, put
from bot.services import Services
from bot.views import queue as queue_views
from bot.views.bulk import batch as views
from bot.views.bulk import consent as bulk_consent
from core.bulk.planning import BatchIncomplete
from core.bulk.problems import barred
from core.errors import NotFound, Outdated, SlotTaken
from core.states import Expecting

ASKED = (Expecting.BATCH_CAPTION, Expecting.BATCH_TIMES)


async def show(talk: Conversation, services: Services, _message: Message | None) -> None:
    """`/bulk`: the creator's open batch, or a new one; clips that come now join it."""
    batch_id = await services.batches.open(talk.creator.id, go_on=True)
    await put(talk, services, await services.batches.get(talk.creator.id, batch_id))


async def tapped(talk: Conversation, services: Services, tap: BatchTap) -> None:
    """A button of a batch; an outdated one shows how things stand instead."""
    try:
        await _ACTIONS[tap.verb](talk, services, tap)
    except NotFound:
        await talk.show(views.closed())
    except (Outdated, SlotTaken) as error:
        try:
            batch = await services.batches.get(talk.creator.id, tap.batch_id)
        except NotFound:
            await talk.show(views.closed())
            return
        note = queue_views.taken() if isinstance(error, SlotTaken) else views.outdated()
        await put(talk, services, batch, note=note)


async def typed(talk: Conversation, services: Services, what: Expecting, text: str) -> None:
    """A text that was asked for about the open batch."""
    read = bulk_times.typed if what is Expecting.BATCH_TIMES else bulk_options.caption_typed
    batch = await services.batches.current(talk.creator.id)
    if batch is None:
        await talk.say(views.closed())
        return
    try:
        await read(talk, services, batch, text)
    except (NotFound, Outdated):
        await show(talk, services, None)


async def _show(talk: Conversation, services: Services, tap: BatchTap) -> None:
    await questions.over(talk, services, *ASKED)
    batch = await services.batches.get(talk.creator.id, tap.batch_id)
    await put(talk, services, batch, page=_page(tap))


async def _row(talk: Conversation, services: Services, tap: BatchTap) -> None:
    """The card of one post, below the batch."""
    batch = await services.batches.get(talk.creator.id, tap.batch_id)
    post = next((post for post in batch.posts if str(post.id) == tap.argument), None)
    if post is None:
        raise Outdated
    await showing.draw(replace(talk, tapped_message_id=None), services, post)


async def _back(talk: Conversation, services: Services, tap: BatchTap) -> None:
    """From the card of a post to the batch: the card goes, the batch comes to the end."""
    try:
        batch = await services.batches.get(talk.creator.id, tap.batch_id)
    except NotFound:
        if not tap.argument.isdecimal():
            raise BadTap(tap.argument) from None
        await showing.show(talk, services, int(tap.argument))
        return
    post = next((post for post in batch.posts if str(post.id) == tap.argument), None)
    if post is not None and post.card_message_id == talk.tapped_message_id:
        await services.cards.gone(post)
        await talk.take_away(post.card_message_id or 0)
    await put(replace(talk, tapped_message_id=None), services, batch)


async def _confirm(talk: Conversation, services: Services, tap: BatchTap) -> None:
    """The last screen before consent, with a fresh look at what TikTok allows."""
    batch = await current(talk, services, tap)
    if not batch.posts:
        raise Outdated
    problems = await services.planning.problems(batch)
    offers = await offers_of(talk, services, batch)
    if offers is None:
        return
    problems = (*problems, *barred(batch.in_order, offers))
    await questions.over(talk, services, *ASKED)
    if problems:
        await talk.show(bulk_consent.almost(batch, problems))
    else:
        await talk.show(bulk_consent.confirm(batch, offers.values(), page=_page(tap)))


async def _agree(talk: Conversation, services: Services, tap: BatchTap) -> None:
    batch = await current(talk, services, tap)
    try:
        posts = await services.planning.agree(
            talk.creator.id,
            batch.id,
            seen=tap.seen,
            declaration=bulk_consent.agreed_words(batch),
        )
    except BatchIncomplete as error:
        await talk.show(bulk_consent.almost(batch, error.problems))
        return
    await talk.show(views.scheduled(posts))
    services.progress.ring()  # for the cards that are open


async def _leave(talk: Conversation, services: Services, tap: BatchTap) -> None:
    batch = await services.batches.get(talk.creator.id, tap.batch_id)
    await services.batches.leave(talk.creator.id, batch.id)
    await questions.over(talk, services, *ASKED)
    await talk.show(views.left(len(batch.posts)))


async def _ask_discard(talk: Conversation, services: Services, tap: BatchTap) -> None:
    await talk.show(views.discard_sure(await current(talk, services, tap)))


async def _discard(talk: Conversation, services: Services, tap: BatchTap) -> None:
    for key in await services.batches.discard(talk.creator.id, tap.batch_id, seen=tap.seen):
        await services.clips.remove_file(key)
    await talk.show(views.discarded())


def _page(tap: BatchTap) -> int:
    if not tap.argument.isdecimal() or len(tap.argument) > 3:
        raise BadTap(tap.argument)
    return int(tap.argument)


_ACTIONS: dict[BatchVerb, Callable[[Conversation, Services, BatchTap], Awaitable[None]]] = {
    BatchVerb.SHOW: _show,
    BatchVerb.ROW: _row,
    BatchVerb.BACK: _back,
    BatchVerb.CAPTION: bulk_options.ask_caption,
    BatchVerb.NO_CAPTION: bulk_options.no_caption,
    BatchVerb.TEMPLATE: bulk_options.template,
    BatchVerb.TIMES: bulk_times.ask,
    BatchVerb.EVERY: bulk_times.every,
    BatchVerb.SLOTS: bulk_times.slots,
    BatchVerb.START: bulk_times.start,
    BatchVerb.ACCOUNT: bulk_options.ask_account,
    BatchVerb.SET_ACCOUNT: bulk_options.set_account,
    BatchVerb.GIVE_ACCOUNT: bulk_options.give_account,
    BatchVerb.PRIVACY: bulk_options.ask_privacy,
    BatchVerb.SET_PRIVACY: bulk_options.set_privacy,
    BatchVerb.INTERACTIONS: bulk_options.ask_interactions,
    BatchVerb.DISCLOSURE: bulk_options.ask_disclosure,
    BatchVerb.TOGGLE: bulk_options.toggle,
    BatchVerb.EXAMPLE: sheets.example,
    BatchVerb.SCHEDULE: _confirm,
    BatchVerb.AGREE: _agree,
    BatchVerb.LEAVE: _leave,
    BatchVerb.DISCARD: _ask_discard,
    BatchVerb.DISCARD_SURE: _discard,
}
