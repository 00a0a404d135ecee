"""The upload page's benchmark with a smaller clip: cuts and a kill, the same bytes at TikTok."""

from pathlib import Path

from benchmarks import intake_upload

SIZE = 60_000_000
MOST_MEMORY = 40
"""MB above idle: a few pieces, whatever the clip's size."""


async def test_a_clip_arrives_unchanged_and_memory_stays_flat(tmp_path: Path) -> None:
    speed, memory = await intake_upload.measure(tmp_path, size=SIZE, rounds=1)
    assert speed.ours > 1, "MB a second"
    assert memory.ours < MOST_MEMORY
