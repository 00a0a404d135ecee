"""Sample clips made on the spot and sent from the chat page."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import av
import httpx
import pytest
from telegram import Bot

from sandbox.pictures import PICTURES
from sandbox.samples import SAMPLES
from sandbox.telegram import Person, Telegram


async def ordered(api: httpx.AsyncClient, person: Person, **order: Any) -> list[dict[str, Any]]:
    """What is told while samples are made and sent."""
    answer = await api.post(f"/person/{person.id}/sample", json=order)
    assert answer.status_code == 200
    return [json.loads(line) for line in answer.text.splitlines()]


async def test_a_sample_is_made_and_sent(
    api: httpx.AsyncClient, world: Telegram, bot: Bot, ana: Person
) -> None:
    told = await ordered(api, ana, names=["square.webm"], caption="tomorrow 18:00 Hi")
    shares = [line["share"] for line in told[:-1]]
    assert shares == sorted(shares)
    assert (shares[-1], told[-1]) == (1.0, {"sent": 1})
    (update,) = await bot.get_updates()
    assert update.message is not None and update.message.video is not None
    video = update.message.video
    assert (video.width, video.height, video.duration) == (540, 540, timedelta(seconds=6))
    assert (video.mime_type, update.message.caption) == ("video/webm", "tomorrow 18:00 Hi")
    path = world.files.by_id(video.file_id).path
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert "vp9" in stream.codec_context.name
        assert (stream.width, stream.height) == (540, 540)
    left = await asyncio.to_thread(lambda: list(world.files.folder.glob("samples-*")))
    assert left == [], "nothing is left behind"


async def test_several_samples_are_one_album(api: httpx.AsyncClient, bot: Bot, ana: Person) -> None:
    names = ["refused-text.mp4", "square.webm"]
    told = await ordered(api, ana, names=names, **{"as": "document"}, caption="Both")
    assert told[-1] == {"sent": 2}
    first, second = (update.message for update in await bot.get_updates())
    assert first is not None and second is not None
    assert first.media_group_id is not None
    assert first.media_group_id == second.media_group_id
    assert (first.caption, second.caption) == ("Both", None)
    assert first.document is not None and first.document.file_name == "refused-text.mp4"


async def test_why_a_sample_cannot_be_sent_is_said(api: httpx.AsyncClient, ana: Person) -> None:
    await ana.block()
    told = await ordered(api, ana, names=["refused-text.mp4"])
    assert "blocked" in told[-1]["reason"]


@pytest.mark.parametrize("names", [[], ["other.mp4"], ["../upright.mp4"], ["silent.mp4"] * 2])
async def test_an_order_that_makes_no_sense_is_refused(
    api: httpx.AsyncClient, ana: Person, names: list[str]
) -> None:
    answer = await api.post(f"/person/{ana.id}/sample", json={"names": names})
    assert answer.status_code == 400
    assert len(ana.chat) == 1


async def test_the_menu_says_what_tiktok_would_refuse(api: httpx.AsyncClient) -> None:
    menu = (await api.get("/samples")).json()
    assert [entry["name"] for entry in menu] == [*SAMPLES, *PICTURES]
    refused = {entry["name"] for entry in menu if entry["refused"]}
    assert refused == {name for name in (*SAMPLES, *PICTURES) if name.startswith("refused-")}


async def test_sample_photos_are_one_album(api: httpx.AsyncClient, bot: Bot, ana: Person) -> None:
    names = ["square.png", "turned.jpg"]
    told = await ordered(api, ana, names=names, caption="Two")
    assert told[-1] == {"sent": 2}
    first, second = (update.message for update in await bot.get_updates())
    assert first is not None and second is not None
    assert (first.caption, first.media_group_id) == ("Two", second.media_group_id)
    largest = [message.photo[-1] for message in (first, second)]
    assert [(size.width, size.height) for size in largest] == [(1080, 1080), (960, 1280)]


async def test_a_sample_photo_keeps_its_format_as_file(
    api: httpx.AsyncClient, bot: Bot, ana: Person
) -> None:
    for name, as_ in (("square.png", "document"), ("refused-bomb.png", "video")):
        told = await ordered(api, ana, names=[name], **{"as": as_})
        assert told[-1] == {"sent": 1}
    for update in await bot.get_updates():
        assert update.message is not None and update.message.document is not None
        assert update.message.document.mime_type == "image/png"
