"""Pictures of the main conversations in every language: `python -m tests.browser.tour OUT`.

They are for people to look at: is anything cut, untranslated, or ugly? Each language has a folder
of its own in OUT, with the screens in the order that a creator comes upon them.
"""

import asyncio
import sys
import tempfile
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

from playwright.async_api import Browser, ViewportSize

from bot.language import LANGUAGES
from sandbox.samples import make_clip
from sandbox.tiktok import FailProcessing, Fault, Refuse
from tests.browser.chromium import chromium
from tests.browser.tourist import Tourist
from tests.clock import Clock
from tests.creator.conftest import NOON
from tests.stage import staged

CLIPS = [f"IMG_{number}.mp4" for number in range(1, 6)]
LOCALES = {"en": "en-GB", "es": "es-ES", "ru": "ru-RU"}
SCREEN: ViewportSize = {"width": 390, "height": 1900}
"""As wide as a phone, and tall enough for every screen."""
CAPTION = {
    "en": "tomorrow 18:00 Lemon tart in ten minutes #recipe #lemon",
    "es": "mañana 18:00 Tarta de limón en diez minutos #receta #limón",
    "ru": "завтра 18:00 Лимонный тарт за десять минут #рецепт #лимон",
}
TIMES = {
    "en": ("in 2h", "tomorrow 20:00", "fri 9am"),
    "es": ("en 2 horas", "mañana 20:00", "viernes 9:00"),
    "ru": ("через 2 часа", "завтра 20:00", "в пятницу в 9"),
}


async def main(out: Path) -> None:
    async with chromium() as browser:
        for language in sys.argv[2:] or LANGUAGES:
            folder = out / language
            folder.mkdir(parents=True, exist_ok=True)
            for old in folder.glob("*.png"):
                old.unlink()
            with tempfile.TemporaryDirectory() as scratch:
                await _tour(browser, language, folder, Path(scratch))
            sys.stdout.write(f"{folder}: {len(list(folder.iterdir()))} screens\n")


async def _tour(browser: Browser, language: str, folder: Path, scratch: Path) -> None:
    async with AsyncExitStack() as stack:
        stage = await stack.enter_async_context(staged(scratch, Clock(NOON)))
        stage.environment["TIKTOK_VIDEO_LIST"] = "true"
        stage.tiktok.access_lifetime = 90 * 24 * 3600
        app = await stage.start_bot()
        context = await browser.new_context(
            viewport=SCREEN,
            device_scale_factor=1.5,
            locale=LOCALES[language],
            timezone_id="Europe/Madrid",
        )
        stack.push_async_callback(context.close)
        page = await context.new_page()
        person = stage.telegram.person(42, first_name="Lena", language_code=language)
        await page.goto(f"{stage.ends_url}/telegram/?person=42&name=Lena&language={language}")
        tourist = Tourist(stage=stage, person=person, page=page, language=language, folder=folder)
        clip = make_clip(scratch / "IMG_1.mp4", seconds=2)
        await _arriving(tourist)
        await _connecting(tourist)
        await _one_post(tourist, clip)
        await _outcomes(tourist, clip)
        await _lists(tourist)
        await _bulk(tourist, clip)
        await app.services.upkeep.count_views()
        await _numbers(tourist)
        await _rest(tourist)
        for label in tourist.cut:
            sys.stdout.write(f"{language}: a small phone cuts “{label}”\n")


async def _arriving(tourist: Tourist) -> None:
    await tourist.say("/start", "start")
    await tourist.say("/help", "help")
    await tourist.say("/nonsense", "unknown-command")
    await tourist.say("hello", "nothing-expected")
    for command in ("posts", "calendar", "stats", "templates", "accounts", "mydata"):
        await tourist.say(f"/{command}", f"empty-{command}")
    await tourist.say("/cancel", "cancel")


async def _connecting(tourist: Tourist) -> None:
    asked = await tourist.say("/connect", "connect")
    (url,) = [each.url for row in asked.buttons for each in row if each.url]
    page = await tourist.page.context.new_page()
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto(url)
    await page.screenshot(path=tourist.folder / "900-consent.png")
    await page.get_by_role("button", name="Authorize").click()
    await page.get_by_role("heading").wait_for()
    await page.screenshot(path=tourist.folder / "901-connected.png")
    await page.goto(url)
    await page.get_by_role("button", name="Authorize").click()
    await page.get_by_role("heading").wait_for()
    await page.screenshot(path=tourist.folder / "902-used.png")
    await page.close()
    await tourist.arrive("connected", after=asked)


