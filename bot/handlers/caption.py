"""The caption of a post: asked for, typed, made of the creator's own hashtags."""

from bot.callbacks import BadTap, PostTap
from bot.conversation import Conversation
from bot.handlers import questions, showing
from bot.handlers.showing import current, edit
from bot.services import Services
from bot.views import caption as views
from bot.views.screen import Screen
from core import tiktok
from core.posts.hashtags import keeping_hashtags, toggled
from core.posts.view import PostView
from core.states import Expecting

SUGGESTED = 6
"""Hashtags that are offered as buttons."""


async def ask(talk: Conversation, services: Services, tap: PostTap) -> None:
    post = await current(talk, services, tap)
    screen = await _question(talk, services, post)
    await questions.ask(talk, services, Expecting.CAPTION, screen, post=post)


async def typed(talk: Conversation, services: Services, post_id: int, text: str) -> None:
    """The caption that was asked for; hashtags chosen before it stay."""
    post = await services.posts.get(talk.creator.id, post_id)
    caption = keeping_hashtags(post.caption, text)
    if over := _too_much(post, caption):
        screen = await _question(
            talk, services, post, problem=views.too_long(over, of_photos=bool(post.photos))
        )
        await showing.put(talk, services, post, screen)
        return
    await edit(talk, services, post, caption=caption)


async def take_away(talk: Conversation, services: Services, tap: PostTap) -> None:
    """The post goes without a caption."""
    await edit(talk, services, tap, caption="")


async def toggle_hashtag(talk: Conversation, services: Services, tap: PostTap) -> None:
    """Add one of the creator's hashtags, or take it out; the question stays open."""
    if tiktok.hashtags(f"#{tap.argument}") != [tap.argument]:
        raise BadTap(tap.argument)
    post = await current(talk, services, tap)
    caption = toggled(post.caption, tap.argument)
    if over := _too_much(post, caption):
        await talk.show(
            await _question(
                talk, services, post, problem=views.too_long(over, of_photos=bool(post.photos))
            )
        )
        return
    changed = await services.posts.edit(
        talk.creator.id, post.id, version=post.version, caption=caption
    )
    await talk.show(await _question(talk, services, changed))


async def _question(
    talk: Conversation, services: Services, post: PostView, *, problem: str = ""
) -> Screen:
    own = await services.hashtags.most_used(talk.creator.id, limit=SUGGESTED)
    templates = await services.templates.of(talk.creator.id)
    return views.ask(post, own, templates, problem=problem)


def _too_much(post: PostView, caption: str) -> int:
    """By how many units a caption is longer than TikTok takes it."""
    return max(0, tiktok.utf16_units(caption) - post.longest_caption)
