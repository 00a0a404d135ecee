"""Encryption keys: from the environment, or made once in the data folder."""

import base64
import os
import secrets
from pathlib import Path

from core.settings import Settings, encryption_key

KEY_FILE = "encryption.key"


def make_key() -> str:
    """A new random key, as url-safe base64 of 32 bytes."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def key_file(settings: Settings) -> Path | None:
    """The file that holds the keys, or None where the environment gives them."""
    return None if settings.encryption_key else settings.data_dir / KEY_FILE


def load_keys(settings: Settings) -> tuple[list[bytes], bool]:
    """The keys, the one to seal with first, and whether a key was made just now."""
    if settings.encryption_key:
        given = [settings.encryption_key, *settings.encryption_keys_old]
        return [encryption_key(key.get_secret_value()) for key in given], False
    path = settings.data_dir / KEY_FILE
    made = _create(path)
    return read_keys(path), made


def read_keys(path: Path) -> list[bytes]:
    """The keys of a key file: one a line, the newest first."""
    return [encryption_key(line) for line in path.read_text().split()]


def prepend_key(path: Path, key: str) -> None:
    """Put a new key before the others, atomically: a crash leaves the old file or the new one."""
    replace_keys(path, [key, *path.read_text().split()])


def replace_keys(path: Path, keys: list[str]) -> None:
    """Write a key file whole, readable by its owner only."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    _write_private(fresh, keys)
    fresh.replace(path)


def _create(path: Path) -> bool:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        return False
    ours = path.with_suffix(f".{os.getpid()}")
    _write_private(ours, [make_key()])
    try:
        os.link(ours, path)  # fails where a second process was first: then its key is the one
    except FileExistsError:
        return False
    finally:
        ours.unlink()
    return True


def _write_private(path: Path, keys: list[str]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("".join(f"{key}\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
