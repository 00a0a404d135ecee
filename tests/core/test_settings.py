"""The environment: what may stand in it, and the one line that says what may not."""

import re
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.settings import LogFormat, LogLevel, Settings, SettingsError, is_loopback
from core.store.keys import make_key

PROJECT = Path(__file__).parents[2]
TOKEN = "123456789:AAE-a_token-of-the-right-shape-0123456789"
KEY = make_key()
SECRETS = {
    "telegram_bot_token",
    "tiktok_client_secret",
    "encryption_key",
    "encryption_keys_old",
    "database_url",
}
SERVER = "postgresql+asyncpg://clipcue:sesame%40night@db.example.com:5433/clips?ssl=require"
FIELDS = sorted(Settings.model_fields)


def load(**given: Any) -> Settings:
    return Settings.load(_env_file=None, **given)


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables of whoever runs the tests must not decide them."""
    for field in FIELDS:
        monkeypatch.delenv(field.upper(), raising=False)


def test_nothing_set_is_the_sandbox_on_this_machine() -> None:
    settings = load()
    assert settings.sandbox_telegram and settings.sandbox_tiktok
    assert settings.public_base_url == "http://localhost:8080"
    assert (settings.web_host, settings.web_port) == ("127.0.0.1", 8080)
    assert settings.database == "sqlite+aiosqlite:///data/clipcue.db"
    assert settings.redirect_uri == "http://localhost:8080/api/social/tiktok/callback"
    assert settings.telegram_allowed_users == frozenset()
    assert (settings.log_level, settings.log_format) == (LogLevel.INFO, LogFormat.CONSOLE)
    assert (settings.publish_concurrency, settings.late_tolerance_minutes) == (8, 30)


def test_everything_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_BASE_URL": "http://127.0.0.1:8081/",
        "TELEGRAM_LOCAL_MODE": "true",
        "TELEGRAM_ALLOWED_USERS": " 11, 22,,33 ",
        "TIKTOK_CLIENT_KEY": "awxyz",
        "TIKTOK_CLIENT_SECRET": "hush",
        "TIKTOK_AUDITED": "1",
        "PUBLIC_BASE_URL": "https://clips.example.com/bot/",
        "DATA_DIR": str(tmp_path),
        "ENCRYPTION_KEY": KEY,
        "ENCRYPTION_KEYS_OLD": f"{make_key()},{make_key()}",
        "WEB_PORT": "9000",
        "LOG_FORMAT": "json",
    }.items():
        monkeypatch.setenv(name, value)
    settings = load()
    assert not settings.sandbox_telegram and not settings.sandbox_tiktok
    assert settings.telegram_api_base_url == "http://127.0.0.1:8081"
    assert settings.telegram_allowed_users == {11, 22, 33}
    assert settings.redirect_uri == "https://clips.example.com/bot/api/social/tiktok/callback"
    assert settings.database == f"sqlite+aiosqlite:///{tmp_path / 'clipcue.db'}"
    assert len(settings.encryption_keys_old) == 2
    assert settings.web_port == 9000
    assert settings.log_format is LogFormat.JSON
    monkeypatch.setenv("MOCK_MODE", "true")
    assert load().sandbox_tiktok


def test_empty_is_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in FIELDS:
        monkeypatch.setenv(field.upper(), "")
    assert load() == Settings()


def test_the_environment_wins_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / ".env"
    file.write_text("WEB_PORT=9001\nWEB_HOST=0.0.0.0\nTELEGRAM_BOT_TOKEN=\nOF_ANOTHER_PROGRAM=1\n")
    monkeypatch.setenv("WEB_PORT", "9002")
    settings = Settings.load(_env_file=file)
    assert (settings.web_host, settings.web_port) == ("0.0.0.0", 9002)  # noqa: S104 - compared only
    assert settings.telegram_bot_token is None


# One line that names the variable, what is wrong, and an example.

WRONG = [
    ("telegram_bot_token", "123456:short", "is not a bot token"),
    ("telegram_bot_token", f"bot{TOKEN}", "is not a bot token"),
    ("telegram_bot_token", f"{TOKEN}\n", "is not a bot token"),
    ("telegram_api_base_url", "api.telegram.org", "https://"),
    ("telegram_local_mode", "perhaps", "must be a valid boolean"),
    ("telegram_local_folder", "telegram", "must begin with /"),
    ("telegram_allowed_users", "@ana", "must be a valid integer"),
    ("telegram_allowed_users", "11;22", "must be a valid integer"),
    ("tiktok_auth_base_url", "ftp://www.tiktok.com", "https://"),
    ("tiktok_api_base_url", "https://me:pw@open.tiktokapis.com", "user name"),
    ("tiktok_api_base_url", "https://:pw@open.tiktokapis.com", "user name"),
    ("tiktok_api_base_url", "https://open.tiktokapis.com?x=1", "no query"),
    ("tiktok_api_base_url", "https://open.tiktokapis.com#x", "fragment"),
    ("public_base_url", "http://clips.example.com", "must be https"),
    ("public_base_url", "http://192.168.1.10:8080", "must be https"),
    ("public_base_url", "http://localhost.example.com", "must be https"),
    ("public_base_url", "http://127.0.0.1.example.com", "must be https"),
    ("public_base_url", "https:///clips", "https://"),
    ("public_base_url", "https://[::1", "is not an address"),
    ("public_base_url", "https://clips.example.com:99999", "is not an address"),
    ("public_base_url", "https://clips.example.com:port", "is not an address"),
    ("web_port", "0", "greater than or equal to 1"),
    ("web_port", "65536", "less than or equal to 65535"),
    ("web_port", "http", "must be a valid integer"),
    ("database_url", "clipcue.db", "is not a database address"),
    ("database_url", "postgresql://me:sesame-1@db/clipcue", "must begin with"),
    ("database_url", "postgresql+psycopg://me:sesame-1@db/clipcue", "postgresql+asyncpg://"),
    ("database_url", "postgresql+asyncpg://me:sesame-1@db", "the name of a database"),
    ("database_url", "postgresql+asyncpg://me:sesame-1@db:x/clipcue", "is not a database address"),
    ("database_url", "postgresql+asyncpg://me:sesame-1@db/c?sslmode=require", "ssl, host and port"),
    ("database_url", "sqlite:///clipcue.db", "must begin with sqlite+aiosqlite"),
    ("database_url", "sqlite+aiosqlite:///:memory:", "must be a file"),
    ("database_url", "sqlite+aiosqlite://", "must be a file"),
    ("database_url", "sqlite+aiosqlite://host/clipcue.db", "must be a file"),
    ("database_url", "sqlite+aiosqlite://host:port/clipcue.db", "is not a database address"),
    ("encryption_key", "too short", "is not url-safe base64"),
    ("encryption_key", "c2hvcnQ=", "must hold 32 bytes, holds 5"),
    ("encryption_key", "ключ", "is not url-safe base64"),
    ("publish_concurrency", "0", "greater than or equal to 1"),
    ("publish_concurrency", "65", "less than or equal to 64"),
    ("late_tolerance_minutes", "-1", "greater than or equal to 0"),
    ("late_tolerance_minutes", "half an hour", "must be a valid integer"),
    ("log_level", "LOUD", "must be 'DEBUG', 'INFO'"),
    ("log_format", "xml", "must be 'console' or 'json'"),
]


@pytest.mark.parametrize(("field", "value", "says"), WRONG)
def test_a_wrong_value(field: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(field.upper(), value)
    with pytest.raises(SettingsError) as caught:
        load()
    line = str(caught.value)
    assert line.startswith(f"{field.upper()} ")
    assert says in line
    assert f"Example: {field.upper()}=" in line
    assert "\n" not in line
    assert value not in line.partition("Example:")[0]
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


TOGETHER: list[tuple[dict[str, Any], str]] = [
    ({"tiktok_client_key": "awxyz"}, "TIKTOK_CLIENT_SECRET is missing beside TIKTOK_CLIENT_KEY"),
    ({"tiktok_client_secret": "hush"}, "TIKTOK_CLIENT_KEY is missing beside TIKTOK_CLIENT_SECRET"),
    ({"telegram_webhook": "true"}, "TELEGRAM_BOT_TOKEN is needed for TELEGRAM_WEBHOOK=true"),
    (
        {"telegram_bot_token": TOKEN, "telegram_local_mode": "true"},
        "TELEGRAM_API_BASE_URL must be your local Bot API server",
    ),
    (
        {"data_dir": "/srv/shared/clipcue", "telegram_local_folder": "/srv/shared"},
        "TELEGRAM_LOCAL_FOLDER must not hold DATA_DIR",
    ),
    ({"encryption_keys_old": KEY}, "ENCRYPTION_KEY is needed beside ENCRYPTION_KEYS_OLD"),
    ({"encryption_key": KEY, "encryption_keys_old": f"{KEY},x"}, "ENCRYPTION_KEYS_OLD "),
]


@pytest.mark.parametrize(("given", "says"), TOGETHER)
def test_values_that_do_not_go_together(given: dict[str, Any], says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(**given)
    assert str(caught.value).startswith(says)
    assert "Example: " in str(caught.value)
    assert "hush" not in str(caught.value) and KEY not in str(caught.value)


ANYTHING = st.one_of(
    st.text(max_size=40),
    st.from_regex(r"[a-z+]{0,9}:/{0,3}[^\s]{0,20}"),
    st.from_regex(r"https?://[\w.\[\]:@%-]{0,20}"),
)


@given(field=st.sampled_from(FIELDS), value=ANYTHING)
def test_whatever_is_set_loads_or_is_told_in_one_line(field: str, value: str) -> None:
    try:
        load(**{field: value})
    except SettingsError as error:
        line = str(error)
        assert re.match(r"[A-Z_]+ ", line)
        assert "Example: " in line
        assert line.isprintable()
        if field in SECRETS and len(value) > 8:
            assert value not in line


def test_secrets_stay_out_of_every_text() -> None:
    settings = load(
        telegram_bot_token=TOKEN,
        tiktok_client_key="awxyz",
        tiktok_client_secret="hush-hush",
        encryption_key=KEY,
        encryption_keys_old=make_key(),
        database_url=SERVER,
    )
    for text in (repr(settings), str(settings), str(settings.model_dump())):
        for secret in (TOKEN, "hush-hush", KEY, "sesame"):
            assert secret not in text


def test_a_server_of_postgresql() -> None:
    settings = load(database_url=SERVER)
    assert settings.database == SERVER
    assert "sesame@night" in settings.secrets


def test_postgresql_without_its_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)  # as good as not installed
    with pytest.raises(SettingsError, match="DATABASE_URL needs PostgreSQL's driver: pip install"):
        load(database_url=SERVER)


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load().web_port = 1


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("0.0.0.0", False),  # noqa: S104 - not bound to
        ("192.168.0.1", False),
        ("example.com", False),
        ("", False),
    ],
)
def test_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


# .env.example


def _listed() -> dict[str, str]:
    lines = (PROJECT / ".env.example").read_text().splitlines()
    found = [re.fullmatch(r"#?\s?([A-Z][A-Z_]+)=(.*)", line) for line in lines]
    return {match[1]: match[2] for match in found if match}


def test_the_example_file_lists_every_setting_and_no_other() -> None:
    assert set(_listed()) == {field.upper() for field in FIELDS}


def test_the_example_file_shows_the_defaults() -> None:
    shown = {name.lower(): value for name, value in _listed().items() if value}
    assert load(**shown) == load(database_url=load().database)
