"""Clips that are too big for Telegram come over the upload page."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from sandbox.oddities import Oddity
from sandbox.telegram import Person
from tests.stage import Stage
from tests.upload_page import WORDS, UploadPage

BIG = 21 << 20
OPEN = "Open the upload page"


@pytest.fixture
async def web(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=stage.bot_url, timeout=20, verify=False) as http:  # noqa: S501 - plain HTTP
        yield http


def content_of(path: Path) -> bytes:
    return path.read_bytes()


def file_of(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


async def link_of(person: Person) -> str:
    """The address behind the button that `/upload` brings."""
    sent = await person.send("/upload")
    told = await person.see("Clips of up to 4 GB", after=sent)
    url = await person.tap(OPEN, message=told)
    assert url is not None
    return url


@pytest.fixture
async def page(web: httpx.AsyncClient, lena: Person) -> UploadPage:
    return await UploadPage.opened(web, await link_of(lena))


async def test_a_clip_too_big_for_telegram_is_published_as_it_is(
    stage: Stage, web: httpx.AsyncClient, lena: Person
) -> None:
    clip = stage.clip("IMG_7.mov", pad_to=BIG)
    await lena.send_clip(clip, as_="document")
    told = await lena.see("too big for Telegram to hand over")
    url = await lena.tap(OPEN, message=told)
    assert url is not None
    shown = await web.get(url)
    assert shown.status_code == 200
    assert "unsafe" not in shown.headers["content-security-policy"]
    page = await UploadPage.opened(web, url)
    await page.upload(clip)

    card = await lena.see("Your clip is here, in full quality", after=told)
    assert "IMG_7.mov" in card.text
    assert (await page.listed())[0]["state"] == "done"
    await stage.write_post(lena, caption="New recipe")
    await stage.post_now(lena)
    await stage.see_in_time(lena, "Published on")
    (post,) = stage.tiktok.posts
    assert post.sha256 == hashlib.sha256(content_of(clip)).hexdigest()


async def test_a_link_opens_one_page_for_an_hour(
    stage: Stage, web: httpx.AsyncClient, lena: Person
) -> None:
    link = await link_of(lena)
    first = await UploadPage.opened(web, link)
    assert (await first.open(link)).status_code == 204, "an answer that was lost"
    forwarded = UploadPage(http=web, key="f" * 64)
    refused = await forwarded.open(link)
    assert (refused.status_code, refused.json()["detail"]) == (403, "LinkUsed")
    listed = await web.get("/api/uploads", headers=forwarded.headers)
    assert listed.status_code == 401

    late = await link_of(lena)
    stage.clock.jump(timedelta(hours=1, seconds=1))
    refused = await forwarded.open(late)
    assert (refused.status_code, refused.json()["detail"]) == (403, "LinkTooOld")
    stage.clock.jump(timedelta(days=1))
    listed = await web.get("/api/uploads", headers=first.headers)
    assert listed.status_code == 401
    unknown = await forwarded.open(f"{stage.bot_url}/upload?link=made-up")
    assert (unknown.status_code, unknown.json()["detail"]) == (403, "LinkUnknown")


async def test_what_was_begun_goes_on_after_the_page_and_the_bot_were_closed(
    stage: Stage, web: httpx.AsyncClient, lena: Person, page: UploadPage
) -> None:
    clip = stage.clip("IMG_8.mp4", pad_to=BIG)
    begun = await page.begin(clip)
    assert await page.send(clip, begun.headers["location"], until=8 << 20) == 8 << 20
    await stage.stop_bot()
    await stage.start_bot()

    again = await UploadPage.opened(web, await link_of(lena))
    (unfinished,) = await again.listed()
    assert (unfinished["name"], unfinished["received"]) == ("IMG_8.mp4", 8 << 20)
    assert unfinished["state"] == "open"
    await again.send(clip, f"/api/uploads/{unfinished['id']}")
    await lena.see("Your clip is here")
    assert lena.count("Your clip is here") == 1


async def test_a_cut_connection_keeps_what_came_before_it(
    stage: Stage, page: UploadPage, clip: Path
) -> None:
    content = content_of(clip)
    place = (await page.begin(clip)).headers["location"]
    half = len(content) // 2

    async def cut() -> AsyncIterator[bytes]:
        yield content[:half]
        await asyncio.sleep(0.3)  # a server hears of nothing that comes together with the cut
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await page.piece(place, 0, cut(), headers={"Content-Length": str(len(content))})
    await stage.until(lambda: bool(stage.ask("SELECT 1 FROM uploads WHERE received > 0")))
    assert await page.offset(place) == half
    await page.send(clip, place)


async def test_pieces_that_do_not_fit_change_nothing(page: UploadPage, clip: Path) -> None:
    content = content_of(clip)
    place = (await page.begin(clip)).headers["location"]
    for offset, sent, digest, headers, status in (
        (5, content[5:], None, {}, 409),
        (0, content[:100], bytes(32), {}, 460),
        (0, content + b"more", None, {}, 413),
        (0, content, None, {"Content-Type": "video/mp4"}, 415),
        (0, content, None, {"Tus-Resumable": "0.2.2"}, 412),
        (0, content, None, {"Upload-Checksum": "md5 AAAA"}, 400),
        (0, content, None, {"Upload-Checksum": "sha256 !"}, 400),
        (0, content, None, {"Upload-Offset": "-1"}, 400),
    ):
        answer = await page.piece(place, offset, sent, digest=digest, headers=headers)
        assert answer.status_code == status, (offset, headers)
        assert await page.offset(place) == 0
    await page.send(clip, place)


async def test_uploads_of_others_are_not_there(
    stage: Stage, web: httpx.AsyncClient, page: UploadPage, clip: Path
) -> None:
    place = (await page.begin(clip)).headers["location"]
    bob = await UploadPage.opened(web, await link_of(await stage.meet(7, "Bob")))
    assert await bob.listed() == []
    assert (await web.head(place, headers=bob.headers)).status_code == 404
    assert (await web.delete(place, headers=bob.headers)).status_code == 404
    assert (await bob.piece(place, 0, content_of(clip))).status_code == 404
    for odd in ("/api/uploads/..%2f..%2fclipcue.db", "/api/uploads/" + "0" * 32):
        assert (await web.head(odd, headers=bob.headers)).status_code == 404
    assert (await web.head(place, headers=WORDS)).status_code == 401


async def test_an_upload_can_be_taken_back(stage: Stage, page: UploadPage, clip: Path) -> None:
    place = (await page.begin(clip)).headers["location"]
    await page.piece(place, 0, content_of(clip)[:1000])
    assert (await page.http.delete(place, headers=page.headers)).status_code == 204
    assert (await page.piece(place, 1000, b"more")).status_code == 410
    assert (await page.http.head(place, headers=page.headers)).status_code == 410
    assert not stage.clips_on_disk
    assert await page.listed() == []


async def test_what_is_no_video_is_refused_on_the_page_and_in_the_chat(
    stage: Stage, page: UploadPage, lena: Person, clip: Path
) -> None:
    for name, content in (
        ("archive.mp4", b"PK\x03\x04" + bytes(3000)),
        ("program.mp4", b"MZ\x90\x00" + bytes(3000)),
        ("playlist.mp4", b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n" * 50),
    ):
        file = file_of(stage.folder, name, content)
        place = (await page.begin(file)).headers["location"]
        assert (await page.piece(place, 0, content)).status_code == 410, name
        await lena.see(f"“{name}”\nI cannot read that file as a video")
        assert (await page.listed())[-1]["reason"].startswith("I cannot read that file")
    cut = file_of(stage.folder, "cut.mp4", content_of(clip)[:20_000])
    await page.upload(cut)
    await lena.see("“cut.mp4”\nI cannot read that file as a video")
    await stage.until(lambda: not stage.clips_on_disk)


async def test_what_tiktok_would_not_take_is_made_to_fit_in_the_chat(
    page: UploadPage, lena: Person, tmp_path: Path
) -> None:
    film = Oddity(name="IMG_3.mkv", fps=120).make(tmp_path)
    await page.upload(film)
    told = await lena.see("TikTok would not take this clip")
    assert told.text.startswith("⬆️ “IMG_3.mkv”")
    assert "it has 120 frames a second; TikTok takes 60 at most" in told.text
    assert (await page.listed())[-1]["state"] == "done"
    await lena.tap("🛠 Make it fit", message=told)
    card = await lena.see("✅ Your clip fits now", timeout=60)
    assert "📝 Draft" in card.text


async def test_a_file_that_changed_on_the_way_is_refused(
    page: UploadPage, lena: Person, clip: Path
) -> None:
    place = (await page.begin(clip, sample="0" * 64)).headers["location"]
    await page.send(clip, place)
    await lena.see("The file changed while it was sent")
    assert (await page.listed())[0]["reason"].startswith("The file changed")


async def test_names_lead_nowhere(stage: Stage, page: UploadPage, lena: Person, clip: Path) -> None:
    await page.upload(clip, filename="../../../etc/<b>pass\u202ewd\x00.mp4")
    card = await lena.see("Your clip is here")
    assert "<b>passwd.mp4" in card.text
    (kept,) = stage.clips_on_disk
    assert kept.parent == stage.folder / "data" / "clips"


@pytest.mark.parametrize(
    ("limits", "status", "told"),
    [
        ({"STORAGE_QUOTA_MB": "1"}, 413, "Your clips take"),
        ({"STORAGE_SPARE_MB": "99000000"}, 507, "My disk is nearly full"),
    ],
)
async def test_without_room_no_clip_is_taken(
    unstarted: Stage, clip: Path, limits: dict[str, str], status: int, told: str
) -> None:
    unstarted.environment.update(limits)
    await unstarted.start_bot()
    ana = await unstarted.meet()
    async with httpx.AsyncClient(base_url=unstarted.bot_url, verify=False) as http:  # noqa: S501
        page = await UploadPage.opened(http, await link_of(ana))
        answer = await page.begin(clip, length=2_000_000)
        assert (answer.status_code, answer.json()["detail"][: len(told)]) == (status, told)
        too_large = await page.begin(clip, length=(4 << 30) + 1)
        assert too_large.status_code == 413
        assert (await page.begin(clip, length=0)).status_code == 400
    sent = await ana.send_clip(unstarted.clip("large.mp4", pad_to=3_000_000), as_="document")
    await ana.see(told, after=sent)
    assert not unstarted.clips_on_disk


async def test_uploads_have_a_bound_and_an_end(stage: Stage, page: UploadPage, clip: Path) -> None:
    for _ in range(20):
        assert (await page.begin(clip)).status_code == 201
    answer = await page.begin(clip)
    assert (answer.status_code, answer.json()["detail"]) == (
        429,
        "There are 20 uploads under way already: end some first.",
    )
    await stage.stop_bot()
    stage.clock.jump(timedelta(days=1, seconds=1))
    await stage.start_bot()
    await stage.until(lambda: not stage.clips_on_disk)
    await stage.until(lambda: not stage.ask("SELECT 1 FROM uploads WHERE state = 'open'"))


async def test_abilities_are_told_to_any_client(web: httpx.AsyncClient) -> None:
    answer = await web.options("/api/uploads")
    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-max-size"] == str(4 << 30)
    assert answer.headers["tus-extension"] == "creation,checksum,expiration,termination"


async def test_a_clip_of_the_page_is_sent_back_as_a_preview(
    page: UploadPage, lena: Person, clip: Path
) -> None:
    await page.upload(clip)
    card = await lena.see("Your clip is here")
    await lena.tap("Preview", message=card)
    await lena.see("This is your clip as TikTok gets it", after=card)


async def test_one_connection_writes_at_a_time(page: UploadPage, clip: Path) -> None:
    content, go_on = content_of(clip), asyncio.Event()
    place = (await page.begin(clip)).headers["location"]

    async def slowly() -> AsyncIterator[bytes]:
        yield content[:100]
        await go_on.wait()
        yield content[100:]

    length = {"Content-Length": str(len(content))}
    first = asyncio.create_task(page.piece(place, 0, slowly(), headers=length))
    await asyncio.sleep(0.3)
    assert (await page.piece(place, 0, content)).status_code == 423
    go_on.set()
    assert (await first).status_code == 204
    assert await page.offset(place) == len(content)
