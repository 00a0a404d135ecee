"""The process is killed while a clip comes over the upload page, and when it has just come."""

import asyncio
import hashlib
from pathlib import Path

import httpx

from sandbox.telegram import Person
from tests.process.bot_process import BotProcess
from tests.stage import Stage
from tests.upload_page import PIECE, UploadPage

SIZE = 40_000_000


async def test_a_killed_bot_goes_on_with_what_it_has(
    stage: Stage, bot: BotProcess, ana: Person
) -> None:
    clip = stage.clip("IMG_9.mov", pad_to=SIZE)
    digest = hashlib.sha256(await asyncio.to_thread(clip.read_bytes)).hexdigest()
    async with httpx.AsyncClient(base_url=bot.url, timeout=20, verify=False) as http:  # noqa: S501 - plain HTTP
        page = await UploadPage.opened(http, await _link(ana))
        place = (await page.begin(clip)).headers["location"]
        await page.send(clip, place, until=3 * PIECE)

        sending = asyncio.create_task(page.send(clip, place))
        await stage.until(lambda: _size_on_disk(stage, place) > 4 * PIECE, timeout=15)
        await bot.kill()
        await asyncio.wait({sending})
        assert isinstance(sending.exception(), httpx.TransportError)
        await bot.start()
        offset = await page.offset(place)
        assert offset >= 4 * PIECE and offset % PIECE == 0, "whole pieces, checked by their sums"

        await page.send(clip, place)
        await bot.kill()  # before, while or after it became a clip
        await bot.start()
        await ana.see("Your clip is here", timeout=20)
        await stage.until(lambda: not _left(stage), timeout=15)
    assert stage.ask("SELECT count(*) AS posts FROM posts")[0]["posts"] == 1
    assert [row["sha256"] for row in stage.ask("SELECT sha256 FROM clips")] == [digest]
    assert await bot.stop() == 0


async def _link(person: Person) -> str:
    sent = await person.send("/upload")
    told = await person.see("Clips of up to 4 GB", after=sent)
    url = await person.tap("Open the upload page", message=told)
    assert url is not None
    return url


def _left(stage: Stage) -> list[Path]:
    return list((stage.folder / "data" / "clips" / "uploads").iterdir())


def _size_on_disk(stage: Stage, place: str) -> int:
    name = place.rpartition("/")[2]
    return (stage.folder / "data" / "clips" / "uploads" / name).stat().st_size
