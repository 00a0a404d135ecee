"""`clipcue doctor`: a set-up looked through."""

import argparse
import asyncio
import json
import os
import sys
import textwrap
from collections.abc import Iterable, Sequence

from bot import logs
from bot.commands.command import FINE, NOT_FINE, Command, say
from bot.doctor.examination import CHECKS, examine
from bot.doctor.finding import Report, Status
from core.settings import LogFormat, LogLevel, Settings

MARKS = {Status.OK: "✓", Status.WARNING: "!", Status.FAILED: "✗", Status.SKIPPED: "–"}
_COLOURS = {Status.OK: 32, Status.WARNING: 33, Status.FAILED: 31, Status.SKIPPED: 90}
_NAMES = max(len(check.name) for check in CHECKS)
_WIDTH = 100


def _run(chosen: argparse.Namespace) -> int:
    settings, wrong = Settings.examined()
    logs.configure(LogLevel.ERROR, LogFormat.CONSOLE, secrets=settings.secrets)
    reports = asyncio.run(examine(settings, wrong))
    text = _as_json(reports) if chosen.json else _for_people(reports, colours=_has_colours())
    say(_hidden(text, settings.secrets))
    return NOT_FINE if _worst(reports) is Status.FAILED else FINE


def _worst(reports: Sequence[Report]) -> Status:
    found = {report.finding.status for report in reports}
    order = (Status.FAILED, Status.WARNING)
    return next((status for status in order if status in found), Status.OK)


def _as_json(reports: Sequence[Report]) -> str:
    checks = [
        {
            "name": report.name,
            "status": report.finding.status.value,
            "found": report.finding.found,
            "do": report.finding.do,
        }
        for report in reports
    ]
    told = {"status": _worst(reports).value, "checks": checks}
    return json.dumps(told, ensure_ascii=False, indent=1)


def _for_people(reports: Sequence[Report], *, colours: bool) -> str:
    lines: list[str] = []
    for report in reports:
        finding = report.finding
        mark = MARKS[finding.status]
        if colours:
            mark = f"\x1b[{_COLOURS[finding.status]}m{mark}\x1b[0m"
        lines += _indented(f"{mark} {report.name:<{_NAMES}}  ", finding.found)
        if finding.do:
            lines += _indented(" " * (_NAMES + 4) + "→ ", finding.do)
    return "\n".join([*lines, "", _summary(reports)])


def _indented(beginning: str, text: str) -> Iterable[str]:
    room = " " * (_NAMES + 4 + 2 * beginning.endswith("→ "))
    first, *others = textwrap.wrap(text, _WIDTH - len(room), break_long_words=False) or [""]
    return [beginning + first, *(room + line for line in others)]


def _summary(reports: Sequence[Report]) -> str:
    counts = {
        status: sum(report.finding.status is status for report in reports) for status in Status
    }
    told = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
    return f"{told[0].upper()}{told[1:]}."


def _has_colours() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _hidden(text: str, secrets: Iterable[str]) -> str:
    """The last net: no secret of the settings is in a finding, and if one were, not in here."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "[hidden]")
    return text


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object, for scripts")


COMMAND = Command(
    name="doctor",
    help="look the whole set-up through, change nothing, and say what to do",
    teaches="""\
Looks at the settings, the bot token, who else takes the bot's updates, TikTok's keys, scopes and
redirect URI, the public address, the port, the database, the encryption key, the disk, what reads
clips, the clock and the time zones: side by side, within 15 seconds. It may be asked before the
first start and while the bot runs. It takes no updates away and publishes nothing; where ClipCue
does not run, looking for another poller interrupts that one once.

examples:
  clipcue doctor
  clipcue doctor --json | jq -r '.checks[] | select(.status == "failed") | .do'

needs:
  the settings that the bot has: the same environment and folder, the same container

exit codes:
  0  nothing failed; there may be warnings
  1  something failed
  2  it could not look
""",
    arguments=_arguments,
    run=_run,
)
