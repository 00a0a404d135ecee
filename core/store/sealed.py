"""What is sealed in the database: the keys for it, and whether it can be opened."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import load_only

from core.settings import Settings, SettingsError
from core.store.database import Database
from core.store.keys import given_keys, key_file, load_keys
from core.store.models import Base
from core.store.vault import SEALED, Vault, VaultError

PAGE = 200


@dataclass(frozen=True, kw_only=True)
class Opened:
    """How many values are sealed, how many of them open, and what is wrong with the first other."""

    sealed: int
    opened: int
    problem: str


async def keys_for(database: Database, settings: Settings) -> tuple[list[bytes], bool]:
    """The keys, the one to seal with first, and whether one was made now: for an empty database.

    Raises `SettingsError` where the key file is gone and secrets are sealed with what it held.
    """
    if not given_keys(settings) and (sealed := (await open_all(database, None)).sealed):
        raise SettingsError(
            f"{key_file(settings)} is gone, and {sealed} secrets are sealed with it. Bring it back "
            "from where you keep it. If it is lost for good, put what `clipcue make-key` prints "
            "into that file: creators then connect their accounts again"
        )
    return load_keys(settings)


async def open_all(database: Database, vault: Vault | None) -> Opened:
    """Try every sealed value, and forget it at once; without a vault none opens."""
    sealed, opened, problem = 0, 0, ""
    for model, column in SEALED:
        identity, values = model.__table__.c.id, model.__table__.c[column]
        shown = load_only(getattr(model, "id"), getattr(model, column))  # noqa: B009 - of any model
        last = 0
        while True:
            page = (
                select(model)
                .options(shown)
                .where(identity > last, values.is_not(None))
                .order_by(identity)
                .limit(PAGE)
            )
            async with database.reading() as session:
                rows = (await session.scalars(page)).all()
            for row in rows:
                last = row.id  # type: ignore[attr-defined]  # every sealed table has one
                found = _problem(vault, row, column)
                sealed, opened, problem = sealed + 1, opened + (not found), problem or found
            if len(rows) < PAGE:
                break
    return Opened(sealed=sealed, opened=opened, problem=problem)


def _problem(vault: Vault | None, row: Base, column: str) -> str:
    """Why a value does not open, or nothing."""
    if vault is None:
        return "there is no key"
    try:
        vault.open(row, column)
    except VaultError as error:
        return str(error)
    return ""
