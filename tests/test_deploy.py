"""What ships for running ClipCue, held against the code and against itself."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from core import tiktok
from core.metrics import Metrics
from core.settings import Settings
from core.states import PostStatus

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
IGNORED = (ROOT / ".dockerignore").read_text().splitlines()
COMPOSE_TEXT = (ROOT / "compose.yaml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
CADDYFILE = (ROOT / "deploy/Caddyfile").read_text()
UNIT_TEXT = (ROOT / "deploy/clipcue.service").read_text()
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((ROOT / "deploy/alerts.yaml").read_text())["groups"]
    for rule in group["rules"]
]
RUN = (ROOT / "docs/run.md").read_text()
SETTINGS = {name.upper() for name in Settings.model_fields}
ELSEWHERE = {
    "COMPOSE_PROFILES",
    "TELEGRAM_API_ID",
    "TELEGRAM_API_HASH",
    "POSTGRES_USER",
    "POSTGRES_DB",
    "POSTGRES_PASSWORD",
    "FORWARDED_ALLOW_IPS",
    "CLIPCUE_ADDRESS",
    "PATH",
}
"""Variables that others read: Compose, the Bot API server, PostgreSQL, uvicorn, Caddy."""


def in_unit(name: str) -> str:
    """The one value of a directive of the unit."""
    (value,) = re.findall(rf"^{name}=(.*)$", UNIT_TEXT, re.MULTILINE)
    return str(value)


@pytest.mark.parametrize(
    ("file", "names"),
    [
        ("Dockerfile", re.findall(r"^(?:ENV +|    )([A-Z_]+)=", DOCKERFILE, re.MULTILINE)),
        ("compose.yaml", re.findall(r"\b([A-Z]{2,}(?:_[A-Z]+)+)\b", COMPOSE_TEXT)),
        ("Caddyfile", re.findall(r"\{\$(\w+)", CADDYFILE)),
        ("clipcue.service", re.findall(r"\b([A-Z]+(?:_[A-Z]+)+)=", UNIT_TEXT)),
        ("run.md", re.findall(r"\b([A-Z]{2,}(?:_[A-Z]+)+)(?==|`)", RUN)),
    ],
)
def test_every_variable_named_is_a_setting_or_somebody_elses(file: str, names: list[str]) -> None:
    theirs = {name for name in names if name.startswith(("PIP_", "PYTHON"))}
    assert names, file
    assert set(names) - theirs - {"NET_BIND_SERVICE"} <= SETTINGS | ELSEWHERE


def test_the_image_gets_what_it_copies_and_no_more() -> None:
    copied = {
        name
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for name in line.split()[:-1]
    }
    assert "*" in IGNORED
    assert {line[1:] for line in IGNORED if line.startswith("!")} == copied
    assert all((ROOT / name).exists() for name in copied)


def test_the_image_runs_as_nobody_in_particular_and_says_whether_it_is_well() -> None:
    uid = re.search(r"useradd --uid (\d+)", DOCKERFILE)
    assert uid
    assert f"\nUSER {uid[1]}:{uid[1]}\n" in DOCKERFILE
    assert "/healthz" in DOCKERFILE[DOCKERFILE.index("HEALTHCHECK") :]
    assert "--require-hashes" in DOCKERFILE


def test_the_lock_file_of_the_image_holds_postgresqls_driver() -> None:
    assert re.search(r"^asyncpg==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)


def test_the_container_stands_alone_and_each_profile_adds_to_it() -> None:
    assert [name for name, each in SERVICES.items() if "profiles" not in each] == ["clipcue"]
    by_profile = {profile: name for name, each in SERVICES.items() for profile in _of(each)}
    explained = set(re.findall(r"^#   ([a-z-]+) {3,}[A-Z]", COMPOSE_TEXT, re.MULTILINE))
    assert set(by_profile) == explained == {"https", "local-server", "postgresql"}


def _of(service: dict[str, Any]) -> list[str]:
    profiles: list[str] = service.get("profiles", [])
    return profiles


@pytest.mark.parametrize("name", SERVICES)
def test_each_container_is_hardened_and_bounded(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}
    assert service["restart"] in {"unless-stopped", "no"}


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_container_leans_on_is_there(name: str) -> None:
    service = SERVICES[name]
    assert set(service.get("depends_on", {})) <= SERVICES.keys()
    for other, how in service.get("depends_on", {}).items():
        apart = set(_of(SERVICES[other])) - set(_of(service))
        assert not apart or how["required"] is False, f"{other} runs in its profile only"
        assert how["condition"] != "service_healthy" or "healthcheck" in SERVICES[other]
    for mount in service.get("volumes", []):
        source = mount["source"] if isinstance(mount, dict) else mount.partition(":")[0]
        assert (ROOT / source).exists() if source.startswith(".") else source in COMPOSE["volumes"]
    assert set(service.get("networks", [])) <= COMPOSE["networks"].keys()


def test_images_of_others_are_pinned_to_a_version() -> None:
    for name, service in SERVICES.items():
        if "build" not in service:
            assert re.search(r":\d+(\.\d+)?$", service["image"]), name
    assert re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE) == ["python:3.11-slim-bookworm"] * 2


def test_no_secret_stands_in_the_compose_file() -> None:
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            secret = re.search(r"TOKEN|SECRET|KEY|PASSWORD|HASH|API_ID", variable)
            assert not secret or value == f"${{{variable}:-}}", f"{name}: {variable}"
    assert SERVICES["clipcue"]["env_file"] == ".env"


def test_only_caddy_is_reached_from_outside() -> None:
    open_to_all = {
        name
        for name, service in SERVICES.items()
        if any(not port.startswith("127.0.0.1:") for port in service.get("ports", []))
    }
    assert open_to_all == {"caddy"}
    assert COMPOSE["networks"]["database"] == {"internal": True}
    assert SERVICES["postgres"]["networks"] == ["database"]


def test_ports_and_folders_agree_everywhere() -> None:
    ours = SERVICES["clipcue"]
    port = ours["environment"]["WEB_PORT"]
    assert port == Settings.model_fields["web_port"].default
    assert f"EXPOSE {port}" in DOCKERFILE
    assert ours["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert f"clipcue:{port}" in CADDYFILE
    assert f"data:{ours['environment']['DATA_DIR']}" in ours["volumes"]
    assert f"VOLUME {ours['environment']['DATA_DIR']}" in DOCKERFILE


def test_the_bot_api_server_shares_its_files_with_clipcue() -> None:
    server, ours = SERVICES["telegram-bot-api"], SERVICES["clipcue"]
    folder = ours["environment"]["TELEGRAM_LOCAL_FOLDER"]
    assert f"--dir={folder}" in server["entrypoint"]
    assert "--local" in server["entrypoint"]
    assert f"USER {server['user']}" in DOCKERFILE, "its files are for its own user's eyes only"
    (shared,) = server["volumes"]
    assert shared["target"] == folder, "the same files under the same path"
    volume = f"{shared['source']}:{ours['environment']['DATA_DIR']}"
    assert ours["volumes"] == [volume], "one mount: between two no file can be linked"
    assert shared["volume"] == {"subpath": folder.removeprefix("/data/")}, "and nothing else of it"
    made = SERVICES["telegram-folder"]
    assert (made["entrypoint"][-1], made["volumes"]) == (folder, [volume])
    port = re.search(r"TELEGRAM_API_BASE_URL=http://telegram-bot-api:(\d+)", COMPOSE_TEXT)
    assert port
    assert f"--http-port={port[1]}" in server["entrypoint"]


def test_stopping_is_given_the_time_it_takes() -> None:
    assert int(SERVICES["clipcue"]["stop_grace_period"].removesuffix("s")) > 20
    assert int(in_unit("TimeoutStopSec")) > 20
    assert in_unit("KillMode") == "mixed"


def test_operators_pages_end_at_caddy() -> None:
    assert re.search(r"^\t@operators path /metrics /readyz$", CADDYFILE, re.MULTILINE)
    assert "respond @operators 404" in CADDYFILE


def test_the_unit_is_what_the_page_installs() -> None:
    assert in_unit("ExecStart") == "/opt/clipcue/bin/clipcue run"
    assert "/opt/clipcue/bin/pip install --no-deps ." in RUN
    assert f"useradd --system --user-group --home-dir /var/lib/{in_unit('StateDirectory')}" in RUN
    assert in_unit("User") == in_unit("Group") == in_unit("StateDirectory") == "clipcue"
    assert f"--mode=640 .env {in_unit('EnvironmentFile')}" in RUN
    assert in_unit("EnvironmentFile") == f"{in_unit('WorkingDirectory')}/.env"
    assert "DATA_DIR=/var/lib/clipcue" in in_unit("Environment").split()
    assert "echo DATA_DIR=/var/lib/clipcue" in RUN


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_each_alert_watches_what_there_is(rule: dict[str, Any]) -> None:
    expression = rule["expr"]
    named = set(re.findall(r"\bclipcue_\w+", expression))
    assert named <= _series()
    assert named or "up{" in expression
    assert {*re.findall(r'state="(\w+)"', expression)} <= {status.value for status in PostStatus}
    words = {
        word
        for codes in re.findall(r'code=~?"([a-z_|]+)"', expression)
        for word in codes.split("|")
    }
    assert words <= {*tiktok.ErrorCode, *tiktok.OAuthErrorCode}
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"]


def _series() -> set[str]:
    """Names of time series as Prometheus keeps them."""
    ends = {"counter": ["_total"], "histogram": ["_bucket", "_count", "_sum"], "gauge": [""]}
    return {
        f"{family.name}{end}"
        for family in Metrics().registry.collect()
        for end in ends[family.type]
    }
