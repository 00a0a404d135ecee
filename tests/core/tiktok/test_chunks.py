"""The chunk plan, against TikTok's written and unwritten rules."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import tiktok

MB = 1_000_000

SIZES = st.one_of(
    st.integers(1, tiktok.VIDEO_MAX_BYTES),
    st.integers(63 * MB, 65 * MB),
    st.integers(7, 429).flatmap(lambda n: st.integers(n * 10 * MB - 2, n * 10 * MB + 2)),
).filter(lambda size: size <= tiktok.VIDEO_MAX_BYTES)


@pytest.mark.parametrize(
    ("size", "chunk_size", "count", "last"),
    [
        (1, 1, 1, (0, 0)),
        (4_194_304, 4_194_304, 1, (0, 4_194_303)),  # TikTok's own example
        (50_000_123, 50_000_123, 1, (0, 50_000_122)),  # TikTok's example sends 5, one is allowed
        (64_000_000, 64_000_000, 1, (0, 63_999_999)),
        (64_000_001, 10_000_000, 6, (50_000_000, 64_000_000)),
        (66_259_900, 10_000_000, 6, (50_000_000, 66_259_899)),  # refused as one chunk in the field
        (70_000_000, 10_000_000, 7, (60_000_000, 69_999_999)),
        (4_294_967_296, 10_000_000, 429, (4_280_000_000, 4_294_967_295)),
    ],
)
def test_plan(size: int, chunk_size: int, count: int, last: tuple[int, int]) -> None:
    plan = tiktok.plan_chunks(size)
    assert plan == tiktok.ChunkPlan(video_size=size, chunk_size=chunk_size, total_chunk_count=count)
    *_, final = plan.chunks()
    assert (final.first, final.last) == last


@pytest.mark.parametrize("size", [0, -1, tiktok.VIDEO_MAX_BYTES + 1])
def test_refuses_what_tiktok_cannot_take(size: int) -> None:
    with pytest.raises(ValueError, match="video of"):
        tiktok.plan_chunks(size)


def test_cuts_tiktoks_own_example() -> None:
    plan = tiktok.ChunkPlan(video_size=50_000_123, chunk_size=10 * MB, total_chunk_count=5)
    assert [(c.first, c.last) for c in plan.chunks()] == [
        (0, 9_999_999),
        (10_000_000, 19_999_999),
        (20_000_000, 29_999_999),
        (30_000_000, 39_999_999),
        (40_000_000, 50_000_122),
    ]


@pytest.mark.parametrize(
    ("from_byte", "first", "count"),
    [
        (0, (0, 9_999_999), 7),
        (1, (1, 9_999_999), 7),
        (9_999_999, (9_999_999, 9_999_999), 7),
        (10_000_000, (10_000_000, 19_999_999), 6),
        (65_000_000, (65_000_000, 75_000_000), 1),
        (72_000_000, (72_000_000, 75_000_000), 1),  # past the last boundary, inside the last chunk
    ],
)
def test_resumes(from_byte: int, first: tuple[int, int], count: int) -> None:
    chunks = list(tiktok.plan_chunks(75_000_001).chunks(from_byte))
    assert (chunks[0].first, chunks[0].last) == first
    assert len(chunks) == count


@pytest.mark.parametrize("from_byte", [-1, 101])
def test_refuses_a_start_outside_the_video(from_byte: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        tiktok.plan_chunks(100).chunks(from_byte)  # at once, not at the first iteration


@given(size=SIZES)
def test_obeys_every_rule_at_once(size: int) -> None:
    plan = tiktok.plan_chunks(size)
    sizes = [chunk.size for chunk in plan.chunks()]
    assert plan.total_chunk_count == size // plan.chunk_size == len(sizes) <= 1000
    assert sum(sizes) == size
    if len(sizes) == 1:
        assert plan.chunk_size == size <= 64 * MB
    else:
        assert set(sizes[:-1]) == {plan.chunk_size}
        # Both readings of "MB": the larger lower bound, the smaller upper bounds.
        assert 5 * 1024**2 <= plan.chunk_size <= 64 * MB
        assert plan.chunk_size <= sizes[-1] <= 128 * MB


@given(size=SIZES, data=st.data())
def test_resuming_covers_exactly_the_rest(size: int, data: st.DataObject) -> None:
    plan = tiktok.plan_chunks(size)
    from_byte = data.draw(st.integers(0, size))
    rest = list(plan.chunks(from_byte))
    if from_byte == size:
        assert rest == []
        return
    assert rest[0].first == from_byte
    assert rest[-1].last == size - 1
    assert all(later.first == earlier.last + 1 for earlier, later in pairwise(rest))
    ends = {chunk.last for chunk in plan.chunks()}
    assert all(chunk.last in ends for chunk in rest)  # the boundaries stay the plan's
