"""What claimed posts are about: read together, answered one by one."""

import asyncio
from datetime import timedelta
from pathlib import Path

from core.media.files.storage import ClipStore
from core.publishing.claims import Claims, Superseded
from core.publishing.jobs import ClipJob, Jobs
from core.store.database import Database
from tests.clock import Clock
from tests.core.connected import VAULT
from tests.core.rows import add_post, set_post


async def test_a_row_that_cannot_be_read_is_no_matter_to_the_others(
    database: Database, claims: Claims, clock: Clock, accounts: list[int], tmp_path: Path
) -> None:
    ids = [await add_post(database, account, wake_at=clock()) for account in accounts[:4]]
    for post_id in ids:
        await set_post(database, post_id, privacy="SELF_ONLY")
    await set_post(database, ids[1], privacy=None)
    taken = sorted(await claims.take(4), key=lambda claim: claim.post_id)
    await set_post(database, ids[2], claim_owner="another")
    jobs = Jobs(
        database=database,
        vault=VAULT,
        store=ClipStore(tmp_path),
        claims=claims,
        late_tolerance=timedelta(),
    )
    first, unreadable, lost, last = await asyncio.gather(
        *(jobs.of(claim) for claim in taken), return_exceptions=True
    )
    assert isinstance(first, ClipJob)
    assert isinstance(unreadable, AssertionError)
    assert isinstance(lost, Superseded)
    assert isinstance(last, ClipJob)
    assert last.claim == taken[3]
