"""The vault: what it seals opens again, and only where and with what it was sealed."""

import asyncio
import secrets
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.settings import SettingsError
from core.store.models import Account, Post
from core.store.vault import (
    HEADER_BYTES,
    NONCE_BYTES,
    SEALED,
    SIGNATURE_BYTES,
    Vault,
    VaultError,
    key_id,
)

KEY, OTHER_KEY = secrets.token_bytes(32), secrets.token_bytes(32)
SECRET = "act.a-token-that-nobody-may-see"


def sealed(vault: Vault, secret: str = SECRET, *, row_id: int = 7) -> Account:
    account = Account(id=row_id)
    vault.seal(account, "access_token", secret)
    return account


def envelope(account: Account) -> bytes:
    assert account.access_token is not None
    return account.access_token


@given(secret=st.text(), row_id=st.integers(1, 2**63 - 1), key=st.binary(min_size=32, max_size=32))
def test_what_is_sealed_opens(secret: str, row_id: int, key: bytes) -> None:
    vault = Vault([key])
    account = sealed(vault, secret, row_id=row_id)
    assert vault.open(account, "access_token") == secret
    assert secret.encode() not in envelope(account) or len(secret.encode()) < 4


def test_the_same_secret_never_looks_the_same() -> None:
    vault = Vault([KEY])
    assert len({envelope(sealed(vault)) for _ in range(100)}) == 100


def test_none_empties_the_column() -> None:
    vault = Vault([KEY])
    account = sealed(vault)
    vault.seal(account, "access_token", None)
    assert account.access_token is None
    with pytest.raises(VaultError, match=r"accounts\.access_token:7 is empty"):
        vault.open(account, "access_token")


def test_a_value_is_bound_to_its_row_column_and_table() -> None:
    vault = Vault([KEY])
    account = sealed(vault)
    with pytest.raises(VaultError, match="damaged or moved"):
        vault.open(Account(id=8, access_token=account.access_token), "access_token")
    with pytest.raises(VaultError, match="damaged or moved"):
        vault.open(Account(id=7, refresh_token=account.access_token), "refresh_token")
    with pytest.raises(VaultError, match="damaged or moved"):
        vault.open(Post(id=7, upload_url=account.access_token), "upload_url")


def test_a_row_without_an_id_seals_nothing() -> None:
    with pytest.raises(ValueError, match="needs its id"):
        Vault([KEY]).seal(Account(), "access_token", SECRET)


@given(place=st.integers(0, HEADER_BYTES + NONCE_BYTES + len(SECRET) + 15), bit=st.integers(0, 7))
def test_one_wrong_bit_anywhere_is_noticed(place: int, bit: int) -> None:
    vault = Vault([KEY])
    account = sealed(vault)
    damaged = bytearray(envelope(account))
    damaged[place] ^= 1 << bit
    account.access_token = bytes(damaged)
    with pytest.raises(VaultError):
        vault.open(account, "access_token")


@given(kept=st.integers(0, HEADER_BYTES + NONCE_BYTES + len(SECRET) + 15))
def test_a_cut_off_value_is_noticed(kept: int) -> None:
    vault = Vault([KEY])
    account = sealed(vault)
    account.access_token = envelope(account)[:kept]
    with pytest.raises(VaultError):
        vault.open(account, "access_token")


@given(garbage=st.binary(max_size=80))
def test_garbage_is_no_secret(garbage: bytes) -> None:
    with pytest.raises(VaultError):
        Vault([KEY]).open(Account(id=7, access_token=garbage), "access_token")


def test_another_key_does_not_open_it() -> None:
    account = sealed(Vault([KEY]))
    with pytest.raises(VaultError, match=f"sealed with key {key_id(KEY).hex()}, not given here"):
        Vault([OTHER_KEY]).open(account, "access_token")


def test_an_old_key_opens_and_the_newest_seals() -> None:
    account = sealed(Vault([KEY]))
    vault = Vault([OTHER_KEY, KEY])
    assert vault.uses_old_key(envelope(account))
    assert vault.open(account, "access_token") == SECRET
    vault.seal(account, "access_token", SECRET)
    assert not vault.uses_old_key(envelope(account))
    assert Vault([OTHER_KEY]).open(account, "access_token") == SECRET


def test_a_key_that_came_later_is_fetched_once() -> None:
    keys = [KEY]
    fetched = []

    def reload() -> list[bytes]:
        fetched.append(True)
        return keys

    vault = Vault(keys, reload=reload)
    account = sealed(Vault([OTHER_KEY]))
    with pytest.raises(VaultError, match="not given here"):
        vault.open(account, "access_token")
    keys = [OTHER_KEY, KEY]
    fetched.clear()
    for _ in range(3):
        assert vault.open(account, "access_token") == SECRET
    assert fetched == [True]
    assert not vault.uses_old_key(envelope(sealed(vault))), "and it seals with it from now on"
    assert vault.open(sealed(Vault([KEY])), "access_token") == SECRET


async def test_strangers_signatures_have_the_keys_read_anew_once_a_minute() -> None:
    keys, fetched = [KEY], []

    def reload() -> list[bytes]:
        fetched.append(threading.current_thread() is threading.main_thread())
        return keys

    vault = Vault(keys, reload=reload)
    keys = [OTHER_KEY, KEY]
    signed = Vault([OTHER_KEY]).sign("a", b"m")
    strangers = [secrets.token_bytes(SIGNATURE_BYTES) for _ in range(20)]
    asked = await asyncio.gather(*(vault.has_signed("a", b"m", each) for each in strangers))
    assert not any(asked)
    assert fetched == [False], "and not on the event loop"
    assert await vault.has_signed("a", b"m", signed)
    assert await vault.has_signed("a", b"m", Vault([KEY]).sign("a", b"m"))


@pytest.mark.parametrize("error", [FileNotFoundError(), SettingsError("damaged")])
async def test_a_signature_is_none_while_the_keys_cannot_be_read(error: Exception) -> None:
    def reload() -> list[bytes]:
        raise error

    vault = Vault([KEY], reload=reload)
    assert not await vault.has_signed("a", b"m", Vault([OTHER_KEY]).sign("a", b"m"))
    assert await vault.has_signed("a", b"m", vault.sign("a", b"m"))


def test_no_text_shows_a_secret_or_a_key() -> None:
    vault = Vault([KEY])
    account = sealed(vault)
    texts = [repr(vault), str(vault), repr(account)]
    for broken in (Account(id=8, access_token=account.access_token), Account(id=7)):
        with pytest.raises(VaultError) as caught:
            vault.open(broken, "access_token")
        texts.append(repr(caught.value))
    for text in texts:
        assert SECRET not in text
        assert KEY.hex() not in text
        assert repr(KEY) not in text


def test_every_binary_column_of_a_secret_is_listed() -> None:
    assert {(model.__tablename__, column) for model, column in SEALED} == {
        ("accounts", "access_token"),
        ("accounts", "refresh_token"),
        ("posts", "upload_url"),
    }
