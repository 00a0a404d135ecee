"""The inbox and photos, as a person uses them in a browser."""

from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from sandbox.tiktok import Fault, NeverEnd, TikTok
from tests.sandbox_tiktok.caller import FORM, HERE, POSTING_SCOPES, Caller, Clock, caller_of, photos
from tests.sandbox_tiktok.shelf import PREFIX, Shelf, fetched, picture

ELSEWHERE = "https://bot.example/"


@pytest.fixture(name="shelf")
def _shelf() -> Shelf:
    return Shelf()


@pytest.fixture(name="world")
async def _world(tmp_path: Path, shelf: Shelf) -> AsyncIterator[TikTok]:
    world = TikTok(now=Clock(), folder=tmp_path / "tiktok", pull_transport=shelf.transport)
    world.verified_prefixes = [PREFIX]
    yield world
    await world.aclose()


@pytest.fixture(name="here")
async def _here(world: TikTok) -> AsyncIterator[Caller]:
    async with caller_of(world.app, HERE) as caller:
        yield caller


def later(world: TikTok, seconds: float = 60) -> None:
    world.now.forward(seconds)  # type: ignore[attr-defined]  # the test's own clock


async def clip_draft(world: TikTok, here: Caller, content: bytes = b"a clip") -> str:
    publish_id = await here.draft(await here.connect(scope=POSTING_SCOPES), content)
    later(world)
    return publish_id


async def send_photos(
    world: TikTok, here: Caller, *urls: str, cover: int = 0, **info: object
) -> str:
    body = photos(*urls, **info)  # type: ignore[arg-type]  # the mode among them
    body["source_info"]["photo_cover_index"] = cover
    answer = await here.init_photos(await here.connect(scope=POSTING_SCOPES), body)
    publish_id = answer.json()["data"]["publish_id"]
    await fetched(world, publish_id)
    later(world)
    return str(publish_id)


async def read(here: Caller, path: str) -> str:
    answer = await here.http.get(path)
    assert answer.status_code == 200, path
    return unescape(answer.text)


async def send(here: Caller, path: str, **form: str) -> httpx.Response:
    return await here.http.post(path, content=urlencode(form), headers={"Content-Type": FORM})


async def test_a_draft_is_finished_and_posted(world: TikTok, here: Caller) -> None:
    publish_id = await clip_draft(world, here)
    path = f"@lena.cooks/inbox/{publish_id}"
    for page in ("", "@lena.cooks/inbox"):
        shown = await read(here, page)
        assert f'href="{HERE}{path}"' in shown
        assert "Waits to be posted" in shown
        assert "Under way" not in shown
    assert '<a class="inbox" href="http://127.0.0.1/@lena.cooks/inbox">' in await read(
        here, "@lena.cooks"
    )
    draft = await read(here, path)
    assert 'value="PUBLIC_TO_EVERYONE">Everyone' in draft
    assert "FOLLOWER_OF_CREATOR" not in draft
    assert "Post once more" not in draft
    assert (await here.http.get(f"drafts/{publish_id}")).content == b"a clip"

    sent = await send(here, path, do="post", title="Mine\r\n#sea", audience="SELF_ONLY")
    (post,) = world.posts
    assert sent.headers["location"] == f"{HERE}@lena.cooks/video/{post.post_id}"
    assert (post.title, post.privacy_level) == ("Mine\n#sea", "SELF_ONLY")
    assert post.disable_comment, "the tick was not sent"
    shown = await read(here, f"@lena.cooks/video/{post.post_id}")
    assert "<dt>Came</dt><dd>as a draft, finished in the inbox</dd>" in shown
    assert "Waits to be posted" not in await read(here, "")
    assert "Posted" in await read(here, "@lena.cooks/inbox")

    again = await read(here, path)
    assert "Post once more" in again
    assert "Only me" in again
    await send(here, path, do="post", title="Mine", audience="PUBLIC_TO_EVERYONE", comments="on")
    assert not world.posts[1].disable_comment
    assert "Posted 2 times" in await read(here, "@lena.cooks/inbox")


async def test_a_draft_is_thrown_away(world: TikTok, here: Caller) -> None:
    path = f"@lena.cooks/inbox/{await clip_draft(world, here)}"
    sent = await send(here, path, do="delete")
    assert sent.headers["location"] == f"{HERE}@lena.cooks/inbox"
    assert "No drafts." in await read(here, "@lena.cooks/inbox")
    assert (await here.http.get(path)).status_code == 404
    assert (await send(here, path, do="post", audience="SELF_ONLY")).status_code == 404
    assert world.posts == []


@pytest.mark.parametrize("audience", ["", "EVERYONE", "FOLLOWER_OF_CREATOR"])
async def test_a_draft_needs_an_audience_that_is_offered(
    world: TikTok, here: Caller, audience: str
) -> None:
    path = f"@lena.cooks/inbox/{await clip_draft(world, here)}"
    assert (await send(here, path, do="post", audience=audience)).status_code == 400
    assert world.posts == []


