"""Files of another program: taken over without a copy where that can be, and never lost."""

import errno
import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.media.files.storage import ClipStore
from core.media.files.takeover import Way, taken_over

CONTENT = b"a clip" * 100_000


def there(path: Path) -> bool:
    return path.exists()


def inode_of(path: Path) -> int:
    return path.stat().st_ino


def content(path: Path) -> bytes:
    return path.read_bytes()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "server" / "file_1.mp4"
    path.parent.mkdir()
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def store(tmp_path: Path) -> ClipStore:
    store = ClipStore(tmp_path / "clips")
    store.prepare()
    return store


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """The same file on another volume."""
    volume = Path("/dev/shm")  # noqa: S108 - a folder of its own there
    if not volume.is_dir() or volume.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("this machine has one volume")
    with tempfile.TemporaryDirectory(dir=volume) as folder:
        path = Path(folder) / "file_1.mp4"
        path.write_bytes(CONTENT)
        yield path


@pytest.fixture
def no_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the kernel does it with files of other users (fs.protected_hardlinks)."""

    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)


async def test_it_is_the_same_file_and_stays_until_it_is_let_go_of(
    store: ClipStore, source: Path
) -> None:
    inode = inode_of(source)
    stored = await store.adopt(source, may_move=True)
    assert inode_of(store.path(stored.key)) == inode_of(source) == inode
    assert stored.size == len(CONTENT)
    await store.release(stored)
    assert not there(source)
    assert content(store.path(stored.key)) == CONTENT


@pytest.mark.usefixtures("no_links")
async def test_what_may_not_be_linked_is_moved(store: ClipStore, source: Path) -> None:
    inode = inode_of(source)
    stored = await store.adopt(source, may_move=True)
    assert inode_of(store.path(stored.key)) == inode
    assert not there(source)
    await store.release(stored)
    assert there(store.path(stored.key))


@pytest.mark.usefixtures("no_links")
async def test_what_is_nowhere_else_is_copied_rather_than_moved(
    store: ClipStore, source: Path
) -> None:
    stored = await store.adopt(source)
    assert there(source)
    assert content(store.path(stored.key)) == CONTENT


async def test_a_file_on_another_volume_is_copied(store: ClipStore, elsewhere: Path) -> None:
    stored = await store.adopt(elsewhere, may_move=True)
    assert content(store.path(stored.key)) == CONTENT
    assert there(elsewhere), "a crash would begin again"
    await store.release(stored)
    assert not there(elsewhere)


@pytest.mark.parametrize("way", ["linked", "moved"])
async def test_who_tidies_up_leaves_it_alone_meanwhile(
    store: ClipStore, source: Path, way: str, request: pytest.FixtureRequest
) -> None:
    """Another process that starts now looks for what nobody holds."""
    if way == "moved":
        request.getfixturevalue("no_links")
    target = store.path("incoming") / "half-way"
    with taken_over(source, target, may_move=True) as (_, how):
        assert how == Way(way)
        store.prepare()
        assert target.exists()
        with target.open("rb") as again, pytest.raises(BlockingIOError):
            fcntl.flock(again, fcntl.LOCK_EX | fcntl.LOCK_NB)
    store.prepare()
    assert not target.exists(), "what a crash leaves goes"


async def test_only_regular_files_are_taken(store: ClipStore, tmp_path: Path, source: Path) -> None:
    link, folder, pipe = tmp_path / "link", tmp_path / "folder", tmp_path / "pipe"
    link.symlink_to(source)
    folder.mkdir()
    os.mkfifo(pipe)
    for path in (link, folder, pipe, tmp_path / "none"):
        with pytest.raises(OSError):
            await store.adopt(path, may_move=True)
        assert path == tmp_path / "none" or path.exists()
    assert [path for path in store.path("").rglob("*") if path.is_file()] == []
