"""A PostgreSQL server of our own for as long as the tests run, where its programs are installed."""

import asyncio
import atexit
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache, cached_property
from pathlib import Path

import pytest
from sqlalchemy import make_url

from core.store.database import Database
from tests.outside import ask

PASSWORD = "sesame: open / 50% @ night"  # what has to be written otherwise in an address
_QUOTED = "sesame%3A%20open%20%2F%2050%25%20%40%20night"


class Cluster:
    """A server on a free port of loopback, in a folder that goes with it."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._user = _unprivileged()
        self._folder = Path(tempfile.mkdtemp(prefix="clipcue-postgres-"))
        if self._user:
            shutil.chown(self._folder, self._user)
        self._numbers = itertools.count(1)
        self._server: subprocess.Popen[bytes] | None = None
        self.port = _free_port()
        atexit.register(self.remove)
        self._make()
        self.start()

    def _make(self) -> None:
        secret = self._folder / "password"
        secret.write_text(PASSWORD + "\n")
        secret.chmod(0o644)
        self._run(
            "initdb", "--no-sync", "--auth=scram-sha-256", f"--pwfile={secret}",
            "--username=clipcue", "--encoding=UTF8", "--locale=C.UTF-8",
        )  # fmt: skip

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), "-D", str(self._folder / "data"), *arguments]
        subprocess.run(command, user=self._user, cwd=self._folder, check=True, capture_output=True)

    def start(self) -> None:
        self._server = subprocess.Popen(
            [self._programs / "postgres", "-D", self._folder / "data", "-p", str(self.port),
             "-k", self._folder, "-c", "listen_addresses=127.0.0.1"],
            user=self._user, cwd=self._folder,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        ready = [str(self._programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        for _ in range(300):
            if subprocess.run(ready, check=False).returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not start")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT ends the connections and stops in order, SIGQUIT is a crash."""
        if self._server is not None:
            self._server.send_signal(how)
            self._server.wait(timeout=30)
            self._server = None

    def remove(self) -> None:
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://clipcue:{_QUOTED}@127.0.0.1:{self.port}/{name}"

    def new_database(self, *, empty: bool = False) -> str:
        """The address of a database with all tables, or with none."""
        name = f"test_{next(self._numbers)}"
        template = "template1" if empty else self._migrated
        ask(self.url("postgres"), f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    @cached_property
    def _migrated(self) -> str:
        url = self.new_database(empty=True)
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, migrate(url)).result()
        return make_url(url).database or ""

    def drop(self, url: str) -> None:
        ask(self.url("postgres"), f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")


@cache
def the_cluster() -> Cluster:
    """The one of this run; where PostgreSQL is not installed, the test is skipped."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed here: NOTHING was tested on it")
    return Cluster(programs)


def _programs() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    places = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: int(place.parent.name)
    )
    return places[-1] if places else None


async def migrate(url: str) -> None:
    """Give a database all its tables."""
    database = Database(url)
    await database.migrate()
    await database.close()


def _unprivileged() -> str | None:
    """PostgreSQL does not run as root: whom to run it as instead."""
    if os.geteuid() != 0:
        return None
    return next(name for name in ("postgres", "nobody") if _exists(name))


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
