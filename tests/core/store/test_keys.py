"""Encryption keys: given by the environment, or made once in the data folder."""

import base64
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from core.settings import Settings, SettingsError, encryption_key
from core.store.keys import KEY_FILE, key_file, load_keys, make_key, prepend_key, read_keys

PROJECT = Path(__file__).parents[3]
RACERS = 4


def settings(folder: Path, **given: str) -> Settings:
    return Settings.load(_env_file=None, data_dir=str(folder), **given)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def race(program: str, folder: Path) -> list[str]:
    """Run the program in several processes at once; returns what each printed last."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(folder)],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(RACERS)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = []
    for process in processes:
        output, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        answers.append(output.strip())
    return answers


def test_a_made_key_is_32_bytes_and_new_each_time() -> None:
    assert len(encryption_key(make_key())) == 32
    assert make_key() != make_key()


def test_a_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    first, made = load_keys(settings(folder))
    again, made_again = load_keys(settings(folder))
    assert (made, made_again) == (True, False)
    assert first == again and len(first) == 1
    assert mode(folder / KEY_FILE) == 0o600
    assert [path.name for path in folder.iterdir()] == [KEY_FILE]


def test_keys_of_the_environment_need_no_file(tmp_path: Path) -> None:
    new, old, older = make_key(), make_key(), make_key()
    given = settings(tmp_path, encryption_key=new, encryption_keys_old=f"{old}, {older}")
    keys, made = load_keys(given)
    assert keys == [encryption_key(key) for key in (new, old, older)]
    assert not made
    assert key_file(given) is None
    assert list(tmp_path.iterdir()) == []


def test_what_fernet_makes_fits(tmp_path: Path) -> None:
    key = base64.urlsafe_b64encode(bytes(range(32))).decode()
    keys, _ = load_keys(settings(tmp_path, encryption_key=key))
    assert keys == [bytes(range(32))]


def test_a_new_key_goes_before_the_others(tmp_path: Path) -> None:
    path = tmp_path / KEY_FILE
    (old,), _ = load_keys(settings(tmp_path))
    newest = make_key()
    (tmp_path / "encryption.new").write_text("left behind by a crash")
    prepend_key(path, newest)
    assert read_keys(path) == [encryption_key(newest), old]
    assert mode(path) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [KEY_FILE]


@pytest.mark.parametrize(
    "content", [b"", b"\n \n", b"abc\n", b"\xff\xfe\x00", b"IoJx2vty72LJQO-lR8BW"]
)
def test_a_file_that_holds_no_key_stops_the_start(tmp_path: Path, content: bytes) -> None:
    """Making another one would lose every account without a word."""
    path = tmp_path / KEY_FILE
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=KEY_FILE) as caught:
        load_keys(settings(tmp_path))
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == content


def test_racing_processes_make_one_key(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from core.settings import Settings\n"
        "from core.store.keys import load_keys\n"
        "settings = Settings.load(_env_file=None, data_dir=sys.argv[1])\n"
        "print('ready', flush=True)\n"
        "sys.stdin.readline()\n"
        "(key,), made = load_keys(settings)\n"
        "print(key.hex(), made)\n"
    )
    answers = [answer.split() for answer in race(program, tmp_path / "data")]
    assert len({key for key, _ in answers}) == 1
    assert sorted(made for _, made in answers) == ["False"] * (RACERS - 1) + ["True"]


def test_racing_rotations_lose_no_key(tmp_path: Path) -> None:
    (first,), _ = load_keys(settings(tmp_path))
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from core.settings import encryption_key\n"
        "from core.store.keys import KEY_FILE, make_key, prepend_key\n"
        "print('ready', flush=True)\n"
        "sys.stdin.readline()\n"
        "for _ in range(20):\n"
        "    key = make_key()\n"
        "    prepend_key(Path(sys.argv[1]) / KEY_FILE, key)\n"
        "    print(encryption_key(key).hex())\n"
    )
    added = {line for answer in race(program, tmp_path) for line in answer.split()}
    keys = read_keys(tmp_path / KEY_FILE)
    assert {key.hex() for key in keys} == added | {first.hex()}
    assert len(keys) == 20 * RACERS + 1
    assert keys[-1] == first
