"""What the documents say, held against the code."""

import ast
import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.views.words import COMMANDS
from core.metrics import Metrics, Waiting
from core.settings import Settings
from core.states import MOVES, PostStatus

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text()
AUDIT = (ROOT / "docs/audit.md").read_text()
GUIDELINES = (ROOT / "tests/creator/test_guidelines.py").read_text()
OPERATE = (ROOT / "docs/operate.md").read_text()
DEPENDENCIES = (ROOT / "docs/dependencies.md").read_text()
ENV_EXAMPLE = (ROOT / ".env.example").read_text()
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())

NOT_DRAWN = {
    "bot.callbacks",
    "bot.language",
    "core.bounds",
    "core.children",
    "core.clock",
    "core.errors",
    "core.settings",
    "core.states",
    "core.unbroken",
    "core.wording",
}


def rows(text: str) -> list[list[str]]:
    """The cells of each table row whose first cell is `code`, without the code marks there."""
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [[first.strip("`"), *others] for first, *others in cells]


def test_every_make_target_named_in_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)", "\n".join(code(README))))
    assert {"run", "test"} <= named <= targets


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert "make test" in (ROOT / ".ci/run").read_text().splitlines()


def test_the_readme_lists_the_commands_of_the_bot() -> None:
    listed = [name for name, *_ in rows(README) if name.startswith("/")]
    assert sorted(listed) == sorted(f"/{name}" for name in COMMANDS)


def test_every_clipcue_command_of_the_readme_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    named = [name.split()[1] for name, *_ in rows(README) if name.startswith("clipcue ")]
    assert named
    for name in named:
        with pytest.raises(SystemExit) as ended:
            main([name, "--help"])
        assert ended.value.code == 0, capsys.readouterr().err


@pytest.mark.parametrize(
    "document",
    [
        *("README.md", "CHANGELOG.md", "docs/architecture.md", "docs/operate.md"),
        *("docs/audit.md", "docs/creators.md", "docs/run.md"),
    ],
)
def test_links_to_files_lead_somewhere(document: str) -> None:
    path = ROOT / document
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text()):
        assert "://" in target or (path.parent / target).exists(), target


def code(text: str) -> list[str]:
    """Everything in code marks or code blocks."""
    blocks = re.findall(r"```.*?```", text, re.DOTALL)
    return blocks + re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def test_the_example_environment_has_every_setting_and_no_other() -> None:
    names = [name for name, _ in assignments()]
    assert sorted(names) == sorted(name.upper() for name in Settings.model_fields)


def test_the_example_environment_shows_the_defaults() -> None:
    shown = {name.lower(): value for name, value in assignments() if value}
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    settings = Settings.load(_env_file=None, **{**defaults, **shown})
    ours = Settings.load(_env_file=None, **defaults)
    assert settings.database == ours.database
    for name in defaults.keys() - {"database_url"}:
        assert getattr(settings, name) == getattr(ours, name), name


def test_each_setting_of_the_example_environment_is_explained() -> None:
    lines = ENV_EXAMPLE.splitlines()
    for number, line in enumerate(lines):
        if re.match(r"#?[A-Z_]+=", line):
            assert lines[number - 1].startswith("# "), line


def assignments() -> list[tuple[str, str]]:
    """Names and values, also of the lines that stand there as comments."""
    return re.findall(r"^#?([A-Z_]+)=(.*)$", ENV_EXAMPLE, re.MULTILINE)


def test_the_table_of_states_is_the_table_in_code() -> None:
    states = [row for row in rows(ARCHITECTURE) if len(row) == 3]
    assert [state for state, *_ in states] == [status.value for status in PostStatus]
    for state, _, moves in states:
        assert set(re.findall(r"`(\w+)`", moves)) == set(MOVES[PostStatus(state)]), state


