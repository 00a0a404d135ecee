"""Key rotation: every sealed value opened with whichever key and sealed again with the newest."""

from sqlalchemy import select

from core.settings import Settings
from core.store.database import Database
from core.store.keys import key_file, make_key, prepend_key, read_keys
from core.store.sealed import keys_for
from core.store.vault import SEALED, Vault

BATCH = 200


async def rotate(settings: Settings) -> int:
    """Seal all secrets with a new key; returns how many were sealed again.

    With keys in the environment the operator has put the new one first (`ENCRYPTION_KEY`, the
    others in `ENCRYPTION_KEYS_OLD`). With a key file a new key is made; the old ones stay in the
    file, since a running process may seal with them until it meets the new one.

    Raises `SettingsError` where the key file is gone, `VaultError` for what no key opens.
    """
    database = Database(settings.database)
    try:
        await database.migrate()
        keys, _ = await keys_for(database, settings)
        if path := key_file(settings):
            prepend_key(path, make_key())
            keys = read_keys(path)
        return await reseal(database, Vault(keys))
    finally:
        await database.close()


async def reseal(database: Database, vault: Vault) -> int:
    """Go through every sealed column in batches; safe to repeat and to interrupt."""
    count = 0
    for model, column in SEALED:
        last = 0
        identity = model.__table__.c.id
        while True:
            async with database.transaction() as change:
                rows = (
                    await change.scalars(
                        select(model)
                        .where(identity > last, model.__table__.c[column].is_not(None))
                        .order_by(identity)
                        .limit(BATCH)
                    )
                ).all()
                for row in rows:
                    last = row.id  # type: ignore[attr-defined]  # every sealed table has one
                    if vault.uses_old_key(getattr(row, column)):
                        vault.seal(row, column, vault.open(row, column))
                        count += 1
            if len(rows) < BATCH:
                break
    return count
