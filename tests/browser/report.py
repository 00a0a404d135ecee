"""What the run says at its end: where the pictures are, or that no browser was found."""

from pathlib import Path

import pytest

ARTEFACTS = Path(__file__).parents[2] / "artifacts" / "browser"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NO_BROWSER = (
    f"NO BROWSER FOUND, so no page was looked at: install one of {', '.join(BROWSERS)} "
    "(Debian: apt-get install chromium)"
)


def tell(terminal: pytest.TerminalReporter) -> None:
    """Add a line on the browser's tests, where they were part of the run."""
    ran = {
        outcome
        for outcome in ("passed", "failed", "skipped")
        for report in terminal.stats.get(outcome, [])
        if report.nodeid.startswith("tests/browser/")
    }
    if "skipped" in ran:
        terminal.write_line(NO_BROWSER, yellow=True, bold=True)
    elif ran:
        terminal.write_line(f"Screens of the browser's tests: {ARTEFACTS}")
