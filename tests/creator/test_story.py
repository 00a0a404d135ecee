"""The main job: connect TikTok, send a clip, schedule it, be told that it is live."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.telegram import Person
from tests.clock import Clock
from tests.stage import Stage, staged

CAPTION = "New recipe 🍋🥘 #food #lemon @lena"


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@pytest.mark.parametrize(
    ("size", "as_"), [(3_000_000, "video"), (None, "document"), (None, "animation")]
)
async def test_a_clip_goes_from_the_phone_to_tiktok_at_its_time(
    stage: Stage, ana: Person, size: int | None, as_: str
) -> None:
    await stage.connect(ana)
    await stage.set_zone(ana)
    clip = stage.clip("IMG_1.mp4", pad_to=size)

    await ana.send_clip(clip, as_=as_)  # type: ignore[arg-type]
    await stage.write_post(ana, caption=CAPTION, when="in 2h", privacy="Everyone")
    await ana.tap("Schedule")
    confirm = await ana.see("By posting, you agree to TikTok's Music Usage Confirmation.")
    assert "Lena Cooks" in confirm.text
    await ana.tap("Agree and schedule")
    await ana.see("✅ Scheduled.")
    assert stage.tiktok.uploads == [], "no byte goes out before its time"

    stage.clock.jump(timedelta(hours=2, minutes=1))
    live = await ana.see("Published on", timeout=20)

    (post,) = stage.tiktok.posts
    assert post.sha256 == sha256(clip)
    assert post.title == CAPTION
    assert post.privacy_level == "PUBLIC_TO_EVERYONE"
    assert post.username == "lena.cooks"
    assert post.disable_comment and post.disable_duet and post.disable_stitch
    assert f"/@lena.cooks/video/{post.post_id}" in live.text
    assert "New recipe" in live.text
    assert ana.count("Published on") == 1


async def test_a_big_clip_goes_to_tiktok_in_chunks(tmp_path: Path) -> None:
    """70 MB, fetched by a Bot API server of the operator's own, since Telegram's cloud refuses."""
    async with staged(tmp_path, Clock(), local=True) as stage:
        stage.environment["TELEGRAM_LOCAL_MODE"] = "true"
        await stage.start_bot()
        ana = stage.person()
        await ana.send("/start")
        await stage.connect(ana, username="quiet_max")
        clip = stage.clip("big.mp4", pad_to=70_000_000)
        digest = sha256(clip)

        await ana.send_clip(clip, caption=CAPTION)
        await stage.write_post(ana, privacy="Followers")
        await stage.post_now(ana)
        await ana.see("Published on", timeout=30)

        (post,) = stage.tiktok.posts
        assert (post.sha256, post.size) == (digest, 70_000_000)
        assert (post.title, post.privacy_level) == (CAPTION, "FOLLOWER_OF_CREATOR")
        sent = [call for call in stage.tiktok.calls if call.endpoint == "upload"]
        assert [call.status for call in sent] == [206] * 6 + [201]
        assert ana.count("Published on") == 1
