"""The services of the business: all of `core` that runs, built once on one database."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta

import httpx

from bot.downloads import Downloads
from bot.far_ends import FarEnds
from core import tiktok
from core.accounts import Accounts
from core.asking import Asking
from core.backlog import Backlog
from core.cards import Cards
from core.chat_state import ChatStates
from core.claims import Claims
from core.clips import Clips
from core.clock import Clock
from core.connecting import Connecting
from core.engine import EmbeddedEngine
from core.intake import Intake
from core.limits import Limits
from core.lists import Lists
from core.media.probing import Prober
from core.media.storage import ClipStore
from core.metrics import Metrics
from core.notifications import Outbox
from core.outcomes import Outcomes
from core.posts import Posts
from core.progress import Progress
from core.publishing import Publisher
from core.reconnecting import Reconnecting
from core.scheduling import Scheduler
from core.sending import Sender
from core.settings import Settings
from core.store.database import Database
from core.store.keys import key_file, load_keys, read_keys
from core.store.vault import Vault
from core.tokens import Tokens
from core.upkeep import Upkeep
from core.users import Users
from core.webhooks import Webhooks
from core.workers import Worker
from core.zone_change import ZoneChange


@dataclass(frozen=True, kw_only=True)
class Services:
    """What handlers, pages and the composition root ask the business for."""

    settings: Settings
    clock: Clock
    users: Users
    zone_change: ZoneChange
    accounts: Accounts
    connecting: Connecting
    reconnecting: Reconnecting
    clips: Clips
    posts: Posts
    cards: Cards
    lists: Lists
    chat_states: ChatStates
    downloads: Downloads
    outbox: Outbox
    progress: Progress
    intake: Intake
    backlog: Backlog
    webhooks: Webhooks
    scheduler: Scheduler
    upkeep: Upkeep
    tiktok_audited: bool
    key_was_made: bool


async def open_services(
    settings: Settings,
    ends: FarEnds,
    *,
    http: httpx.AsyncClient,
    metrics: Metrics,
    clock: Clock,
    sweep_every: timedelta,
    stack: AsyncExitStack,
) -> Services:
    """Open the database and build everything on it; nothing works yet until it is started."""
    vault, key_was_made = _open_vault(settings)
    database = Database(settings.database)
    stack.push_async_callback(database.close)
    await database.migrate()
    store = ClipStore(settings.data_dir / "clips")
    await asyncio.to_thread(store.prepare)
    worker = Worker(settings.data_dir / "workers")
    stack.callback(worker.close)

    client = tiktok.Client(
        client_key=ends.tiktok_client_key,
        client_secret=ends.tiktok_client_secret,
        http=http,
        auth_base_url=ends.tiktok_auth_base_url,
        api_base_url=ends.tiktok_api_base_url,
        on_answer=metrics.tiktok_answered,
    )
    outbox = Outbox(database=database, clock=clock)
    engine = EmbeddedEngine(clock=clock, sweep_every=sweep_every)
    reconnecting = Reconnecting(
        database=database,
        outbox=outbox,
        engine=engine,
        clock=clock,
        late_tolerance=timedelta(minutes=settings.late_tolerance_minutes),
    )
    tokens = Tokens(
        database=database, vault=vault, client=client, clock=clock, on_loss=reconnecting.lost
    )
    accounts = Accounts(
        database=database,
        tokens=tokens,
        limits=Limits(database=database, clock=clock),
        client=client,
        clock=clock,
    )
    claims = Claims(database=database, worker=worker, clock=clock, metrics=metrics)
    progress = Progress()
    publisher = _publisher(
        settings,
        database=database,
        vault=vault,
        store=store,
        client=client,
        accounts=accounts,
        tokens=tokens,
        claims=claims,
        outbox=outbox,
        progress=progress,
        metrics=metrics,
        clock=clock,
    )
    clips = Clips(database=database, store=store, prober=Prober(), clock=clock)
    return Services(
        settings=settings,
        clock=clock,
        users=Users(database=database, clock=clock, outbox=outbox),
        zone_change=ZoneChange(database=database, clock=clock, engine=engine),
        accounts=accounts,
        connecting=Connecting(
            database=database,
            tokens=tokens,
            client=client,
            outbox=outbox,
            clock=clock,
            redirect_uri=settings.redirect_uri,
        ),
        reconnecting=reconnecting,
        clips=clips,
        posts=Posts(database=database, clock=clock, engine=engine, client=client),
        cards=Cards(database=database, clock=clock),
        lists=Lists(database=database, clock=clock),
        chat_states=ChatStates(database=database, clock=clock),
        downloads=Downloads(http=http, store=store, local=settings.telegram_local_mode),
        outbox=outbox,
        progress=progress,
        intake=Intake(database=database, worker=worker, clock=clock),
        backlog=Backlog(database=database, claims=claims, clock=clock),
        webhooks=Webhooks(
            database=database,
            tokens=tokens,
            engine=engine,
            clock=clock,
            client_secret=ends.tiktok_client_secret,
        ),
        scheduler=Scheduler(claims=claims, publisher=publisher, engine=engine),
        upkeep=Upkeep(
            database=database,
            tokens=tokens,
            accounts=accounts,
            clips=clips,
            store=store,
            outbox=outbox,
            clock=clock,
        ),
        tiktok_audited=ends.tiktok_audited,
        key_was_made=key_was_made,
    )


def _open_vault(settings: Settings) -> tuple[Vault, bool]:
    """The vault, and whether its key had to be made now."""
    keys, key_was_made = load_keys(settings)
    path = key_file(settings)
    return Vault(keys, reload=(lambda: read_keys(path)) if path else None), key_was_made


def _publisher(
    settings: Settings,
    *,
    database: Database,
    vault: Vault,
    store: ClipStore,
    client: tiktok.Client,
    accounts: Accounts,
    tokens: Tokens,
    claims: Claims,
    outbox: Outbox,
    progress: Progress,
    metrics: Metrics,
    clock: Clock,
) -> Publisher:
    """A post's way to TikTok: what asks, what sends, and what writes down how it ended."""
    outcomes = Outcomes(
        database=database,
        claims=claims,
        tokens=tokens,
        outbox=outbox,
        client=client,
        metrics=metrics,
        clock=clock,
    )
    asking = Asking(accounts=accounts, client=client, outcomes=outcomes)
    sender = Sender(
        database=database,
        client=client,
        claims=claims,
        asking=asking,
        outcomes=outcomes,
        progress=progress,
        metrics=metrics,
        clock=clock,
        uploads_at_once=settings.publish_concurrency,
    )
    return Publisher(
        database=database,
        vault=vault,
        accounts=accounts,
        client=client,
        store=store,
        claims=claims,
        sender=sender,
        asking=asking,
        outcomes=outcomes,
        progress=progress,
        clock=clock,
        late_tolerance=timedelta(minutes=settings.late_tolerance_minutes),
    )
