"""A creator takes their data along, or has all of it deleted."""

import asyncio
import base64
import io
import json
import os
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from core.store.models import Base
from sandbox.telegram import ChatMessage, Person
from sandbox.tiktok import DropBefore, Fault, NeverEnd, Slow
from tests.photos import photos
from tests.stage import Stage


async def open_my_data(person: Person) -> ChatMessage:
    sent = await person.send("/mydata")
    return await person.see("Your data", after=sent)


async def ask_to_delete(person: Person) -> ChatMessage:
    shown = await open_my_data(person)
    await person.tap("Delete everything", message=shown)
    return await person.see("Delete everything?", after=shown)


async def delete_everything(person: Person) -> ChatMessage:
    asked = await ask_to_delete(person)
    await person.tap("Yes, delete everything", message=asked)
    return await person.see("Everything is deleted", after=asked)


def sent_file(stage: Stage) -> bytes:
    """What a phone would download."""
    (path,) = (stage.folder / "telegram").rglob("*.zip")
    return path.read_bytes()


def rows_about(stage: Stage, creator: int) -> dict[str, list[Any]]:
    """Every row of every table in which the creator's id, or anything of theirs, is to be found."""
    traces = (str(creator), "lena.cooks", "New recipe", "IMG_1")
    found: dict[str, list[Any]] = {}
    for table in Base.metadata.tables:
        for row in stage.ask(f"SELECT * FROM {table}"):  # noqa: S608 - names of tables
            if any(trace in str(value) for value in row for trace in traces):
                found.setdefault(table, []).append(tuple(row))
    return found


@pytest.fixture
async def lena(stage: Stage) -> Person:
    """A creator whose id is not part of any other number."""
    return await stage.creator(user_id=7_345_612_987, name="Lena")


async def test_photos_are_counted_where_all_is_shown_and_deleted(
    stage: Stage, lena: Person
) -> None:
    sent = [await lena.send_photo(path) for path in photos(stage.folder, 2)]
    await stage.until(lambda: len(stage.ask("SELECT id FROM photos")) == 2)
    await lena.see("📝 Draft", after=sent[0])
    shown = await open_my_data(lena)
    assert "1 post with history, 0 clips, 2 photos, and nothing else" in shown.text
    asked = await ask_to_delete(lena)
    assert "1 post with their history, 0 clips, 2 photos, templates" in asked.text


