"""Telegram falters while a card is kept up to date."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from structlog.testing import capture_logs
from telegram import Bot

from bot.ordering import OneByOnePerUser
from bot.pacing import Pace
from bot.receiving import build_application
from bot.status import LiveStatus
from core.notifications import Outbox
from core.posts.cards import Cards
from core.publishing.progress import Progress
from core.states import PostStatus
from core.store.database import Database
from core.users.users import Users
from sandbox.telegram import Person
from tests.core.rows import add_accounts, add_post, add_user, set_post
from tests.stage import TOKEN, Stage

EVERY = 0.1


@pytest.fixture
async def database(unstarted: Stage) -> AsyncIterator[Database]:
    database = Database(unstarted.settings().database)
    await database.migrate()
    yield database
    await database.close()


@pytest.fixture
async def bot(unstarted: Stage) -> AsyncIterator[Bot]:
    application = build_application(
        token=TOKEN, api_base_url=f"{unstarted.ends_url}/telegram", local_mode=False
    )
    async with application.bot as bot:
        yield bot


@pytest.fixture
async def lena(unstarted: Stage, database: Database) -> Person:
    await add_user(database, unstarted.clock)
    lena = unstarted.person(1001, "Lena")
    await lena.send("/start")
    return lena


@pytest.fixture
async def post_id(unstarted: Stage, database: Database, lena: Person, bot: Bot) -> int:
    """A post that is processed, while its card still says that it is scheduled."""
    (account_id,) = await add_accounts(database, unstarted.clock)
    post_id = await add_post(database, account_id, wake_at=None, status=PostStatus.PROCESSING)
    card = await bot.send_message(lena.id, "Scheduled")
    await set_post(database, post_id, version=3, card_version=2, card_message_id=card.message_id)
    return post_id


@pytest.fixture
def progress() -> Progress:
    return Progress()


@pytest.fixture
def turns() -> OneByOnePerUser:
    return OneByOnePerUser(8)


@pytest.fixture
async def status(
    unstarted: Stage, database: Database, bot: Bot, progress: Progress, turns: OneByOnePerUser
) -> AsyncIterator[LiveStatus]:
    clock = unstarted.clock
    status = LiveStatus(
        cards=Cards(database=database, clock=clock),
        progress=progress,
        users=Users(database=database, clock=clock, outbox=Outbox(database=database, clock=clock)),
        link=lambda _: None,
        bot=bot,
        pace=Pace(),
        turn=turns.turn,
        edit_every=timedelta(seconds=EVERY),
    )
    yield status
    await status.stop()


def edits(stage: Stage) -> list[str]:
    """What came of each edit."""
    calls = [call for call in stage.telegram.calls if call.method == "editMessageText"]
    return [call.error or "taken" for call in calls]


@pytest.mark.parametrize("fault", ["server_error", "drop_before", "drop_after"])
async def test_what_passes_is_tried_again(
    unstarted: Stage, lena: Person, post_id: int, status: LiveStatus, fault: str
) -> None:
    getattr(unstarted.telegram.faults, fault)("editMessageText")
    status.start()
    await unstarted.until(lambda: len(edits(unstarted)) == 2)
    assert lena.count("TikTok is processing it") == 1
    await asyncio.sleep(3 * EVERY)
    assert len(edits(unstarted)) == 2, f"post {post_id} is as it is shown"


async def test_a_chat_is_left_alone_for_as_long_as_telegram_asks(
    unstarted: Stage, lena: Person, post_id: int, status: LiveStatus
) -> None:
    unstarted.telegram.faults.too_many("editMessageText", retry_after=1)
    status.start()
    await lena.see("TikTok is processing it")
    refused, taken = (
        call.at for call in unstarted.telegram.calls if call.method == "editMessageText"
    )
    assert taken - refused > timedelta(seconds=1), f"post {post_id}"


async def test_a_card_that_the_creator_has_deleted_is_edited_no_more(
    unstarted: Stage,
    database: Database,
    lena: Person,
    post_id: int,
    status: LiveStatus,
    progress: Progress,
) -> None:
    await lena.delete(lena.chat[-1])
    with capture_logs() as logs, progress.following(post_id):
        status.start()
        await unstarted.until(lambda: bool(edits(unstarted)))
        progress.sent(post_id, 40, total=100)
        await set_post(database, post_id, version=4, status=PostStatus.PUBLISHED)
        await asyncio.sleep(3 * EVERY)
    assert edits(unstarted) == ["Bad Request: message to edit not found"]
    assert logs == []


async def test_what_is_refused_for_good_is_said_once(
    unstarted: Stage, post_id: int, status: LiveStatus
) -> None:
    unstarted.telegram.faults.refuse("editMessageText", "can't parse entities", times=9)
    with capture_logs() as logs:
        status.start()
        await unstarted.until(lambda: bool(edits(unstarted)))
        await asyncio.sleep(3 * EVERY)
    assert len(edits(unstarted)) == 1
    (warning,) = [entry for entry in logs if entry["log_level"] == "warning"]
    assert (warning["event"], warning["post"]) == ("card_refused", post_id)


async def test_who_blocked_the_bot_finds_the_card_current_when_they_return(
    unstarted: Stage,
    database: Database,
    lena: Person,
    post_id: int,
    status: LiveStatus,
    progress: Progress,
) -> None:
    unstarted.telegram.faults.forbidden("editMessageText", reason="bot was blocked by the user")
    status.start()
    await unstarted.until(lambda: bool(edits(unstarted)))
    await asyncio.sleep(3 * EVERY)
    assert len(edits(unstarted)) == 1
    await set_post(database, post_id, version=4, status=PostStatus.PUBLISHED)

    clock = unstarted.clock
    outbox = Outbox(database=database, clock=clock)
    await Users(database=database, clock=clock, outbox=outbox).set_reachable(1, reachable=True)
    with progress.following(post_id):
        pass  # it rings: nobody waits here until it is looked for without a bell

    await lena.see("✅ Published")
    assert len(edits(unstarted)) == 2


async def test_an_edit_waits_for_what_the_creator_does(
    unstarted: Stage,
    database: Database,
    lena: Person,
    post_id: int,
    status: LiveStatus,
    turns: OneByOnePerUser,
) -> None:
    async with turns.turn(1):
        status.start()
        await asyncio.sleep(3 * EVERY)
        assert edits(unstarted) == []
        await set_post(database, post_id, version=4, card_version=4)  # a tap has drawn it
    await asyncio.sleep(3 * EVERY)
    assert edits(unstarted) == []
    assert lena.count("Scheduled") == 1


async def test_bytes_on_their_way_are_shown_and_the_same_percent_only_once(
    unstarted: Stage,
    database: Database,
    lena: Person,
    post_id: int,
    status: LiveStatus,
    progress: Progress,
) -> None:
    await set_post(database, post_id, status=PostStatus.PUBLISHING, card_version=3)
    status.start()
    await asyncio.sleep(2 * EVERY)
    assert edits(unstarted) == [], "it is shown as it is"
    with progress.following(post_id):
        progress.sent(post_id, 40, total=100)
        card = await lena.see("⬆️ Uploading 40 %\n▰▰▰▰▱▱▱▱▱▱\n")
        await asyncio.sleep(3 * EVERY)
        assert len(edits(unstarted)) == 1
        progress.sent(post_id, 75, total=100)
        await lena.see("⬆️ Uploading 75 %\n▰▰▰▰▰▰▰▱▱▱\n", after=card)
        await set_post(database, post_id, status=PostStatus.PROCESSING, version=4)
    await lena.see("TikTok is processing it")
    assert edits(unstarted) == ["taken"] * 3
