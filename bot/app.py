"""The composition root: builds every part, starts them in order, stops them in reverse."""

import asyncio
import os
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import structlog
from telegram.error import InvalidToken

from bot.delivery import Delivery
from bot.downloads import Downloads
from bot.far_ends import FarEnds, far_ends
from bot.handlers import register
from bot.intake import Arrivals
from bot.receiving import Receiver, build_application, webhook_secret
from bot.services import Services
from bot.web.server import WebServer
from bot.web.site import TELEGRAM_WEBHOOK_PATH, add_telegram_webhook, build_site
from bot.web.tiktok_webhook import add_tiktok_webhook
from core import tiktok
from core.accounts import Accounts
from core.chat_state import ChatStates
from core.claims import Claims
from core.clips import Clips
from core.clock import Clock, system_clock
from core.connecting import Connecting
from core.engine import SWEEP_EVERY, EmbeddedEngine
from core.intake import Intake
from core.limits import Limits
from core.lists import Lists
from core.media.storage import ClipStore
from core.notifications import Outbox
from core.outcomes import Outcomes
from core.posts import Posts
from core.publishing import Publisher
from core.reconnecting import Reconnecting
from core.scheduling import Scheduler
from core.settings import Settings, SettingsError
from core.store.database import Database
from core.store.keys import key_file, load_keys, read_keys
from core.store.vault import Vault
from core.tokens import Tokens
from core.upkeep import Upkeep
from core.users import Users
from core.webhooks import Webhooks
from core.workers import Worker

STOP_WITHIN = timedelta(seconds=15)
"""What an orderly stop may take; cutting off what hangs takes a few seconds more, 20 in all."""

# Lets python-telegram-bot hand out retry_after as timedelta, without a deprecation warning.
os.environ.setdefault("PTB_TIMEDELTA", "true")

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class App:
    """What runs."""

    far_ends: FarEnds
    receiver: Receiver
    upkeep: Upkeep
    settings: Settings
    key_was_made: bool


async def serve(settings: Settings) -> None:
    """Run everything until SIGINT or SIGTERM, then stop in order within `STOP_WITHIN`.

    Raises `SettingsError` when Telegram does not know the token, `PortTaken` when the port is not
    free.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(running(settings))
        _announce(app)
        app.receiver.refused.add_done_callback(lambda _: stop.set())
        await stop.wait()
        log.info("stopping")
        try:
            async with asyncio.timeout(STOP_WITHIN.total_seconds()):
                await stack.aclose()
        except TimeoutError:
            log.warning("stopped_hard")
        if app.receiver.refused.done():
            try:
                app.receiver.refused.result()
            except InvalidToken:
                raise SettingsError(
                    "TELEGRAM_BOT_TOKEN is not known to Telegram: copy it again from @BotFather"
                ) from None


def _prepare_data_dir(folder: Path) -> None:
    """Make the folder, for this user's eyes only; raises `SettingsError` where that fails."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise SettingsError(
            f"DATA_DIR {folder} cannot be written to ({error.strerror}). Example: DATA_DIR=./data"
        ) from None


def _open_vault(settings: Settings) -> tuple[Vault, bool]:
    """The vault, and whether its key had to be made now."""
    keys, key_was_made = load_keys(settings)
    path = key_file(settings)
    return Vault(keys, reload=(lambda: read_keys(path)) if path else None), key_was_made


