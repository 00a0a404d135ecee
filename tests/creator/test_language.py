"""The language a creator reads: theirs, in every text, button, notice and page."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.callbacks import AccountTap, AccountVerb, DataTap, DataVerb
from bot.language import LANGUAGES
from bot.views.words import COMMANDS
from sandbox.telegram import Person
from sandbox.tiktok import FailProcessing, Fault
from tests.pseudo import PSEUDO, pseudo, speak_pseudo, untranslated
from tests.stage import Stage, a_browser

NAMES = ["Lena Cooks", "Lena", "lena.cooks", "Quiet Max", "quiet_max", "some_new_word"]
NAMES += ["New recipe", "Soon", "food", "Europe/Madrid", "Madrid", "America/New_York", "New York"]
ANSWERS = ["31 feb", "no time at all", "x" * 2300]
NAMES += [*ANSWERS, "yesterday", "/dance", "IMG_1", ".mp4", "clipcue_sandbox_bot", PSEUDO]
LEFT_OUT = (f":{AccountVerb.DISCONNECT_SURE}", f":{DataVerb.ERASE_SURE}", ":en", ":es", ":ru")
"""What ends the story, or leaves the language."""
MOST_TAPS = 600
TAPPED_AGAIN = 2
"""How often a kind of button is tapped: ids, times and places make no new kind."""


def chooses(stage: Stage, person: Person, language: str) -> None:
    """The person sets their Telegram to another language."""
    stage.telegram.chats[person.id].user["language_code"] = language


async def test_a_choice_of_their_own_comes_before_telegrams_language(
    stage: Stage, lena: Person
) -> None:
    sent = await lena.send("/settings")
    await lena.see("Language: English, as in Telegram", after=sent)
    chooses(stage, lena, "de")
    sent = await lena.send("/settings")
    shown = await lena.see("Language: English", after=sent)
    assert "as in Telegram" not in shown.text
    chooses(stage, lena, "ru-RU")
    sent = await lena.send("/settings")
    shown = await lena.see("Русский", after=sent)
    await lena.tap(data="s1:language:", message=shown)
    asked = await lena.see("", after=shown)
    assert [label.removeprefix("● ") for label in asked.labels[:3]] == list(LANGUAGES.values())

    await lena.tap("English", message=asked)
    shown = await lena.see("Language: English", after=asked)
    assert "as in Telegram" not in shown.text
    await stage.stop_bot()
    await stage.start_bot()
    sent = await lena.send("/settings")
    shown = await lena.see("Language: English", after=sent)

    await lena.tap("Language", message=shown)
    asked = await lena.see("Which language shall I speak?", after=shown)
    assert "● English" in asked.labels
    await lena.tap("As in Telegram", message=asked)
    await lena.see("Русский", after=asked)


async def test_a_language_that_nobody_offers_is_no_choice(stage: Stage, lena: Person) -> None:
    await lena.send("/settings")
    shown = await lena.see("Settings")
    for language in ("de", "qps", "../es", "EN"):
        await lena.tap(data=f"s1:setlanguage:{language}", message=shown)
    await stage.until(lambda: lena.count("That button is from an older version of me.") == 4)
    sent = await lena.send("/settings")
    await lena.see("as in Telegram", after=sent)


async def test_commands_are_described_in_each_language(stage: Stage) -> None:
    await stage.meet()
    described = stage.telegram.profile.commands
    assert {language for _scope, language in described} == {"", "es", "ru"}
    for commands in described.values():
        assert [each["command"] for each in commands] == list(COMMANDS)


async def test_pages_speak_the_browsers_language(stage: Stage) -> None:
    speak_pseudo(stage.folder)
    async with a_browser() as browser:
        for language, lang, title in (
            (PSEUDO, PSEUDO, pseudo("This link is not known here")),
            ("de", "en", "This link is not known here"),
        ):
            page = await browser.get(
                f"{stage.bot_url}/api/social/tiktok/callback?state=x&code=y",
                headers={"Accept-Language": f"{language},en;q=0.5"},
            )
            assert f'<html lang="{lang}">' in page.text
            assert title in page.text


class Reader:
    """Lena from now on reads the made-up language; collects what is not in it."""

    def __init__(self, stage: Stage, person: Person) -> None:
        self._stage = stage
        self._person = person
        self._from = len(stage.telegram.calls)
        self.tapped: Counter[str] = Counter()

    async def settled(self) -> None:
        """Wait until all that was sent and tapped is worked off, and nothing is owed."""
        await self._stage.until(lambda: not self._stage.telegram.updates.waiting, timeout=20)
        async with asyncio.timeout(20):
            while await asyncio.to_thread(self._owed):  # noqa: ASYNC110 - its database tells nobody
                await asyncio.sleep(0.01)

    def _owed(self) -> bool:
        busy = "SELECT 1 FROM telegram_updates WHERE done_at IS NULL"
        return bool(self._stage.ask(busy))

    async def tap_everything(self) -> None:
        """Tap whatever was tapped least, so that one finds back to what a screen has hidden."""
        for _ in range(MOST_TAPS):
            message, data = min(self._buttons(), key=lambda found: self.tapped[_kind(found[1])])
            if self.tapped[_kind(data)] == TAPPED_AGAIN:
                return
            self.tapped[_kind(data)] += 1
            await self._person.tap(data=data, message=message)
            await self.settled()
        raise AssertionError("there is no end of buttons")

    def _buttons(self) -> Iterator[tuple[Any, str]]:
        for message in reversed(self._person.chat):
            for row in message.buttons:
                for button in row:
                    if button.data and not button.data.endswith(LEFT_OUT):
                        yield message, button.data

    def plain_words(self) -> dict[str, list[str]]:
        """Each text or label the bot sent that has words of no translation, with these words."""
        found = {}
        for text in self._texts():
            if words := untranslated(text, names=NAMES):
                found[text] = words
        return found

    def _texts(self) -> Iterator[str]:
        for call in list(self._stage.telegram.calls)[self._from :]:
            given = call.parameters
            if str(given.get("chat_id")) != str(self._person.id):
                continue
            yield from (str(given[name]) for name in ("text", "caption") if given.get(name))
            markup = given.get("reply_markup") or {}
            markup = json.loads(markup) if isinstance(markup, str) else markup
            for rows in (markup.get("inline_keyboard", []), markup.get("keyboard", [])):
                yield from (button["text"] for row in rows for button in row)


def _kind(data: str) -> str:
    if data.startswith("l"):  # of a list: its name says which one and where
        data = ":".join(data.split(":")[:2])
    return re.sub(r"\d+", "#", data)


@pytest.fixture
async def reader(stage: Stage, lena: Person, clip: Path) -> AsyncIterator[Reader]:
    """Lena has a draft and posts that are scheduled, published and failed; her Telegram changes."""
    speak_pseudo(stage.folder)
    await stage.scheduled(lena, clip, caption="Soon #food", when="tomorrow 18:00")
    await stage.posted_now(lena, clip)
    await stage.see_in_time(lena, "✅ Published on @lena.cooks")
    stage.tiktok.faults.add(
        Fault(endpoint="processing", kind=FailProcessing(reason="some_new_word"))
    )
    await stage.posted_now(lena, clip)
    await stage.see_in_time(lena, "❌ Not published on @lena.cooks")
    await stage.draft(lena, clip, caption="New recipe #food")
    behind = "SELECT 1 FROM posts WHERE card_version < version AND status <> 'draft'"
    await stage.until(lambda: not stage.ask(behind))  # else one is painted in English yet
    chooses(stage, lena, PSEUDO)
    yield Reader(stage, lena)


async def test_no_text_or_button_goes_out_untranslated(lena: Person, reader: Reader) -> None:
    for command in COMMANDS:
        await lena.send(f"/{command}")
        await reader.settled()
    await reader.tap_everything()
    ends = [DataTap(verb) for verb in (DataVerb.ERASE, DataVerb.ERASE_SURE)]
    for tap in (
        AccountTap(1, AccountVerb.DISCONNECT_SURE),
        AccountTap(1, AccountVerb.DETAILS),
        *ends,
    ):
        await lena.tap(data=tap.pack())
    await reader.settled()
    assert len(reader.tapped) > 60, "buttons of every part"
    assert not reader.plain_words()


async def test_nor_does_an_answer_to_what_cannot_be_used(
    stage: Stage, lena: Person, reader: Reader, clip: Path
) -> None:
    for words in ("hello", "/dance", "https://example.com/a.mp4"):
        await lena.send(words)
    await lena.send_photo(clip)
    noise = stage.folder / "noise.mp4"
    noise.write_bytes(bytes(range(256)) * 400)
    await lena.send_clip(noise, as_="document")
    small = stage.clip("small.mp4", seconds=1, width=180, height=320, fps=10)
    await lena.send_clip(small)
    await lena.send_clip(clip, caption="yesterday New recipe")
    for question in (r"p1:\d+:\d+:when:", r"p1:\d+:\d+:cap:", "s1:zone:"):
        for answer in ANSWERS:
            await reader.settled()
            await lena.send("/posts")
            await tap_some(lena, reader, question)
            await lena.send(answer)
    for data in ("garbage", "p1:99999:1:show:", "a1:99999:det"):
        await lena.tap(data=data)
    await reader.settled()
    assert not reader.plain_words()


async def tap_some(lena: Person, reader: Reader, pattern: str) -> None:
    """Tap the newest button whose data look like that."""
    for message in reversed(lena.chat):
        for row in message.buttons:
            for button in row:
                if button.data and re.fullmatch(pattern, button.data):
                    await lena.tap(data=button.data, message=message)
                    await reader.settled()
                    return


async def test_nor_does_a_notice(stage: Stage, lena: Person, reader: Reader) -> None:
    await lena.send("/start")
    await reader.settled()
    stage.clock.jump(timedelta(days=2))
    await stage.see_in_time(lena, pseudo("Not published yet"))
    stage.tiktok.creators["lena.cooks"].private = True
    asked = await lena.send("/connect")
    link = await lena.see("", after=asked)
    url = link.buttons[0][0].url
    assert url is not None
    page = await stage.open_consent_page(url)
    assert page.status_code == 200
    await lena.see(pseudo("Connected:"), after=link)
    await reader.settled()
    assert not reader.plain_words()
