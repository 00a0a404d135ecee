"""Times typed, and put before captions, in the creator's own language, and in English beside it."""

from pathlib import Path

import pytest

from bot.language import LANGUAGES, _, speaking
from bot.views.when import EXAMPLES
from core.times import Moment, understand
from sandbox.telegram import Person
from tests.creator.conftest import NOON
from tests.stage import Stage

TOMORROW_18_30 = "🕒 Wed 13 Jan 2027, 18:30 (Madrid)"


async def lena_who_reads(stage: Stage, language: str) -> Person:
    """The words of the bot stay English for languages that it does not speak."""
    stage.telegram.person(42, first_name="Lena", language_code=language)
    return await stage.creator(name="Lena")


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("de", "morgen 18:30"),
        ("pt-br", "amanhã às 18h30"),
        ("fr", "demain à 18h30"),
        ("it", "domani alle 18:30"),
        ("uk", "завтра 18:30"),
        ("tr", "yarın 18:30"),  # noqa: RUF001 - Turkish
        ("id", "besok jam 18:30"),
        ("ar", "غدا 18:30"),
        ("hi", "कल 18:30"),
        ("de", "tomorrow 6:30pm"),
        ("pl", "jutro 18:30"),  # no table of ours: read a second time
    ],
)
async def test_typed_words(stage: Stage, clip: Path, language: str, typed: str) -> None:
    lena = await lena_who_reads(stage, language)
    await stage.draft(lena, clip)
    await stage.open(lena, "When", "When should it go out?")
    sent = await lena.send(typed)
    await lena.see(TOMORROW_18_30, after=sent)


@pytest.mark.parametrize(
    ("language", "caption", "rest"),
    [
        ("de", "morgen 18:30 Neues Rezept #kochen", "Neues Rezept #kochen"),
        ("pt-br", "amanhã 18:30 Receita nova", "Receita nova"),
        ("fr", "demain 18h30 Nouvelle recette", "Nouvelle recette"),
    ],
)
async def test_words_before_a_caption(
    stage: Stage, clip: Path, language: str, caption: str, rest: str
) -> None:
    lena = await lena_who_reads(stage, language)
    card = await stage.draft(lena, clip, caption=caption)
    assert TOMORROW_18_30 in card.text
    assert f"\n{rest}\n" in card.text


async def test_a_caption_in_another_language_is_left_alone(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.draft(lena, clip, caption="morgen 18:30 Neues Rezept")
    assert "🕒 no time yet" in card.text


async def test_a_caption_whose_time_can_mean_two_has_both_as_buttons(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.draft(lena, clip, caption="tomorrow at 9: New recipe")
    assert "That could mean more than one time. Which one?" in card.text
    assert card.labels[:2] == ["Wed 13 Jan, 09:00 (UTC+1)", "Wed 13 Jan, 21:00 (UTC+1)"]
    await lena.tap("Wed 13 Jan, 21:00 (UTC+1)", message=card)
    kept = await lena.see("🕒 Wed 13 Jan 2027, 21:00 (Madrid)", after=card)
    assert "Wed 13 Jan, 09:00 (UTC+1)" not in kept.labels


async def test_a_caption_whose_time_has_gone_by_offers_the_next(
    stage: Stage, lena: Person, clip: Path
) -> None:
    card = await stage.draft(lena, clip, caption="today 10:00 New recipe")
    assert "has gone by" in card.text
    await lena.tap("Wed 13 Jan, 10:00 (UTC+1)", message=card)
    await lena.see("🕒 Wed 13 Jan 2027, 10:00 (Madrid)", after=card)


async def test_what_time_it_is_for_them(stage: Stage) -> None:
    stage.telegram.person(42, first_name="Lena", language_code="pt-br")
    lena = await stage.meet(name="Lena")
    sent = await lena.send("/settings")
    shown = await lena.see("Settings", after=sent)
    await lena.tap("Change time zone", message=shown)
    await lena.see("Which clock do you live by?", after=shown)
    sent = await lena.send("9 da manhã")
    offered = await lena.see("Which of these?", after=sent)
    assert any("09:00" in label for label in offered.labels)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("example", EXAMPLES)
async def test_every_example_is_understood_in_its_language(language: str, example: str) -> None:
    with speaking(language):
        words = _(example)
    languages = (language, "en")
    moment = await understand(words, now=NOON, zone="Europe/Madrid", languages=languages)
    assert isinstance(moment, Moment)
