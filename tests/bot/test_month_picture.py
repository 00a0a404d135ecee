"""The picture of a month."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from matplotlib.colors import to_rgb
from matplotlib.image import imread

from bot.language import speaking
from bot.pictures import Pictures
from bot.pictures.month import CELL, COLOURS, FOOT, HEAD, WIDTH, draw
from bot.views.calendar import picture_of
from core.lists.calendar import DayCounts, Month

JANUARY = date(2027, 1, 1)
DAYS = {
    12: DayCounts(published=1, planned=2),
    13: DayCounts(needs_you=1),
    31: DayCounts(failed=150),
}


def data_of(days: dict[int, DayCounts], first: date = JANUARY, **how: Any) -> dict[str, Any]:
    options = {"today": date(2027, 1, 12), "first_weekday": 0, **how}
    return picture_of(Month(first=first, days=days), **options)


def colours(png: bytes) -> dict[str, int]:
    """How many points of the picture have each colour."""
    picture = imread(BytesIO(png))[:, :, :3]
    found = {}
    for name, colour in COLOURS.items():
        is_it = abs(picture - to_rgb(colour)).max(axis=2) < 0.01
        found[name] = int(is_it.sum())
    return found


async def test_it_is_drawn_in_a_process_of_its_own(tmp_path: Path) -> None:
    png = await Pictures(tmp_path / "fonts").draw("month", data_of(DAYS))
    picture = imread(BytesIO(png))
    assert picture.shape[:2] == (HEAD + 5 * CELL + FOOT, WIDTH)
    assert 10_000 < len(png) < 500_000


def test_each_state_of_a_day_has_its_colour() -> None:
    empty, full = colours(draw(data_of({}))), colours(draw(data_of(DAYS)))
    legend = 18 * 18
    assert all(count >= legend for count in empty.values()), "said below what each stands for"
    for name in COLOURS:
        assert full[name] > empty[name], name
    only = colours(draw(data_of({5: DayCounts(published=1)})))
    assert {name for name in COLOURS if only[name] > empty[name]} == {"good"}


@pytest.mark.parametrize(
    ("first", "first_weekday", "weeks"),
    [
        (date(2027, 1, 1), 0, 5),
        (date(2027, 2, 1), 0, 4),  # from Monday to Sunday
        (date(2027, 2, 1), 6, 5),
        (date(2027, 5, 1), 0, 6),
        (date(2027, 5, 1), 5, 5),
    ],
)
def test_it_is_as_high_as_its_weeks(first: date, first_weekday: int, weeks: int) -> None:
    data = data_of({}, first, first_weekday=first_weekday)
    picture = imread(BytesIO(draw(data)))
    assert picture.shape[0] == HEAD + weeks * CELL + FOOT


def test_its_words_are_the_creators() -> None:
    with speaking("ru"):
        data = data_of(DAYS, first_weekday=0)
    assert data["title"] == "Январь 2027"
    assert data["weekdays"][0] == "Пн"
    assert (data["begins"], data["today"], len(data["days"])) == (4, 12, 31)
    assert data["days"][30]["words"] == "99+"
    assert data_of(DAYS, date(2027, 2, 1))["today"] is None
