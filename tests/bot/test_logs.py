"""Logging: one line an event, nothing secret in it, and quiet libraries."""

import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import structlog

from bot import logs
from core.settings import LogFormat, LogLevel

TOKEN = "123456789:AAE-a_token-of-the-right-shape-0123456789"
SECRET = "hush!Hush/abcdefgh0123456789"
SECRETS = ["", SECRET[:8], TOKEN, SECRET]
"""One of them is the beginning of another."""

BOTH = pytest.mark.parametrize("format_", LogFormat)


@pytest.fixture(autouse=True)
def everything_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    for name in ("httpx", "httpcore", "apscheduler", "alembic", "uvicorn.error"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    logging.getLogger("telegram.ext.Updater").setLevel(logging.NOTSET)


def configure(format_: LogFormat, level: LogLevel = LogLevel.DEBUG) -> Any:
    logs.configure(level, format_, secrets=SECRETS)
    return structlog.get_logger()


def fail(error: Exception) -> None:
    raise error


@BOTH
def test_known_secrets_are_blanked_whoever_logs_them(
    format_: LogFormat, capsys: pytest.CaptureFixture[str]
) -> None:
    log = configure(format_)
    log.info("event", url=f"https://api.telegram.org/bot{TOKEN}/getMe", nested={"key": [SECRET]})
    log.info(f"in the event itself {TOKEN}")
    logging.getLogger("some.library").warning("says %s and %r", TOKEN, SECRET)
    try:
        fail(ValueError(f"refused {SECRET} {TOKEN}"))
    except ValueError:
        log.exception("failed")
        logging.getLogger("some.library").exception("failed too")
    with structlog.contextvars.bound_contextvars(post=SECRET):
        log.error("bound")
    output = capsys.readouterr().err
    assert TOKEN not in output and SECRET not in output
    for part in (TOKEN[10:], SECRET[:8], SECRET[8:]):
        assert part not in output
    assert output.count("[hidden]") >= 10


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    log = configure(LogFormat.JSON)
    with structlog.contextvars.bound_contextvars(post=7):
        log.warning("claim_lost", attempt=2)
    logging.getLogger("some.library").error("words with %d number", 1)
    try:
        fail(KeyError("missing"))
    except KeyError:
        log.exception("failed")
    first, second, third = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (first["event"], first["level"], first["post"], first["attempt"]) == (
        "claim_lost", "warning", 7, 2
    )  # fmt: skip
    assert first["timestamp"].endswith("Z")
    assert (second["event"], second["level"]) == ("words with 1 number", "error")
    assert "KeyError: 'missing'" in third["exception"]


def test_the_console_is_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    log = configure(LogFormat.CONSOLE)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        log.info("running", web="http://localhost:8080")
        try:
            fail(KeyError("missing"))
        except KeyError:
            log.exception("failed")
    output = capsys.readouterr().err
    assert "running" in output and "web=http://localhost:8080" in output
    assert "KeyError: 'missing'" in output
    assert "\x1b[" not in output, "no colours into a file"


@BOTH
async def test_addresses_of_requests_are_not_logged(
    format_: LogFormat, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(format_, LogLevel.DEBUG)
    transport = httpx.MockTransport(lambda _: httpx.Response(200))
    async with httpx.AsyncClient(transport=transport) as client:
        await client.get("https://upload.example/video?upload_token=hush")
    logging.getLogger("httpx").info("HTTP Request: GET https://upload.example/hush")
    logging.getLogger("apscheduler.executors.default").info("Running job")
    assert capsys.readouterr().err == ""


@BOTH
def test_below_the_level_is_silence(format_: LogFormat, capsys: pytest.CaptureFixture[str]) -> None:
    log = configure(format_, LogLevel.ERROR)
    log.warning("not heard")
    logging.getLogger("some.library").info("nor this")
    log.error("heard")
    (line,) = capsys.readouterr().err.splitlines()
    assert "heard" in line
