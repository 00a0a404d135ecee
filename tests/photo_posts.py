"""Posts of photos, without the chat: what stands before a creator's taps, and behind them."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from bot.app import App
from core import tiktok
from core.media.files.filestore import StoredFile
from core.media.files.storage import ClipStore
from core.posts.view import PostView
from sandbox.tiktok.shares import Carousel
from tests.core.media.images.strange_images import halves, saved, with_secrets
from tests.stage import Stage

SIZES = ((960, 1280), (4000, 3000), (1080, 1080), (1170, 2532), (640, 480), (1350, 1080))


def images(folder: Path, count: int) -> list[Path]:
    """Images of several sizes and kinds, as creators have them."""
    made = []
    for number in range(count):
        path, size = folder / f"IMG_{number}", SIZES[number % len(SIZES)]
        kind = ("JPEG", "PNG", "WEBP")[number % 3]
        if kind == "JPEG":
            path.write_bytes(with_secrets(*size))
        else:
            saved(halves, size, kind)(path)
        made.append(path)
    return made


async def received(app: App, path: Path) -> StoredFile:
    """The image as it lies in the store once it was fetched from the messenger."""
    store = ClipStore(app.services.settings.data_dir / "clips")
    async with store.receive() as incoming:
        await incoming.write(await asyncio.to_thread(path.read_bytes))
        return await store.keep(incoming)


async def photo_draft(
    app: App,
    owner_id: int,
    paths: Sequence[Path],
    *,
    first_message: int = 1000,
    album: str | None = "album-1",
    caption: str = "Three days in Lisbon #travel",
) -> PostView:
    """A draft of photos that came one after another."""
    view = None
    for number, path in enumerate(paths):
        view = await app.services.photos.take(
            owner_id,
            await received(app, path),
            message_id=first_message + number,
            media_group_id=album,
            file_id=f"file-{first_message + number}",
            sent_at=app.services.clock(),
            caption=caption if number == 0 else "",
        )
    assert view is not None
    return view


async def agreed(app: App, post: PostView, **values: object) -> PostView:
    """The creator has filled in the rest and had it posted now."""
    posts = app.services.posts
    values = {"privacy": tiktok.PrivacyLevel.PUBLIC_TO_EVERYONE.value, **values}
    post = await posts.edit(post.owner_id, post.id, version=post.version, **values)
    return await posts.agree(
        post.owner_id, post.id, version=post.version, declaration="as shown", now=True
    )


async def posted(app: App, owner_id: int, paths: Sequence[Path], **values: object) -> PostView:
    return await agreed(app, await photo_draft(app, owner_id, paths), **values)


def carousels(stage: Stage) -> list[Carousel]:
    """What TikTok has been told of photos."""
    return [share for share in stage.tiktok.shares if isinstance(share, Carousel)]
