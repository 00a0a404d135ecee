"""What is handed out and deleted: all of one creator's, nothing of another's, and no secret."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import func, insert, select

from core.limits import Call, note
from core.media.files.storage import ClipStore
from core.notifications import NoticeKind, Outbox
from core.states import Expecting, PostStatus, UploadState
from core.store.database import Database
from core.store.models import (
    Account,
    Base,
    Batch,
    ChatState,
    Clip,
    OAuthRequest,
    Photo,
    Post,
    PostEvent,
    Slot,
    Template,
    Upload,
    UploadLink,
)
from core.users import personal_data
from core.users.personal_data import BeingPublished, PersonalData
from sandbox.tiktok import DropBefore, Fault, TikTok
from tests.clock import Clock
from tests.core.connected import LENA, VAULT, Connected
from tests.core.rows import add_accounts, add_post, add_user, set_post

NOT_OF_A_CREATOR = {"telegram_updates"}
"""Blanked as soon as they are worked off."""


@pytest.fixture
async def post_id(account: Connected, store: ClipStore, clock: Clock) -> AsyncIterator[int]:
    """A scheduled post of user 1, and something of theirs in every other table."""
    database = account.database
    row = await add_post(database, account.id, wake_at=clock() + timedelta(hours=1))
    async with database.transaction() as change:
        post = await change.get_one(Post, row)
        post.caption = "Sopa de ñoquis 🍲"
        VAULT.seal(post, "upload_url", "https://upload.example/?token=hush")
        clip = await change.get_one(Clip, post.clip_id)
        store.path(clip.storage_key).write_bytes(b"a clip")
        store.path("photo").write_bytes(b"a photo")
        store.pieces.path("0" * 32).write_bytes(b"half a clip")
        change.add_all(
            (
                PostEvent(post_id=row, at=clock(), status=PostStatus.SCHEDULED, note="agreed"),
                Photo(
                    owner_id=1,
                    post_id=row,
                    position=0,
                    storage_key="photo",
                    sha256="",
                    size=1,
                    width=1,
                    height=1,
                    content_type="image/jpeg",
                    created_at=clock(),
                ),
                Batch(owner_id=1, plan={"every": 2}, created_at=clock()),
                Slot(account_id=account.id, weekday=0, minute=720),
                Template(owner_id=1, name="soup", caption="{title} #soup", created_at=clock()),
                ChatState(
                    chat_id=1001, expecting=Expecting.CAPTION, post_id=row, expires_at=clock()
                ),
                UploadLink(link_hash=b"l" * 32, user_id=1, expires_at=clock()),
                Upload(
                    id="0" * 32,
                    owner_id=1,
                    file_name="soup.mov",
                    size=9,
                    state=UploadState.OPEN,
                    created_at=clock(),
                    expires_at=clock(),
                ),
                OAuthRequest(
                    state_hash=b"h" * 32, user_id=1, chat_id=1001, expires_at=clock(), used_at=None
                ),
            )
        )
        Outbox(database=database, clock=clock).tell(
            change, user_id=1, kind=NoticeKind.WAITING, key="k", caption="Sopa"
        )
        note(change, account.id, Call.STATUS, clock())
    yield row


async def rows(database: Database) -> dict[str, int]:
    async with database.reading() as session:
        return {
            name: await session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


async def exported(ours: PersonalData, owner_id: int = 1) -> dict[str, Any]:
    async with ours.export(owner_id) as file:
        with ZipFile(file) as archive:
            return {
                name.removesuffix(".json"): json.loads(archive.read(name))
                for name in archive.namelist()
            }


@pytest.mark.usefixtures("post_id")
async def test_every_table_is_handed_out_and_emptied(
    ours: PersonalData, database: Database
) -> None:
    before = await rows(database)
    assert {name for name, count in before.items() if not count} == NOT_OF_A_CREATOR
    told = await exported(ours)
    assert told.keys() == before.keys() - NOT_OF_A_CREATOR
    assert {name: len(found) for name, found in told.items()} == {
        name: count for name, count in before.items() if name not in NOT_OF_A_CREATOR
    }
    await ours.erase(1)
    assert not any((await rows(database)).values())


async def test_an_export_says_what_the_database_has_but_no_secret(
    ours: PersonalData, post_id: int, account: Connected
) -> None:
    told = await exported(ours)
    (post,), (history,), (theirs,) = told["posts"], told["post_events"], told["accounts"]
    assert (post["id"], post["caption"], post["status"]) == (
        post_id,
        "Sopa de ñoquis 🍲",
        "scheduled",
    )
    assert post["due_at"].endswith("+00:00")
    assert (history["post_id"], history["note"]) == (post_id, "agreed")
    assert theirs["open_id"] == "open-0"
    assert told["batches"][0]["plan"] == {"every": 2}
    row = await account.row()
    assert row.access_token is not None
    everything = json.dumps(told)
    for secret in ("act.first", "rft.first", "token=hush", row.access_token.hex()):
        assert secret not in everything
    assert "access_token" not in theirs
    assert "upload_url" not in post


@pytest.mark.usefixtures("post_id")
async def test_an_export_is_written_page_by_page(
    ours: PersonalData, database: Database, clock: Clock
) -> None:
    many = personal_data.PAGE * 2 + 3
    async with database.transaction() as change:
        await change.execute(
            insert(Template),
            [
                {"owner_id": 1, "name": f"t{number}", "caption": "", "created_at": clock()}
                for number in range(many)
            ],
        )
    templates = (await exported(ours))["templates"]
    assert [each["name"] for each in templates] == ["soup", *(f"t{each}" for each in range(many))]


async def test_another_creators_things_are_neither_handed_out_nor_deleted(
    ours: PersonalData, post_id: int, database: Database, store: ClipStore, clock: Clock
) -> None:
    await add_user(database, clock, 2)
    async with database.transaction() as change:
        change.add(Template(owner_id=2, name="mine", caption="", created_at=clock()))
    told = await exported(ours, 2)
    assert {name: len(found) for name, found in told.items() if found} == {
        "users": 1,
        "templates": 1,
    }
    await ours.erase(2)
    assert (await exported(ours))["templates"][0]["name"] == "soup"
    assert store.path(f"clip-{post_id}").exists()
    assert (await exported(ours))["posts"][0]["status"] == "scheduled"


@pytest.mark.usefixtures("post_id")
async def test_deleting_takes_the_files_and_gives_the_permission_back(
    ours: PersonalData, store: ClipStore, far_end: TikTok
) -> None:
    done = await ours.erase(1)
    assert (done.kept.posts, done.kept.scheduled, done.kept.clips) == (1, 1, 1)
    assert done.not_given_back == ()
    assert await store.older_than(Clock()() + timedelta(days=9)) == []
    assert [call.code for call in far_end.calls if call.endpoint == "oauth/revoke"] == ["ok"]
    assert not far_end.state.access_tokens


@pytest.mark.usefixtures("post_id")
async def test_where_tiktok_does_not_answer_everything_goes_and_that_is_said(
    ours: PersonalData, database: Database, far_end: TikTok
) -> None:
    far_end.faults.add(Fault(endpoint="oauth/revoke", kind=DropBefore(), times=9))
    done = await ours.erase(1)
    assert done.not_given_back == ("Lena 0",)
    assert not any((await rows(database)).values())


@pytest.mark.usefixtures("post_id")
async def test_a_permission_that_another_creator_uses_is_not_given_back(
    ours: PersonalData, account: Connected, database: Database, far_end: TikTok, clock: Clock
) -> None:
    await add_user(database, clock, 2)
    async with database.transaction() as change:
        (await change.get_one(Account, account.id)).open_id = "shared"
    (theirs,) = await add_accounts(database, clock)
    async with database.transaction() as change:
        other = await change.get_one(Account, theirs)
        other.owner_id, other.open_id = 2, "shared"
    done = await ours.erase(1)
    assert done.not_given_back == ()
    assert far_end.state.access_tokens.keys() == {"act.first"}


@pytest.mark.parametrize("status", [PostStatus.PROCESSING, PostStatus.UNCONFIRMED])
async def test_what_tiktok_holds_is_told(
    ours: PersonalData, post_id: int, database: Database, status: PostStatus
) -> None:
    await set_post(database, post_id, status=status)
    assert (await ours.kept(1)).at_tiktok == 1
    assert (await ours.erase(1)).kept.at_tiktok == 1


@pytest.mark.usefixtures("post_id")
async def test_nothing_is_deleted_while_a_post_is_on_its_way(
    ours: PersonalData, account: Connected, database: Database, far_end: TikTok
) -> None:
    other = await add_post(database, account.id, wake_at=None, status=PostStatus.PUBLISHING)
    before = await rows(database)
    with pytest.raises(BeingPublished) as refused:
        await ours.erase(1)
    assert refused.value.posts == 1
    assert await rows(database) == before
    assert (await exported(ours))["posts"][0]["status"] == "scheduled"
    assert far_end.state.access_tokens.keys() == {"act.first"}
    await set_post(database, other, status=PostStatus.PUBLISHED)
    await ours.erase(1)
    assert not any((await rows(database)).values())


@pytest.mark.usefixtures("post_id")
async def test_what_a_crash_cut_off_is_finished_by_doing_it_again(
    ours: PersonalData, database: Database, far_end: TikTok
) -> None:
    # As a process leaves it that ends when TikTok has taken the permission back.
    for kept in (far_end.state.access_tokens, far_end.state.refresh_tokens):
        for token in [each for each, grant in kept.items() if grant.username == LENA]:
            del kept[token]
    done = await ours.erase(1)
    assert done.not_given_back == (), "it has ended at TikTok, so nothing is left to tell of"
    assert not any((await rows(database)).values())
    assert (await ours.erase(1)).kept.posts == 0
