"""What must hold for any text: a moment ahead or a problem with time, and captions kept whole."""

from dataclasses import fields
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from core.times import HORIZON, LONGEST_TEXT, AmbiguousWords, TimeProblem, parse, split_leading
from core.times.languages import LANGUAGES
from tests.core.times.saying import FRIDAY_TEN, at

FRAGMENTS = (
    *("in", "at", "on", "next", "a", "half an", "2h", "30", "min", "9999", "weeks", "tomorrow"),
    *("tonight", "fri", "may", "dec", "noon", "midnight", "25/12", "31.12.9998", "29 feb", "pm"),
    *("9", "24", "24:00", "2:30", "0", "٢", ".", ",", "/", ":", "²", "İ", "-", "\n", "2026", "@"),
)
ZONES = ("Europe/Berlin", "America/New_York", "Pacific/Apia", "America/Santiago", "UTC")


def words_of(language: str) -> st.SearchStrategy[str]:
    """Texts made of the words of a language, numbers and marks."""
    words = LANGUAGES[language]
    fragments = list(FRAGMENTS)
    for field in fields(words):
        table = getattr(words, field.name)
        if isinstance(table, dict | tuple):
            fragments += table
    parts = st.lists(st.sampled_from(fragments), max_size=9)
    return parts.map(" ".join) | parts.map("".join)


TEXTS_BY_LANGUAGE = st.sampled_from(sorted(LANGUAGES)).flatmap(
    lambda language: st.tuples(
        st.just(language), st.text(max_size=2 * LONGEST_TEXT) | words_of(language)
    )
)


@given(
    said=TEXTS_BY_LANGUAGE,
    now=st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
    zone=st.sampled_from(ZONES),
)
def test_any_text_is_a_moment_ahead_or_a_time_problem(
    said: tuple[str, str], now: datetime, zone: str
) -> None:
    language, text = said
    try:
        moment = parse(text, now=now, zone=zone, languages=(language, "en"))
    except AmbiguousWords as problem:
        assert problem.options
        assert all(now < option.utc <= now + HORIZON for option in problem.options)
    except TimeProblem:
        pass
    else:
        assert now < moment.utc <= now + HORIZON


@given(
    said=TEXTS_BY_LANGUAGE,
    caption=st.text(max_size=20) | st.sampled_from([" - Pasta", "\nPasta", " #pasta", "pasta"]),
    zone=st.sampled_from(ZONES),
)
def test_a_caption_is_kept_whole_behind_its_time(
    said: tuple[str, str], caption: str, zone: str
) -> None:
    language, text = said
    whole = text + caption
    try:
        moment, rest = split_leading(
            whole, now=at(FRIDAY_TEN, "Europe/Madrid"), zone=zone, languages=(language, "en")
        )
    except TimeProblem as problem:
        assert whole.strip().endswith(problem.rest)
    else:
        assert whole.strip().endswith(rest) if moment else rest == whole
