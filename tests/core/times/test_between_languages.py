"""Words that two languages share, dates whose order is unsure, and times that cannot be."""

# ruff: noqa: RUF001 - some of these are letters of other scripts

from dataclasses import fields

import pytest

from core.times import InThePast, NotUnderstood, Reason, parse
from core.times.folding import fold, spoken
from core.times.languages import LANGUAGES
from core.times.words import by_meaning
from tests.core.times.saying import FRIDAY_TEN, answer, at, understood

MADRID = "Europe/Madrid"

THE_CREATORS_LANGUAGE_DECIDES = [
    ("es", "mar 18:00", "24.11. 18:00"),  # martes
    ("it", "mar 18:00", "24.11. 18:00"),  # martedì
    ("fr", "mar 18:00", "24.11. 18:00"),  # mardi
    ("en", "mar 10 18:00", "10.03. 18:00"),  # March
    ("fr", "mar 10 18:00", "10.03. 18:00"),  # no Tuesday is near that is a 10th: English March
    ("fr", "mar 24 18:00", "24.11. 18:00"),  # Tuesday the 24th
    ("id", "10 mar 18:00", "10.03. 18:00"),
    ("fr", "10 sept 18:00", "10.09. 18:00"),
    ("it", "sab 18:00", "21.11. 18:00"),
    ("pt", "sex 18:00", "20.11. 18:00"),
    ("de", "morgen 18:00", "21.11. 18:00"),
    ("de", "so 18:00", "22.11. 18:00"),
    ("id", "min 18:00", "22.11. 18:00"),  # Sunday, not minutes
    ("tr", "on 18:00", None),  # ten, and no English "on"
    ("ru", "tomorrow 18:00", "21.11. 18:00"),  # English is always understood
    ("pl", "tomorrow 18:00", "21.11. 18:00"),  # also beside a language without a table
    ("pl", "jutro 18:00", None),
    ("es", "fri 9am", "27.11. 09:00"),
    ("es_MX", "mañana 18:30", "21.11. 18:30"),
    ("PT-br", "amanhã 18:30", "21.11. 18:30"),
    ("en", "mañana 18:30", None),
]

ORDER_OF_DATES = [
    ("en", "03.04. | 04.03."),
    ("en-US", "04.03."),
    ("en-GB", "03.04."),
    ("en-AU", "03.04."),
    ("es", "03.04."),
    ("es-US", "03.04."),
    ("hi", "03.04."),
]


@pytest.mark.parametrize(("language", "text", "expected"), THE_CREATORS_LANGUAGE_DECIDES)
def test_the_creators_language_decides(language: str, text: str, expected: str | None) -> None:
    if expected:
        assert answer(language, text, MADRID) == expected
    else:
        with pytest.raises(NotUnderstood):
            understood(language, text, MADRID)


def test_what_only_other_languages_say_and_not_the_same_is_asked() -> None:
    def said(text: str, *languages: str) -> str:
        moment = parse(text, now=at(FRIDAY_TEN, MADRID), zone=MADRID, languages=languages)
        return f"{moment.wall:%d.%m.}"

    assert said("10 mar 18:00", "ru", "es", "fr") == "10.03."  # French mar is only a Tuesday
    assert said("mar 18:00", "ru", "es", "it") == "24.11."  # both the same
    with pytest.raises(NotUnderstood):
        said("dom 18:00", "ru", "en")


@pytest.mark.parametrize(("language", "dates"), ORDER_OF_DATES)
def test_the_order_of_a_date_is_that_of_the_language_or_asked(language: str, dates: str) -> None:
    options = sorted(answer(language, "3/4 20:00", MADRID).split(" | "))
    assert options == [f"{date} 20:00" for date in dates.split(" | ")]
    assert answer(language, "25/12 20:00", MADRID) == "25.12. 20:00"
    assert answer(language, "12/25 20:00", MADRID) == "25.12. 20:00"


