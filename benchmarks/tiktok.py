"""TikTok as bare as can be: `python -m benchmarks.tiktok`.

It answers what lies on the way to init, notes when each init came and under which title, and lets
every upload wait: what is measured ends with init. It prints its port, answers GET with the inits
noted since the last GET, and serves until its standard input is closed.
"""

import asyncio
import json
import re
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial
from typing import cast

ARRIVALS_PATH = "/arrivals"

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_TITLE = re.compile(rb'"title": *"([^"]*)"')
_OK = {"code": "ok", "message": "", "log_id": "1"}
_CREATOR_INFO = {
    "creator_username": "lena.cooks",
    "creator_nickname": "Lena",
    "creator_avatar_url": "https://p16.tiktokcdn.com/lena.jpeg",
    "privacy_level_options": ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"],
    "comment_disabled": False,
    "duet_disabled": False,
    "stitch_disabled": False,
    "max_video_post_duration_sec": 600,
}


@dataclass(kw_only=True)
class _Noted:
    """What all connections together have seen."""

    inits: int = 0
    arrivals: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


class _TikTok(asyncio.Protocol):
    def __init__(self, noted: _Noted) -> None:
        self._noted = noted
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._host = ":".join(map(str, transport.get_extra_info("sockname")))

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not end or len(body) < (int(length[1]) if length else 0):
            return
        self._received = b""
        if head.startswith(b"PUT "):
            return
        answer = json.dumps(self._answer(head.split(b" ", 2)[1], body)).encode()
        self._transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
            % (len(answer), answer)
        )

    def _answer(self, path: bytes, body: bytes) -> object:
        if path.endswith(b"/video/init/"):
            return {"data": self._init(body), "error": _OK}
        if path.endswith(b"/creator_info/query/"):
            return {"data": _CREATOR_INFO, "error": _OK}
        arrivals, self._noted.arrivals = self._noted.arrivals, defaultdict(list)
        return arrivals

    def _init(self, body: bytes) -> dict[str, str]:
        title = _TITLE.search(body)
        self._noted.arrivals[title[1].decode() if title else ""].append(time.time())
        self._noted.inits += 1
        number = self._noted.inits
        return {
            "publish_id": f"v_pub_file~v2-1.{number}",
            "upload_url": f"http://{self._host}/video/?upload_id={number}&upload_token=t",
        }


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(
        partial(_TikTok, _Noted()), "127.0.0.1", 0
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve())
