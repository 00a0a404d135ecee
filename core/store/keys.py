"""Encryption keys: from the environment, or made once in the data folder."""

import base64
import fcntl
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from core.settings import Settings, SettingsError, encryption_key

KEY_FILE = "encryption.key"


def make_key() -> str:
    """A new random key, as url-safe base64 of 32 bytes."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def key_file(settings: Settings) -> Path | None:
    """The file that holds the keys, or None where the environment gives them."""
    return None if settings.encryption_key else settings.data_dir / KEY_FILE


def load_keys(settings: Settings) -> tuple[list[bytes], bool]:
    """The keys, the one to seal with first, and whether a key was made just now.

    Raises `SettingsError` when the key file cannot be used.
    """
    if settings.encryption_key:
        given = [settings.encryption_key, *settings.encryption_keys_old]
        return [encryption_key(key.get_secret_value()) for key in given], False
    path = settings.data_dir / KEY_FILE
    made = _create(path)
    return read_keys(path), made


def given_keys(settings: Settings) -> list[bytes]:
    """The keys that there are, as `load_keys` has them; none is made, so there may be none.

    Raises `SettingsError` when the key file cannot be used.
    """
    path = key_file(settings)
    return [] if path is not None and not path.exists() else load_keys(settings)[0]


def text_of(keys: Sequence[bytes]) -> str:
    """Keys as a key file holds them."""
    return "".join(f"{base64.urlsafe_b64encode(key).decode()}\n" for key in keys)


def read_keys(path: Path) -> list[bytes]:
    """The keys of a key file: one a line, the newest first; raises `SettingsError`."""
    try:
        keys = [encryption_key(line) for line in path.read_text().split()]
    except ValueError:
        raise SettingsError(f"{path} is damaged: bring it back from a backup") from None
    if not keys:
        raise SettingsError(f"{path} is empty: bring it back from a backup")
    return keys


def prepend_key(path: Path, key: str) -> None:
    """Put a new key before the others, atomically: a crash leaves the old file or the new one."""
    with _held(path.parent):  # two at once must not lose each other's key
        _replace(path, [key, *path.read_text().split()])


def _create(path: Path) -> bool:
    path.parent.mkdir(parents=True, exist_ok=True)
    with _held(path.parent):
        if path.exists():
            return False
        _replace(path, [make_key()])
    return True


def _replace(path: Path, keys: list[str]) -> None:
    """Write a key file whole, readable by its owner only."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("".join(f"{key}\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Keep other processes from the folder's keys; what the block does to them is durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
        os.fsync(descriptor)  # a key lost with the power would take what it sealed along
    finally:
        os.close(descriptor)
