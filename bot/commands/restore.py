"""`clipcue restore`: a backup brought back, without anything being published twice."""

import argparse
import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.commands.command import FINE, Command, counted, quiet_settings, say
from core.backups.archive import DATABASE, BackupError, Manifest
from core.backups.holding import Held, hold
from core.backups.restoring import Restored, occupied, restore
from core.backups.workplace import require_at_rest
from core.settings import Settings
from core.store.keys import given_keys
from core.store.state import migrated, opened, sqlite_file

STOP_THE_OTHER = """\
STOP THE OTHER ONE FIRST. If the ClipCue that this backup was made of still runs, both will publish
the same posts, and each will take the other's tokens away.
"""
WORD = "restore"


def _run(chosen: argparse.Namespace) -> int:
    settings = quiet_settings()
    if chosen.mark_only:
        held = asyncio.run(_mark(settings, everything=chosen.hold_all))
        _tell(held)
        return FINE
    if chosen.file is None:
        raise BackupError("name the backup: clipcue restore FILE")
    if not chosen.file.is_file():
        raise BackupError(f"there is no file {chosen.file}")
    folder = chosen.into or settings.data_dir
    if chosen.into is None and sqlite_file(settings) != settings.data_dir / DATABASE:
        raise BackupError(
            f"DATABASE_URL leads elsewhere than to {settings.data_dir / DATABASE}, where a backup "
            "is brought back to: unset it, or name a folder with --into"
        )
    sys.stderr.write(STOP_THE_OTHER)
    if occupied(folder) and not chosen.yes:
        _confirm(folder)
    done = asyncio.run(
        restore(
            chosen.file,
            folder,
            now=datetime.now(UTC),
            keys=given_keys(settings) if settings.encryption_key else (),
            hold_everything=chosen.hold_all,
        )
    )
    _report(done, folder)
    return FINE


def _confirm(folder: Path) -> None:
    if not sys.stdin.isatty():
        raise BackupError(f"{folder} is not empty: say --yes to set aside what is there")
    sys.stderr.write(f"{folder} is not empty. What is there will be set aside, not deleted.\n")
    sys.stderr.write(f'Type "{WORD}" to go on: ')
    sys.stderr.flush()
    if sys.stdin.readline().strip() != WORD:
        raise BackupError("nothing was changed")


async def _mark(settings: Settings, *, everything: bool) -> Held:
    require_at_rest(settings.data_dir)
    await migrated(settings)
    now = datetime.now(UTC)
    async with opened(settings) as database:
        return await hold(database, made_at=now, now=now, everything=everything)


def _report(done: Restored, folder: Path) -> None:
    made: Manifest = done.manifest
    files = counted(made.clips, "file")
    say(f"Restored {folder} as it was at {made.made_at:%Y-%m-%d %H:%M:%S} UTC, with {files}.")
    if done.set_aside:
        say(f"What was there before is in {done.set_aside}.")
    _tell(done.held)
    say("")
    say("What to do next:")
    if not done.key_fits:
        say(
            f"  - Put the encryption key of that ClipCue into {folder}/encryption.key, or set "
            "ENCRYPTION_KEY: else every account must be connected again."
        )
    say(f"  - Set DATA_DIR={folder} if it is not, then: clipcue doctor")
    say("  - Make sure that the other ClipCue is stopped for good, then: clipcue run")
    say("  - TikTok changes tokens with each use: accounts whose tokens were renewed since the")
    say("    backup must be connected again. Their creators are told.")


def _tell(held: Held) -> None:
    say(f"  may have gone out since, wait for their creators' word: {counted(held.held, 'post')}")
    say(f"  had an upload under way, TikTok is asked about them: {counted(held.asked, 'post')}")
    say(f"  go out at their times, as they were planned then: {counted(held.scheduled, 'post')}")
    if held.taps:
        say(f"  waited to be worked off, not repeated: {counted(held.taps, 'tap')}")
    say(f"  are told once the bot runs: {counted(held.creators, 'creator')}")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="the backup")
    parser.add_argument(
        "--into", type=Path, metavar="DIR", help="the data folder to make; without it DATA_DIR"
    )
    parser.add_argument(
        "--hold-all",
        action="store_true",
        help="hold what is due later on as well, for creators may have posted some of it early",
    )
    parser.add_argument(
        "--mark-only",
        action="store_true",
        help="the database is back already (pg_restore, a disk's snapshot): only hold what may "
        "have gone out since",
    )
    parser.add_argument("--yes", action="store_true", help="do not ask, whatever is in the folder")


COMMAND = Command(
    name="restore",
    help="bring a backup back, without publishing anything twice",
    teaches=f"""\
{STOP_THE_OTHER}
Everything in the file is checked before anything is touched. What is in the folder is set aside
there, never deleted. Then what may have happened since the backup is marked:
  - posts that were due by now, or being sent, wait for their creators, who look at TikTok
  - uploads that had begun are asked about at TikTok, and never begin anew by themselves
  - posts due later go out as they were planned at the time of the backup, also if their creators
    moved, cancelled or posted them since; each creator is told, and --hold-all holds these too

examples:
  clipcue restore clipcue-20261122T140000Z.tar
  clipcue restore clipcue-20261122T140000Z.tar --into /srv/clipcue/data

needs:
  ClipCue stopped, here and where the backup was made; room for all of it; the encryption key

exit codes:
  0  restored
  2  nothing was changed: the file is damaged, or of a newer version, or ClipCue runs
""",
    arguments=_arguments,
    run=_run,
)
