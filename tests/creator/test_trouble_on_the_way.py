"""TikTok falters at any step of the way: the post goes out all the same, once."""

from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest

from sandbox.telegram import Person
from sandbox.tiktok import DropBefore, Fault, LoseAnswer, Refuse
from sandbox.tiktok.faults import CallFault, EndpointName
from tests.stage import Stage

STEPS: dict[EndpointName, tuple[CallFault, ...]] = {
    "creator_info/query": (DropBefore(),),
    "video/init": (Refuse(status=500), DropBefore(), LoseAnswer()),
    "upload": (Refuse(status=503), DropBefore(), LoseAnswer()),
    "status/fetch": (Refuse(status=500), DropBefore()),
}  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
async def test_a_step_that_fails_once(
    stage: Stage, lena: Person, clip: Path, step: EndpointName
) -> None:
    assert step in get_args(EndpointName)
    for number, kind in enumerate(STEPS[step], start=1):
        await stage.draft(lena, clip, caption=f"Number {number}")
        await stage.write_post(lena)
        asked = await stage.open(lena, "Post now", "By posting, you agree to TikTok's")
        stage.tiktok.faults.add(Fault(endpoint=step, kind=kind))
        await lena.tap("Agree and post", message=asked)

        await stage.see_in_time(lena, f"“Number {number}”", step=timedelta(seconds=5))

        assert [post.title for post in stage.tiktok.posts] == [
            f"Number {each}" for each in range(1, number + 1)
        ]
        assert lena.count(f"“Number {number}”") == 1
    assert lena.count("Not published") == 0


async def test_every_step_fails_on_the_way_of_one_post(
    stage: Stage, lena: Person, clip: Path
) -> None:
    await stage.draft(lena, clip)
    await stage.write_post(lena)
    asked = await stage.open(lena, "Post now", "By posting, you agree to TikTok's")
    for step in STEPS:
        stage.tiktok.faults.add(Fault(endpoint=step, kind=Refuse(status=502)))
    await lena.tap("Agree and post", message=asked)

    await stage.see_in_time(lena, "✅ Published on @lena.cooks", step=timedelta(seconds=5))

    assert len(stage.tiktok.posts) == 1
    assert lena.count("✅ Published on") == 1
    assert lena.count("Not published") == 0
