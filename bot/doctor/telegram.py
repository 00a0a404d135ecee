"""Telegram: is the token known, who else takes the bot's updates, and are clips within reach?"""

import asyncio
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from bot.doctor.finding import Finding, failed, ok, skipped, warning
from bot.doctor.set_up import SetUp, why
from bot.far_ends import own_address
from bot.shared_folder import NotShared, SharedFolder
from bot.web.site import TELEGRAM_WEBHOOK_PATH
from core.clips import newest_file_id
from core.store.state import DatabaseUnusable, opened

CLOUD = "https://api.telegram.org"
PEEK_SECONDS = 6
"""How long another poller is waited for: such a one asks again within seconds."""
BETWEEN_COUNTS = 5.0
STAND_IN = "no bot token is set: the chat is a stand-in that opens in the browser"
SMALL = 20 << 20
"""Bytes of a clip that may be fetched again to see whether it gets here."""

_CONFLICTS = re.compile(r'^clipcue_telegram_answers_total\{code="409"\} (\S+)$', re.MULTILINE)
_ONE_BOT = (
    "Find the other program that uses this token and stop it, or make it a bot of its own with "
    "@BotFather; if nobody knows it, have @BotFather revoke the token"
)
_SHARE = (
    "Start the server with --local, set TELEGRAM_LOCAL_FOLDER to what its --dir says, mount that "
    "folder here under the same path, and run both programs as the same user"
)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the Bot API answered: its `result`, or with another `code` than 200 why not."""

    code: int
    result: Any
    description: str


async def call(set_up: SetUp, method: str, **parameters: Any) -> Answer:
    """Call a method of the Bot API; raises `httpx.HTTPError`."""
    settings = set_up.settings
    token = settings.telegram_bot_token
    assert token is not None  # noqa: S101 - checks of a stand-in end before this
    url = f"{settings.telegram_api_base_url}/bot{token.get_secret_value()}/{method}"
    answer = await set_up.http.post(url, json=parameters)
    try:
        told = answer.json()
    except ValueError:
        told = {}
    if not isinstance(told, dict):
        told = {}
    return Answer(
        code=int(told.get("error_code", answer.status_code)),
        result=told.get("result") if answer.is_success else None,
        description=str(told.get("description", f"HTTP {answer.status_code}")),
    )


async def token(set_up: SetUp) -> Finding:
    """Asks getMe."""
    settings = set_up.settings
    if settings.sandbox_telegram:
        return skipped(STAND_IN, "Get a token from @BotFather and set TELEGRAM_BOT_TOKEN")
    where = settings.telegram_api_base_url
    try:
        me = await call(set_up, "getMe")
    except httpx.HTTPError as error:
        if where != CLOUD:
            return failed(
                f"your Bot API server at {where} cannot be reached: {why(error)}",
                "Start it, and check TELEGRAM_API_BASE_URL: its address only, without /bot",
            )
        return failed(
            f"Telegram cannot be reached: {why(error)}",
            "Check this machine's network, its firewall, and HTTPS_PROXY",
        )
    if isinstance(me.result, dict) and "username" in me.result:
        return ok(f"Telegram knows it as @{me.result['username']}")
    if me.code in {401, 404}:
        return failed(
            "Telegram does not know the token",
            "Copy it again from @BotFather into TELEGRAM_BOT_TOKEN",
        )
    return failed(
        f"{where} answers: {me.description}",
        "Check TELEGRAM_API_BASE_URL; a bot that was logged out of Telegram's cloud for a server "
        "of your own can come back after ten minutes",
    )


async def updates(set_up: SetUp) -> Finding:
    """Whether another program takes the bot's updates. None of them is confirmed by looking."""
    if set_up.settings.sandbox_telegram:
        return skipped(STAND_IN)
    try:
        info = await call(set_up, "getWebhookInfo")
        if not isinstance(info.result, dict):
            return skipped(f"Telegram answers: {info.description}", "See bot token")
        url = str(info.result.get("url") or "")
        if set_up.settings.telegram_webhook:
            return _of_webhook(set_up, url, info.result)
        if url:
            return failed(
                f"a webhook is set, at {_site(url)}: updates go there, and polling gets none",
                "If that is an old one, the next start of ClipCue takes it away; if another "
                "program needs it, make it a bot of its own",
            )
        return await (_told_by_ours(set_up) if set_up.instances else _peek(set_up))
    except httpx.HTTPError as error:
        return skipped(f"Telegram cannot be reached: {why(error)}", "See bot token")


def _of_webhook(set_up: SetUp, url: str, info: dict[str, Any]) -> Finding:
    ours = set_up.settings.public_base_url + TELEGRAM_WEBHOOK_PATH
    if url and url != ours:
        return failed(
            f"the webhook is set elsewhere, at {_site(url)}",
            f"The next start of ClipCue sets its own, {ours}; if another program needs the other, "
            "make it a bot of its own",
        )
    if not url:
        if not set_up.instances:
            return ok("no webhook is set; ClipCue sets its own when it starts")
        return failed(
            "no webhook is set though ClipCue runs: another program took it away",
            "Stop that program, then start ClipCue anew",
        )
    if problem := info.get("last_error_message"):
        return warning(
            f"the webhook is ours, but Telegram last failed to bring an update: {problem}",
            "See public address",
        )
    return ok("the webhook is ours")


