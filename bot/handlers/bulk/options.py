"""What all posts of a batch share, each chosen by hand: account, privacy, and the rest."""

from collections.abc import Iterable

from bot.callbacks import BadTap, BatchTap
from bot.conversation import Conversation
from bot.handlers import questions
from bot.handlers.bulk.showing import current, offers_of, put
from bot.services import Services
from bot.views import caption as caption_views
from bot.views import options
from bot.views.bulk import options as views
from core import tiktok
from core.bulk.view import BatchView
from core.errors import Outdated
from core.posts.view import DISCLOSURES, INTERACTIONS
from core.states import Expecting

ONLY_ME = tiktok.PrivacyLevel.SELF_ONLY


async def ask_caption(talk: Conversation, services: Services, tap: BatchTap) -> None:
    batch = await services.batches.get(talk.creator.id, tap.batch_id)
    screen = views.ask_caption(batch, await services.templates.of(talk.creator.id))
    await questions.ask(talk, services, Expecting.BATCH_CAPTION, screen, post=None)


async def caption_typed(
    talk: Conversation, services: Services, batch: BatchView, text: str
) -> None:
    """The caption for all that was asked for."""
    over = tiktok.utf16_units(text.strip()) - tiktok.TITLE_MAX_UTF16
    if over > 0:
        found = await services.templates.of(talk.creator.id)
        problem = caption_views.too_long(over)
        await put(talk, services, batch, screen=views.ask_caption(batch, found, problem=problem))
        return
    await questions.over(talk, services, Expecting.BATCH_CAPTION)
    changed = await services.planning.set_captions(
        talk.creator.id, batch.id, seen=batch.stamp, to=lambda _before: text.strip()
    )
    await put(talk, services, changed)


async def no_caption(talk: Conversation, services: Services, tap: BatchTap) -> None:
    await questions.over(talk, services, Expecting.BATCH_CAPTION)
    changed = await services.planning.set_captions(
        talk.creator.id, tap.batch_id, seen=tap.seen, to=lambda _before: ""
    )
    await put(talk, services, changed)


async def template(talk: Conversation, services: Services, tap: BatchTap) -> None:
    """A template for every caption: in its place, or hashtags at its end."""
    if not tap.argument.isdecimal():
        raise BadTap(tap.argument)
    await questions.over(talk, services, Expecting.BATCH_CAPTION)
    found = await services.templates.get(talk.creator.id, int(tap.argument))
    changed = await services.planning.set_captions(
        talk.creator.id, tap.batch_id, seen=tap.seen, to=found.onto
    )
    await put(talk, services, changed)


async def ask_account(talk: Conversation, services: Services, tap: BatchTap) -> None:
    batch = await services.batches.get(talk.creator.id, tap.batch_id)
    await talk.show(views.choose_account(batch, await services.accounts.of(talk.creator.id)))


async def set_account(talk: Conversation, services: Services, tap: BatchTap) -> None:
    accounts = await services.accounts.of(talk.creator.id)
    if tap.argument not in {str(account.id) for account in accounts}:
        raise Outdated
    await _set(talk, services, tap, account_id=int(tap.argument))


async def give_account(talk: Conversation, services: Services, tap: BatchTap) -> None:
    """An account for the posts that have none."""
    accounts = await services.accounts.of(talk.creator.id)
    if tap.argument not in {str(account.id) for account in accounts}:
        raise Outdated
    changed = await services.planning.give_account(
        talk.creator.id, tap.batch_id, seen=tap.seen, account_id=int(tap.argument)
    )
    await put(talk, services, changed)


async def ask_privacy(talk: Conversation, services: Services, tap: BatchTap) -> None:
    batch = await services.batches.get(talk.creator.id, tap.batch_id)
    offers = await offers_of(talk, services, batch)
    if offers is not None:
        offered = _offered(offers.values())
        await talk.show(views.privacy(batch, offered, audited=services.tiktok_audited))


async def set_privacy(talk: Conversation, services: Services, tap: BatchTap) -> None:
    """Who can see all of them; chosen by hand from what TikTok offers their accounts now."""
    batch = await current(talk, services, tap)
    offers = await offers_of(talk, services, batch)
    if offers is None:
        return
    if tap.argument not in _offered(offers.values()):
        raise Outdated
    if tap.argument == ONLY_ME and any(post.branded_content for post in batch.posts):
        await put(talk, services, batch, note=views.not_together())
        return
    await _set(talk, services, tap, privacy=tap.argument)


async def ask_interactions(talk: Conversation, services: Services, tap: BatchTap) -> None:
    batch = await services.batches.get(talk.creator.id, tap.batch_id)
    offers = await offers_of(talk, services, batch)
    if offers is not None:
        await talk.show(views.interactions(batch, _off(offers.values())))


async def ask_disclosure(talk: Conversation, services: Services, tap: BatchTap) -> None:
    batch = await services.batches.get(talk.creator.id, tap.batch_id)
    await talk.show(views.disclosure(batch))


async def toggle(talk: Conversation, services: Services, tap: BatchTap) -> None:
    """Turn something on for all, or off if it is on for all."""
    name = tap.argument
    batch = await current(talk, services, tap)
    if name in INTERACTIONS:
        offers = await offers_of(talk, services, batch)
        if offers is None:
            return
        off = _off(offers.values())
        if name not in off or any(getattr(post, name) for post in batch.posts):
            on = name not in off and not batch.shared(name)
            batch = await _changed(talk, services, batch, **{name: on})
        await talk.show(views.interactions(batch, off))
    elif name in {*DISCLOSURES, "ai_generated"}:
        on = not batch.shared(name)
        private = any(post.privacy == ONLY_ME for post in batch.posts)
        if name == "branded_content" and on and private:
            await put(talk, services, batch, note=views.not_together())
            return
        values = {name: on}
        if name == "discloses":
            values |= {"your_brand": False, "branded_content": False}
        await talk.show(views.disclosure(await _changed(talk, services, batch, **values)))
    else:
        raise BadTap(name)


async def _set(talk: Conversation, services: Services, tap: BatchTap, **values: object) -> None:
    changed = await services.planning.set_all(
        talk.creator.id, tap.batch_id, seen=tap.seen, **values
    )
    await put(talk, services, changed)


async def _changed(
    talk: Conversation, services: Services, batch: BatchView, **values: bool
) -> BatchView:
    return await services.planning.set_all(talk.creator.id, batch.id, seen=batch.stamp, **values)


def _offered(creators: Iterable[tiktok.CreatorInfo]) -> list[str]:
    """What TikTok offers every one of the accounts."""
    first, *others = creators
    return [
        option
        for option in first.privacy_level_options
        if all(option in other.privacy_level_options for other in others)
    ]


def _off(creators: Iterable[tiktok.CreatorInfo]) -> list[str]:
    """The interactions that any of the accounts does not allow."""
    return list(dict.fromkeys(name for each in creators for name in options.turned_off(each)))
