"""Chaos, short: each clip exactly once or told as not published, each creator told, none stuck."""

from pathlib import Path

import pytest

from tests.process.chaos import Plot, play


@pytest.mark.timeout(400)
@pytest.mark.parametrize("processes", [1, 2])
async def test_nothing_is_doubled_lost_or_silent_while_everything_fails(
    tmp_path: Path, processes: int
) -> None:
    plot = Plot(
        seed=7,
        processes=processes,
        kills=3,
        creators=2,
        posts_each=2,
        big=1,
        due_within=4,
        rounds=3,
    )
    reckoning = await play(tmp_path, plot)
    assert reckoning.complaints == [], str(reckoning)
    assert reckoning.tiktok.faults.happened.total() > 5