@asynccontextmanager
async def running(
    settings: Settings, *, clock: Clock = system_clock, sweep_every: timedelta = SWEEP_EVERY
) -> AsyncIterator[App]:
    """Everything started; leaving the block stops it, the last started first."""
    async with AsyncExitStack() as stack:
        _prepare_data_dir(settings.data_dir)
        vault, key_was_made = _open_vault(settings)

        database = Database(settings.database)
        stack.push_async_callback(database.close)
        await database.migrate()
        store = ClipStore(settings.data_dir / "clips")
        await asyncio.to_thread(store.prepare)
        worker = Worker(settings.data_dir / "workers")
        stack.callback(worker.close)
        http = await stack.enter_async_context(httpx.AsyncClient(follow_redirects=False))

        ends = far_ends(settings, clock)
        client = tiktok.Client(
            client_key=ends.tiktok_client_key,
            client_secret=ends.tiktok_client_secret,
            http=http,
            auth_base_url=ends.tiktok_auth_base_url,
            api_base_url=ends.tiktok_api_base_url,
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
        claims = Claims(database=database, worker=worker, clock=clock)
        publisher = Publisher(
            database=database,
            vault=vault,
            accounts=accounts,
            client=client,
            store=store,
            claims=claims,
            outcomes=Outcomes(
                database=database,
                claims=claims,
                tokens=tokens,
                outbox=outbox,
                client=client,
                clock=clock,
            ),
            clock=clock,
            uploads_at_once=settings.publish_concurrency,
            late_tolerance=timedelta(minutes=settings.late_tolerance_minutes),
        )
        scheduler = Scheduler(claims=claims, publisher=publisher, engine=engine)
        connecting = Connecting(
            database=database,
            tokens=tokens,
            client=client,
            outbox=outbox,
            clock=clock,
            redirect_uri=settings.redirect_uri,
        )

        application = build_application(
            token=ends.telegram_token,
            api_base_url=ends.telegram_api_base_url,
            local_mode=settings.telegram_local_mode,
        )
        webhook_url = (
            settings.public_base_url + TELEGRAM_WEBHOOK_PATH if settings.telegram_webhook else None
        )
        clips = Clips(database=database, store=store, clock=clock)
        upkeep = Upkeep(
            database=database,
            tokens=tokens,
            accounts=accounts,
            clips=clips,
            store=store,
            outbox=outbox,
            clock=clock,
        )
        intake = Intake(database=database, worker=worker, clock=clock)
        arrivals = Arrivals(application, intake)
        receiver = Receiver(application, arrivals, webhook_url=webhook_url)
        register(
            application,
            Services(
                settings=settings,
                clock=clock,
                users=Users(database=database, clock=clock, outbox=outbox),
                accounts=accounts,
                connecting=connecting,
                reconnecting=reconnecting,
                clips=clips,
                posts=Posts(database=database, clock=clock, engine=engine, client=client),
                lists=Lists(database=database, clock=clock),
                chat_states=ChatStates(database=database, clock=clock),
                downloads=Downloads(http=http, store=store, local=settings.telegram_local_mode),
                tiktok_audited=ends.tiktok_audited,
            ),
            arrivals,
        )
        site = build_site(
            settings,
            connecting,
            chat_url=lambda: _chat_url(ends, receiver),
            is_healthy=database.answers,
            front=ends.front(),
        )
        if webhook_url:
            add_telegram_webhook(
                site, secret=webhook_secret(ends.telegram_token), on_update=receiver.process
            )
        add_tiktok_webhook(
            site,
            Webhooks(
                database=database,
                tokens=tokens,
                engine=engine,
                clock=clock,
                client_secret=ends.tiktok_client_secret,
            ),
        )
        ends.mount(site)

        web = WebServer(site, host=settings.web_host, port=settings.web_port)
        await web.start()
        stack.push_async_callback(web.stop)
        ends.start(stack)
        delivery = Delivery(outbox=outbox, bot=application.bot, clock=clock)
        stack.push_async_callback(delivery.stop)
        receiver.start(delivery.start)
        stack.push_async_callback(receiver.stop)
        await scheduler.start()
        stack.push_async_callback(scheduler.stop)
        upkeep.start()
        stack.push_async_callback(upkeep.stop)
        yield App(
            far_ends=ends,
            receiver=receiver,
            upkeep=upkeep,
            settings=settings,
            key_was_made=key_was_made,
        )


def _chat_url(ends: FarEnds, receiver: Receiver) -> str | None:
    """Where the creator finds the chat; None until Telegram has told the bot's name."""
    if ends.sandbox_chat_url or not receiver.username:
        return ends.sandbox_chat_url
    return f"https://t.me/{receiver.username}"


def _announce(app: App) -> None:
    settings = app.settings
    if app.key_was_made:
        log.warning("made_encryption_key", file=str(key_file(settings)), do="back it up")
    if app.far_ends.sandbox_telegram:
        log.info("try_it", open=_chat_url(app.far_ends, app.receiver), note="no bot token is set")
    if app.far_ends.sandbox_tiktok:
        log.info("tiktok_is_the_sandbox", open=f"{app.far_ends.tiktok_auth_base_url}/")
    elif not settings.public_base_url.startswith("https:"):
        log.warning("tiktok_wants_https", PUBLIC_BASE_URL=settings.public_base_url)
    log.info("running", web=settings.public_base_url, redirect_uri=settings.redirect_uri)
