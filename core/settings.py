"""The environment, checked once at start.

Every variable is described in `.env.example`. A wrong value raises `SettingsError`, whose text is
one line: the variable, what is wrong, and an example that would do.
"""

import base64
import ipaddress
import re
from collections.abc import Iterator
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

OAUTH_CALLBACK_PATH = "/api/social/tiktok/callback"
UPLOAD_PAGE_PATH = "/upload"
PHOTOS_PATH = "/photos/"
"""Below it TikTok fetches the photos of posts: the prefix to verify there."""

_EXAMPLES = {
    "TELEGRAM_BOT_TOKEN": "123456789:AAE-your-token-from-BotFather_0123456789",
    "TELEGRAM_API_BASE_URL": "https://api.telegram.org",
    "TELEGRAM_LOCAL_MODE": "false",
    "TELEGRAM_LOCAL_FOLDER": "/var/lib/clipcue/telegram",
    "TELEGRAM_WEBHOOK": "false",
    "TELEGRAM_ALLOWED_USERS": "11111111,22222222",
    "TIKTOK_CLIENT_KEY": "awxyz0123456789",
    "TIKTOK_CLIENT_SECRET": "the secret beside the client key in the developer portal",
    "TIKTOK_AUTH_BASE_URL": "https://www.tiktok.com",
    "TIKTOK_API_BASE_URL": "https://open.tiktokapis.com",
    "TIKTOK_AUDITED": "false",
    "TIKTOK_VIDEO_LIST": "false",
    "TIKTOK_URL_VERIFICATION": "tiktok-developers-site-verification=Qx7…, as in TikTok's file",
    "TIKTOK_VIDEO_UPLOAD": "false",
    "MOCK_MODE": "true",
    "PUBLIC_BASE_URL": "https://clips.example.com",
    "WEB_HOST": "127.0.0.1",
    "WEB_PORT": "8080",
    "METRICS_TOKEN": "what `openssl rand -hex 32` prints",
    "DATABASE_URL": "sqlite+aiosqlite:///data/clipcue.db",
    "DATA_DIR": "./data",
    "ENCRYPTION_KEY": "what `clipcue make-key` prints",
    "ENCRYPTION_KEYS_OLD": "the key used before this one",
    "PUBLISH_CONCURRENCY": "8",
    "LATE_TOLERANCE_MINUTES": "30",
    "STORAGE_QUOTA_MB": "10240",
    "STORAGE_SPARE_MB": "512",
    "LOG_LEVEL": "INFO",
    "LOG_FORMAT": "console",
}

_OPTIONS_OF_POSTGRESQL = {"host", "port", "ssl"}
"""What may stand behind the ? of its address: a socket's folder, and how to encrypt."""


class SettingsError(ValueError):
    """A value of the environment cannot be used; the text is one line for the operator."""


class LogLevel(StrEnum):
    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class LogFormat(StrEnum):
    CONSOLE = "console"
    JSON = "json"


