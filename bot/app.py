"""The composition root: builds every part, starts them in order, stops them in reverse."""

import asyncio
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import structlog
from fastapi import FastAPI
from telegram.error import InvalidToken

from bot.arrivals import Arrivals
from bot.delivery import Delivery
from bot.far_ends import FarEnds, far_ends
from bot.handlers import register
from bot.pacing import Pace
from bot.receiving import Receiver, build_application, webhook_secret
from bot.services import Services, open_services
from bot.status import LiveStatus
from bot.trust import connections
from bot.web.operators import add_operators_pages
from bot.web.photos import add_photos
from bot.web.server import WebServer
from bot.web.site import TELEGRAM_WEBHOOK_PATH, add_telegram_webhook, build_site
from bot.web.tiktok_webhook import add_tiktok_webhook
from bot.web.uploads import add_upload_page
from core.clock import Clock, system_clock
from core.engine import SWEEP_EVERY
from core.metrics import Metrics
from core.settings import Settings, SettingsError
from core.store.keys import key_file

KEPT_OPEN = httpx.Limits(max_connections=100, max_keepalive_connections=100)
"""All connections that a burst of posts opens are used again: each costs a TLS handshake."""
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
    services: Services


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


@asynccontextmanager
async def running(
    settings: Settings, *, clock: Clock = system_clock, sweep_every: timedelta = SWEEP_EVERY
) -> AsyncIterator[App]:
    """Everything started; leaving the block stops it: what works first, what it stands on last."""
    async with AsyncExitStack() as stack:
        _prepare_data_dir(settings.data_dir)
        http = await stack.enter_async_context(
            httpx.AsyncClient(follow_redirects=False, limits=KEPT_OPEN, **connections())
        )
        ends = far_ends(settings, clock)
        clock = ends.clock
        metrics = Metrics()
        services = await open_services(
            settings,
            ends,
            http=http,
            metrics=metrics,
            clock=clock,
            sweep_every=sweep_every,
            stack=stack,
        )
        application = build_application(
            token=ends.telegram_token,
            api_base_url=ends.telegram_api_base_url,
            local_mode=settings.telegram_local_mode,
            on_answer=metrics.telegram_answered,
        )
        arrivals = Arrivals(application, services.intake, services.users)
        webhook_url = (
            settings.public_base_url + TELEGRAM_WEBHOOK_PATH if settings.telegram_webhook else None
        )
        receiver = Receiver(
            application,
            arrivals,
            webhook_url=webhook_url,
            polling=services.polling,
            metrics=metrics,
        )
        register(application, services, arrivals)

        web = WebServer(
            _site(services, ends, receiver, metrics),
            host=settings.web_host,
            port=settings.web_port,
        )
        await web.start()
        stack.push_async_callback(web.stop)
        ends.start(stack)
        pace = Pace()
        delivery = Delivery(
            outbox=services.outbox,
            cards=services.cards,
            bot=application.bot,
            clock=clock,
            pace=pace,
        )
        status = LiveStatus(
            cards=services.cards,
            progress=services.progress,
            users=services.users,
            link=services.posts.link,
            bot=application.bot,
            pace=pace,
            turn=arrivals.turn,
        )
        stack.push_async_callback(receiver.close)
        stack.push_async_callback(
            _side_by_side,
            receiver.stop,
            delivery.stop,
            status.stop,
            services.scheduler.stop,
            services.upkeep.stop,
            services.finishing.stop,
        )
        receiver.start(delivery.start, status.start)
        await services.scheduler.start()
        services.upkeep.start()
        services.finishing.start()
        ends.keep_up(
            services.scheduler.ring,
            delivery.ring,
            services.upkeep.begin,
            at_rest=services.scheduler.at_rest,
        )
        yield App(far_ends=ends, receiver=receiver, services=services)


def _site(services: Services, ends: FarEnds, receiver: Receiver, metrics: Metrics) -> FastAPI:
    """All that is served: pages for phones, webhooks, operators' pages, and the sandbox's side."""
    settings = services.settings
    site = build_site(
        settings,
        services.connecting,
        services.browser_zone,
        chat_url=lambda: _chat_url(ends, receiver),
        front=ends.front,
    )
    add_operators_pages(
        site,
        backlog=services.backlog,
        hearing=receiver,
        metrics=metrics,
        token=settings.metrics_token,
        instance=services.instance,
    )
    if settings.telegram_webhook:
        add_telegram_webhook(
            site, secret=webhook_secret(ends.telegram_token), on_update=receiver.process
        )
    add_tiktok_webhook(site, services.webhooks)
    add_upload_page(
        site,
        settings,
        links=services.upload_links,
        uploads=services.uploads,
        room=services.room,
        chat_url=lambda: _chat_url(ends, receiver),
    )
    add_photos(site, settings, services.photo_links)
    ends.mount(site)
    return site


async def _side_by_side(*stops: Callable[[], Awaitable[None]]) -> None:
    """Stop parts that do not need one another: all of it takes as long as the slowest."""
    for error in await asyncio.gather(*(stop() for stop in stops), return_exceptions=True):
        if error is not None:
            log.error("stop_failed", exc_info=error)


def _chat_url(ends: FarEnds, receiver: Receiver) -> str | None:
    """Where the creator finds the chat; None until Telegram has told the bot's name."""
    if ends.sandbox_chat_url or not receiver.username:
        return ends.sandbox_chat_url
    return f"https://t.me/{receiver.username}"


def _announce(app: App) -> None:
    settings = app.services.settings
    if app.services.key_was_made:
        log.warning("made_encryption_key", file=str(key_file(settings)), do="back it up")
    if app.far_ends.sandbox_telegram:
        log.info("try_it", open=_chat_url(app.far_ends, app.receiver), note="no bot token is set")
    if app.far_ends.sandbox_tiktok:
        log.info("tiktok_is_the_sandbox", open=f"{app.far_ends.tiktok_auth_base_url}/")
    elif not settings.public_base_url.startswith("https:"):
        log.warning("tiktok_wants_https", PUBLIC_BASE_URL=settings.public_base_url)
    log.info("running", web=settings.public_base_url, redirect_uri=settings.redirect_uri)
