"""The services of the business: all of `core` that runs, built once on one database."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta

import httpx

from bot.coming_photos import ComingPhotos
from bot.downloads import Downloads
from bot.far_ends import FarEnds, for_phones
from bot.gathering import Gathering
from bot.pictures import Pictures
from bot.shared_folder import SharedFolder
from core import tiktok
from core.accounts.accounts import Accounts
from core.accounts.connecting import Connecting
from core.accounts.tokens import Tokens
from core.accounts.workloads import Workloads
from core.backlog import Backlog
from core.bulk.batches import Batches
from core.bulk.planning import Planning
from core.clips import Clips
from core.clock import Clock
from core.engine import EmbeddedEngine
from core.fitting import Fitting
from core.intake import Intake
from core.limits import Limits
from core.lists.calendar import Calendar
from core.lists.lists import Lists
from core.media.files.storage import ClipStore
from core.media.fitting import Fitter
from core.media.images.asking import Images
from core.media.probing import Prober
from core.metrics import Metrics
from core.notifications import Outbox
from core.posts.cards import Cards
from core.posts.copies import Copies
from core.posts.hashtags import Hashtags
from core.posts.history import History
from core.posts.inbox import Inbox
from core.posts.photos import Photos
from core.posts.posts import Posts
from core.posts.queueing import Queueing
from core.posts.reconnecting import Reconnecting
from core.posts.templates import Templates
from core.posts.undoing import Undoing
from core.publishing.claims import Claims
from core.publishing.photo_links import PhotoLinks
from core.publishing.progress import Progress
from core.publishing.scheduling import Scheduler
from core.publishing.way_to_tiktok import way_to_tiktok
from core.queue.queue import Queue
from core.retention import Retention
from core.settings import Settings
from core.statistics.counts import Counts
from core.statistics.insights import Statistics
from core.store.database import Database
from core.store.keys import key_file, read_keys
from core.store.sealed import keys_for
from core.store.vault import Vault
from core.upkeep import Upkeep
from core.uploads.finishing import Finishing
from core.uploads.links import Links
from core.uploads.room import Room
from core.uploads.uploads import Uploads
from core.users.browser_zone import BrowserZone
from core.users.chat_state import ChatStates
from core.users.personal_data import PersonalData
from core.users.users import Users
from core.users.zone_change import ZoneChange
from core.webhooks import Webhooks
from core.workers import Duty, Worker

MB = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Services:
    """What handlers, pages and the composition root ask the business for."""

    settings: Settings
    clock: Clock
    users: Users
    zone_change: ZoneChange
    browser_zone: BrowserZone
    accounts: Accounts
    workloads: Workloads
    connecting: Connecting
    reconnecting: Reconnecting
    clips: Clips
    fitting: Fitting
    hashtags: Hashtags
    posts: Posts
    photos: Photos
    photo_links: PhotoLinks
    cards: Cards
    lists: Lists
    calendar: Calendar
    history: History
    inbox: Inbox
    copies: Copies
    undoing: Undoing
    batches: Batches
    planning: Planning
    queue: Queue
    queueing: Queueing
    templates: Templates
    gathering: Gathering
    coming_photos: ComingPhotos
    chat_states: ChatStates
    downloads: Downloads
    outbox: Outbox
    progress: Progress
    room: Room
    uploads: Uploads
    upload_links: Links
    finishing: Finishing
    polling: Duty
    intake: Intake
    backlog: Backlog
    webhooks: Webhooks
    scheduler: Scheduler
    retention: Retention
    upkeep: Upkeep
    statistics: Statistics
    personal_data: PersonalData
    pictures: Pictures
    tiktok_audited: bool
    asks_for_counts: bool
    asks_for_drafts: bool
    key_was_made: bool
    phones_url: str
    """Where phones reach our pages, as Telegram takes it for a button."""
    instance: str
    """Names this process among those of its data folder."""


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
    database = Database(settings.database)
    stack.push_async_callback(database.close)
    await database.migrate()
    vault, key_was_made = await _open_vault(settings, database)
    store = ClipStore(settings.data_dir / "clips")
    await asyncio.to_thread(store.prepare)
    workers = settings.data_dir / "workers"
    worker = Worker(workers)
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
    photo_links = PhotoLinks(
        database=database,
        vault=vault,
        store=store,
        clock=clock,
        base_url=ends.tiktok_fetches_from,
    )
    attempts = way_to_tiktok(
        settings,
        database=database,
        vault=vault,
        store=store,
        client=client,
        accounts=accounts,
        tokens=tokens,
        claims=claims,
        outbox=outbox,
        photo_links=photo_links,
        progress=progress,
        metrics=metrics,
        clock=clock,
    )
    prober = Prober()
    clips = Clips(database=database, store=store, prober=prober, clock=clock)
    posts = Posts(database=database, clock=clock, engine=engine, client=client)
    room = Room(
        database=database,
        store=store,
        quota=settings.storage_quota_mb * MB,
        spare=settings.storage_spare_mb * MB,
    )
    retention = Retention(database=database, store=store, clock=clock)
    uploads = Uploads(database=database, store=store, room=room, outbox=outbox, clock=clock)
    links = Links(database=database, clock=clock)
    return Services(
        settings=settings,
        clock=clock,
        users=Users(database=database, clock=clock, outbox=outbox),
        zone_change=ZoneChange(database=database, clock=clock, engine=engine),
        browser_zone=BrowserZone(database=database, outbox=outbox, clock=clock),
        accounts=accounts,
        workloads=Workloads(database=database),
        connecting=Connecting(
            database=database,
            tokens=tokens,
            client=client,
            clock=clock,
            on_connected=reconnecting.connected,
            redirect_uri=settings.redirect_uri,
            asks_for_counts=ends.tiktok_video_list,
            asks_for_drafts=ends.tiktok_video_upload,
        ),
        reconnecting=reconnecting,
        clips=clips,
        fitting=Fitting(database=database, store=store, prober=prober, fitter=Fitter()),
        hashtags=Hashtags(database=database),
        posts=posts,
        photo_links=photo_links,
        photos=Photos(database=database, store=store, images=Images(), posts=posts, clock=clock),
        cards=Cards(database=database, clock=clock),
        lists=Lists(database=database, clock=clock),
        calendar=Calendar(database=database),
        history=History(database=database),
        inbox=Inbox(database=database, clock=clock, engine=engine),
        copies=Copies(database=database, clock=clock),
        undoing=Undoing(database=database, clock=clock, engine=engine),
        batches=Batches(database=database, clock=clock, posts=posts),
        planning=Planning(database=database, clock=clock, posts=posts),
        queue=Queue(database=database),
        queueing=Queueing(database=database, clock=clock, posts=posts),
        templates=Templates(database=database, clock=clock),
        gathering=Gathering(),
        coming_photos=ComingPhotos(),
        chat_states=ChatStates(database=database, clock=clock),
        downloads=Downloads(
            http=http,
            store=store,
            shared=SharedFolder(settings.local_folder) if settings.telegram_local_mode else None,
        ),
        outbox=outbox,
        progress=progress,
        room=room,
        uploads=uploads,
        upload_links=links,
        finishing=Finishing(
            database=database,
            store=store,
            clips=clips,
            posts=posts,
            uploads=uploads,
            links=links,
            outbox=outbox,
            clock=clock,
        ),
        polling=Duty(workers, "polling"),
        intake=Intake(database=database, worker=worker, clock=clock),
        backlog=Backlog(database=database, claims=claims, clock=clock),
        webhooks=Webhooks(
            database=database,
            tokens=tokens,
            engine=engine,
            clock=clock,
            client_secret=ends.tiktok_client_secret,
        ),
        scheduler=Scheduler(claims=claims, attempts=attempts, engine=engine),
        retention=retention,
        upkeep=Upkeep(
            database=database,
            tokens=tokens,
            accounts=accounts,
            counts=Counts(database=database, accounts=accounts, client=client, clock=clock),
            clips=clips,
            retention=retention,
            outbox=outbox,
            clock=clock,
        ),
        statistics=Statistics(database=database, clock=clock),
        personal_data=PersonalData(
            database=database,
            accounts=accounts,
            store=store,
            clock=clock,
            folder=settings.data_dir,
        ),
        pictures=Pictures(settings.data_dir / "fonts"),
        tiktok_audited=ends.tiktok_audited,
        asks_for_counts=ends.tiktok_video_list,
        asks_for_drafts=ends.tiktok_video_upload,
        key_was_made=key_was_made,
        phones_url=for_phones(settings.public_base_url),
        instance=worker.instance,
    )


async def _open_vault(settings: Settings, database: Database) -> tuple[Vault, bool]:
    """The vault, and whether its key had to be made now."""
    keys, key_was_made = await keys_for(database, settings)
    path = key_file(settings)
    return Vault(keys, reload=(lambda: read_keys(path)) if path else None), key_was_made
