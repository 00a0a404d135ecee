"""The doctor and what is kept on this machine: database, key, disk, and what reads clips."""

import asyncio
import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.doctor.finding import Status
from core.media.probing import Prober
from core.store.database import newest_version
from core.store.keys import make_key
from tests.commands.looking import look, reports
from tests.commands.running import ROOT, run
from tests.stage import TIKTOK_SECRET, TOKEN, Stage

GIB = 1 << 30


@pytest.fixture
async def data(stage: Stage) -> Path:
    """A data folder as a bot left it: an account is connected, its tokens sealed."""
    await stage.start_bot()
    await stage.connect(await stage.meet())
    await stage.stop_bot()
    return stage.folder / "data"


def _say_version(data: Path, version: str) -> None:
    with closing(sqlite3.connect(data / "clipcue.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = ?", [version])


async def test_a_database_that_is_behind(stage: Stage, data: Path) -> None:
    await asyncio.to_thread(_say_version, data, "0003")
    finding = await look(stage, "database")
    assert finding.status is Status.WARNING
    assert finding.found == f"its tables are at 0003, this version wants {newest_version()}"
    assert "clipcue migrate" in finding.do


async def test_a_database_that_a_newer_version_made(stage: Stage, data: Path) -> None:
    await asyncio.to_thread(_say_version, data, "9999")
    finding = await look(stage, "database")
    assert finding.status is Status.FAILED
    assert "a newer ClipCue made its tables (at 9999" in finding.found


def _spoil(file: Path, *, at: int) -> None:
    with file.open("r+b") as content:
        content.seek(at)
        content.write(b"\xa5" * 4096)


@pytest.mark.parametrize("at", [0, 3 * 4096], ids=["its head", "a page"])
async def test_a_corrupt_database(stage: Stage, data: Path, at: int) -> None:
    await asyncio.to_thread(_spoil, data / "clipcue.db", at=at)
    finding = await look(stage, "database")
    assert finding.status is Status.FAILED
    assert "is damaged" in finding.found
    assert "clipcue restore" in finding.do
    assert (await look(stage, "encryption key")).status is not Status.FAILED, "one thing at a time"


async def test_a_whole_database_and_its_key(stage: Stage, data: Path) -> None:
    before = await asyncio.to_thread(_changes, data)
    found = {each.name: each.finding for each in await reports(stage, "database", "encryption key")}
    assert {each.status for each in found.values()} == {Status.OK}
    assert found["encryption key"].found.startswith("it opens all 2 secrets")
    assert await asyncio.to_thread(_changes, data) == before


def _changes(data: Path) -> dict[str, int]:
    """When each file was last written to."""
    kept = (data / "clipcue.db", data / "encryption.key")
    return {path.name: path.stat().st_mtime_ns for path in kept}


@pytest.mark.usefixtures("data")
async def test_another_key_than_the_secrets_were_sealed_with(stage: Stage) -> None:
    key = make_key()
    stage.environment["ENCRYPTION_KEY"] = key
    finding = await look(stage, "encryption key")
    assert finding.status is Status.FAILED
    assert finding.found.startswith("2 of 2 secrets do not open")
    assert key not in finding.found + finding.do


async def test_a_key_that_is_gone(stage: Stage, data: Path) -> None:
    key = data / "encryption.key"
    await asyncio.to_thread(key.unlink)
    finding = await look(stage, "encryption key")
    assert finding.status is Status.FAILED
    assert finding.found == "the key is gone, and 2 secrets are sealed with it"
    assert str(key) in finding.do
    assert not await asyncio.to_thread(key.exists), "the doctor makes none"


async def test_a_key_that_is_damaged(stage: Stage, data: Path) -> None:
    await asyncio.to_thread((data / "encryption.key").write_text, "half of a k")
    finding = await look(stage, "encryption key")
    assert (finding.status, "is damaged" in finding.found) == (Status.FAILED, True)


async def test_a_key_that_others_may_read(stage: Stage, data: Path) -> None:
    key = data / "encryption.key"
    await asyncio.to_thread(key.chmod, 0o644)
    finding = await look(stage, "encryption key")
    assert (finding.status, finding.do) == (Status.WARNING, f"chmod 600 {key}")
    assert "(mode 644)" in finding.found


# Bytes that are free, and what that is called.
DISKS = [(100 * GIB, Status.OK), (2 * GIB, Status.WARNING), (100 << 20, Status.FAILED)]


@pytest.mark.parametrize(("free", "status"), DISKS, ids=[str(row[1]) for row in DISKS])
async def test_a_full_disk(stage: Stage, free: int, status: Status) -> None:
    finding = await look(stage, "disk", free=lambda _: free)
    assert finding.status is status
    assert finding.found.startswith(f"{free / GIB:.1f} GiB are free under ")


async def test_the_disk_is_really_asked(stage: Stage) -> None:
    finding = await look(stage, "disk")
    assert "GiB are free under" in finding.found


async def test_a_reader_of_clips_that_gets_no_memory(stage: Stage) -> None:
    finding = await look(stage, "media", prober=Prober(memory=1 << 24))
    assert finding.status is Status.FAILED
    assert "cannot read a good one" in finding.found


class TestTheCommand:
    """`clipcue doctor` as scripts call it."""

    @pytest.fixture(autouse=True)
    async def waiting(self, stage: Stage, data: Path) -> None:  # noqa: ARG002 - made before
        """An update, so that nobody has to be waited for who might take it."""
        await stage.person().send("/start")

    async def test_its_exit_code_and_json(self, stage: Stage) -> None:
        code, out, err = await run(stage, "doctor", "--json")
        told = json.loads(out)
        named = {each["name"]: each["status"] for each in told["checks"]}
        assert (code, told["status"], err) == (1, "failed", "")
        assert named["redirect URI"] == "failed"
        assert (named["bot token"], named["database"], named["media"]) == ("ok", "ok", "ok")
        stage.environment["MOCK_MODE"] = "true"
        code, out, _ = await run(stage, "doctor")
        assert code == 0, "a stand-in takes any address"
        assert "✓ bot token" in out
        assert "\x1b" not in out, "no colours where nobody looks"

    async def test_a_media_stack_that_does_not_load(self, stage: Stage, tmp_path: Path) -> None:
        broken = tmp_path / "broken" / "av"
        broken.mkdir(parents=True)
        (broken / "__init__.py").write_text("raise ImportError('libavcodec.so.62 is missing')")
        path = os.pathsep.join([str(broken.parent), str(ROOT)])
        code, out, _ = await run(stage, "doctor", "--json", PYTHONPATH=path)
        (media,) = [each for each in json.loads(out)["checks"] if each["name"] == "media"]
        assert (code, media["status"]) == (1, "failed")
        assert "dependencies again" in media["do"]

    async def test_no_secret_is_in_what_it_says(self, stage: Stage) -> None:
        key, metrics_token = make_key(), "a-token-of-the-operators"
        await stage.telegram.webhook.set({"url": f"https://bots.example.com/{TOKEN}"})
        stage.environment |= {"ENCRYPTION_KEY": key, "METRICS_TOKEN": metrics_token}
        wrong = {
            "TELEGRAM_API_BASE_URL": "http://127.0.0.1:9",
            "ENCRYPTION_KEYS_OLD": "short-old-key",
        }
        for variables in ({}, wrong):
            stage.environment |= variables
            _, out, err = await run(stage, "doctor", *([] if variables else ["--json"]))
            for secret in (TOKEN, TIKTOK_SECRET, key, metrics_token, "short-old-key"):
                assert secret not in out + err
