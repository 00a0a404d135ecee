"""An HTTP server that takes bodies and throws them away: `python -m benchmarks.sink CERTIFICATE`.

It prints its two ports, plain and TLS, and serves until its standard input is closed. As bare as
can be, so that what is measured is who sends.
"""

import asyncio
import re
import ssl
import sys
from typing import cast

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_ANSWER = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"
_BUFFER_BYTES = 1 << 20


class _Sink(asyncio.BufferedProtocol):
    def __init__(self) -> None:
        self._buffer = bytearray(_BUFFER_BYTES)
        self._head = b""
        self._left = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def get_buffer(self, sizehint: int) -> bytearray:  # noqa: ARG002 - asyncio's signature
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        if self._left:
            self._left -= nbytes
        else:
            self._head += self._buffer[:nbytes]
            head, end, body = self._head.partition(b"\r\n\r\n")
            if not end:
                return
            length = _LENGTH.search(head)
            self._head = b""
            self._left = (int(length[1]) if length else 0) - len(body)
        if self._left == 0:
            self._transport.write(_ANSWER)


async def _serve(certificate: str) -> None:
    loop = asyncio.get_running_loop()
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    servers = [await loop.create_server(_Sink, "127.0.0.1", 0, ssl=way) for way in (None, tls)]
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1]))
