"""Consent and what follows from it: the last screen, agreeing, taking back, trying again."""

from datetime import timedelta

from bot.callbacks import PostTap, PostVerb
from bot.conversation import Conversation
from bot.handlers import questions, showing
from bot.handlers.showing import creator_info, current, draw
from bot.language import _
from bot.services import Services
from bot.views import consent as views
from bot.views import inbox as inbox_views
from bot.views.declarations import declaration_words
from bot.views.posts import cancelled
from core.errors import Incomplete, WrongState
from core.media.limits import is_too_long
from core.posts.view import Missing, PostView
from core.states import PostStatus


async def confirm(talk: Conversation, services: Services, tap: PostTap) -> None:
    """The last screen before consent, with a fresh look at what TikTok allows."""
    post = await _changeable(talk, services, tap)
    at_once = tap.verb in {PostVerb.POST_NOW, PostVerb.SEND_NOW}
    needed = post.missing(services.clock(), needs_time=not at_once)
    creator = None
    if Missing.ACCOUNT not in needed and not post.is_for_inbox:
        creator = await creator_info(talk, services, post)
        if creator is None:
            return
        if post.privacy is not None and post.privacy not in creator.privacy_level_options:
            needed = (*needed, Missing.PRIVACY)
        longest = creator.max_video_post_duration_sec
        if is_too_long(post.lasts, longest):
            await talk.show(views.clip_too_long(post, timedelta(seconds=longest)))
            return
    await questions.leave(talk, services, post.id)
    pending = 0
    if post.is_for_inbox and post.account is not None:
        pending = await services.inbox.pending(talk.creator.id, post.account.id)
    await talk.show(views.confirm(post, needed, creator=creator, at_once=at_once, pending=pending))


async def agree(talk: Conversation, services: Services, tap: PostTap) -> None:
    at_once = tap.verb is PostVerb.AGREE_NOW
    seen = await current(talk, services, tap)
    try:
        post = await services.posts.agree(
            talk.creator.id,
            seen.id,
            version=seen.version,
            declaration=declaration_words(seen),
            now=at_once,
        )
    except Incomplete as error:
        missing = [Missing(name) for name in error.missing]
        await talk.show(views.confirm(seen, missing, creator=None, at_once=at_once))
        return
    words = inbox_views if post.is_for_inbox else views
    await draw(talk, services, post, note=_(words.ON_ITS_WAY if at_once else words.SCHEDULED))


async def ask_discard(talk: Conversation, services: Services, tap: PostTap) -> None:
    post = await current(talk, services, tap)
    if post.status is not PostStatus.DRAFT:
        raise WrongState(post.status)
    await talk.show(views.discard_sure(post))


async def discard(talk: Conversation, services: Services, tap: PostTap) -> None:
    post = await current(talk, services, tap)
    for key in await services.posts.discard(talk.creator.id, post.id, version=post.version):
        await services.clips.remove_file(key)
    await talk.show(views.discarded(post))


async def retry(talk: Conversation, services: Services, tap: PostTap) -> None:
    post = await services.posts.retry(talk.creator.id, tap.post_id, version=tap.version)
    await draw(talk, services, post, note=_(views.TRYING_AGAIN))


async def settle(talk: Conversation, services: Services, tap: PostTap) -> None:
    """The creator says whether it is on TikTok, which TikTok itself never did."""
    is_live = tap.verb is not PostVerb.IS_NOT_LIVE
    post = await services.posts.settle(
        talk.creator.id, tap.post_id, version=tap.version, is_live=is_live
    )
    note = _(views.IT_IS_LIVE if is_live else views.IT_IS_NOT_LIVE)
    if is_live and post.is_for_inbox:
        note = _(inbox_views.IT_IS_THERE)
    await draw(talk, services, post, note=note)


async def ask_cancel(talk: Conversation, services: Services, tap: PostTap) -> None:
    await talk.show(views.cancel_sure(await _changeable(talk, services, tap)))


async def cancel(talk: Conversation, services: Services, tap: PostTap) -> None:
    post = await services.posts.cancel(talk.creator.id, tap.post_id, version=tap.version)
    screen = showing.card(services, post, **cancelled(post))
    await showing.put(talk, services, post, screen)


async def _changeable(talk: Conversation, services: Services, tap: PostTap) -> PostView:
    """The post, unless it may be on TikTok already; raises `WrongState` then."""
    post = await current(talk, services, tap)
    if post.upload_open:
        raise WrongState(post.status)
    return post
