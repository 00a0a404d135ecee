"""Key rotation: from the program, from the command line, interrupted, and again."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from core.settings import Settings
from core.states import PostStatus
from core.store import rotation
from core.store.database import Database
from core.store.keys import KEY_FILE, load_keys, make_key, read_keys
from core.store.models import Account, Clip, Post
from core.store.rotation import reseal, rotate
from core.store.vault import Vault, VaultError
from tests.core.store.rows import NOW, a_user, an_account

PROJECT = Path(__file__).parents[3]
ACCOUNTS = rotation.BATCH + 3


def settings(folder: Path, **given: str) -> Settings:
    return Settings.load(_env_file=None, data_dir=str(folder), **given)


async def fill(settings: Settings) -> int:
    """Accounts with both tokens, one without, and a post with its upload URL; how many secrets."""
    keys, _ = load_keys(settings)
    vault = Vault(keys)
    database = Database(settings.database)
    await database.migrate()
    async with database.transaction() as change:
        change.add(a_user(1))
        await change.flush()
        accounts = [an_account(1, f"open-{number}") for number in range(ACCOUNTS + 1)]
        clip = Clip(
            owner_id=1, storage_key="clip", sha256="", size=1, content_type="video/mp4",
            duration=1, width=720, height=1280, fps=30, video_codec="h264", kind="video",
            created_at=NOW,
        )  # fmt: skip
        change.add_all([*accounts, clip])
        await change.flush()
        post = Post(owner_id=1, clip_id=clip.id, status=PostStatus.DRAFT, created_at=NOW)
        change.add(post)
        await change.flush()
        for account in accounts[1:]:
            vault.seal(account, "access_token", f"act.{account.id}")
            vault.seal(account, "refresh_token", f"rft.{account.id}")
        vault.seal(post, "upload_url", "https://upload.example/secret")
    await database.close()
    return 2 * ACCOUNTS + 1


async def check(settings: Settings, keys: list[bytes]) -> None:
    """All secrets open with these keys."""
    database, vault = Database(settings.database), Vault(keys)
    async with database.reading() as session:
        for number in range(2, ACCOUNTS + 2):
            account = await session.get_one(Account, number)
            assert vault.open(account, "access_token") == f"act.{number}"
            assert vault.open(account, "refresh_token") == f"rft.{number}"
        post = await session.get_one(Post, 1)
        assert vault.open(post, "upload_url") == "https://upload.example/secret"
        assert (await session.get_one(Account, 1)).access_token is None
    await database.close()


async def test_with_a_key_file_a_new_key_seals_everything(tmp_path: Path) -> None:
    given = settings(tmp_path)
    secrets = await fill(given)
    before = read_keys(tmp_path / KEY_FILE)

    assert await rotate(given) == secrets
    keys = read_keys(tmp_path / KEY_FILE)
    assert keys[1:] == before, "a running process may seal with the old one a little longer"
    await check(given, keys[:1])

    assert await rotate(given) == secrets
    assert len(read_keys(tmp_path / KEY_FILE)) == 3
    await check(given, read_keys(tmp_path / KEY_FILE)[:1])


async def test_with_keys_of_the_environment_the_first_seals_everything(tmp_path: Path) -> None:
    old, new = make_key(), make_key()
    secrets = await fill(settings(tmp_path, encryption_key=old))
    given = settings(tmp_path, encryption_key=new, encryption_keys_old=old)

    assert await rotate(given) == secrets
    await check(given, load_keys(settings(tmp_path, encryption_key=new))[0])
    assert await rotate(given) == 0, "nothing is left to do"
    assert not (tmp_path / KEY_FILE).exists()


async def test_an_old_key_that_is_not_given_changes_nothing(tmp_path: Path) -> None:
    old = settings(tmp_path, encryption_key=make_key())
    await fill(old)
    with pytest.raises(VaultError, match=r"accounts\.access_token:2 is sealed with key"):
        await rotate(settings(tmp_path, encryption_key=make_key()))
    await check(old, load_keys(old)[0])


async def test_after_an_interruption_it_goes_on(tmp_path: Path) -> None:
    """The first batch is kept, the second meets a value that does not open."""
    given = settings(tmp_path)
    secrets = await fill(given)
    last = ACCOUNTS + 1
    with closing(sqlite3.connect(tmp_path / "clipcue.db")) as connection, connection:
        (intact,) = connection.execute(
            "SELECT access_token FROM accounts WHERE id = ?", (last,)
        ).fetchone()
        connection.execute("UPDATE accounts SET access_token = ? WHERE id = ?", (intact[:-1], last))
    with pytest.raises(VaultError, match="damaged"):
        await rotate(given)

    with closing(sqlite3.connect(tmp_path / "clipcue.db")) as connection, connection:
        connection.execute("UPDATE accounts SET access_token = ? WHERE id = ?", (intact, last))
    keys = read_keys(tmp_path / KEY_FILE)
    await check(given, keys)
    database = Database(given.database)
    try:
        assert await reseal(database, Vault(keys)) == secrets - rotation.BATCH
        assert await reseal(database, Vault(keys)) == 0
    finally:
        await database.close()
    await check(given, keys[:1])


async def test_a_running_process_follows(tmp_path: Path) -> None:
    given = settings(tmp_path)
    await fill(given)
    path = tmp_path / KEY_FILE
    running = Vault(read_keys(path), reload=lambda: read_keys(path))
    await rotate(given)
    database = Database(given.database)
    async with database.transaction() as change:
        account = await change.get_one(Account, 2)
        assert running.open(account, "access_token") == "act.2"
        running.seal(account, "access_token", "act.2")
        assert account.access_token is not None
        assert not Vault(read_keys(path)).uses_old_key(account.access_token)
    await database.close()


async def test_on_the_command_line_twice(tmp_path: Path) -> None:
    given = settings(tmp_path)
    secrets = await fill(given)
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)}
    for _ in range(2):
        done = subprocess.run(  # noqa: ASYNC221 - nothing else runs on this loop
            [sys.executable, "-m", "bot", "rotate-key"],
            cwd=tmp_path,
            env=environment | {"PYTHONPATH": str(PROJECT)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert f"Sealed {secrets} secrets again" in done.stdout
        for key in (tmp_path / KEY_FILE).read_text().split():
            assert key not in done.stdout + done.stderr
    keys = read_keys(tmp_path / KEY_FILE)
    assert len(keys) == 3
    await check(given, keys[:1])
