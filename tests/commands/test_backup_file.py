"""A backup's file: what is in it, what is refused, and what a restore does with it."""

import asyncio
import hashlib
import io
import json
import secrets
import sqlite3
import stat
import tarfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, String, create_engine

from core.backups.archive import MANIFEST, BackupError
from core.backups.restoring import Restored, restore
from core.backups.taking import SNAPSHOT, Taken, take
from core.files import NAMINGS
from core.settings import Settings
from core.store.database import MIGRATIONS, Database, newest_version
from core.store.keys import load_keys, make_key
from core.store.models import Base
from core.workers import Worker

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


def settings_of(folder: Path, **variables: str) -> Settings:
    return Settings.load(_env_file=None, data_dir=folder, **variables)


@pytest.fixture
async def data(tmp_path: Path) -> Path:
    """A data folder with two clips, one of which is gone, and a key."""
    folder = tmp_path / "data"
    database = Database(f"sqlite+aiosqlite:///{folder / 'clipcue.db'}")
    await database.migrate()
    await database.close()
    await asyncio.to_thread(_fill, folder)
    return folder


def _fill(folder: Path) -> None:
    load_keys(settings_of(folder))
    (folder / "clips" / "incoming").mkdir(parents=True)
    with closing(sqlite3.connect(folder / "clipcue.db")) as database, database:
        database.execute(
            "INSERT INTO users (id, chat_id, reachable, created_at) VALUES (1, 1, 1, ?)",
            [f"{NOW:%F %T}"],
        )
        add_clip(database, folder, b"first clip")
        key = add_clip(database, folder, b"second clip")
        database.execute(
            "UPDATE clips SET file_gone_at = ? WHERE storage_key = ?", [f"{NOW:%F %T}", key]
        )
    (folder / "clips" / key).unlink()


def add_file(folder: Path, content: bytes) -> str:
    key = secrets.token_hex(16)
    (folder / "clips" / key).write_bytes(content)
    return key


def add_clip(database: sqlite3.Connection, folder: Path, content: bytes) -> str:
    """The file first, then its row, as the bot does."""
    key = add_file(folder, content)
    database.execute(
        "INSERT INTO clips (owner_id, storage_key, sha256, size, content_type, duration, width, "
        "height, fps, video_codec, kind, created_at) "
        "VALUES (1, ?, '', ?, 'video/mp4', 1, 1, 1, 24, 'h264', 'video', ?)",
        [key, len(content), f"{NOW:%F %T}"],
    )
    return key


def back_up(folder: Path, *, with_keys: bool = False, **variables: str) -> Taken:
    path = folder.parent / f"{secrets.token_hex(4)}.tar"
    return take(settings_of(folder, **variables), path, with_keys=with_keys, now=NOW)


def brought_back(path: Path, folder: Path, *, now: datetime = NOW, **how: object) -> Restored:
    return asyncio.run(restore(path, folder, now=now, **how))  # type: ignore[arg-type]  # of tests


def test_a_file_that_two_clips_share_is_in_it_once(data: Path) -> None:
    with closing(sqlite3.connect(data / "clipcue.db")) as database, database:
        database.execute(
            "INSERT INTO clips (owner_id, storage_key, original_key, sha256, size, content_type, "
            "duration, width, height, fps, video_codec, kind, created_at) "
            "SELECT owner_id, storage_key, storage_key, sha256, size, content_type, duration, "
            "width, height, fps, video_codec, kind, created_at FROM clips "
            "WHERE file_gone_at IS NULL"
        )
    with tarfile.open(back_up(data).path) as tar:
        assert len([name for name in tar.getnames() if name.startswith("clips/")]) == 1


def test_a_file_that_no_row_names_does_not_look_younger_for_it(data: Path) -> None:
    """Clips are swept by when they came."""
    orphan = data / "clips" / secrets.token_hex(16)
    orphan.write_bytes(b"what a crash left")
    before = orphan.stat().st_ctime_ns
    sleep(0.02)
    with tarfile.open(back_up(data).path) as tar:
        assert f"clips/{orphan.name}" not in tar.getnames()
    assert orphan.stat().st_ctime_ns == before


