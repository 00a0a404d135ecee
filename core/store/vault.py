"""The vault: secrets at rest, sealed with AES-256-GCM and bound to their row and column.

Envelope: one version byte, four bytes that name the key, a random 96-bit nonce, then ciphertext
and tag. Table, column and row id are associated data, so that a sealed value copied into another
row or column does not open.

It also signs what is given to the outside and comes back: with HMAC-SHA256, and for each purpose
with a key of its own that is made of the sealing key.
"""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta
from time import monotonic

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.settings import SettingsError
from core.store.models import Account, Base, Post

VERSION = b"\x01"
NONCE_BYTES = 12
KEY_ID_BYTES = 4
HEADER_BYTES = len(VERSION) + KEY_ID_BYTES
SIGNATURE_BYTES = KEY_ID_BYTES + hashlib.sha256().digest_size

RELOADED_EVERY = timedelta(minutes=1)
"""How often the keys are read anew because of a signature: anybody may send one."""

SEALED: tuple[tuple[type[Base], str], ...] = (
    (Account, "access_token"),
    (Account, "refresh_token"),
    (Post, "upload_url"),
)
"""Every column that holds sealed values."""


log = structlog.get_logger()


class VaultError(Exception):
    """A sealed value does not open: another key, another row, or damaged."""


class Vault:
    """Seals with the first key; opens with any."""

    def __init__(
        self, keys: Sequence[bytes], *, reload: Callable[[], Sequence[bytes]] | None = None
    ) -> None:
        self._reload = reload
        self._reloading = asyncio.Lock()
        self._reloaded_at: float | None = None
        self._use(keys)

    def _use(self, keys: Sequence[bytes]) -> None:
        self._current = key_id(keys[0])
        self._ciphers = {key_id(key): AESGCM(key) for key in keys}
        self._keys = {key_id(key): key for key in keys}

    def seal(self, row: Base, column: str, secret: str | None) -> None:
        """Set `column` of a row that has its id; None empties it."""
        setattr(row, column, None if secret is None else self._seal(secret, _binding(row, column)))

    def sealed(self, table: type[Base], column: str, row_id: int, secret: str) -> bytes:
        """What `seal` puts into `column` of the row with that id, to be written as it is."""
        return self._seal(secret, _name(table, column, row_id))

    def open(self, row: Base, column: str) -> str:
        """The secret in `column` of a row; raises `VaultError`."""
        envelope = getattr(row, column)
        if envelope is None:
            raise VaultError(f"{_binding(row, column).decode()} is empty")
        return self._open(envelope, _binding(row, column))

    def uses_old_key(self, envelope: bytes) -> bool:
        return envelope[len(VERSION) : HEADER_BYTES] != self._current

    def sign(self, purpose: str, message: bytes) -> bytes:
        """A signature (SIGNATURE_BYTES) that nobody without the key can make."""
        return self._current + _mac(self._keys[self._current], purpose, message)

    async def has_signed(self, purpose: str, message: bytes, signature: bytes) -> bool:
        """Whether the signature is of this vault, for this purpose, with any of its keys."""
        name, mac = signature[:KEY_ID_BYTES], signature[KEY_ID_BYTES:]
        if name not in self._keys:
            await self._look_for_new_keys()
        key = self._keys.get(name)
        return key is not None and hmac.compare_digest(_mac(key, purpose, message), mac)

    async def _look_for_new_keys(self) -> None:
        """Read the keys anew, unless that was done just now; whoever asks meanwhile waits."""
        if self._reload is None:
            return
        async with self._reloading:
            now = monotonic()
            last = self._reloaded_at
            if last is not None and now - last < RELOADED_EVERY.total_seconds():
                return
            self._reloaded_at = now
            try:
                self._use(await asyncio.to_thread(self._reload))
            except (OSError, SettingsError) as error:
                log.warning("keys_not_reloaded", error=type(error).__name__)

    def _seal(self, secret: str, binding: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._ciphers[self._current].encrypt(nonce, secret.encode(), binding)
        return VERSION + self._current + nonce + sealed

    def _open(self, envelope: bytes, binding: bytes) -> str:
        name = envelope[len(VERSION) : HEADER_BYTES]
        if not envelope.startswith(VERSION) or len(envelope) < HEADER_BYTES + NONCE_BYTES:
            raise VaultError(f"{binding.decode()} was not sealed by this vault")
        if name not in self._ciphers and self._reload:
            self._use(self._reload())  # the key was rotated while this process ran
        if name not in self._ciphers:
            raise VaultError(f"{binding.decode()} is sealed with key {name.hex()}, not given here")
        nonce_end = HEADER_BYTES + NONCE_BYTES
        try:
            secret = self._ciphers[name].decrypt(
                envelope[HEADER_BYTES:nonce_end], envelope[nonce_end:], binding
            )
        except InvalidTag:
            raise VaultError(f"{binding.decode()} does not open: damaged or moved") from None
        return secret.decode()


def key_id(key: bytes) -> bytes:
    """Names a key without telling anything of it."""
    return hashlib.sha256(b"clipcue key id" + key).digest()[:KEY_ID_BYTES]


def _mac(key: bytes, purpose: str, message: bytes) -> bytes:
    derived = hmac.digest(key, b"clipcue signs " + purpose.encode(), "sha256")
    return hmac.digest(derived, message, "sha256")


def _binding(row: Base, column: str) -> bytes:
    identity: int | None = getattr(row, "id", None)
    if identity is None:
        raise ValueError("a row needs its id before a value is bound to it")
    return _name(type(row), column, identity)


def _name(table: type[Base], column: str, row_id: int) -> bytes:
    return f"{table.__tablename__}.{column}:{row_id}".encode()