async def test_everything_comes_as_one_file(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.scheduled(lena, clip)
    shown = await open_my_data(lena)
    assert "1 post with history, 1 clip, 0 photos, and nothing else" in shown.text
    await lena.tap("Export", message=shown)
    await lena.see("Everything I keep about you", after=shown)
    with ZipFile(io.BytesIO(sent_file(stage))) as archive:
        told = {name: json.loads(archive.read(name)) for name in archive.namelist()}
    assert told["users.json"][0]["zone"] == "Europe/Madrid"
    assert told["accounts.json"][0]["username"] == "lena.cooks"
    assert told["posts.json"][0]["caption"] == "New recipe"
    assert [each["status"] for each in told["post_events.json"]] == ["draft", "scheduled"]
    assert len(told["clips.json"]) == 1
    everything = json.dumps(told)
    for secret in (*stage.tiktok.state.access_tokens, *stage.tiktok.state.refresh_tokens):
        assert secret not in everything


async def test_what_is_too_large_for_telegram_is_not_sent_but_said(
    stage: Stage, lena: Person
) -> None:
    sent = await lena.send("/templates")
    await lena.tap("New template", message=await lena.see("templates", after=sent))
    await lena.see("Send me the template")
    await lena.send("Long\nThis becomes very long")
    await lena.see("Saved as the template")
    noise = base64.b64encode(os.urandom(52 << 20)).decode()  # which no zip makes smaller
    await asyncio.to_thread(stage.ask, "UPDATE templates SET caption = ?", noise)
    shown = await open_my_data(lena)
    await lena.tap("Export", message=shown)
    told = await lena.see("more than Telegram lets me send", after=shown, timeout=30)
    assert f"your number, {lena.id}" in told.text
    assert not list((stage.folder / "telegram").rglob("*.zip"))


async def test_deleting_leaves_nothing(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.scheduled(lena, clip)
    assert {"users", "accounts", "posts", "clips"} <= rows_about(stage, lena.id).keys()
    assert len(stage.clips_on_disk) == 1
    asked = await ask_to_delete(lena)
    assert "1 scheduled post does not go out" in asked.text
    assert "my permission to post is given back: @lena.cooks" in asked.text
    await lena.tap("Yes, delete everything", message=asked)
    done = await lena.see("Everything is deleted", after=asked)
    assert "did not confirm" not in done.text
    await stage.until(lambda: not rows_about(stage, lena.id))
    assert stage.clips_on_disk == []
    assert not stage.tiktok.state.access_tokens
    assert not stage.tiktok.state.refresh_tokens


async def test_another_creator_is_not_touched(stage: Stage, lena: Person, clip: Path) -> None:
    sam = await stage.creator(user_id=55, name="Sam", username="short.sam")
    await stage.scheduled(sam, clip)
    await delete_everything(lena)
    assert len(stage.clips_on_disk) == 1
    assert len(stage.tiktok.state.refresh_tokens) == 1
    sent = await sam.send("/posts")
    await sam.see("New recipe", after=sent)


async def test_going_back_deletes_nothing(stage: Stage, lena: Person, clip: Path) -> None:
    await stage.scheduled(lena, clip)
    asked = await ask_to_delete(lena)
    await lena.tap("Back", message=asked)
    await lena.see("1 post with history", after=asked)
    assert len(stage.clips_on_disk) == 1


async def test_where_tiktok_is_away_the_creator_hears_what_is_left(
    stage: Stage, lena: Person
) -> None:
    stage.tiktok.faults.add(Fault(endpoint="oauth/revoke", kind=DropBefore(), times=9))
    stage.tiktok.faults.add(Fault(endpoint="oauth/token", kind=DropBefore(), times=9))
    done = await delete_everything(lena)
    assert "TikTok did not confirm that my permission has ended for @lena.cooks" in done.text
    await stage.until(lambda: not rows_about(stage, lena.id))


async def test_a_post_on_its_way_is_waited_for(stage: Stage, lena: Person, clip: Path) -> None:
    stage.tiktok.faults.add(Fault(endpoint="upload", kind=Slow(seconds=2)))
    card = await stage.posted_now(lena, clip)
    await stage.until(lambda: bool(stage.tiktok.uploads))
    asked = await ask_to_delete(lena)
    await lena.tap("Yes, delete everything", message=asked)
    told = await lena.see("1 post is on its way to TikTok at this moment", after=asked)
    await stage.see_in_time(lena, "✅ Published on", after=card)
    await lena.tap("Try again", message=told)
    again = await lena.see("Delete everything?", after=told)
    await lena.tap("Yes, delete everything", message=again)
    await lena.see("Everything is deleted", after=again)


async def test_what_tiktok_already_holds_is_said(stage: Stage, lena: Person, clip: Path) -> None:
    stage.tiktok.faults.add(Fault(endpoint="processing", kind=NeverEnd()))
    await stage.posted_now(lena, clip)
    processing = "SELECT id FROM posts WHERE status = 'processing'"
    await stage.until(lambda: bool(stage.ask(processing)))
    asked = await ask_to_delete(lena)
    assert "1 post is already at TikTok, which may still publish it" in asked.text
    await lena.tap("Yes, delete everything", message=asked)
    await lena.see("Everything is deleted", after=asked)
    await stage.until(lambda: not rows_about(stage, lena.id))


async def test_who_comes_back_begins_anew(lena: Person) -> None:
    done = await delete_everything(lena)
    await lena.send("/start")
    await lena.see("Connect your TikTok account", after=done)
    sent = await lena.send("/accounts")
    await lena.see("No TikTok account is connected yet", after=sent)
