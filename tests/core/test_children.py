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


async def test_lines_are_heard_before_the_answer() -> None:
    heard: list[bytes] = []

    async def hear(line: bytes) -> None:
        heard.append(line)

    answer = await children("tests.core.child").ask("count", heard=hear)
    assert heard == [b"1\n", b"2\n"]
    assert answer == b"3\n"


async def test_what_hears_of_a_child_can_end_it() -> None:
    async def hear(_: bytes) -> None:
        raise EOFError

    with pytest.raises(EOFError):
        await children("tests.core.child").ask("count on", heard=hear)


async def test_a_line_without_an_end_is_too_long() -> None:
    async def hear(_: bytes) -> None:
        pass

    with pytest.raises(ChildDied):
        await children("tests.core.child").ask("talk", request=b"", heard=hear)


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
