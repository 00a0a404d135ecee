"""The main job on PostgreSQL, also with the server gone meanwhile."""

import asyncio
import signal
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.telegram import Person
from tests.creator import test_story
from tests.postgres.cluster import PASSWORD, Cluster
from tests.stage import Stage


async def test_a_clip_goes_to_tiktok_at_its_time(stage: Stage, ana: Person) -> None:
    await test_story.test_a_clip_goes_from_the_phone_to_tiktok_at_its_time(
        stage, ana, size=None, as_="document"
    )


async def test_what_comes_due_while_the_server_is_away_goes_out_once(
    stage: Stage, lena: Person, clip: Path, cluster: Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    """It crashes and comes back; nothing is lost, doubled, or has to be started again."""
    for number in range(3):
        await stage.scheduled(lena, clip, caption=f"Take {number}", when="in 2h")
    await asyncio.to_thread(cluster.stop, signal.SIGQUIT)
    stage.clock.jump(timedelta(hours=2, minutes=1))
    asked = await lena.send("/posts")
    await asyncio.sleep(1)
    await asyncio.to_thread(cluster.start)
    await stage.until(lambda: lena.count("Published on") == 3, timeout=40)
    await lena.see("Take", after=asked, timeout=20)
    assert sorted(post.title for post in stage.tiktok.posts) == ["Take 0", "Take 1", "Take 2"]
    assert stage.tiktok.uploads == []
    told = capsys.readouterr()
    assert PASSWORD not in told.out + told.err
