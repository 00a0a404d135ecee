"""The post card: every tap on it but its time, its caption and its cover."""

from telegram.constants import ChatAction

from bot.callbacks import BadTap, PostTap
from bot.conversation import Conversation
from bot.handlers import faults, questions, showing
from bot.handlers.mydata import MOST_SENT, MOST_SENT_LOCALLY
from bot.handlers.showing import creator_info, current, edit
from bot.services import Services
from bot.views import options
from bot.views import uploading as uploading_views
from core import tiktok
from core.clips import StoredClip
from core.errors import Outdated, WrongState
from core.posts.view import DISCLOSURES, INTERACTIONS, PostView


async def show_again(talk: Conversation, services: Services, tap: PostTap) -> None:
    """Back to the card, whatever was asked."""
    await questions.leave(talk, services, tap.post_id)
    await showing.show(talk, services, tap.post_id)


async def change(talk: Conversation, services: Services, tap: PostTap) -> None:
    """Offer what can be changed of a post that was agreed to; until then it stays as it is."""
    post = await current(talk, services, tap)
    if post.upload_open or post.status not in options.CHANGEABLE:
        raise WrongState(post.status)
    await services.posts.require_files(talk.creator.id, post.id)
    await showing.put(talk, services, post, options.change(post))


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
    if tap.argument == tiktok.PrivacyLevel.SELF_ONLY and post.branded_content:
        await talk.show(options.not_private(post))
        return
    await edit(talk, services, tap, privacy=tap.argument)


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
        if tap.argument in options.turned_off(creator) and not getattr(post, tap.argument):
            await talk.show(options.interactions(post, creator, asked=tap.argument))
            return
        changed = await _flip(talk, services, post, tap.argument)
        await talk.show(options.interactions(changed, creator))
    elif tap.argument in {*DISCLOSURES, "ai_generated"}:
        private = post.privacy == tiktok.PrivacyLevel.SELF_ONLY
        if tap.argument == "branded_content" and private and not post.branded_content:
            await talk.show(options.not_branded(post))
            return
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
    post = await services.posts.edit(
        talk.creator.id, tap.post_id, version=tap.version, account_id=int(tap.argument)
    )
    note = await showing.posting_trouble(talk, services, post)
    await showing.show(talk, services, post.id, note=note)


async def preview(talk: Conversation, services: Services, tap: PostTap) -> None:
    post = await services.posts.get(talk.creator.id, tap.post_id)
    if post.clip is None:
        raise Outdated
    if post.clip.file_id is None:
        await _preview_of_ours(talk, services, post.clip)
    else:
        await talk.send_clip(post.clip.kind, post.clip.file_id)


async def _preview_of_ours(talk: Conversation, services: Services, clip: StoredClip) -> None:
    """Send back a clip that never was in Telegram, or where that takes no such files, pictures."""
    most = MOST_SENT_LOCALLY if services.settings.telegram_local_mode else MOST_SENT

    async def send() -> None:
        if clip.size > most:
            strip = await services.clips.frames(talk.creator.id, clip.id)
            await talk.send_picture(strip.picture, uploading_views.too_big_to_send())
            return
        async with (
            services.clips.file_of(talk.creator.id, clip.id) as path,
            talk.doing(ChatAction.UPLOAD_VIDEO),
        ):
            await talk.send_video(path, clip.name, uploading_views.as_tiktok_gets_it())

    talk.arrival.afterwards(lambda: faults.explained(talk, send()))
