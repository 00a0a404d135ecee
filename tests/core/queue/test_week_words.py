"""Posting times as creators type them."""

# ruff: noqa: RUF001 - some letters are Cyrillic

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.queue.week_words import read_week_times
from core.queue.weeks import week_times
from core.times import LANGUAGES, NotUnderstood, Reason

WORKDAYS, WEEKEND, DAILY = range(5), (5, 6), range(7)

ROWS = [
    ("en", "weekdays 12:00 and 19:00", WORKDAYS, (720, 1140)),
    ("en", "12:00 and 19:00 on weekdays", WORKDAYS, (720, 1140)),
    ("en", "Mon, Wed & Fri 9am", (0, 2, 4), (540,)),
    ("en", "mon-fri 9, 18", WORKDAYS, (540, 1080)),
    ("en", "Friday to Monday 8pm", (4, 5, 6, 0), (1200,)),
    ("en", "Mondays and Tuesdays at noon", (0, 1), (720,)),
    ("en", "every sunday at half past seven", (6,), (450,)),
    ("en", "daily 18h", DAILY, (1080,)),
    ("en", "18:30", DAILY, (1110,)),
    ("en", "WEEKENDS: 10:30", WEEKEND, (630,)),
    ("es", "entre semana a las 12:00 y 19:00", WORKDAYS, (720, 1140)),
    ("es", "lunes a viernes 9:00", WORKDAYS, (540,)),
    ("es", "every day 9 and 21", DAILY, (540, 1260)),
    ("pt-BR", "dias úteis 12h e 19h", WORKDAYS, (720, 1140)),
    ("de", "werktags 12:00 und 19 Uhr", WORKDAYS, (720, 1140)),
    ("de", "jeden Montag um 9 Uhr", (0,), (540,)),
    ("fr", "tous les jours à 18h", DAILY, (1080,)),
    ("it", "ogni giorno alle 9 e alle 18", DAILY, (540, 1080)),
    ("ru", "по будням 12:00 и 19:00", WORKDAYS, (720, 1140)),
    ("ru", "пн-пт 9:00", WORKDAYS, (540,)),
    ("ru", "по субботам в 10", (5,), (600,)),
    ("uk", "щодня о 18:00", DAILY, (1080,)),
    ("tr", "hafta içi 12:00 ve 19:00", WORKDAYS, (720, 1140)),
    ("id", "setiap hari jam 9 pagi", DAILY, (540,)),
    ("ar", "كل يوم الساعة 6 مساء", DAILY, (1080,)),
    ("hi", "रोज 18:00", DAILY, (1080,)),
]


@pytest.mark.parametrize(("language", "text", "days", "minutes"), ROWS)
def test_times_of_the_week(
    language: str, text: str, days: tuple[int, ...], minutes: tuple[int, ...]
) -> None:
    assert read_week_times(text, [language]) == week_times(days, minutes)


def test_days_with_times_of_their_own() -> None:
    assert read_week_times("mon, wed 9am; sat 10:30", ["en"]) == week_times(
        (0, 2), (540,)
    ) | week_times((5,), (630,))


@pytest.mark.parametrize(
    "text", ["hello", "25:00", "weekdays", "tomorrow 9", "mon", "", "12:00 recipe", "=1+1"]
)
def test_what_names_no_time_of_the_week(text: str) -> None:
    with pytest.raises(NotUnderstood) as told:
        read_week_times(text, ["en"])
    assert told.value.reason is Reason.NO_TIME_WORDS


@given(text=st.text(max_size=200), language=st.sampled_from([*LANGUAGES, "xx", "pt_BR"]))
def test_any_text_is_read_or_refused(text: str, language: str) -> None:
    with suppress(NotUnderstood):
        assert read_week_times(text, [language])
