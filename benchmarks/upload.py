"""How fast a clip leaves, and what the event loop feels of it.

The bot's own client against curl and against the obvious way with httpx, each sending the same
file to the same sink in another process, one after another within each round. TikTok is reached
over TLS; plain HTTP shows what is left when nobody encrypts.
"""

import asyncio
import os
import ssl
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from benchmarks.table import Row, note
from core import tiktok
from sandbox.samples import make_clip

SIZE = 1_000_000_000
ROUNDS = 3
MB = 1_000_000
TICK = 0.002
"""Seconds between two looks at how late the event loop is."""


@dataclass(kw_only=True)
class _Figures:
    """Of one way to send, round after round: MB a second, CPU seconds, lags of the loop in ms."""

    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)


async def measure(folder: Path) -> list[Row]:
    clip = await asyncio.to_thread(make_clip, folder / "upload.mp4", pad_to=SIZE)
    certificate = folder / "sink.pem"
    await asyncio.to_thread(write_certificate, certificate)
    rows = []
    async with sink(certificate) as (plain, encrypted):
        for over, url in (("TLS", encrypted), ("plain HTTP", plain)):
            note(f"upload of {SIZE // MB} MB over {over}")
            ours, theirs, whole = await _compare(url, clip, certificate)
            rows += [
                _rate(f"upload over {over}", ours, theirs, "curl -T"),
                _rate(f"upload over {over}", ours, whole, "httpx, each chunk as bytes"),
            ]
            if over == "TLS":
                rows += [_cpu(ours, theirs), _lag(ours, whole)]
    return rows


def _rate(what: str, ours: _Figures, other: _Figures, name: str) -> Row:
    return Row(
        what=what,
        unit="MB/s",
        ours=median(ours.rates),
        baseline=median(other.rates),
        against=name,
    )


def _cpu(ours: _Figures, other: _Figures) -> Row:
    return Row(
        what=f"CPU time of {SIZE // MB:,} MB over TLS",
        unit="s",
        ours=median(ours.cpu),
        baseline=median(other.cpu),
        against="curl -T",
    )


def _lag(ours: _Figures, whole: _Figures) -> Row:
    return Row(
        what="lag of the event loop meanwhile, p99",
        unit="ms",
        ours=quantiles(ours.lags, n=100)[98],
        baseline=quantiles(whole.lags, n=100)[98],
        against="httpx, each chunk as bytes",
    )


async def _compare(url: str, clip: Path, certificate: Path) -> tuple[_Figures, _Figures, _Figures]:
    trust = ssl.create_default_context(cafile=certificate)
    async with httpx.AsyncClient(verify=trust, timeout=60) as http:
        ways: list[Callable[[], Awaitable[None]]] = [
            lambda: _ours(http, url, clip),
            lambda: curl(url, clip, certificate),
            lambda: _whole_chunks(http, url, clip),
        ]
        figures = [_Figures() for _ in ways]
        for _ in range(ROUNDS):
            for way, found in zip(ways, figures, strict=True):
                async with _watched(found.lags):
                    begun, cpu = perf_counter(), _cpu_seconds()
                    await way()
                    found.rates.append(SIZE / MB / (perf_counter() - begun))
                    found.cpu.append(_cpu_seconds() - cpu)
    ours, theirs, whole = figures
    return ours, theirs, whole


def _cpu_seconds() -> float:
    """Of this process, and of the children that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


async def _ours(http: httpx.AsyncClient, url: str, clip: Path) -> None:
    client = tiktok.Client(client_key="", client_secret="", http=http, api_base_url=url)
    for chunk in tiktok.plan_chunks(SIZE).chunks():
        await client.send_chunk(url, clip, chunk, total=SIZE, content_type="video/mp4")


async def curl(url: str, clip: Path, certificate: Path) -> None:
    upload = await asyncio.create_subprocess_exec(
        *("curl", "--silent", "--fail", "--cacert", str(certificate)),
        *("--header", "Expect:", "--upload-file", str(clip), url),
    )
    if await upload.wait():
        raise RuntimeError(f"curl ended with {upload.returncode}")


async def _whole_chunks(http: httpx.AsyncClient, url: str, clip: Path) -> None:
    for chunk in tiktok.plan_chunks(SIZE).chunks():
        (await http.put(url, content=_read(clip, chunk))).raise_for_status()


def _read(clip: Path, chunk: tiktok.Chunk) -> bytes:
    with clip.open("rb") as file:
        file.seek(chunk.first)
        return file.read(chunk.size)


@asynccontextmanager
async def _watched(lags: list[float]) -> AsyncIterator[None]:
    """Add to `lags`, in ms, how late a timer rings again and again while the block runs."""

    async def watch() -> None:
        while True:
            before = perf_counter()
            await asyncio.sleep(TICK)
            lags.append((perf_counter() - before - TICK) * 1000)

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


@asynccontextmanager
async def sink(certificate: Path) -> AsyncIterator[tuple[str, str]]:
    """The sink's two addresses, plain and TLS."""
    sink = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "benchmarks.sink", str(certificate)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert sink.stdin is not None and sink.stdout is not None  # noqa: S101 - both are pipes
    try:
        plain, encrypted = (await sink.stdout.readline()).split()
        yield f"http://127.0.0.1:{int(plain)}/", f"https://127.0.0.1:{int(encrypted)}/"
    finally:
        sink.stdin.close()
        await sink.wait()


def write_certificate(path: Path) -> None:
    """A key and a certificate for 127.0.0.1, signed by itself, good for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sink")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=True
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    path.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(pem)
    )
