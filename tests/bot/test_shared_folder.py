"""What may be taken from a Bot API server's folder, and nothing else."""

import os
from pathlib import Path

import pytest

from bot.shared_folder import NotShared, SharedFolder

TOKEN = "123456789:AAsandboxsandboxsandboxsandboxsandbox"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Seen under a second name as well, as volumes often are."""
    videos = tmp_path / "disk" / "server" / TOKEN / "videos"
    videos.mkdir(parents=True)
    (videos / "file_1.mp4").write_bytes(b"a clip")
    (videos / "file_2 …/..mp4").parent.mkdir()
    (videos / "file_2 …/..mp4").write_bytes(b"an odd name")
    (videos / "link.mp4").symlink_to(videos / "file_1.mp4")
    (videos / "away").symlink_to(tmp_path)
    os.mkfifo(videos / "pipe.mp4")
    (tmp_path / "secret.key").write_bytes(b"a secret")
    (tmp_path / "disk" / "server-too.mp4").write_bytes(b"of somebody else")
    (tmp_path / "mounted").symlink_to(tmp_path / "disk")
    return tmp_path / "mounted" / "server"


@pytest.mark.parametrize("name", ["videos/file_1.mp4", "videos/file_2 …/..mp4"])
def test_what_lies_in_it_may_be_taken(folder: Path, name: str) -> None:
    path = folder / TOKEN / name
    assert SharedFolder(folder).file(str(path)) == path
    assert SharedFolder(folder.resolve()).file(str(path.resolve())) == path.resolve()


# What the server names, and a word of why it is left alone.
REFUSED = [
    ("", "--local"),
    ("videos/file_1.mp4", "--local"),
    ("https://api.telegram.org/file/bot1:A/videos/file_1.mp4", "--local"),
    ("{folder}/{token}/videos/../../../../secret.key", "not in"),
    ("{folder}/../../secret.key", "not in"),
    ("{folder}-too.mp4", "not in"),
    ("/etc/passwd", "not in"),
    ("{real}/{token}/videos/file_1.mp4", "not in"),
    ("{folder}/{token}/videos/link.mp4", "a link"),
    ("{folder}/{token}/videos/away/secret.key", "a link"),
    ("{folder}/{token}/videos", "no regular file"),
    ("{folder}/{token}/videos/pipe.mp4", "no regular file"),
    ("{folder}", "no regular file"),
]


@pytest.mark.parametrize(("named", "why"), REFUSED, ids=[row[0][-40:] for row in REFUSED])
def test_anything_else_is_left_alone(folder: Path, named: str, why: str) -> None:
    path = named.format(folder=folder, token=TOKEN, real=folder.resolve())
    with pytest.raises(NotShared, match=why) as caught:
        SharedFolder(folder).file(path)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("name", ["videos/none.mp4", "videos/file_1.mp4/none.mp4"])
def test_what_is_not_there(folder: Path, name: str) -> None:
    with pytest.raises(FileNotFoundError):
        SharedFolder(folder).file(str(folder / TOKEN / name))
