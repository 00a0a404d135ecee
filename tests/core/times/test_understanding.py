"""The second reading: what it adds to the grammar, what it must not take, and that it ends."""

import subprocess
import sys
import threading
from datetime import datetime

import pytest

from core.times import AmbiguousWords, InThePast, NotUnderstood, Reason, TimeProblem, understand
from core.times.understanding import _reader, read
from tests.core.times.saying import FRIDAY_TEN, at

WARSAW = "Europe/Warsaw"

ADDED = [
    ("pl", "jutro o 18:30", "21.11. 18:30"),
    ("pl", "w sobotę o 18:30", "21.11. 18:30"),
    ("pl", "w piątek o 18:30", "20.11. 18:30"),  # today, still ahead
    ("pl", "w piątek o 9:00", "27.11. 09:00"),  # today's has gone by
    ("pl", "za 2 godziny", "20.11. 12:00"),
    ("pl", "25 grudnia 20:00", "25.12. 20:00"),
    ("pl", "25 grudnia 2026 20:00", "25.12. 20:00"),
    ("nl", "morgen om 18:30", "21.11. 18:30"),
    ("ja", "明日 18:30", "21.11. 18:30"),
    ("zh-hans", "明天18:30", "21.11. 18:30"),
    ("ko", "내일 18:30", "21.11. 18:30"),
    ("vi", "18:30 ngày mai", "21.11. 18:30"),
    ("es", "mañana 18:30", "21.11. 18:30"),  # the grammar's own
]

NOT_TAKEN = [
    ("en", "2026"),
    ("en", "1700000000"),
    ("en", "may"),
    ("en", "a"),
    ("en", "now"),
    ("en", "next month"),
    ("en", "may 2027"),
    ("en", "12 tips"),
    ("en", "dinner at 8"),
    ("en", "3pm to 5pm"),
    ("en", "tomorrow 18:30 PST"),  # a zone of its own
    ("en", "18:30 UTC"),
    ("pl", "grudnia 20:00"),  # a month without a day
    ("pl", "maj"),
    ("ja", "明日の午後6時"),  # it knows the day only, and would drop the hour
    ("fa", "فردا ساعت 18:30"),
    ("es", "jutro o 18:30"),  # Polish is not the creator's language
    ("xx", "jutro o 18:30"),
]


async def said(language: str, text: str, *, patience: float = 60) -> str:
    """What is understood; with more patience than creators need, for a machine that is busy."""
    now = at(FRIDAY_TEN, WARSAW)
    languages = (language, "en")
    moment = await understand(text, now=now, zone=WARSAW, languages=languages, patience=patience)
    return f"{moment.wall:%d.%m. %H:%M}"


@pytest.mark.parametrize(("language", "text", "expected"), ADDED)
async def test_a_second_reading_adds_languages(language: str, text: str, expected: str) -> None:
    assert await said(language, text) == expected


@pytest.mark.parametrize(("language", "text"), NOT_TAKEN)
async def test_what_names_no_time_is_not_taken(language: str, text: str) -> None:
    with pytest.raises(NotUnderstood) as raised:
        await said(language, text)
    assert raised.value.reason is Reason.NO_TIME_WORDS


async def test_a_day_without_a_time_is_asked_and_the_past_told() -> None:
    with pytest.raises(AmbiguousWords) as asked:
        await said("pl", "jutro")
    assert {f"{one.wall:%d.%m.}" for one in asked.value.options} == {"21.11."}
    with pytest.raises(InThePast):
        await said("pl", "wczoraj 18:30")


async def test_an_impossible_time_is_not_read_again() -> None:
    with pytest.raises(NotUnderstood) as raised:
        await said("en", "31 feb 10:00")
    assert raised.value.reason is Reason.NO_SUCH_DATE


async def test_a_reading_that_takes_too_long_is_given_up() -> None:
    done = threading.Event()
    busy = _reader().submit(done.wait, 10)
    try:
        with pytest.raises(NotUnderstood):
            await said("pl", "jutro o 18:30", patience=0.05)
    finally:
        done.set()
    assert busy.result()
    assert await said("pl", "jutro o 18:30") == "21.11. 18:30"


def test_nothing_that_is_rarely_needed_is_loaded_before() -> None:
    script = (
        "import sys, core.times as times\n"
        "from datetime import UTC, datetime\n"
        "now = datetime(2026, 11, 20, tzinfo=UTC)\n"
        "times.parse('mañana 18:30', now=now, zone='UTC', languages=('es', 'en'))\n"
        "assert not {'dateparser', 'regex', 'tzfpy', 'babel'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


@pytest.mark.parametrize("text", ["١٢٣ x", "in 99999 years", "a" * 100, "\x00a", "1/1/1 a 1:1:1:1"])
def test_odd_texts_are_no_times(text: str) -> None:
    found = read(text, datetime.fromisoformat(FRIDAY_TEN), ("en", "ar", "hi"))
    assert found is None


async def test_understand_raises_time_problems_only() -> None:
    for text in ("", "\n", "x" * 101, "🙂", "tomorrow in 9999 years", "in 1e9 h", "٣٣:٣٣ غدا"):
        with pytest.raises(TimeProblem):
            await said("ar", text)