def is_loopback(host: str) -> bool:
    """Whether `host` (a name or an address, no port) can only be this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _base_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise ValueError("is not an address") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        raise ValueError("must be an address that starts with https:// (or http:// on loopback)")
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("must have no query, fragment or user name")
    return value.rstrip("/")


def _https_unless_loopback(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise ValueError("must be https, except on localhost and 127.0.0.1")
    return value


def _bot_token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"\d{3,}:[A-Za-z0-9_-]{30,}", value.get_secret_value()):
        raise ValueError("is not a bot token (digits, a colon, then 35 characters)")
    return value


def _verification(value: str) -> str:
    found = re.fullmatch(r"(?:tiktok-developers-site-verification=)?([A-Za-z0-9_-]{8,64})", value)
    if found is None:
        raise ValueError("is not what TikTok's signature file holds")
    return found[1]


def _metrics_token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[!-~]{16,}", value.get_secret_value()):
        raise ValueError("must be 16 or more characters without spaces")
    return value


def encryption_key(value: str) -> bytes:
    """The 32 bytes of a url-safe base64 key, or ValueError with what is wrong with it."""
    try:
        key = base64.b64decode(value, altchars=b"-_", validate=True)
    except ValueError:
        raise ValueError("is not url-safe base64") from None
    if len(key) != 32:
        raise ValueError(f"must hold 32 bytes, holds {len(key)}")
    return key


def _key(value: SecretStr) -> SecretStr:
    encryption_key(value.get_secret_value())
    return value


def _absolute(value: Path) -> Path:
    if not value.is_absolute():
        raise ValueError("must begin with /: it is the path that the server names")
    return value


def _listed(value: Any) -> Any:
    if isinstance(value, str):
        return [item.strip() for item in value.split(",") if item.strip()]
    return value


def _database_url(value: SecretStr) -> SecretStr:
    try:
        url = make_url(value.get_secret_value())
    except (ArgumentError, ValueError):
        raise ValueError("is not a database address") from None
    if url.drivername == "postgresql+asyncpg":
        _check_server(url)
    elif url.drivername != "sqlite+aiosqlite":
        raise ValueError("must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://")
    elif url.host or not url.database or url.database == ":memory:":
        raise ValueError("must be a file, where it is SQLite")
    return value


def _check_server(url: URL) -> None:
    if not url.database:
        raise ValueError("must end with the name of a database, where it is PostgreSQL")
    if set(url.query) - _OPTIONS_OF_POSTGRESQL:
        # Not named: behind a ? that was not escaped it may be the rest of the password.
        raise ValueError("has an option that is not known; PostgreSQL's are ssl, host and port")
    if find_spec("asyncpg") is None:
        raise ValueError("needs PostgreSQL's driver: pip install asyncpg")


BaseUrl = Annotated[str, AfterValidator(_base_url)]
PublicUrl = Annotated[str, AfterValidator(_base_url), AfterValidator(_https_unless_loopback)]
Key = Annotated[SecretStr, AfterValidator(_key)]


class Settings(BaseSettings):
    """Everything an operator can set; field names are the variables in lower case."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    telegram_bot_token: Annotated[SecretStr, AfterValidator(_bot_token)] | None = None
    telegram_api_base_url: BaseUrl = "https://api.telegram.org"
    telegram_local_mode: bool = False
    telegram_local_folder: Annotated[Path, AfterValidator(_absolute)] | None = None
    telegram_webhook: bool = False
    telegram_allowed_users: Annotated[frozenset[int], NoDecode, BeforeValidator(_listed)] = (
        frozenset()
    )

    tiktok_client_key: str | None = None
    tiktok_client_secret: SecretStr | None = None
    tiktok_auth_base_url: BaseUrl = "https://www.tiktok.com"
    tiktok_api_base_url: BaseUrl = "https://open.tiktokapis.com"
    tiktok_audited: bool = False
    tiktok_video_list: bool = False
    tiktok_url_verification: Annotated[str, AfterValidator(_verification)] | None = None
    tiktok_video_upload: bool = False
    mock_mode: bool = False

    public_base_url: PublicUrl = "http://localhost:8080"
    web_host: str = "127.0.0.1"
    web_port: Annotated[int, Field(ge=1, le=65535)] = 8080
    metrics_token: Annotated[SecretStr, AfterValidator(_metrics_token)] | None = None

    data_dir: Path = Path("data")
    database_url: Annotated[SecretStr, AfterValidator(_database_url)] | None = None
    encryption_key: Key | None = None
    encryption_keys_old: Annotated[tuple[Key, ...], NoDecode, BeforeValidator(_listed)] = ()

    publish_concurrency: Annotated[int, Field(ge=1, le=64)] = 8
    late_tolerance_minutes: Annotated[int, Field(ge=0, le=7 * 24 * 60)] = 30
    storage_quota_mb: Annotated[int, Field(ge=1, le=100_000_000)] = 10 * 1024
    storage_spare_mb: Annotated[int, Field(ge=0, le=100_000_000)] = 512
    log_level: LogLevel = LogLevel.INFO
    log_format: LogFormat = LogFormat.CONSOLE

    @property
    def sandbox_telegram(self) -> bool:
        """No bot token: the chat is the sandbox's, in the browser."""
        return self.telegram_bot_token is None

    @property
    def sandbox_tiktok(self) -> bool:
        """TikTok is the sandbox's: asked for, or no app to talk to the real one."""
        return self.mock_mode or self.tiktok_client_key is None

    @property
    def local_folder(self) -> Path:
        """The working directory of a Bot API server in local mode."""
        return self.telegram_local_folder or self.data_dir.absolute() / "telegram"

    @property
    def database(self) -> str:
        """Where the database is; the password of a server is in it, so it is shown to nobody."""
        if self.database_url:
            return self.database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{self.data_dir / 'clipcue.db'}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every value that no line for people may show."""
        given = (
            self.telegram_bot_token,
            self.tiktok_client_secret,
            self.metrics_token,
            self.encryption_key,
            *self.encryption_keys_old,
        )
        texts = [secret.get_secret_value() for secret in given if secret]
        if password := make_url(self.database).password:
            texts.append(str(password))
        return tuple(texts)

    @property
    def redirect_uri(self) -> str:
        """Where TikTok sends the creator's browser back to; registered in TikTok's portal."""
        return self.public_base_url + OAUTH_CALLBACK_PATH

    @classmethod
    def load(cls, **overrides: Any) -> Self:
        """Read the environment and `.env`; raises `SettingsError`."""
        try:
            settings = cls(**overrides)
        except ValidationError as error:
            name, reason = _faults(error)[0]
            raise _wrong(name, reason) from None
        for name, reason in settings._faults_together():
            raise _wrong(name, reason)
        return settings

    @classmethod
    def examined(cls, **overrides: Any) -> tuple[Self, dict[str, str]]:
        """The same for those who want to hear everything: what is wrong, by variable.

        The settings have the default in place of each value that cannot be used.
        """
        wrong: dict[str, str] = {}
        try:
            settings = cls(**overrides)
        except ValidationError as error:
            wrong = dict(_faults(error))
            fields = {name.lower() for name in wrong}
            defaults = {name: cls.model_fields[name].default for name in fields}
            settings = cls(**{**overrides, **defaults})
        together = [fault for fault in settings._faults_together() if fault[0] not in wrong]
        return settings, {
            name: str(_wrong(name, reason)) for name, reason in [*wrong.items(), *together]
        }

    def _faults_together(self) -> Iterator[tuple[str, str]]:
        """Variables that do not fit others, each with why."""
        if self.tiktok_client_key and not self.tiktok_client_secret:
            yield "TIKTOK_CLIENT_SECRET", "is missing beside TIKTOK_CLIENT_KEY"
        if self.tiktok_client_secret and not self.tiktok_client_key:
            yield "TIKTOK_CLIENT_KEY", "is missing beside TIKTOK_CLIENT_SECRET"
        if self.telegram_webhook and self.telegram_bot_token is None:
            yield "TELEGRAM_BOT_TOKEN", "is needed for TELEGRAM_WEBHOOK=true"
        if self.telegram_local_mode and self.telegram_api_base_url == "https://api.telegram.org":
            yield "TELEGRAM_API_BASE_URL", "must be your local Bot API server in local mode"
        if self.data_dir.absolute().is_relative_to(self.local_folder):
            yield "TELEGRAM_LOCAL_FOLDER", "must not hold DATA_DIR: the server has it to itself"
        if self.encryption_keys_old and self.encryption_key is None:
            yield "ENCRYPTION_KEY", "is needed beside ENCRYPTION_KEYS_OLD"


def _faults(error: ValidationError) -> list[tuple[str, str]]:
    """Each variable that cannot be used, and why; never its value, which may be a secret."""
    return [
        (str(fault["loc"][0]).upper(), _reason(fault["msg"]))
        for fault in error.errors(include_url=False, include_input=False)
    ]


def _reason(message: str) -> str:
    return message.removeprefix("Value error, ").replace("Input should be", "must be")


def _wrong(name: str, reason: str) -> SettingsError:
    return SettingsError(f"{name} {reason}. Example: {name}={_EXAMPLES[name]}")
