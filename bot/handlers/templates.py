"""Templates: listed, made, renamed, deleted, saved from a post and put into one."""

from telegram import Message

from bot.callbacks import BadTap, PostTap, TemplateTap, TemplateVerb
from bot.conversation import Conversation
from bot.handlers import questions, showing
from bot.handlers.showing import current
from bot.services import Services
from bot.views import caption as caption_views
from bot.views import templates as views
from core import tiktok
from core.posts.templates import BadName, CaptionTemplate, NameTaken, TooManyTemplates, fill
from core.posts.view import PostView
from core.states import Expecting
from core.times import UTC_ZONE, at_instant

ASKED = (Expecting.TEMPLATE, Expecting.NEW_NAME)


async def show(talk: Conversation, services: Services, _message: Message | None) -> None:
    """`/templates`"""
    await _list(talk, services)


async def tapped(talk: Conversation, services: Services, tap: TemplateTap) -> None:
    """A button of the list or of one template."""
    owner_id, number = talk.creator.id, tap.number
    match tap.verb:
        case TemplateVerb.LIST:
            await questions.over(talk, services, *ASKED)
            await _list(talk, services, page=number)
        case TemplateVerb.SHOW:
            await questions.over(talk, services, *ASKED)
            await talk.show(views.template(await services.templates.get(owner_id, number)))
        case TemplateVerb.NEW:
            screen = views.ask_new()
            await questions.ask(talk, services, Expecting.TEMPLATE, screen, post=None)
        case TemplateVerb.RENAME:
            await _ask_new_name(talk, services, await services.templates.get(owner_id, number))
        case TemplateVerb.DELETE:
            await talk.show(views.delete_sure(await services.templates.get(owner_id, number)))
        case TemplateVerb.DELETE_SURE:
            gone = await services.templates.delete(owner_id, number)
            await _list(talk, services, note=views.deleted(gone))


async def typed(talk: Conversation, services: Services, text: str) -> None:
    """A whole template: its name in the first line, the caption below."""
    name, _, caption = text.strip().partition("\n")
    caption = caption.strip()
    over = tiktok.utf16_units(caption) - tiktok.TITLE_MAX_UTF16
    if not caption or over > 0:
        problem = caption_views.too_long(over) if caption else views.no_caption()
        await talk.say(views.ask_new(problem=problem))
        return
    try:
        saved = await services.templates.save(talk.creator.id, name, caption)
    except (NameTaken, BadName, TooManyTemplates) as error:
        await talk.say(views.ask_new(problem=views.problem(error)))
        return
    await questions.over(talk, services, *ASKED)
    await _list(talk, services, note=views.saved(saved))


async def _ask_new_name(talk: Conversation, services: Services, found: CaptionTemplate) -> None:
    screen, what = views.ask_new_name(found), Expecting.NEW_NAME
    await questions.ask(talk, services, what, screen, post=None, subject_id=found.id)


async def new_name_typed(
    talk: Conversation, services: Services, text: str, template_id: int
) -> None:
    """The name that was asked for: the template has it from now on."""
    try:
        found = await services.templates.rename(talk.creator.id, template_id, text)
    except (NameTaken, BadName) as error:
        found = await services.templates.get(talk.creator.id, template_id)
        await talk.say(views.ask_new_name(found, problem=views.problem(error)))
        return
    await questions.over(talk, services, *ASKED)
    await _list(talk, services, note=views.renamed(found))


async def ask_name(talk: Conversation, services: Services, tap: PostTap) -> None:
    """What a post's caption is called from now on."""
    post = await current(talk, services, tap)
    screen = views.ask_name(post)
    await questions.ask(talk, services, Expecting.TEMPLATE_NAME, screen, post=post)


async def name_typed(talk: Conversation, services: Services, post_id: int, text: str) -> None:
    """The name that was asked for: keep the caption as it is now."""
    post = await services.posts.get(talk.creator.id, post_id)
    try:
        saved = await services.templates.save(talk.creator.id, text, post.caption)
    except (NameTaken, BadName, TooManyTemplates) as error:
        screen = views.ask_name(post, problem=views.problem(error))
        await showing.put(talk, services, post, screen)
        return
    await questions.leave(talk, services, post.id)
    await showing.draw(talk, services, post, note=views.saved(saved))


async def apply(talk: Conversation, services: Services, tap: PostTap) -> None:
    """A template for a post's caption: in its place, or hashtags at its end."""
    if not tap.argument.isdecimal():
        raise BadTap(tap.argument)
    post = await current(talk, services, tap)
    template = await services.templates.get(talk.creator.id, int(tap.argument))
    caption = _filled(talk, services, post, template.onto(post.caption))
    await showing.edit(talk, services, post, caption=caption)


def _filled(talk: Conversation, services: Services, post: PostView, caption: str) -> str:
    """Placeholders filled for a post alone: its day is today while it has none."""
    moment = post.moment or at_instant(services.clock(), talk.creator.zone or UTC_ZONE)
    return fill(
        caption,
        day=moment.wall.date(),
        number=1,
        account=post.account.name if post.account else "",
        language=talk.creator.reads,
    )


async def _list(talk: Conversation, services: Services, *, page: int = 0, note: str = "") -> None:
    found = await services.templates.of(talk.creator.id)
    await talk.show(views.templates(found, page, note=note))