def test_the_table_of_measures_is_what_the_metrics_page_shows() -> None:
    metrics, nothing = Metrics(), timedelta()
    metrics.tiktok_answered("init_video", "ok")
    metrics.telegram_answered(200)
    posts = dict.fromkeys(PostStatus, 0)
    waiting = Waiting(posts=posts, overdue=nothing, notices=0, oldest_notice=nothing, updates=0)
    metrics.page(waiting, silent_seconds=0)
    shown = []
    for family in metrics.registry.collect():
        name = f"{family.name}_total" if family.type == "counter" else family.name
        labels = [label for label in family.samples[0].labels if label != "le"]
        shown.append(f"{name}{{{','.join(labels)}}}" if labels else name)
    told = [row for row in rows(OPERATE) if row[0].startswith("clipcue_")]
    assert sorted(name for name, *_ in told) == sorted(shown)
    assert all(len(row) == 3 and all(row) for row in told), "a meaning and an alert for each"


def test_the_tables_of_log_lines_are_what_the_code_logs() -> None:
    grave, news = (_after(OPERATE, title, end="\n#") for title in ("### Warnings", "### News"))
    logged = _logged()
    warned = {name for level, name in logged if level != "info"}
    assert {name for name, *_ in rows(grave)} == warned
    told = set(
        re.findall(r"`([a-z_]+)`", "".join(re.findall(r"^\| (`.*?) \|", news, re.MULTILINE)))
    )
    assert told == {name for level, name in logged if level == "info"} - warned


def _logged() -> set[tuple[str, str]]:
    """Level and event of each line that bot and core log."""
    calls = [
        call
        for folder in ("bot", "core")
        for path in (ROOT / folder).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and call.args
    ]
    found = set()
    for call in calls:
        match call.func, call.args[0]:
            case ast.Attribute(ast.Name("log"), level), ast.Constant(str(event)):
                found.add((level, event))
            case ast.Name("level"), ast.Constant(str(event)):  # warning or error, as it depends
                found.add(("warning", event))
    return found


def test_each_line_of_the_guidelines_has_its_walk() -> None:
    lines = re.findall(r"^\| (\d\w?) \|", AUDIT, re.MULTILINE)
    walks = re.findall(r"def test_(\d\w?)_(?:and_(\d\w?)_)?", GUIDELINES)
    assert set(lines) == {line for walk in walks for line in walk if line}


def test_every_direct_dependency_is_explained_once() -> None:
    extras = PROJECT["project"]["optional-dependencies"].values()
    direct = [
        *PROJECT["project"]["dependencies"],
        *(line for extra in extras for line in extra),
        *PROJECT["dependency-groups"]["dev"],
    ]
    explained = [name for name, *_ in rows(DEPENDENCIES)]
    assert sorted(explained) == sorted(re.split(r"[^\w-]", line, maxsplit=1)[0] for line in direct)


def test_the_picture_of_the_house_shows_the_imports() -> None:
    rooms = dict(re.findall(r'^ +(\w+)\["([\w/]+)<br>', ARCHITECTURE, re.MULTILINE))
    drawn = set(re.findall(r"^ +(\w+) --> (\w+)$", ARCHITECTURE, re.MULTILINE))
    assert drawn == imports({path.replace("/", "."): name for name, path in rooms.items()})
    assert set(re.findall(r"`((?:bot|core)\.\w+)`", _after(ARCHITECTURE, "Not drawn"))) >= NOT_DRAWN


def _after(text: str, words: str, *, end: str = "\n\n") -> str:
    return text[text.index(words) :].split(end, 1)[0]


def imports(rooms: dict[str, str]) -> set[tuple[str, str]]:
    """Which room imports from which; `rooms` are the names in the picture by package."""
    found = set()
    for folder in ("bot", "core", "sandbox"):
        for path in (ROOT / folder).rglob("*.py"):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            here = _room(module.replace("bot.__main__", "bot.commands"), rooms)
            for imported in _imported(path):
                there = _room(imported, rooms)
                if here and there and here != there:
                    found.add((here, there))
    return found


def _imported(path: Path) -> list[str]:
    nodes = list(ast.walk(ast.parse(path.read_text())))
    return [name.name for node in nodes if isinstance(node, ast.Import) for name in node.names] + [
        f"{node.module}.{name.name}"
        for node in nodes
        if isinstance(node, ast.ImportFrom) and not node.level
        for name in node.names
    ]


def _room(module: str, rooms: dict[str, str]) -> str:
    if any(f"{module}.".startswith(f"{name}.") for name in NOT_DRAWN):
        return ""
    inside = [name for name in rooms if f"{module}.".startswith(f"{name}.")]
    return rooms[max(inside, key=len)] if inside else ""
