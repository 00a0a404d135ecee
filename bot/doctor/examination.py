"""The examination: every check side by side, each with its own end."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.doctor import data, machine, photos, telegram, tiktok, web
from bot.doctor.finding import Finding, Report, failed, ok, skipped
from bot.doctor.set_up import SetUp, free_bytes
from bot.trust import connections
from core import workers
from core.clock import Clock, system_clock
from core.media.probing import Prober
from core.settings import Settings

CHECK_WITHIN = 12.0
"""Seconds; a peek at Telegram's updates takes half of that."""
ANSWER_WITHIN = 8.0


@dataclass(frozen=True, kw_only=True)
class Check:
    """`needs` are the variables without which looking makes no sense."""

    name: str
    look: Callable[[SetUp], Awaitable[Finding]]
    needs: frozenset[str] = frozenset()


_TELEGRAM = frozenset({"TELEGRAM_BOT_TOKEN", "TELEGRAM_API_BASE_URL"})
_LOCAL = frozenset({"TELEGRAM_LOCAL_MODE", "TELEGRAM_LOCAL_FOLDER"})
_TIKTOK = frozenset({"TIKTOK_CLIENT_KEY", "TIKTOK_CLIENT_SECRET", "TIKTOK_API_BASE_URL"})
_PUBLIC = frozenset({"PUBLIC_BASE_URL"})
_LISTENS = frozenset({"WEB_HOST", "WEB_PORT"})
_DATA = frozenset({"DATA_DIR"})
_DATABASE = _DATA | {"DATABASE_URL"}
_KEYS = frozenset({"ENCRYPTION_KEY", "ENCRYPTION_KEYS_OLD"})

CHECKS = (
    Check(name="ClipCue itself", look=web.running, needs=_DATA | _LISTENS),
    Check(name="bot token", look=telegram.token, needs=_TELEGRAM),
    Check(
        name="updates",
        look=telegram.updates,
        needs=_TELEGRAM | _PUBLIC | {"TELEGRAM_WEBHOOK"},
    ),
    Check(name="clip files", look=telegram.clip_files, needs=_TELEGRAM | _LOCAL),
    Check(name="shared folder", look=telegram.shared_folder, needs=_LOCAL | _DATA),
    Check(name="TikTok keys", look=tiktok.keys, needs=_TIKTOK | _PUBLIC),
    Check(name="scopes", look=tiktok.scopes, needs=frozenset({"TIKTOK_AUDITED"})),
    Check(name="redirect URI", look=web.redirect_uri, needs=_PUBLIC),
    Check(name="public address", look=web.public_address, needs=_PUBLIC | _LISTENS),
    Check(
        name="photo posts",
        look=photos.prefix,
        needs=_PUBLIC | {"TIKTOK_URL_VERIFICATION"},
    ),
    Check(name="port", look=web.port, needs=_LISTENS),
    Check(name="database", look=data.database, needs=_DATABASE),
    Check(name="encryption key", look=data.encryption_key, needs=_DATABASE | _KEYS),
    Check(name="disk", look=data.disk, needs=_DATA),
    Check(name="media", look=machine.media),
    Check(name="clock", look=machine.clock, needs=_TELEGRAM | _TIKTOK),
    Check(name="time zones", look=machine.time_zones),
)


async def examine(
    settings: Settings,
    wrong: Mapping[str, str],
    *,
    checks: Iterable[Check] = CHECKS,
    clock: Clock = system_clock,
    prober: Prober | None = None,
    free: Callable[[Path], int] = free_bytes,
) -> tuple[Report, ...]:
    """Look at everything that `checks` name; `wrong` names settings that cannot be used, and why.

    `prober` reads clips and `free` tells how many bytes fit on the disk of a folder.
    """
    instances = await asyncio.to_thread(workers.at_work, settings.data_dir / "workers")
    limits = httpx.Limits(max_keepalive_connections=0)  # its own loop ends with it
    async with httpx.AsyncClient(timeout=ANSWER_WITHIN, limits=limits, **connections()) as http:
        set_up = SetUp(
            settings=settings,
            http=http,
            clock=clock,
            instances=instances,
            prober=prober or Prober(seconds=CHECK_WITHIN),
            free_bytes=free,
        )
        found = await asyncio.gather(*(_looked(check, set_up, wrong) for check in checks))
    return (*_of_settings(wrong), *found)


def _of_settings(wrong: Mapping[str, str]) -> tuple[Report, ...]:
    if not wrong:
        return (Report(name="settings", finding=ok("every value can be used")),)
    return tuple(
        Report(
            name="settings",
            finding=failed(reason, f"Change {name} in .env or in the environment"),
        )
        for name, reason in wrong.items()
    )


async def _looked(check: Check, set_up: SetUp, wrong: Mapping[str, str]) -> Report:
    if missing := sorted(check.needs & wrong.keys()):
        return Report(name=check.name, finding=skipped(f"it needs {' and '.join(missing)}"))
    try:
        async with asyncio.timeout(CHECK_WITHIN):
            finding = await check.look(set_up)
    except TimeoutError:
        finding = failed(
            f"it did not end within {CHECK_WITHIN:.0f} seconds",
            "See whether the disk or the network hangs, and ask again",
        )
    except Exception as error:
        finding = failed(
            f"looking at it failed: {type(error).__name__}: {error}",
            "Please report this: it is a fault of the doctor",
        )
    return Report(name=check.name, finding=finding)
