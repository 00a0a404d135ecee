"""A clip of a gigabyte over the upload page: three cut connections, one killed server, then TikTok.

The bot is a process of its own. The page's side is what its script does, one piece after another
with its checksum, and runs in this process; so do both far ends. How fast pieces are taken in is
measured over another upload that nothing disturbs, against `curl -T` of the same file to a bare
sink. A clip that arrives at TikTok changed, or twice, ends the benchmark.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from statistics import median
from time import perf_counter

import httpx

from benchmarks.memory import MB, SETTLE, Peak
from benchmarks.table import Row, note
from benchmarks.upload import curl, sink, write_certificate
from sandbox.samples import make_clip
from sandbox.telegram import Person
from tests.clock import Clock
from tests.process.bot_process import BotProcess
from tests.stage import Stage, staged
from tests.upload_page import PIECE, UploadPage

SIZE = 1_000_000_000
ROUNDS = 3
CUTS = (0.2, 0.4, 0.6)
"""How far the upload is when its connection is cut, of the whole."""
KILL = 0.8


async def measure(folder: Path, *, size: int = SIZE, rounds: int = ROUNDS) -> list[Row]:
    note(f"{size // MB} MB over the upload page, with {len(CUTS)} cuts and a kill")
    clip = await asyncio.to_thread(make_clip, folder / "IMG_1.mp4", pad_to=size)
    certificate = folder / "sink.pem"
    await asyncio.to_thread(write_certificate, certificate)
    async with staged(folder, Clock()) as stage, sink(certificate) as (plain, _):
        stage.environment["STORAGE_QUOTA_MB"] = "100000"
        async with BotProcess(stage.variables(), folder) as bot:
            await bot.start()
            ana = await stage.meet()
            await stage.connect(ana)
            await asyncio.sleep(SETTLE)
            with Peak(bot.pid) as idle:
                await asyncio.sleep(SETTLE)
            ours, theirs, peaks = [], [], []
            for _ in range(rounds):
                seconds, peak = await _undisturbed(stage, bot, ana, clip)
                ours.append(size / MB / seconds)
                peaks.append(peak - idle.megabytes)
                begun = perf_counter()
                await curl(plain, clip, certificate)
                theirs.append(size / MB / (perf_counter() - begun))
            await _disturbed(stage, bot, ana, clip)
            await bot.stop()
    return [
        Row(
            what="clip over the upload page",
            unit="MB/s",
            ours=median(ours),
            baseline=median(theirs),
            against="curl -T to a bare sink",
        ),
        Row(
            what=f"memory above idle, {size // MB} MB over the upload page",
            unit="MB",
            ours=max(peaks),
            baseline=idle.megabytes,
            against="the bot when idle, in all",
        ),
    ]


async def _undisturbed(
    stage: Stage, bot: BotProcess, ana: Person, clip: Path
) -> tuple[float, float]:
    """Seconds from the first byte to the answer that all are on the disk, and the bot's MB then."""
    async with _http(bot) as http:
        page = await UploadPage.opened(http, await _link(ana))
        place = (await page.begin(clip)).headers["location"]
        with Peak(bot.pid) as peak:
            begun = perf_counter()
            await page.send(clip, place)
            seconds = perf_counter() - begun
        card = await ana.see("Your clip is here", timeout=60)
        await ana.tap("Discard", message=card)
        asked = await ana.see("Discard this draft?", after=card)
        await ana.tap("Discard", message=asked)
        await stage.until(lambda: not stage.ask("SELECT 1 FROM posts"), timeout=20)
    return seconds, peak.megabytes


async def _disturbed(stage: Stage, bot: BotProcess, ana: Person, clip: Path) -> None:
    """Upload with everything in the way, publish, and compare what TikTok got."""
    size = (await asyncio.to_thread(clip.stat)).st_size
    digest = await asyncio.to_thread(_digest, clip)
    async with _http(bot) as http:
        page = await UploadPage.opened(http, await _link(ana))
        place = (await page.begin(clip)).headers["location"]
        for share in CUTS:
            await page.send(clip, place, until=int(size * share))
            await _cut(page, place)
        await page.send(clip, place, until=int(size * KILL))
        sending = asyncio.create_task(page.send(clip, place))
        await asyncio.sleep(0.02)
        await bot.kill()
        await asyncio.wait({sending})
        if sending.exception() is None:
            raise RuntimeError("the killed server took all pieces")
        await bot.start()
        await page.send(clip, place)
    await ana.see("Your clip is here", timeout=60)
    await stage.write_post(ana)
    await stage.post_now(ana)
    await ana.see("Published", timeout=60)
    (post,) = stage.tiktok.posts
    if (post.sha256, post.size) != (digest, size):
        raise RuntimeError("TikTok got another clip than was uploaded")


async def _cut(page: UploadPage, place: str) -> None:
    """Send half a piece, then let go of the line."""
    offset = await page.offset(place)

    async def half() -> AsyncIterator[bytes]:
        yield bytes(PIECE // 2)
        await asyncio.sleep(0.2)
        raise ConnectionResetError

    # With a checksum that was promised and cannot be compared, these zeros must not count.
    try:
        await page.piece(
            place, offset, half(), digest=bytes(32), headers={"Content-Length": str(PIECE)}
        )
    except ConnectionResetError:
        return
    raise RuntimeError("the connection was not cut")


def _http(bot: BotProcess) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=bot.url, timeout=60, verify=False)  # noqa: S501 - plain HTTP


async def _link(person: Person) -> str:
    sent = await person.send("/upload")
    told = await person.see("Clips of up to 4 GB", after=sent)
    return await person.tap("Open the upload page", message=told) or ""


def _digest(clip: Path) -> str:
    with clip.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
