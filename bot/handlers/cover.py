"""The cover of a post: frames of its clip as a picture beside the card, and the one tapped."""

from dataclasses import replace
from datetime import timedelta

from telegram.constants import ChatAction

from bot.callbacks import BadTap, PostTap
from bot.conversation import Conversation
from bot.handlers import showing
from bot.handlers.showing import current, edit
from bot.services import Services
from bot.views import cover as views
from core.errors import ClipNotRead, Outdated


async def ask(talk: Conversation, services: Services, tap: PostTap) -> None:
    """Send the frames; the card stays where it is."""
    post = await current(talk, services, tap)
    if post.clip is None:
        raise Outdated
    try:
        async with talk.doing(ChatAction.UPLOAD_PHOTO):
            strip = await services.clips.frames(talk.creator.id, post.clip.id)
    except ClipNotRead:
        await showing.draw(talk, services, post, note=views.no_frames())
        return
    await talk.send_picture(strip.picture, views.choose(post, strip.times_ms))


async def choose(talk: Conversation, services: Services, tap: PostTap) -> None:
    """A frame was tapped: the picture goes, and the card says which one it is."""
    on_card = await _without_picture(talk, services, tap)
    await showing.possible(on_card, services, tap.post_id, _set(on_card, services, tap))


async def keep(talk: Conversation, services: Services, tap: PostTap) -> None:
    """The cover stays as it is."""
    on_card = await _without_picture(talk, services, tap)
    await showing.show(on_card, services, tap.post_id)


async def _set(talk: Conversation, services: Services, tap: PostTap) -> None:
    post = await current(talk, services, tap)
    try:
        at = timedelta(milliseconds=int(tap.argument))
    except (ValueError, OverflowError):
        raise BadTap(tap.argument) from None
    if not timedelta() <= at <= post.lasts:
        raise BadTap(tap.argument)
    await edit(talk, services, tap, cover_ms=int(tap.argument))


async def _without_picture(talk: Conversation, services: Services, tap: PostTap) -> Conversation:
    """Take the tapped picture away: what follows happens on the post's card."""
    post = await services.posts.get(talk.creator.id, tap.post_id)
    if talk.tapped_message_id is not None and talk.tapped_message_id != post.card_message_id:
        await talk.take_away(talk.tapped_message_id)
    return replace(talk, tapped_message_id=post.card_message_id)
