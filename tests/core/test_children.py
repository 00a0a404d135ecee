"""Child processes: answers, ends of all kinds, and requests they never read."""

import pytest

from core.children import ChildDied, Children, ChildSlow


def children(module: str, *, seconds: float = 20, largest_answer: int = 1000) -> Children:
    return Children(
        module, seconds=seconds, memory=1 << 30, at_once=1, largest_answer=largest_answer,
        environment={"TOLD": "so"},
    )  # fmt: skip


async def test_a_child_answers_its_request() -> None:
    answer = await children("tests.core.child").ask("echo", request=b"hello")
    assert answer == b"hello so"
    assert await children("tests.core.child").ask("echo") == b" so"


async def test_a_request_that_is_never_read_is_no_harm() -> None:
    much = b"x" * (1 << 20)
    assert await children("tests.core.child").ask("deaf", request=much) == b"done"


@pytest.mark.parametrize(
    ("how", "error"),
    [("fail", RuntimeError), ("crash", ChildDied), ("talk", ChildDied), ("sleep", ChildSlow)],
)
async def test_ends_of_a_child(how: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        await children("tests.core.child", seconds=1).ask(how, request=b"x" * (1 << 20))