def _site(url: str) -> str:
    """The address without its path, in which many programs put the token."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}"


async def _told_by_ours(set_up: SetUp) -> Finding:
    """A poll of ours would end that of the running bot, which knows the answer anyway."""
    first = await _conflicts(set_up)
    if first is None:
        return skipped(
            "ClipCue is at it, and did not tell its figures",
            "Look at clipcue_telegram_answers_total with code 409 in its /metrics",
        )
    if not first:
        return ok("the running ClipCue polls, and nobody else does")
    await asyncio.sleep(BETWEEN_COUNTS)
    then = await _conflicts(set_up)
    if then is not None and then > first:
        return failed("another process asks for this bot's updates as well", _ONE_BOT)
    return warning(
        f"{first:.0f} polls of the running ClipCue were ended by another process, none just now",
        "That is what an update without a pause looks like; if it grows, see docs/operate.md",
    )


async def _conflicts(set_up: SetUp) -> float | None:
    settings = set_up.settings
    headers = (
        {"Authorization": f"Bearer {settings.metrics_token.get_secret_value()}"}
        if settings.metrics_token
        else {}
    )
    try:
        page = await set_up.http.get(f"{own_address(settings)}/metrics", headers=headers)
    except httpx.HTTPError:
        return None
    if not page.is_success:
        return None
    found = _CONFLICTS.search(page.text)
    return float(found[1]) if found else 0.0


async def _peek(set_up: SetUp) -> Finding:
    """Ask for updates without an offset: that confirms nothing, and they stay for the bot.

    A poll of somebody else's is ended by it, once; asking again they end this one with a 409.
    """
    seen = await call(set_up, "getUpdates", limit=1, timeout=PEEK_SECONDS)
    if seen.code == 409:
        return failed("another process asks for this bot's updates", _ONE_BOT)
    if seen.result is None:
        return warning(f"Telegram answers: {seen.description}", "Ask again in a minute")
    if seen.result:
        return ok("updates wait for ClipCue, and nobody else takes them")
    return ok(f"nobody else asked for updates within {PEEK_SECONDS} seconds")


async def clip_files(set_up: SetUp) -> Finding:
    """With a Bot API server in local mode: can its files be taken over?"""
    settings = set_up.settings
    if settings.sandbox_telegram:
        return skipped(STAND_IN)
    if not settings.telegram_local_mode:
        return ok(
            "clips come over the Bot API, up to 20 MB"
            if settings.telegram_api_base_url == CLOUD
            else "clips come over your Bot API server, up to 20 MB: TELEGRAM_LOCAL_MODE is false"
        )
    try:
        async with opened(settings) as database:
            file_id = await newest_file_id(database, at_most=SMALL)
    except DatabaseUnusable:
        file_id = None
    if file_id is None:
        return skipped(
            "whether the server shares its folder shows with the first clip",
            "Send the bot a clip, then ask again",
        )
    try:
        file = await call(set_up, "getFile", file_id=file_id)
    except httpx.HTTPError as error:
        return warning(f"the server did not hand out a clip: {why(error)}", "Ask again")
    path = str(file.result.get("file_path", "")) if isinstance(file.result, dict) else ""
    if not path:
        return warning(f"the server did not hand out a clip: {file.description}", "Ask again")
    try:
        await asyncio.to_thread(SharedFolder(settings.local_folder).file, path)
    except NotShared as error:
        return failed(f"a clip of the server's cannot be taken: {error}", _SHARE)
    except FileNotFoundError:
        return failed(
            f"the server keeps clips in {settings.local_folder}, as it says, but not those that "
            "this machine sees there",
            _SHARE,
        )
    return ok(f"the server's clips in {settings.local_folder} can be taken over")


async def shared_folder(set_up: SetUp) -> Finding:
    """With a Bot API server in local mode: are its files on the same volume as the clips?"""
    settings = set_up.settings
    if settings.sandbox_telegram:
        return skipped(STAND_IN)
    if not settings.telegram_local_mode:
        return skipped("no Bot API server shares its files: TELEGRAM_LOCAL_MODE is false")
    return await asyncio.to_thread(_one_volume, settings.local_folder, settings.data_dir)


def _one_volume(theirs: Path, ours: Path) -> Finding:
    if not theirs.is_dir():
        return failed(f"{theirs} is not there on this machine", _SHARE)
    if not os.access(theirs, os.R_OK | os.X_OK):
        return failed(f"ClipCue may not look into {theirs}", _SHARE)
    if not ours.is_dir():
        return skipped(f"{ours} is not there yet: the first start makes it")
    if _mount(theirs) != _mount(ours):
        return warning(
            f"{theirs} and {ours} are on different volumes: each clip is copied from one to the "
            "other",
            "Have the server work in a folder of DATA_DIR (--dir), mounted together with it",
        )
    return ok(f"clips are taken over from {theirs} without a copy")


def _mount(folder: Path) -> tuple[int, str]:
    """By what a folder is reached: no file is linked from one such into another."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        told = Path(f"/proc/self/fdinfo/{descriptor}").read_text()
        return os.fstat(descriptor).st_dev, told.partition("mnt_id:")[2].split()[0]
    finally:
        os.close(descriptor)
