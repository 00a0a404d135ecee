"""Photos on their way: they are counted off, whatever becomes of them."""

from types import SimpleNamespace
from typing import Any

import pytest

from bot.coming_photos import ComingPhotos
from bot.gathering import Gathering
from bot.handlers import photos

CHAT = 7


class Unreadable:
    """A creator in whose languages no words can be read."""

    id = chat_id = CHAT
    zone = None

    @property
    def time_languages(self) -> tuple[str, ...]:
        raise RuntimeError("broken")


async def test_one_whose_words_cannot_be_read_is_waited_for_no_longer() -> None:
    works: list[Any] = []
    coming = ComingPhotos()
    arrival = SimpleNamespace(
        kept=SimpleNamespace(number=1),
        trail=SimpleNamespace(message_id=5),
        afterwards=works.append,
    )
    said: list[Any] = []

    async def say(screen: Any) -> int:
        said.append(screen)
        return 6

    talk: Any = SimpleNamespace(creator=Unreadable(), arrival=arrival, say=say)
    services: Any = SimpleNamespace(coming_photos=coming)
    size = SimpleNamespace(file_id="f", file_size=1, width=1, height=1)
    message: Any = SimpleNamespace(
        photo=(size,), media_group_id=None, message_id=4, caption="in 2h Soup", date=None
    )
    await photos.received(talk, services, message)
    assert coming.gathering.left(CHAT) == 1

    await works[0]()

    assert coming.gathering.left(CHAT) == 0
    assert len(said) == 1, "that it went wrong"


def test_asking_whether_it_may_be_drawn_draws_nothing() -> None:
    gathering = Gathering(draw_every=60)
    gathering.expect(CHAT, 1, 4)
    assert gathering.may_draw(CHAT) and gathering.may_draw(CHAT)
    gathering.drawn(CHAT)
    assert not gathering.may_draw(CHAT)


@pytest.mark.parametrize("said_in", [None, 5])
def test_one_that_is_tried_again_is_expected_again(said_in: int | None) -> None:
    coming = ComingPhotos()
    assert coming.expect(CHAT, 1, 4, said_in=said_in)
    coming.end(CHAT, 1)
    assert coming.expect(CHAT, 1, 4, said_in=said_in)
    assert not coming.expect(CHAT, 1, 4, said_in=None)
    assert (coming.gathering.left(CHAT), coming.of(CHAT).said_in) == (1, said_in)
