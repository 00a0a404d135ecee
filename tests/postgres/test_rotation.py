"""Key rotation, on PostgreSQL."""

from pathlib import Path

from core.store.keys import load_keys
from core.store.rotation import rotate
from tests.core.store.test_rotation import check, fill, settings


async def test_every_secret_is_sealed_again(tmp_path: Path, url: str) -> None:
    given = settings(tmp_path, database_url=url)
    assert await rotate(given) == 0
    secrets = await fill(given)
    assert await rotate(given) == secrets
    newest = load_keys(given)[0][:1]
    await check(given, newest)
