"""Drafts for the inbox: which count as waiting there, and what keeps a post from becoming one."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from core import verdicts
from core.accounts.accounts import ConnectedAccount
from core.posts import inbox
from core.posts.view import Missing, view_of
from core.states import AccountStatus, PostMode, PostStatus
from core.store.database import Database
from core.store.models import Account
from tests.clock import Clock
from tests.core.rows import add_accounts, add_post, add_user, get_post, set_post

S, HOUR = PostStatus, timedelta(hours=1)
DIRECT = {"mode": PostMode.DIRECT_POST}


@pytest.mark.parametrize(
    ("status", "hours_ago", "values", "counts"),
    [
        (S.DELIVERED, 1, {}, True),
        (S.DELIVERED, 23, {"failure_code": verdicts.DRAFT_DELETED}, True),
        (S.DELIVERED, 25, {}, False),
        (S.PUBLISHING, 1, {}, True),
        (S.PROCESSING, 1, {}, True),
        (S.UNCONFIRMED, 1, {}, True),
        (S.SCHEDULED, 1, {}, True),  # its upload has begun and goes on later
        (S.SCHEDULED, None, {}, False),
        (S.PUBLISHED, 1, {}, False),
        (S.DELIVERED, 1, DIRECT, False),
    ],
)
async def test_what_waits_in_an_inbox(
    database: Database,
    clock: Clock,
    status: PostStatus,
    hours_ago: int | None,
    values: dict[str, Any],
    counts: bool,
) -> None:
    await add_user(database, clock)
    ours, other = await add_accounts(database, clock, 2)
    post_id = await add_post(database, ours, wake_at=None, status=status)
    begun = None if hours_ago is None else clock() - hours_ago * HOUR
    mode = {"mode": PostMode.MEDIA_UPLOAD}
    await set_post(database, post_id, initialised_at=begun, publish_id="p", **{**mode, **values})
    async with database.reading() as session:
        found = await inbox.pending(session, ours, clock())
        assert [each.post_id for each in found] == ([post_id] if counts else [])
        assert await inbox.pending(session, ours, clock(), without=post_id) == []
        assert await inbox.pending(session, other, clock()) == []


async def test_all_who_connected_the_account_share_its_inbox(
    database: Database, clock: Clock
) -> None:
    await add_user(database, clock)
    await add_user(database, clock, 2)
    ours, same = await add_accounts(database, clock, 2)
    async with database.transaction() as change:
        theirs = await change.get_one(Account, same)
        theirs.owner_id, theirs.open_id = 2, "open-0"
    post_id = await add_post(database, same, wake_at=None, status=S.DELIVERED)
    await set_post(database, post_id, mode=PostMode.MEDIA_UPLOAD, initialised_at=clock())
    async with database.reading() as session:
        assert len(await inbox.pending(session, ours, clock())) == 1


async def test_a_draft_lacks_only_what_comes_along(database: Database, clock: Clock) -> None:
    await add_user(database, clock)
    post_id = await add_post(database, None, wake_at=clock() + HOUR)
    await set_post(database, post_id, zone="UTC", discloses=True, branded_content=False)
    post = await get_post(database, post_id)
    async with database.reading() as session:
        seen = await view_of(session, post, now=clock())
    now: datetime = clock()
    account = ConnectedAccount(
        id=1,
        username="lena",
        nickname="Lena",
        status=AccountStatus.CONNECTED,
        connected_at=now,
        refresh_expires_at=now,
        takes_drafts=True,
    )
    direct = replace(seen, account=account)
    assert direct.missing(now) == (Missing.PRIVACY, Missing.DISCLOSURE)
    draft = replace(direct, mode=PostMode.MEDIA_UPLOAD)
    assert draft.missing(now) == ()
    unable = replace(draft, account=replace(account, takes_drafts=False))
    assert unable.missing(now) == (Missing.INBOX_SCOPE,)
    lost = replace(account, takes_drafts=False, status=AccountStatus.RECONNECT)
    assert replace(draft, account=lost).missing(now) == (Missing.ACCOUNT,)
    assert seen.clip is not None
    long = replace(seen.clip, duration=timedelta(minutes=10, seconds=1))
    assert replace(draft, clip=long).missing(now) == (Missing.TOO_LONG_FOR_INBOX,)
    wordy = replace(draft, caption="x" * 2201)
    assert wordy.missing(now) == (Missing.CAPTION_TOO_LONG,)
