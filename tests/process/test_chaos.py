"""Chaos, short: each clip exactly once or told as not published, each creator told, none stuck."""

from pathlib import Path

import pytest

from tests.process.chaos import play


@pytest.mark.timeout(480)
async def test_nothing_is_doubled_lost_or_silent_while_everything_fails(tmp_path: Path) -> None:
    outcome = await play(tmp_path, seed=7, kills=4, accounts=4, posts_each=2)
    assert outcome.complaints == [], str(outcome)
    assert outcome.faults > 5
