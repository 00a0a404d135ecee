"""The post card: every tap on it, and the texts it asks for."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.callbacks import BadTap, PostTap
from bot.conversation import Conversation
from bot.handlers import settings
from bot.handlers.clips import read_caption
from bot.handlers.showing import creator_info, current, draw, show
from bot.services import Services
from bot.views import card as views
from bot.views import options
from bot.views import when as when_views
from bot.views.consent import TOO_LATE
from core import tiktok
from core.errors import Outdated, WrongState
from core.posts import INTERACTIONS, PostView
from core.states import Expecting
from core.times import TimeProblem, at_instant, check_range, parse, quick_times

DISCLOSURES = frozenset({"discloses", "your_brand", "branded_content"})


async def caption_typed(talk: Conversation, services: Services, post_id: int, text: str) -> None:
    """The caption that was asked for."""
    post = await services.posts.get(talk.creator.id, post_id)
    units = tiktok.utf16_units(text)
    if units > tiktok.TITLE_MAX_UTF16:
        over = units - tiktok.TITLE_MAX_UTF16
        problem = f"<b>That caption is {over} characters too long.</b> Send me a shorter one."
        await talk.say(options.ask_caption(post, problem=problem))
        return
    await _edit_typed(talk, services, post, caption=text.strip())


async def time_typed(talk: Conversation, services: Services, post_id: int, text: str) -> None:
    """The time that was asked for."""
    post = await services.posts.get(talk.creator.id, post_id)
    if talk.creator.zone is None:
        await settings.ask_zone(talk, services, post_id=post_id)
        return
    try:
        moment = parse(text, now=services.clock(), zone=talk.creator.zone)
    except TimeProblem as error:
        await talk.say(when_views.problem(post, error))
        return
    await _edit_typed(talk, services, post, moment=moment)


async def zone_known(talk: Conversation, services: Services, post_id: int) -> None:
    """The zone that a post waited for is set: go on with its time, in a new message."""
    post = await services.posts.get(talk.creator.id, post_id)
    creator = await services.users.get(talk.creator.id)
    fresh = replace(talk, creator=creator, tapped_message_id=None)
    if post.untouched and creator.zone is not None:
        moment, caption, note = read_caption(post.caption, now=services.clock(), zone=creator.zone)
        if moment is not None or note:
            await _edit_typed(fresh, services, post, note=note, caption=caption, moment=moment)
            return
    await offer_times(fresh, services, post)


async def _edit_typed(
    talk: Conversation, services: Services, post: PostView, *, note: str = "", **values: object
) -> None:
    """Keep a typed answer, and bring the card to the end of the chat where the creator looks."""
    try:
        changed = await services.posts.edit(
            talk.creator.id, post.id, version=post.version, **values
        )
    except (Outdated, WrongState):
        changed, note = await services.posts.get(talk.creator.id, post.id), TOO_LATE
    await services.chat_states.forget(talk.creator.chat_id)
    screen = views.card(changed, note=note, link=services.posts.link(changed))
    message_id = await talk.replace(post.card_message_id, screen)
    await services.posts.remember_card(talk.creator.id, post.id, message_id)


async def show_again(talk: Conversation, services: Services, tap: PostTap) -> None:
    await services.chat_states.forget(talk.creator.chat_id)
    await show(talk, services, tap.post_id)


async def ask_caption(talk: Conversation, services: Services, tap: PostTap) -> None:
    post = await current(talk, services, tap)
    await services.chat_states.expect(talk.creator.chat_id, Expecting.CAPTION, post_id=post.id)
    await talk.show(options.ask_caption(post))


async def no_caption(talk: Conversation, services: Services, tap: PostTap) -> None:
    await services.chat_states.forget(talk.creator.chat_id)
    await _edit(talk, services, tap, caption="")


async def ask_when(talk: Conversation, services: Services, tap: PostTap) -> None:
    post = await current(talk, services, tap)
    if talk.creator.zone is None:
        await settings.ask_zone(talk, services, post_id=post.id)
        return
    await offer_times(talk, services, post)


async def offer_times(
    talk: Conversation, services: Services, post: PostView, *, lead: str = ""
) -> None:
    zone = talk.creator.zone
    assert zone is not None  # noqa: S101 - both callers have made sure of it
    await services.chat_states.expect(talk.creator.chat_id, Expecting.TIME, post_id=post.id)
    now = services.clock()
    screen = when_views.when(post, quick_times(now, zone), zone=zone, now=now, lead=lead)
    await services.posts.remember_card(talk.creator.id, post.id, await talk.show(screen))


async def set_time(talk: Conversation, services: Services, tap: PostTap) -> None:
    if talk.creator.zone is None:
        raise BadTap(tap.argument)
    try:
        instant = datetime.fromtimestamp(int(tap.argument), UTC)
        moment = check_range(at_instant(instant, talk.creator.zone), now=services.clock())
    except TimeProblem as error:
        await talk.show(when_views.problem(await current(talk, services, tap), error))
        return
    except (ValueError, OverflowError, OSError):
        raise BadTap(tap.argument) from None
    await services.chat_states.forget(talk.creator.chat_id)
    await _edit(talk, services, tap, moment=moment)


async def ask_privacy(talk: Conversation, services: Services, tap: PostTap) -> None:
    post = await current(talk, services, tap)
    if creator := await creator_info(talk, services, post):
        await talk.show(
            options.privacy(post, creator.privacy_level_options, audited=services.tiktok_audited)
        )


async def set_privacy(talk: Conversation, services: Services, tap: PostTap) -> None:
    post = await current(talk, services, tap)
    creator = await creator_info(talk, services, post)
    if creator is None:
        return
    if tap.argument not in creator.privacy_level_options:
        raise Outdated
    await _edit(talk, services, tap, privacy=tap.argument)


async def ask_interactions(talk: Conversation, services: Services, tap: PostTap) -> None:
    post = await current(talk, services, tap)
    if creator := await creator_info(talk, services, post):
        await talk.show(options.interactions(post, creator))


async def ask_disclosure(talk: Conversation, services: Services, tap: PostTap) -> None:
    await talk.show(options.disclosure(await current(talk, services, tap)))


async def toggle(talk: Conversation, services: Services, tap: PostTap) -> None:
    post = await current(talk, services, tap)
    if tap.argument in INTERACTIONS:
        creator = await creator_info(talk, services, post)
        if creator is None:
            return
        if tap.argument in options.turned_off(creator):
            raise Outdated
        changed = await _flip(talk, services, post, tap.argument)
        await talk.show(options.interactions(changed, creator))
    elif tap.argument in DISCLOSURES:
        changed = await _flip(talk, services, post, tap.argument)
        await talk.show(options.disclosure(changed))
    else:
        raise BadTap(tap.argument)


async def _flip(talk: Conversation, services: Services, post: PostView, name: str) -> PostView:
    values: dict[str, bool] = {name: not getattr(post, name)}
    if name == "discloses":
        values |= {"your_brand": False, "branded_content": False}
    return await services.posts.edit(talk.creator.id, post.id, version=post.version, **values)


async def ask_account(talk: Conversation, services: Services, tap: PostTap) -> None:
    post = await current(talk, services, tap)
    await talk.show(options.choose_account(post, await services.accounts.of(talk.creator.id)))


async def set_account(talk: Conversation, services: Services, tap: PostTap) -> None:
    accounts = await services.accounts.of(talk.creator.id)
    if tap.argument not in {str(account.id) for account in accounts}:
        raise Outdated
    await _edit(talk, services, tap, account_id=int(tap.argument))


async def _edit(talk: Conversation, services: Services, tap: PostTap, **values: object) -> None:
    post = await services.posts.edit(talk.creator.id, tap.post_id, version=tap.version, **values)
    await draw(talk, services, post)


async def preview(talk: Conversation, services: Services, tap: PostTap) -> None:
    post = await services.posts.get(talk.creator.id, tap.post_id)
    if post.clip.file_id is None:
        raise BadTap(tap.argument)
    await talk.send_clip(post.clip.kind, post.clip.file_id)
