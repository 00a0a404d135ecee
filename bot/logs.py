"""Logging: structured, one line an event, and nothing secret in it."""

import logging
import sys
from collections.abc import Iterable
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from core.settings import LogFormat, LogLevel

_NOISY = (
    "httpx",
    "httpcore",
    "apscheduler",
    "uvicorn.error",
    "telegram.ext",
    "alembic",
    "aiosqlite",
)
"""Libraries that log each request, address and all, or each tick."""


def configure(level: LogLevel, format_: LogFormat, *, secrets: Iterable[str]) -> None:
    """Send everything, also what libraries log, through one formatter to standard error."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if format_ is LogFormat.JSON
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
                _Hidden(secrets),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)


class _Hidden:
    """The last net: known secrets are blanked in the finished line, whoever logged them."""

    def __init__(self, secrets: Iterable[str]) -> None:
        # The longest first: one may be the beginning of another.
        self._secrets = sorted(filter(None, secrets), key=len, reverse=True)

    def __call__(self, logger: WrappedLogger, name: str, line: str | EventDict) -> str:  # noqa: ARG002 - structlog's signature
        text = str(line)
        for secret in self._secrets:
            text = text.replace(secret, "[hidden]")
        return text
