"""What a post is made of, sent back: its clip the way it came, its photos as albums."""

from contextlib import AsyncExitStack
from pathlib import Path

from telegram.constants import ChatAction

from bot.callbacks import PostTap
from bot.conversation import Conversation
from bot.handlers import faults
from bot.handlers.mydata import MOST_SENT, MOST_SENT_LOCALLY
from bot.services import Services
from bot.views import uploading as views
from core.clips import StoredClip
from core.photos import StoredPhoto
from core.posts.view import PostView

IN_AN_ALBUM = 10
MOST_SIDES = 10_000  # pixels that width and height of a photo may have together (sendPhoto)
LARGEST_PHOTO = 10 << 20  # bytes


async def send(talk: Conversation, services: Services, tap: PostTap) -> None:
    """What Telegram does not know yet is sent beside the creator's turns."""
    post = await services.posts.get(talk.creator.id, tap.post_id)
    if post.photos:
        talk.arrival.afterwards(lambda: faults.explained(talk, _send_photos(talk, services, post)))
    elif post.clip is not None and post.clip.file_id is None:
        await _send_clip_of_ours(talk, services, post.clip)
    elif post.clip is not None and post.clip.file_id is not None:
        await talk.send_clip(post.clip.kind, post.clip.file_id)


async def _send_photos(talk: Conversation, services: Services, post: PostView) -> None:
    """All photos in their order, as albums; as files what is too long for a photo of Telegram's."""
    async with AsyncExitStack() as block, talk.doing(ChatAction.UPLOAD_PHOTO):
        album: list[str | Path] = []
        as_files = False
        for photo in post.photos:
            if album and (len(album) == IN_AN_ALBUM or as_files != _is_file(photo)):
                await talk.send_photos(album, as_files=as_files)
                album = []
            as_files = _is_file(photo)
            if photo.file_id is not None:
                album.append(photo.file_id)
            else:
                ours = services.photos.file_of(talk.creator.id, photo.id)
                album.append(await block.enter_async_context(ours))
        await talk.send_photos(album, as_files=as_files)


def _is_file(photo: StoredPhoto) -> bool:
    """Whether Telegram takes it from us as a file only."""
    if photo.file_id is not None:
        return False
    return photo.width + photo.height > MOST_SIDES or photo.size > LARGEST_PHOTO


async def _send_clip_of_ours(talk: Conversation, services: Services, clip: StoredClip) -> None:
    """A clip that never was in Telegram, or where that takes no such files, pictures of it."""
    most = MOST_SENT_LOCALLY if services.settings.telegram_local_mode else MOST_SENT

    async def work() -> None:
        if clip.size > most:
            strip = await services.clips.frames(talk.creator.id, clip.id)
            await talk.send_picture(strip.picture, views.too_big_to_send())
            return
        async with (
            services.clips.file_of(talk.creator.id, clip.id) as path,
            talk.doing(ChatAction.UPLOAD_VIDEO),
        ):
            await talk.send_video(path, clip.name, views.as_tiktok_gets_it())

    talk.arrival.afterwards(lambda: faults.explained(talk, work()))