def test_files_of_every_column_that_names_one_are_in_it(data: Path) -> None:
    columns = {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_key") and isinstance(column.type, String)
    }
    assert columns == {(each.key.class_.__tablename__, each.key.key) for each in NAMINGS}
    with closing(sqlite3.connect(data / "clipcue.db")) as database, database:
        original, photo = [add_file(data, each) for each in (b"an original", b"a photo")]
        database.execute("UPDATE clips SET original_key = ? WHERE file_gone_at IS NULL", [original])
        database.execute(
            "INSERT INTO posts (id, owner_id, status, version, caption, allow_comment, "
            "allow_duet, allow_stitch, discloses, your_brand, branded_content, attempt, tries, "
            "bytes_acknowledged, created_at) "
            "VALUES (1, 1, 'draft', 1, '', 0, 0, 0, 0, 0, 0, 0, 0, 0, ?)",
            [f"{NOW:%F %T}"],
        )
        database.execute(
            "INSERT INTO photos (owner_id, post_id, position, storage_key, sha256, size, width, "
            "height, content_type, created_at) VALUES (1, 1, 0, ?, '', 7, 1, 1, 'image/jpeg', ?)",
            [photo, f"{NOW:%F %T}"],
        )
    with tarfile.open(back_up(data).path) as tar:
        assert {f"clips/{original}", f"clips/{photo}"} < set(tar.getnames())


def test_what_is_in_it(data: Path) -> None:
    taken = back_up(data)
    assert stat.S_IMODE(taken.path.stat().st_mode) == 0o600
    with tarfile.open(taken.path) as tar:
        *names, last = tar.getnames()
        assert last == MANIFEST
        assert names[0] == "clipcue.db"
        (clip,) = names[1:]
        content = tar.extractfile(clip)
        assert content is not None
        assert content.read() == b"first clip"
    assert taken.manifest.files[clip].sha256 == hashlib.sha256(b"first clip").hexdigest()
    assert (taken.manifest.missing, taken.manifest.has_keys) == ((), False)
    assert taken.manifest.schema == newest_version()
    assert not (data / SNAPSHOT).exists()


@pytest.mark.parametrize("key", [None, make_key()], ids=["file", "environment"])
def test_a_key_is_inside_only_when_asked_for(data: Path, tmp_path: Path, key: str | None) -> None:
    variables: dict[str, Any] = {"encryption_key": key} if key else {}
    ours = key or (data / "encryption.key").read_text().strip()
    assert ours.encode() not in back_up(data, **variables).path.read_bytes()
    taken = back_up(data, with_keys=True, **variables)
    done = brought_back(taken.path, tmp_path / "elsewhere")
    restored = tmp_path / "elsewhere" / "encryption.key"
    assert restored.read_text().split() == [ours]
    assert stat.S_IMODE(restored.stat().st_mode) == 0o600
    assert done.key_fits


def test_there_and_back(data: Path, tmp_path: Path) -> None:
    taken = back_up(data)
    elsewhere = tmp_path / "else" / "where"
    done = brought_back(taken.path, elsewhere, now=NOW + timedelta(hours=1))
    assert (done.set_aside, done.key_fits) == (None, False)
    assert done.manifest == taken.manifest
    (clip,) = (elsewhere / "clips").iterdir()
    assert clip.read_bytes() == b"first clip"
    assert sorted(path.name for path in elsewhere.iterdir()) == ["clipcue.db", "clips"]
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o700


def test_what_was_there_is_set_aside(data: Path) -> None:
    taken = back_up(data)
    with closing(sqlite3.connect(data / "clipcue.db")) as database, database:
        later = add_clip(database, data, b"later")
    done = brought_back(taken.path, data)
    assert done.set_aside is not None
    assert (done.set_aside / "clips" / later).read_bytes() == b"later"
    assert (done.set_aside / "clipcue.db").exists()
    assert not (data / "clips" / later).exists()
    assert done.key_fits, "the key in the folder stays, where none is in the backup"


def test_it_is_not_brought_back_under_a_running_one(data: Path) -> None:
    taken = back_up(data)
    worker = Worker(data / "workers")
    try:
        with pytest.raises(BackupError, match=r"runs on .*: stop it first"):
            brought_back(taken.path, data)
    finally:
        worker.close()
    brought_back(taken.path, data)


