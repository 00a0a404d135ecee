"""A set-up on the stage, looked through by the doctor."""

from typing import Any

from bot.doctor.examination import CHECKS, examine
from bot.doctor.finding import Finding, Report
from core.settings import Settings
from tests.stage import Stage


async def reports(stage: Stage, *names: str, **how: Any) -> tuple[Report, ...]:
    """What the doctor says of the stage's settings; with names, of these checks only."""
    values = {name.lower(): value for name, value in stage.variables().items()}
    settings, wrong = Settings.examined(_env_file=None, **values)
    checks = [check for check in CHECKS if not names or check.name in names]
    return await examine(settings, wrong, checks=checks, **{"clock": stage.clock, **how})


async def look(stage: Stage, name: str, **how: Any) -> Finding:
    """What it finds of one thing."""
    (finding,) = [each.finding for each in await reports(stage, name, **how) if each.name == name]
    return finding
