"""What is known of uploads while they run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.publishing.progress import Progress, Sent


def test_it_rings_when_a_post_is_taken_up_when_its_bytes_begin_and_when_it_is_let_go() -> None:
    rung: list[None] = []
    progress = Progress()
    progress.on_change(lambda: rung.append(None))
    with progress.following(7):
        assert (len(rung), progress.uploading) == (1, [])
        for count in (1, 2, 3):
            progress.sent(7, count, total=10)
        assert (len(rung), progress.uploading) == (2, [7])
        assert progress.of(7) == Sent(count=3, total=10)
    assert (len(rung), progress.uploading, progress.of(7)) == (3, [], None)


def test_nothing_is_kept_of_what_broke_off() -> None:
    progress = Progress()
    with pytest.raises(OSError), progress.following(7):
        progress.sent(7, 1, total=10)
        raise OSError
    assert progress.uploading == []


@given(
    st.integers(1, 4 * 1024**3).flatmap(
        lambda total: st.tuples(st.integers(0, total), st.just(total))
    )
)
def test_percents_are_whole_and_never_a_hundred(sent: tuple[int, int]) -> None:
    count, total = sent
    percent = Sent(count=count, total=total).percent
    assert 0 <= percent <= 99
    assert percent <= count * 100 / total
