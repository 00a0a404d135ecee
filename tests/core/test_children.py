"""Child processes: answers, ends of all kinds, and requests they never read."""

from pathlib import Path

import pytest

from core.children import ChildDied, Children, ChildSlow, Ends


def children(module: str, *, seconds: float = 20, largest_answer: int = 1000) -> Children:
    return Children(
        module, seconds=seconds, memory=1 << 30, at_once=1, largest_answer=largest_answer,
        environment={"TOLD": "so"},
    )  # fmt: skip


async def test_a_child_answers_its_request() -> None:
    answer = await children("tests.core.child").ask("echo", request=b"hello")
    assert answer == b"hello so"
    assert await children("tests.core.child").ask("echo") == b" so"


class Nothing(Exception):
    """What is raised by whoever asks."""


ENDS = Ends(slow=lambda: Nothing("slow"), died=lambda how: Nothing(f"died: {how}"), refused=Nothing)


async def test_an_object_and_what_follows_it() -> None:
    told = await children("tests.core.child").told("say", ends=ENDS, request=b'{"a": 1}\n\0\n')
    assert told == ({"a": 1}, b"\0\n")


@pytest.mark.parametrize(
    ("how", "request_", "why"),
    [
        ("say", b'{"refused": "too small"}', "too small"),
        ("crash", b"", "died: ended by signal"),
        ("sleep", b"", "slow"),
    ],
)
async def test_why_there_is_nothing(how: str, request_: bytes, why: str) -> None:
    with pytest.raises(Nothing, match=why):
        await children("tests.core.child", seconds=1).told(how, ends=ENDS, request=request_)


async def test_a_file_that_a_child_does_not_find() -> None:
    with pytest.raises(FileNotFoundError, match=r"'/a/clip\.mp4'"):
        await children("tests.core.child").told(
            "say", ends=ENDS, about=Path("/a/clip.mp4"), request=b'{"errno": 2}'
        )


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
