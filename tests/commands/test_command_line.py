"""The command line itself, and the commands that are soon told."""

import asyncio
import csv
import io
import json
import sqlite3
import zipfile
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import pytest

from bot.commands.line import COMMANDS, main
from core.store.database import newest_version
from tests.commands.running import run
from tests.stage import Stage


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without any settings, in which the commands run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS, ids=[each.name for each in COMMANDS])
def test_each_command_teaches(command: object, capsys: pytest.CaptureFixture[str]) -> None:
    name = getattr(command, "name")  # noqa: B009 - pytest hands it over as an object
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    told = capsys.readouterr().out
    assert ended.value.code == 0
    assert f"usage: clipcue {name}" in told
    assert "example" in told
    assert f"clipcue {name}" in told.partition("example")[2]
    assert "exit codes:" in told
    assert "  0  " in told


def test_all_of_them_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out
    assert all(f"    {command.name}" in told for command in COMMANDS)
    assert "exit codes:" in told


def test_no_option_takes_a_secret() -> None:
    for command in COMMANDS:
        for word in ("--token", "--key ", "--secret", "--password"):
            assert word not in command.teaches


def test_it_tells_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"clipcue {version('clipcue')}\n"


def test_a_folder_that_is_not_there_is_named(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["migrate"]) == 0
    assert main(["export", str(here / "nowhere" / "posts.csv")]) == 2
    told = capsys.readouterr().err
    assert told == f"clipcue: {here}/nowhere/posts.csv: no such file or directory\n"


def test_what_is_not_known_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["publish"])
    assert ended.value.code == 2
    assert "invalid choice: 'publish'" in capsys.readouterr().err


def test_a_database_is_made_checked_and_brought_up_to_date(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    newest, file = newest_version(), here / "data" / "clipcue.db"
    assert main(["migrate", "--check"]) == 1
    assert not file.exists(), "looking makes nothing"
    assert main(["migrate"]) == 0
    assert main(["migrate", "--check"]) == 0
    assert main(["migrate"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"The database is at nothing yet, this version wants {newest}.",
        f"Brought the database from nothing to {newest}.",
        f"The database is up to date, at {newest}.",
        f"The database is up to date already, at {newest}.",
    ]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("words", [["migrate"], ["migrate", "--check"]], ids=" ".join)
def test_a_database_of_a_newer_version_is_left_alone(
    here: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["migrate"])
    with closing(sqlite3.connect(here / "data" / "clipcue.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    assert main(words) == 2
    assert "newer than this version" in capsys.readouterr().err


def test_a_damaged_database_is_told_in_one_line(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "data").mkdir()
    (here / "data" / "clipcue.db").write_bytes(b"no database at all" * 500)
    for words in (["migrate"], ["migrate", "--check"], ["export"], ["rotate-key"], ["backup"]):
        assert main(words) == 2, words
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith("clipcue: "), words


def test_before_there_is_a_database(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["export"], ["export", "--user", "42"], ["backup"], ["restore", "none.tar"]):
        assert main(words) == 2, words
        assert capsys.readouterr().err.splitlines()[-1].startswith("clipcue: "), words
    assert not (here / "data").exists()


def test_postgresql_has_tools_of_its_own(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://me:secret-word@127.0.0.1:9/clipcue")
    assert main(["backup"]) == 2
    told = capsys.readouterr().err
    assert "pg_dump" in told
    assert "secret-word" not in told
    assert main(["restore", "some.tar"]) == 2
    assert list(here.iterdir()) == []


def test_a_backup_and_back(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["migrate"])
    assert main(["backup", "b.tar"]) == 0
    told = capsys.readouterr().out
    assert "Wrote b.tar: the database and 0 files of clips and photos" in told
    assert "The encryption key is NOT inside" in told
    assert main(["backup", "b.tar"]) == 2, "an older backup is not written over"
    assert main(["restore", "b.tar"]) == 2
    assert "is not empty: say --yes" in capsys.readouterr().err
    assert main(["restore", "b.tar", "--yes"]) == 0
    shown = capsys.readouterr()
    assert "STOP THE OTHER ONE FIRST" in shown.err
    assert "What was there before is in" in shown.out
    assert main(["restore", "b.tar", "--into", str(here / "elsewhere")]) == 0
    assert (here / "elsewhere" / "clipcue.db").exists()
    assert main(["restore", "--mark-only"]) == 0
    assert main(["restore"]) == 2


class TestExport:
    @pytest.fixture(autouse=True)
    async def posts(self, stage: Stage) -> None:
        """Ana has two posts."""
        await stage.start_bot()
        ana = await stage.creator()
        await stage.draft(ana, stage.clip(seconds=1), caption="=HYPERLINK(1) soup")
        await stage.posted_now(ana, stage.clip(seconds=1), caption="Bread, and\nbutter")
        await ana.see("Published on", timeout=20)
        tokens = [*stage.tiktok.state.access_tokens, *stage.tiktok.state.refresh_tokens]
        stage.environment["HIDDEN"] = " ".join(tokens)

    async def test_of_posts_while_it_runs(self, stage: Stage) -> None:
        code, out, _ = await run(stage, "export")
        first, second = [json.loads(line) for line in out.splitlines()]
        assert (code, first["status"], second["status"]) == (0, "draft", "published")
        assert (second["account"], second["owner"]) == ("lena.cooks", 42)
        assert second["caption"] == "Bread, and\nbutter"
        assert second["due_at"].endswith("+00:00")

        code, told, _ = await run(stage, "export", "posts.csv")
        assert (code, told) == (0, "Wrote 2 posts to posts.csv.\n")
        text = await asyncio.to_thread((stage.folder / "posts.csv").read_text)
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [row["caption"] for row in rows] == ["'=HYPERLINK(1) soup", "Bread, and\nbutter"]
        assert (await run(stage, "export", "posts.csv"))[0] == 2, "nothing is written over"
        for token in stage.environment["HIDDEN"].split():
            assert token not in out + text

    async def test_of_a_creator(self, stage: Stage) -> None:
        code, told, _ = await run(stage, "export", "--user", "42")
        assert (code, told) == (0, "Wrote what is kept about 42 to clipcue-user-42.zip.\n")
        archive = await asyncio.to_thread(zipfile.ZipFile, stage.folder / "clipcue-user-42.zip")
        with archive:
            posts = json.loads(archive.read("posts.json"))
        assert len(posts) == 2
        code, _, told = await run(stage, "export", "--user", "43")
        assert (code, told) == (2, "clipcue: there is no creator 43\n")