IMPOSSIBLE = [
    ("en", "31 feb 10:00", Reason.NO_SUCH_DATE, ["28.02. 10:00"]),
    ("es", "31 de abril a las 20h", Reason.NO_SUCH_DATE, ["30.04. 20:00"]),
    ("de", "30. Februar 20 Uhr", Reason.NO_SUCH_DATE, ["28.02. 20:00"]),
    ("ru", "31 ноября в 20:00", Reason.NO_SUCH_DATE, ["30.11. 20:00"]),
    ("en", "13/13 10:00", Reason.NO_SUCH_DATE, []),
    ("en", "mon 25 dec 20:00", Reason.NO_SUCH_DATE, ["25.12. 20:00"]),  # it is a Friday
    ("en", "thursday 27 at 18:00", Reason.NO_SUCH_DATE, ["27.11. 18:00"]),
    ("en", "25:00", Reason.NO_SUCH_TIME, ["21.11. 01:00"]),
    ("fr", "demain à 25h", Reason.NO_SUCH_TIME, ["22.11. 01:00"]),
    ("it", "domani alle 12:60", Reason.NO_SUCH_TIME, ["21.11. 13:00"]),
    ("en", "13pm", Reason.NO_SUCH_TIME, ["20.11. 13:00"]),
    ("en", "tonight 3pm", Reason.NO_SUCH_TIME, ["20.11. 15:00"]),
    ("hi", "कल सुबह 14:00", Reason.NO_SUCH_TIME, ["21.11. 14:00"]),
    ("en", "99:99", Reason.NO_SUCH_TIME, []),
    ("en", "31 feb 1999 10:00", Reason.NO_SUCH_DATE, []),
]


@pytest.mark.parametrize(("language", "text", "reason", "nearest"), IMPOSSIBLE)
def test_what_cannot_be_says_why_and_what_is_nearest(
    language: str, text: str, reason: Reason, nearest: list[str]
) -> None:
    with pytest.raises(NotUnderstood) as raised:
        understood(language, text, MADRID)
    assert raised.value.reason is reason
    assert [f"{moment.wall:%d.%m. %H:%M}" for moment in raised.value.nearest] == nearest


@pytest.mark.parametrize(
    ("language", "text", "nearest"),
    [
        ("en", "today 9:00", "21.11. 09:00"),
        ("es", "hoy a las 9 de la mañana", "21.11. 09:00"),
        ("uk", "сьогодні о 8 ранку", "21.11. 08:00"),
        ("en", "20.11.2026 9:00", "21.11. 09:00"),
        ("en", "1.1.2026 12:00", "20.11. 12:00"),
    ],
)
def test_the_past_offers_the_same_time_of_day_as_soon_as_it_comes(
    language: str, text: str, nearest: str
) -> None:
    with pytest.raises(InThePast) as raised:
        understood(language, text, MADRID)
    assert f"{raised.value.nearest.wall:%d.%m. %H:%M}" == nearest


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("MAÑANA à 18H30", "manana a 18h30"),
        ("man\u0303ana", "manana"),
        ("YARIN İN ığüşöç", "yarin in igusoc"),
        ("п’ятницю п'ятницю пʼятницю", "п'ятницю п'ятницю п'ятницю"),
        ("ёй", "еи"),
        ("مساءً الساعة ٦", "مساء الساعه 6"),
        ("साढ़े ६", "साढे 6"),
        ("\u200f18\u00a0:\u200930", "18 : 30"),
        ("９：３０", "9:30"),
    ],
)
def test_case_accents_and_digits_make_no_difference(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_table_gives_one_word_two_meanings(language: str) -> None:
    words = LANGUAGES[language]
    for field in fields(words):
        table = getattr(words, field.name)
        if isinstance(table, dict):
            meanings: dict[str, object] = {}
            for word, meaning in table.items():
                assert spoken(word), (field.name, word)
                assert meanings.setdefault(spoken(word), meaning) == meaning, (field.name, word)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_has_all_days_months_and_units(language: str) -> None:
    words = LANGUAGES[language]
    assert set(words.weekdays.values()) == set(range(7))
    assert set(words.months.values()) == set(range(1, 13))
    assert {0, 1, 2} <= set(words.days_ahead.values())
    assert len(set(words.units.values())) == 4
    assert words.clock_words
    assert words.after or words.later


def test_a_line_of_words_is_a_table() -> None:
    assert by_meaning("a | b", "c", first=1) == {"a": 1, "b": 1, "c": 2}
