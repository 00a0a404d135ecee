"""Telegram as bare as can be: `python -m benchmarks.telegram`.

It prints its port and serves until its standard input is closed. A line there, a number of updates
and one of people, has them written to the bot, in turn `TEXTS`; when the bot has answered each with
a message, the seconds that took are printed. A line of anything else is what the button carries
that the first person taps; there the answer is an edit. It takes every call well, and shows nobody
anything.
"""

import asyncio
import json
import sys
import time
from typing import Any, cast
from urllib.parse import parse_qs

TEXTS = ("/posts", "/cancel")
PER_POLL = 100  # Telegram's own limit

_BOT = {"id": 123456789, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}


class _World:
    """The updates on their way, and who waits for them."""

    def __init__(self) -> None:
        self.waiting: list[dict[str, Any]] = []
        self.unanswered = 0
        self.begun = 0.0
        self.messages = 0
        self._last_update = 0
        self._more = asyncio.Event()

    def write(self, count: int, people: int) -> None:
        for number in range(count):
            self._last_update += 1
            self.messages += 1
            text = TEXTS[number // people % len(TEXTS)]
            person = {"id": 1 + number % people, "first_name": "Ana"}
            self.waiting.append(
                {
                    "update_id": self._last_update,
                    "message": {
                        "message_id": self.messages,
                        "date": int(time.time()),
                        "from": {**person, "is_bot": False, "language_code": "en"},
                        "chat": {**person, "type": "private"},
                        "text": text,
                        "entities": [{"type": "bot_command", "offset": 0, "length": len(text)}],
                    },
                }
            )
        self.unanswered = count
        self.begun = time.perf_counter()
        self._more.set()

    def tap(self, data: str) -> None:
        self._last_update += 1
        person = {"id": 1, "first_name": "Ana"}
        sender = {**person, "is_bot": False, "language_code": "en"}
        message = {"message_id": 1, "date": int(time.time()), "from": _BOT,
                   "chat": {**person, "type": "private"}, "text": "A list"}  # fmt: skip
        tapped = {"id": str(self._last_update), "from": sender, "message": message,
                  "chat_instance": "1", "data": data}  # fmt: skip
        self.waiting.append({"update_id": self._last_update, "callback_query": tapped})
        self.unanswered = 1
        self.begun = time.perf_counter()
        self._more.set()

    async def updates(self, offset: int, timeout: float) -> list[dict[str, Any]]:
        self.waiting = [update for update in self.waiting if update["update_id"] >= offset]
        if not self.waiting and timeout:
            self._more.clear()
            try:
                async with asyncio.timeout(timeout):
                    await self._more.wait()
            except TimeoutError:
                pass
        return self.waiting[:PER_POLL]

    def answered(self) -> None:
        self.unanswered -= 1
        if self.unanswered == 0:
            print(time.perf_counter() - self.begun, flush=True)


class _Telegram(asyncio.Protocol):
    def __init__(self, world: _World) -> None:
        self._world = world
        self._received = b""
        self._poll: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, _error: Exception | None) -> None:
        if self._poll:
            self._poll.cancel()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        _, _, length = head.lower().partition(b"\r\ncontent-length:")
        if not end or len(body) < int(length.split(b"\r\n", 1)[0] or 0):
            return
        self._received = b""
        path, _, query = head.split(b" ", 2)[1].decode().partition("?")
        given = {name: values[0] for name, values in parse_qs(query or body.decode()).items()}
        method = path.rpartition("/")[2]
        if method == "getUpdates":
            self._poll = asyncio.create_task(self._hand_out(given))
        else:
            self._answer(self._result(method, given))

    async def _hand_out(self, given: dict[str, str]) -> None:
        offset, timeout = int(given.get("offset", 0)), float(given.get("timeout", 0))
        self._answer(await self._world.updates(offset, timeout))

    def _result(self, method: str, given: dict[str, str]) -> object:
        if method == "getMe":
            return _BOT
        if method == "editMessageText":
            self._world.answered()
        if method != "sendMessage":
            return True
        self._world.answered()
        self._world.messages += 1
        return {
            "message_id": self._world.messages,
            "date": int(time.time()),
            "from": _BOT,
            "chat": {"id": int(given["chat_id"]), "type": "private", "first_name": "Ana"},
            "text": given["text"],
        }

    def _answer(self, result: object) -> None:
        answer = json.dumps({"ok": True, "result": result}).encode()
        self._transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
            % (len(answer), answer)
        )


async def _serve() -> None:
    world = _World()
    server = await asyncio.get_running_loop().create_server(
        lambda: _Telegram(world), "127.0.0.1", 0
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        numbers = line.split()
        if all(number.isdecimal() for number in numbers):
            world.write(*map(int, numbers))
        else:
            world.tap(line.strip())


if __name__ == "__main__":
    asyncio.run(_serve())