def test_what_a_killed_backup_left_is_thrown_away(data: Path) -> None:
    (data / SNAPSHOT).mkdir()
    (data / SNAPSHOT / "clipcue.db").write_bytes(b"half")
    assert back_up(data).manifest.clips == 1


def test_clips_come_and_go_while_it_is_taken(data: Path, tmp_path: Path) -> None:
    """Whatever the copy of the database names is in it, though files vanish all the time."""
    done = Event()

    def churn() -> None:
        with closing(
            sqlite3.connect(data / "clipcue.db", timeout=10, isolation_level=None)
        ) as database:
            kept: list[str] = []
            while not done.is_set():
                kept.append(add_clip(database, data, secrets.token_bytes(2000)))
                if len(kept) > 20:
                    gone = kept.pop(0)
                    database.execute("DELETE FROM clips WHERE storage_key = ?", [gone])
                    (data / "clips" / gone).unlink()

    thread = Thread(target=churn)
    thread.start()
    try:
        several = [back_up(data) for _ in range(15)]
    finally:
        done.set()
        thread.join()
    assert {taken.manifest.missing for taken in several} == {()}
    for taken in several[-3:]:
        folder = tmp_path / taken.path.stem
        brought_back(taken.path, folder)
        with closing(sqlite3.connect(folder / "clipcue.db")) as database:
            rows = database.execute("SELECT storage_key FROM clips WHERE file_gone_at IS NULL")
            assert {key for (key,) in rows} == {path.name for path in (folder / "clips").iterdir()}


def test_a_clip_whose_file_is_lost_is_named(data: Path, tmp_path: Path) -> None:
    (clip,) = [path for path in (data / "clips").iterdir() if path.is_file()]
    clip.unlink()
    taken = back_up(data)
    assert taken.manifest.missing == (clip.name,)
    assert brought_back(taken.path, tmp_path / "elsewhere").manifest.clips == 0


def test_what_cannot_be_backed_up(data: Path, tmp_path: Path) -> None:
    settings = settings_of(data)
    path = tmp_path / "there.tar"
    path.write_bytes(b"precious")
    with pytest.raises(BackupError, match="exists already"):
        take(settings, path, with_keys=False, now=NOW)
    assert path.read_bytes() == b"precious"
    with pytest.raises(BackupError, match="no database yet"):
        take(settings_of(tmp_path), tmp_path / "b.tar", with_keys=False, now=NOW)
    (data / "clipcue.db").write_bytes(b"no database" * 1000)
    with pytest.raises(BackupError, match="cannot be copied"):
        take(settings, tmp_path / "b.tar", with_keys=False, now=NOW)
    assert not list(tmp_path.glob("*.partial")) + list(tmp_path.glob(".b.tar*"))


def test_an_older_one_is_brought_up_to_date(tmp_path: Path) -> None:
    folder = tmp_path / "old"
    (folder / "clips").mkdir(parents=True)
    engine = create_engine(f"sqlite:///{folder / 'clipcue.db'}")
    with engine.begin() as connection:
        _upgrade(connection, "0003")
    engine.dispose()
    taken = back_up(folder)
    assert taken.manifest.schema == "0003"
    brought_back(taken.path, tmp_path / "elsewhere")
    with closing(sqlite3.connect(tmp_path / "elsewhere" / "clipcue.db")) as database:
        (version,) = database.execute("SELECT version_num FROM alembic_version").fetchone()
    assert version == newest_version()