async def test_an_inbox_holds_nothing_before_it_is_delivered(world: TikTok, here: Caller) -> None:
    world.faults.add(Fault(endpoint="processing", kind=NeverEnd()))
    publish_id = await clip_draft(world, here)
    assert (await here.http.get(f"@lena.cooks/inbox/{publish_id}")).status_code == 404
    shown = await read(here, "")
    assert "for the inbox" in shown
    assert "Waits to be posted" not in shown


async def test_an_inbox_is_for_its_owner_at_this_machine(world: TikTok, here: Caller) -> None:
    publish_id = await clip_draft(world, here)
    paths = ["@lena.cooks/inbox", f"@lena.cooks/inbox/{publish_id}"]
    paths += [f"drafts/{publish_id}", f"drafts/{publish_id}/cover", f"drafts/{publish_id}/0"]
    async with caller_of(world.app, ELSEWHERE) as stranger:
        for path in paths:
            assert (await stranger.http.get(path)).status_code == 404, path
        assert "inbox" not in await read(stranger, "@lena.cooks")
        refused = await send(stranger, paths[1], do="post", audience="SELF_ONLY")
        assert refused.status_code == 403
    here.http.headers["Origin"] = "https://evil.example"
    assert (await send(here, paths[1], do="delete")).status_code == 403
    assert (await here.http.get(f"@quiet_max/inbox/{publish_id}")).status_code == 404
    assert (await here.http.get("@nobody/inbox")).status_code == 404
    assert len(world.inbox("lena.cooks")) == 1


async def test_photos_can_be_turned_and_the_cover_stands_in_the_grid(
    world: TikTok, here: Caller, shelf: Shelf
) -> None:
    pictures = [picture(color=color) for color in ("tomato", "teal", "gold")]
    urls = [shelf.lay(f"{number}.jpg", each) for number, each in enumerate(pictures)]
    urls[2] = shelf.lay("2.webp", picture(90, 60, "WEBP"))
    info = {"title": "Beach", "description": "Three days #sea <3", "auto_add_music": True}
    await send_photos(world, here, *urls, cover=1, privacy_level="PUBLIC_TO_EVERYONE", **info)
    (post,) = world.posts
    page = await read(here, f"@lena.cooks/video/{post.post_id}")
    for number in range(3):
        assert f'src="{HERE}photos/{post.post_id}/{number}" alt="Photo {number + 1} of 3"' in page
    for words in ("Beach", '<span class="tag">#sea</span> <3', "<dt>Music</dt><dd>added by TikTok"):
        assert words in page
    assert "<dt>Cover</dt><dd>photo 2</dd>" in page
    for words in ("Duets", "Stitches", "<video"):
        assert words not in page
    shown = [await here.http.get(f"photos/{post.post_id}/{number}") for number in range(3)]
    kinds = [each.headers["content-type"] for each in shown]
    assert kinds == ["image/jpeg", "image/jpeg", "image/webp"]
    assert [each.content for each in shown[:2]] == pictures[:2]
    assert (await here.http.get(f"covers/{post.post_id}")).content == pictures[1]
    assert "3 photos" in await read(here, "@lena.cooks")
    for path in (f"photos/{post.post_id}/3", "photos/1/0", f"clips/{post.post_id}"):
        assert (await here.http.get(path)).status_code == 404


async def test_photos_on_their_way_say_how_many_have_come(
    world: TikTok, here: Caller, shelf: Shelf
) -> None:
    world.faults.add(Fault(endpoint="processing", kind=NeverEnd()))
    await send_photos(world, here, shelf.lay("1.jpg", picture()), title="On its way")
    page = await read(here, "@lena.cooks")
    assert "On its way" in page
    assert "<b>Processing</b>" in page
    shelf.lay("gone.jpg", httpx.Response(404))
    await send_photos(world, here, PREFIX + "1.jpg", PREFIX + "gone.jpg", title="Cut short")
    page = await read(here, "@lena.cooks")
    assert "<b>Failed</b>: photo_pull_failed" in page


async def test_a_draft_of_photos_brings_its_words(
    world: TikTok, here: Caller, shelf: Shelf
) -> None:
    url = shelf.lay("1.jpg", picture())
    words = {"title": "Beach", "description": "Three days"}
    publish_id = await send_photos(world, here, url, url, mode="MEDIA_UPLOAD", cover=1, **words)
    path = f"@lena.cooks/inbox/{publish_id}"
    page = await read(here, path)
    assert 'value="Beach"' in page
    assert "\nThree days</textarea>" in page
    assert "2 photos" in await read(here, "@lena.cooks/inbox")
    for name in ("0", "1", "cover"):
        assert (await here.http.get(f"drafts/{publish_id}/{name}")).content == picture()
    form = {"title": "Beach!", "description": "", "audience": "PUBLIC_TO_EVERYONE"}
    await send(here, path, do="post", comments="on", **form)
    (post,) = world.posts
    assert (post.title, post.description, len(post.photos)) == ("Beach!", "", 2)
