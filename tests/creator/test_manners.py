"""Manners: whoever writes gets a helpful answer, who floods slows only themselves, and nobody
reaches what is not theirs.
"""

from collections.abc import Iterable
from dataclasses import fields
from enum import StrEnum
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from bot.arrivals import MOST_PER_USER
from bot.callbacks import Tap
from core.store.models import Base
from sandbox.telegram import Person
from tests.stage import Stage


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("post my thing please", "I was not waiting for a text. Send me a clip"),
        ("🙂", "I was not waiting for a text."),
        ("https://www.tiktok.com/@a/video/1", "I cannot get clips from a link"),
        ("look: http://example.com/clip.mp4", "I cannot get clips from a link"),
        ("/dance now", "I do not know /dance. This is what I do:"),
        ("/<b>", "I do not know /<b>."),
        ("/" + "x" * 4000, "I do not know /xxx"),
        ("/", "I do not know /."),
    ],
)
async def test_unasked_words_get_a_helpful_answer(ana: Person, text: str, answer: str) -> None:
    sent = await ana.send(text)
    told = await ana.see(answer, after=sent)
    assert "/posts" in told.text or "file" in told.text, "and says what to do instead"


async def test_a_command_that_is_none_leaves_the_question_open(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip)
    await stage.open(lena, "Caption", "Send me the caption")
    sent = await lena.send("/dance")
    await lena.see("I do not know /dance", after=sent)
    sent = await lena.send("A new caption")
    await lena.see("A new caption", after=sent)


async def test_a_flood_slows_its_sender_alone(stage: Stage, ana: Person) -> None:
    ben = await stage.meet(7, "Ben")
    before = MOST_PER_USER - 1  # more that wait at one moment are refused
    for number in range(before):
        await ana.send(f"/words{number}")
    await ana.see("I do not know /words30.", timeout=30)
    for number in range(before, before + 30):
        await ana.send(f"/words{number}")
    await ana.see("You are faster than I am!", timeout=30)
    sent = await ben.send("/help")
    await ben.see("How it works", after=sent)
    assert ana.count("I do not know") < before + 30, "nobody else waits for that"

    await ana.see(f"I do not know /words{before + 29}.", timeout=60)
    assert ana.count("You are faster than I am!") == 1
    assert ana.count("I do not know") == before + 30, "and nothing is lost"
    assert ben.count("You are faster") == 0
    said = [message.text for message in ana.chat if "I do not know" in message.text]
    assert [words.split()[4] for words in said] == [
        f"/words{number}." for number in range(len(said))
    ], "in order"


ARGUMENTS = ("", "1")
"""An argument can be an id as well."""
PER_PERSON = 80
"""Forged taps of one person: more would be slowed."""
NOT_ABOUT_CREATORS = {"telegram_updates"}

Rows = dict[str, set[tuple[Any, ...]]]


def forged(versions: Iterable[int]) -> list[str]:
    """What a tap can say about numbers that are somebody else's, for every verb there is.

    `versions` are those of their posts now, so that no tap is merely outdated.
    """
    found = []
    for kind in Tap.__subclasses__():
        choices: list[Iterable[Any]] = []
        for field in fields(kind):
            if field.type is int:
                choices.append({1, 2} if not choices else {1, *versions})
            elif isinstance(field.type, type) and issubclass(field.type, StrEnum):
                choices.append(field.type)
            else:
                choices.append(ARGUMENTS)
        found += [kind(*values).pack() for values in product(*choices)]
    return found


def kept(stage: Stage) -> Rows:
    """All rows of the bot's database, by table."""
    return {
        name: {tuple(row) for row in stage.ask(f"SELECT * FROM {name}")}  # noqa: S608 - our own tables
        for name in Base.metadata.tables
        if name not in NOT_ABOUT_CREATORS
    }


async def test_ids_typed_by_hand_reach_nothing_of_another(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.scheduled(lena, clip, caption="A secret", when="tomorrow 18:00")
    await stage.draft(lena, clip, caption="Another secret")
    await lena.tap("Caption")
    await lena.see("Send me the caption")
    before, heard = kept(stage), [str(message) for message in lena.chat]
    versions = [version for (version,) in stage.ask("SELECT version FROM posts")]
    everything = forged(versions)
    assert {"posts", "accounts", "clips", "chat_state"} <= {name for name in before if before[name]}

    strangers = []
    for start in range(0, len(everything), PER_PERSON):
        eve = await stage.meet(1000 + start, "Eve")
        for data in everything[start : start + PER_PERSON]:
            await eve.tap(data=data)
        strangers.append(eve)
    for eve in strangers:
        sent = await eve.send("/help")
        await eve.see("How it works", after=sent, timeout=30)

    after = kept(stage)
    assert {name: rows - after[name] for name, rows in before.items() if rows - after[name]} == {}
    assert [str(message) for message in lena.chat] == heard
    for eve in strangers:
        told = "\n".join(str(message) for message in eve.chat)
        assert not [secret for secret in ("secret", "lena", "Lena") if secret in told]
        assert eve.count("Something went wrong on my side.") == 0
