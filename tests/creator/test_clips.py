"""What creators send: clips in every shape, and everything that is no clip."""

import signal
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil

from sandbox.crafted import packed_index, zipped
from sandbox.samples import make_clip
from sandbox.telegram import Person
from tests.stage import Stage

LIMIT = 20 << 20
DAMAGED = "I cannot read that file as a video."


def file_of(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def content_of(path: Path) -> bytes:
    return path.read_bytes()


async def test_things_that_are_no_clip_are_answered_kindly(stage: Stage, ana: Person) -> None:
    file = file_of(stage.folder, "some.bin", b"\xff\xd8\xff some bytes")
    await ana.send_voice(file)
    await ana.send_sticker(file)
    await ana.send_clip(file, as_="document", file_name="menu.pdf")
    await stage.until(lambda: ana.count("I can post clips and photos. Send me a video") == 3)
    await ana.send_clip(file, as_="video_note")
    await ana.see("That is a round video message")
    typed = await ana.send("post my thing please")
    await ana.see("I was not waiting for a text", after=typed)
    assert not stage.clips_on_disk


async def test_damaged_files_are_refused_and_not_kept(
    stage: Stage, ana: Person, clip: Path
) -> None:
    whole = content_of(clip)
    for name, content in (
        ("empty.mp4", b""),
        ("noise.mp4", bytes(range(256)) * 400),
        ("no-index.mp4", whole[: whole.index(b"moov")]),
        ("half.mp4", whole[: len(whole) // 2]),
        ("playlist.mp4", b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"),
        ("archive.mp4", zipped(whole)),
        ("program.mp4", b"MZ" + b"\x90\0\3\0" * 10_000),
        ("bomb.mp4", packed_index(64 << 20)),
    ):
        sent = await ana.send_clip(file_of(stage.folder, name, content), as_="document")
        told = await ana.see(DAMAGED, after=sent)
        assert "send it again" in told.text, name
        assert not stage.clips_on_disk, name


async def test_a_clip_that_keeps_its_reader_busy_is_given_up(
    stage: Stage, ana: Person, clip: Path
) -> None:
    """Its reader is ended here as the kernel ends it when its time is over."""

    def readers() -> list[psutil.Process]:
        return [
            each for each in psutil.Process().children() if "core.media.reader" in each.cmdline()
        ]

    busy = file_of(stage.folder, "busy.mp4", packed_index(400 << 20))
    sent = await ana.send_clip(busy, as_="document")
    await stage.until(lambda: bool(readers()))
    readers()[0].send_signal(signal.SIGALRM)

    told = await ana.see("I could not read that file in time.", after=sent)
    assert "send it once more in a minute" in told.text
    assert not stage.clips_on_disk
    await stage.draft(ana, clip)


async def test_what_tiktok_would_refuse_is_told_at_once(
    stage: Stage, ana: Person, tmp_path: Path
) -> None:
    cheap: dict[str, Any] = {"seconds": 1, "width": 360, "height": 640, "fps": 24, "audio": False}
    for name, how, reasons in (
        ("small", {"width": 240, "height": 320}, ["its shorter side has 240 pixels"]),
        ("codec", {"codec": "mpeg4"}, ["its codec is mpeg4"]),
        ("slow", {"fps": 10}, ["it has 10 frames a second; TikTok wants 23"]),
        (
            "both",
            {"fps": 10, "width": 320, "height": 240},
            ["its shorter side has 240 pixels", "it has 10 frames a second"],
        ),
    ):
        path = make_clip(tmp_path / f"{name}.mp4", **{**cheap, **how})
        sent = await ana.send_clip(path, as_="document")
        told = await ana.see("TikTok would not take this clip:", after=sent)
        for reason in reasons:
            assert reason in told.text
        assert told.text.count("•") == len(reasons)
        await ana.tap("Discard", message=told)
        await ana.see("🗑 Discarded.", after=sent)
        assert not stage.clips_on_disk


async def test_a_file_above_telegrams_limit_is_refused_before_it_is_fetched(
    stage: Stage, ana: Person, clip: Path
) -> None:
    big = stage.folder / "big.mp4"
    with big.open("wb") as file:
        file.truncate(LIMIT + 1)

    sent = await ana.send_clip(big)
    told = await ana.see("That clip is too big for Telegram to hand over.", after=sent)
    assert "Send it over the upload page instead" in told.text
    assert not [call for call in stage.telegram.calls if call.method == "getFile"]

    stage.telegram.faults.refuse("getFile", "file is too big")  # its size was not told
    sent = await ana.send_clip(clip)
    await ana.see("That clip is too big for Telegram to hand over.", after=sent)
    assert not stage.clips_on_disk

    await stage.draft(ana, clip)


async def test_a_clip_longer_than_the_account_may_post(stage: Stage, tmp_path: Path) -> None:
    sam = await stage.creator(name="Sam", username="short.sam")
    long = make_clip(tmp_path / "long.mp4", seconds=70, width=360, height=640, fps=23, audio=False)
    await stage.draft(sam, long, caption="in 2h Seventy seconds")
    await stage.write_post(sam)

    for button in ("Schedule", "Post now"):
        told = await stage.open(sam, button, "This clip is too long for that account.")
        assert "It lasts 1:10; TikTok lets this account post 1:00 at most." in told.text
        await sam.tap("Back", message=told)
        await sam.see("📝 Draft", after=told)

    await stage.connect(sam, username="lena.cooks")
    chooser = await stage.open(sam, "Account", "Which account does it go to?")
    await sam.tap("Lena Cooks", message=chooser)
    await sam.see("👤 Lena Cooks", after=chooser)
    await stage.write_post(sam)
    await stage.schedule(sam)


async def test_an_account_that_may_post_less_by_its_time(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.scheduled(lena, clip)
    stage.tiktok.creators["lena.cooks"].max_video_post_duration_sec = 0

    stage.clock.jump(timedelta(hours=2, minutes=1))

    told = await lena.see("❌ Not published on @lena.cooks")
    assert "The clip is longer than TikTok allows this account." in told.text
    assert not stage.tiktok.state.uploads


async def test_a_download_that_breaks_off_is_begun_again(
    stage: Stage, lena: Person, clip: Path
) -> None:
    stage.downloads.to_break = 1

    await stage.draft(lena, clip)

    assert stage.downloads.to_break == 0
    assert len(stage.clips_on_disk) == 1
    assert content_of(stage.clips_on_disk[0]) == content_of(clip)


async def test_a_file_that_telegram_does_not_hand_over(
    stage: Stage, ana: Person, clip: Path
) -> None:
    stage.telegram.faults.refuse("getFile", "wrong file_id or the file is temporarily unavailable")

    sent = await ana.send_clip(clip)

    await ana.see("Telegram did not hand over the clip. Please send it once more.", after=sent)
    await stage.draft(ana, clip)
    assert len(stage.clips_on_disk) == 1


async def test_a_disk_that_refuses_is_said_once_and_clearly(
    stage: Stage, ana: Person, clip: Path
) -> None:
    incoming = stage.folder / "data" / "clips" / "incoming"
    incoming.rmdir()
    incoming.touch()

    sent = await ana.send_clip(clip)
    told = await ana.see("my disk refuses it", after=sent)
    assert "keep the clip on your phone" in told.text

    incoming.unlink()
    incoming.mkdir()
    await stage.draft(ana, clip)
    assert ana.count("Something went wrong") == 0


async def test_a_file_name_never_becomes_a_path(stage: Stage, ana: Person, clip: Path) -> None:
    sent = await ana.send_clip(clip, as_="document", file_name="../../../../tmp/<b>evil</b>.mp4")
    await ana.see("📝 Draft", after=sent)
    assert len(stage.clips_on_disk) == 1
    assert stage.clips_on_disk[0].parent == stage.folder / "data" / "clips"


async def test_the_clip_can_be_seen_again_as_it_was_sent(
    stage: Stage, lena: Person, clip: Path
) -> None:
    for as_ in ("video", "document", "animation"):
        sent = await lena.send_clip(clip, as_=as_)
        card = await lena.see("📝 Draft", after=sent)
        await lena.tap("Preview", message=card)
        await stage.until(lambda: lena.chat[-1].from_bot and lena.chat[-1].media is not None)
        assert lena.chat[-1].media == as_