def _upgrade(connection: Connection, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


Members = dict[str, bytes | tarfile.TarInfo]


def _flip(name_part: str) -> Callable[[Members], None]:
    def spoil(members: Members) -> None:
        (name,) = [name for name in members if name_part in name]
        content = members[name]
        assert isinstance(content, bytes)
        members[name] = content[:-1] + bytes([content[-1] ^ 1])

    return spoil


def _told(**changes: object) -> Callable[[Members], None]:
    """A manifest that says something else."""

    def spoil(members: Members) -> None:
        content = members[MANIFEST]
        assert isinstance(content, bytes)
        members[MANIFEST] = json.dumps(json.loads(content) | changes).encode()

    return spoil


def _with(
    name: str, content: bytes = b"x", kind: bytes = tarfile.REGTYPE
) -> Callable[[Members], None]:
    """One member more."""

    def spoil(members: Members) -> None:
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, "/etc/passwd"
        info.size = len(content) if kind == tarfile.REGTYPE else 0
        members[f"{name} {kind!r}"] = info

    return spoil


def _without(name_part: str) -> Callable[[Members], None]:
    def spoil(members: Members) -> None:
        for name in [name for name in members if name_part in name]:
            del members[name]

    return spoil


# What was done to a backup, and words of what is said of it.
SPOILT = [
    (_flip("clipcue.db"), "clipcue.db in the backup is damaged"),
    (_flip("clips/"), "is damaged: its checksum differs"),
    (_flip(MANIFEST), "manifest is damaged"),
    (_told(format=2), "a newer ClipCue made this backup"),
    (_told(schema="9999"), "are newer .at 9999. than this version knows"),
    (_told(schema="0001"), "the database in the backup is damaged"),
    (_told(made_at="yesterday"), "manifest is damaged"),
    (_told(files={}), "does not hold the files that its manifest names"),
    (_told(files={"clipcue.db": {"size": "1", "sha256": ""}}), "manifest is damaged"),
    (_without(MANIFEST), "has no manifest"),
    (_without("clips/"), "does not hold the files"),
    (_without("clipcue.db"), "does not hold the files"),
    (_with("../../evil"), "what ClipCue never puts in"),
    (_with("/etc/cron.d/evil"), "what ClipCue never puts in"),
    (_with("clips/../clipcue.db"), "what ClipCue never puts in"),
    (_with("clips/" + "ab" * 16), "does not hold the files"),
    (_with("clips/" + "ab" * 16, kind=tarfile.SYMTYPE), "what ClipCue never puts in"),
    (_with("encryption.key", kind=tarfile.LNKTYPE), "what ClipCue never puts in"),
    (_with("encryption.key", kind=tarfile.FIFOTYPE), "what ClipCue never puts in"),
    (_with("clips", kind=tarfile.DIRTYPE), "what ClipCue never puts in"),
    (_with("clipcue.db"), "what ClipCue never puts in"),
    (_with(MANIFEST), "what ClipCue never puts in|manifest is damaged"),
]


@pytest.mark.parametrize(("spoil", "words"), SPOILT, ids=[str(each) for each in range(len(SPOILT))])
def test_a_spoilt_backup_touches_nothing(
    data: Path, tmp_path: Path, spoil: Callable[[Members], None], words: str
) -> None:
    path = tmp_path / "spoilt.tar"
    _rewrite(back_up(data).path, path, spoil)
    before = {file: file.read_bytes() for file in data.rglob("*") if file.is_file()}
    for folder in (data, tmp_path / "elsewhere"):
        with pytest.raises(BackupError, match=words):
            brought_back(path, folder)
    assert {file: file.read_bytes() for file in data.rglob("*") if file.is_file()} == before
    assert not (tmp_path / "elsewhere").exists()
    assert not (tmp_path / "evil").exists()


def _rewrite(path: Path, to: Path, spoil: Callable[[Members], None]) -> None:
    members: Members = {}
    with tarfile.open(path) as tar:
        for member in tar:
            content = tar.extractfile(member)
            assert content is not None
            members[member.name] = content.read()
    spoil(members)
    with tarfile.open(to, "w") as tar:
        for name, what in members.items():
            info = what if isinstance(what, tarfile.TarInfo) else tarfile.TarInfo(name)
            data = what if isinstance(what, bytes) else b"x" * info.size
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))


@pytest.mark.parametrize("kept", [0, 100, 5000, -20_000])
def test_a_backup_that_was_cut_off(data: Path, tmp_path: Path, kept: int) -> None:
    path = tmp_path / "cut.tar"
    path.write_bytes(back_up(data).path.read_bytes()[:kept])
    with pytest.raises(BackupError):
        brought_back(path, tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere").exists()


def test_what_is_no_backup(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    with pytest.raises(BackupError, match="there is no file"):
        brought_back(path, tmp_path / "elsewhere")
    path.write_text("dear diary" * 500)
    with pytest.raises(BackupError, match="no whole backup"):
        brought_back(path, tmp_path / "elsewhere")