async def _one_post(tourist: Tourist, clip: Path) -> None:
    """A clip becomes a post: each screen of its card, to the schedule."""
    card = await tourist.send_clip(clip, CAPTION[tourist.language], "card-new")
    await tourist.tap("🕒 When", "when")
    day = await tourist.tap("📅 Pick a day", "pick-day")
    hour = await tourist.press("15", day, "pick-hour")
    minute = await tourist.press(hour.labels[4], hour, "pick-minute")
    await tourist.press(minute.labels[1], minute, "picked")
    await tourist.tap("🕒 When")
    await tourist.say("???", "time-not-understood")
    await tourist.say(TIMES[tourist.language][0], "card-timed")
    await tourist.tap("💬 Caption", "caption")
    await tourist.say(CAPTION[tourist.language].split(" ", 2)[2] + " @lena.cooks", "card-captioned")
    await tourist.tap("🗓 Schedule", "almost-there")
    await tourist.tap("‹ Back")
    await tourist.tap("👁 Privacy", "privacy")
    await tourist.tap("Everyone", "card-private")
    screen = await tourist.tap("🤝 Interactions", "interactions")
    await tourist.press(screen.labels[0], screen, "interactions-on")
    await tourist.tap("‹ Back")
    screen = await tourist.tap("🏷 Disclosure", "disclosure")
    screen = await tourist.press(screen.labels[0], screen, "disclosure-on")
    screen = await tourist.press(screen.labels[1], screen, "disclosure-brand")
    await tourist.press(screen.labels[2], screen, "disclosure-both")
    await tourist.tap("‹ Back", "card-complete")
    await tourist.tap("👤 Account", "account")
    await tourist.tap("‹ Back")
    await tourist.tap("🖼 Cover", "cover")
    await tourist.tap("2", "card-cover")
    await tourist.tap("▶️ Preview", "preview")
    await tourist.tap("🗑 Discard", "discard")
    await tourist.tap("‹ Back")
    await tourist.tap("🗓 Schedule", "consent")
    card = await tourist.tap("✅ Agree and schedule", "scheduled")
    await tourist.open_each(card, "scheduled", without={"🚀 Post now"})


async def _outcomes(tourist: Tourist, clip: Path) -> None:
    """The notices of how posts end."""
    tourist.stage.clock.jump(timedelta(hours=2))
    await tourist.arrive("published")
    faults = tourist.stage.tiktok.faults
    faults.add(Fault(endpoint="processing", kind=FailProcessing(reason="spam_risk_text")))
    card = await tourist.post_now(clip)
    told = await tourist.arrive("failed", after=card)
    await tourist.open_each(told, "failed")
    kind = Refuse(status=200, code="privacy_level_option_mismatch")
    faults.add(Fault(endpoint="video/init", kind=kind))
    card = await tourist.post_now(clip)
    told = await tourist.arrive("held", after=card)
    await tourist.open_each(told, "held")


async def _lists(tourist: Tourist) -> None:
    listed = await tourist.say("/posts", "posts")
    await tourist.open_each(listed, "posts", again="/posts")
    month = await tourist.say("/calendar", "calendar")
    (noon,) = [label for label in month.labels if f"{NOON.day}" in label]
    await tourist.press(noon, month, "calendar-day")
    await tourist.say("/calendar")
    await tourist.tap("🖼 As a picture", "calendar-picture")


async def _bulk(tourist: Tourist, clip: Path) -> None:
    await tourist.say("/bulk", "bulk-empty")
    for name in CLIPS:
        await tourist.person.send_clip(clip, file_name=name)
    batch = await tourist.wait_for(lambda newest: str(len(CLIPS)) in newest.labels, "bulk")
    await tourist.open_each(batch, "bulk", without={"Leave", "🗑 Discard all"})
    await tourist.say("/bulk")
    await tourist.tap("👁 Privacy")
    await tourist.tap("Everyone")
    times = await tourist.tap("🕒 Times")
    batch = await tourist.press(times.labels[1], times, "bulk-planned")
    await tourist.tap("🗓 Schedule all", "bulk-consent")
    await tourist.tap("✅ Agree and schedule all", "bulk-scheduled")


async def _numbers(tourist: Tourist) -> None:
    await tourist.say("/stats", "stats")
    await tourist.wait_for(lambda newest: newest.has_photo, "stats-picture")


async def _rest(tourist: Tourist) -> None:
    for command in ("settings", "accounts", "templates", "mydata"):
        screen = await tourist.say(f"/{command}", command)
        await tourist.open_each(screen, command, again=f"/{command}")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
