"""The photos of a post: their sheet beside the card, and what is tapped there; title and music."""

import re
from collections.abc import Callable
from dataclasses import replace

from telegram.constants import ChatAction

from bot.callbacks import BadTap, PostTap, PostVerb
from bot.conversation import Conversation
from bot.handlers import questions, showing
from bot.handlers.showing import current, edit
from bot.language import _
from bot.services import Services
from bot.views import photo_sheet as views
from bot.views.consent import OUTDATED
from bot.views.screen import Screen
from core import tiktok
from core.errors import ClipGone, Outdated, WrongState
from core.posts.photos import PhotoRefused
from core.posts.view import PostView
from core.states import Expecting


async def ask(talk: Conversation, services: Services, tap: PostTap) -> None:
    """Send the sheet; the card stays where it is."""
    post = await _of_photos(talk, services, tap)
    try:
        async with talk.doing(ChatAction.UPLOAD_PHOTO):
            picture = await services.photos.sheet(talk.creator.id, post.id)
    except PhotoRefused:
        await showing.draw(talk, services, post, note=views.no_sheet())
        return
    await talk.send_picture(picture, views.sheet(post))


async def choose(talk: Conversation, services: Services, tap: PostTap) -> None:
    """A number was tapped: what can be done with that photo."""
    await _on_sheet(talk, services, tap, views.sheet)


async def ask_place(talk: Conversation, services: Services, tap: PostTap) -> None:
    """Which place a photo moves to."""
    await _on_sheet(talk, services, tap, views.places)


async def change(talk: Conversation, services: Services, tap: PostTap) -> None:
    """Move a photo, make it the cover, or take it out; the sheet is drawn anew, and so the card."""
    try:
        post = await _of_photos(talk, services, tap)
        if tap.verb is PostVerb.MOVE_PHOTO:
            screen, post = await _move(talk, services, post, tap)
        elif tap.verb is PostVerb.COVER_PHOTO:
            screen, post = await _make_cover(talk, services, post, tap)
        else:
            screen, post = await _remove(talk, services, post, tap)
    except Outdated:
        await _outdated(talk, services, tap)
        return
    except (WrongState, ClipGone) as error:
        on_card = await _without_sheet(talk, services, tap)
        await showing.not_possible(on_card, services, tap.post_id, error)
        return
    await services.chat_states.forget(talk.creator.chat_id, post_id=post.id)
    await _draw(talk, services, post, screen)
    if post.card_message_id is not None:
        on_card = replace(talk, tapped_message_id=post.card_message_id)
        await showing.draw(on_card, services, post)


async def done(talk: Conversation, services: Services, tap: PostTap) -> None:
    """The sheet goes, and the card is there."""
    on_card = await _without_sheet(talk, services, tap)
    await showing.show(on_card, services, tap.post_id)


async def ask_title(talk: Conversation, services: Services, tap: PostTap) -> None:
    post = await _of_photos(talk, services, tap)
    await questions.ask(talk, services, Expecting.TITLE, views.ask_title(post), post=post)


async def title_typed(talk: Conversation, services: Services, post_id: int, text: str) -> None:
    """The title that was asked for: one line of it."""
    post = await services.posts.get(talk.creator.id, post_id)
    title = " ".join(text.split())
    over = tiktok.utf16_units(title) - tiktok.PHOTO_TITLE_MAX_UTF16
    if over > 0:
        screen = views.ask_title(post, problem=views.title_too_long(over))
        await showing.put(talk, services, post, screen)
        return
    await edit(talk, services, post, title=title)


async def no_title(talk: Conversation, services: Services, tap: PostTap) -> None:
    """The post goes without a title."""
    await edit(talk, services, tap, title="")


async def toggle_music(talk: Conversation, services: Services, tap: PostTap) -> None:
    """Whether TikTok lays music under the photos."""
    post = await _of_photos(talk, services, tap)
    await edit(talk, services, tap, auto_add_music=not post.auto_add_music)


async def _move(
    talk: Conversation, services: Services, post: PostView, tap: PostTap
) -> tuple[Screen, PostView]:
    found = re.fullmatch(r"(\d{1,3})>(\d{1,3})", tap.argument)
    if found is None:
        raise BadTap(tap.argument)
    chosen, place = (_number(post, each) for each in found.groups())
    order = [photo.id for photo in post.photos]
    order.insert(place - 1, order.pop(chosen - 1))
    moved = await services.photos.arrange(
        talk.creator.id, post.id, version=post.version, order=order
    )
    return views.sheet(moved, chosen=place), moved


async def _make_cover(
    talk: Conversation, services: Services, post: PostView, tap: PostTap
) -> tuple[Screen, PostView]:
    chosen = _number(post, tap.argument)
    changed = await services.posts.edit(
        talk.creator.id,
        post.id,
        version=post.version,
        cover_photo_id=post.photos[chosen - 1].id,
    )
    return views.sheet(changed, chosen=chosen), changed


async def _remove(
    talk: Conversation, services: Services, post: PostView, tap: PostTap
) -> tuple[Screen, PostView]:
    chosen = _number(post, tap.argument)
    left = await services.photos.remove(
        talk.creator.id, post.id, version=post.version, photo_id=post.photos[chosen - 1].id
    )
    return views.sheet(left, note=views.taken_out(chosen)), left


async def _on_sheet(
    talk: Conversation, services: Services, tap: PostTap, shows: Callable[..., Screen]
) -> None:
    """Another screen below the same picture."""
    try:
        post = await _of_photos(talk, services, tap)
    except Outdated:
        await _outdated(talk, services, tap)
        return
    screen = shows(post, chosen=_number(post, tap.argument))
    if not await talk.show_picture(None, screen):
        await _draw(talk, services, post, screen)


async def _outdated(talk: Conversation, services: Services, tap: PostTap) -> None:
    """The sheet as it is now, which the button was not drawn for."""
    post = await services.posts.get(talk.creator.id, tap.post_id)
    await _draw(talk, services, post, views.sheet(post, note=_(OUTDATED)))


async def _draw(talk: Conversation, services: Services, post: PostView, screen: Screen) -> None:
    """The sheet in the same message, or in a new one; words alone where it cannot be drawn."""
    try:
        picture = await services.photos.sheet(talk.creator.id, post.id)
    except PhotoRefused:
        await talk.show_picture(None, screen)
        return
    if not await talk.show_picture(picture, screen):
        await talk.send_picture(picture, screen)


async def _of_photos(talk: Conversation, services: Services, tap: PostTap) -> PostView:
    """The post as the button was drawn for it; raises `Outdated`."""
    post = await current(talk, services, tap)
    if not post.photos:
        raise Outdated
    return post


def _number(post: PostView, text: str) -> int:
    """The number of one of its photos; raises `BadTap`."""
    if not re.fullmatch(r"[1-9]\d{0,2}", text) or int(text) > len(post.photos):
        raise BadTap(text)
    return int(text)


async def _without_sheet(talk: Conversation, services: Services, tap: PostTap) -> Conversation:
    """Take the sheet away: what follows happens on the post's card."""
    post = await services.posts.get(talk.creator.id, tap.post_id)
    if talk.tapped_message_id is not None and talk.tapped_message_id != post.card_message_id:
        await talk.take_away(talk.tapped_message_id)
    return replace(talk, tapped_message_id=post.card_message_id)
