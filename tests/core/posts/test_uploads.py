"""When an upload that was begun can no longer become a post, and what its creator may do then."""

from datetime import timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import tiktok
from core.engine import EmbeddedEngine
from core.errors import WrongState
from core.posts import uploads
from core.posts.posts import Posts
from core.states import PostStatus
from core.store.database import Database
from core.store.models import Clip, Post
from tests.clock import Clock
from tests.core.rows import add_post, get_post, set_post

NOW = Clock()()
SMALL, LARGE = 1_000_000, 70_000_000
HOUR = timedelta(hours=1)


def begun(acknowledged: int = 0, *, age: timedelta = HOUR, sent: bool = False) -> Post:
    return Post(
        publish_id="p", initialised_at=NOW - age, bytes_acknowledged=acknowledged,
        sent_at=NOW if sent else None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("post", "size", "is_open"),
    [
        pytest.param(Post(), LARGE, False, id="nothing was begun"),
        pytest.param(begun(), LARGE, False, id="the URL ended before the last chunk"),
        pytest.param(begun(50_000_000), LARGE, False, id="just before the last chunk"),
        pytest.param(begun(60_000_000), LARGE, True, id="the last chunk may have been sent"),
        pytest.param(begun(LARGE), LARGE, True, id="everything was acknowledged"),
        pytest.param(begun(), SMALL, True, id="the only chunk may have been sent"),
        pytest.param(begun(sent=True), LARGE, True, id="it was sent"),
        pytest.param(begun(age=HOUR / 2), LARGE, True, id="the URL still takes bytes"),
    ],
)
def test_open_uploads(post: Post, size: int, *, is_open: bool) -> None:
    assert uploads.is_open(post, size, NOW) is is_open


@given(size=st.integers(1, 4 << 30), begin=st.integers(0, 1000))
def test_bytes_are_known_to_be_missing_until_the_last_chunk_begins(size: int, begin: int) -> None:
    chunks = list(tiktok.plan_chunks(size).chunks())
    chunk = chunks[min(begin, len(chunks) - 1)]
    assert uploads.lacks_bytes(begun(chunk.first), size) is (chunk != chunks[-1])


@pytest.mark.parametrize("status", [PostStatus.SCHEDULED, PostStatus.HELD])
@pytest.mark.parametrize("ended", [False, True])
async def test_it_can_be_cancelled_once_it_cannot_become_a_post(
    database: Database, clock: Clock, accounts: list[int], status: PostStatus, *, ended: bool
) -> None:
    post_id = await add_post(database, accounts[0], wake_at=clock(), status=status)
    async with database.transaction() as change:
        clip = await change.get_one(Clip, (await change.get_one(Post, post_id)).clip_id)
        clip.size = LARGE
    await set_post(
        database,
        post_id,
        privacy="SELF_ONLY",
        publish_id="p",
        upload_url=b"sealed",
        initialised_at=clock() - (HOUR if ended else HOUR / 2),
        bytes_acknowledged=20_000_000,
    )
    async with httpx.AsyncClient() as http:
        client = tiktok.Client(client_key="", client_secret="", http=http)
        engine = EmbeddedEngine(clock=clock)
        posts = Posts(database=database, clock=clock, engine=engine, client=client)
        assert (await posts.get(1, post_id)).upload_open is not ended
        if ended:
            await posts.cancel(1, post_id, version=1)
        else:
            with pytest.raises(WrongState):
                await posts.cancel(1, post_id, version=1)
    post = await get_post(database, post_id)
    assert post.status is (PostStatus.CANCELLED if ended else status)
    assert (post.publish_id, post.upload_url) == ((None, None) if ended else ("p", b"sealed"))
