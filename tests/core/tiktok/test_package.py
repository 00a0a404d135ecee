"""The package's front: what it exports, and that nobody reaches past it or out of it."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import tiktok

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "core" / "tiktok"

EXPORTED = {
    *("Client", "Tokens", "User", "CreatorInfo", "user_fields"),
    *("PostInfo", "Upload", "PublishStatus", "TITLE_MAX_UTF16", "utf16_units"),
    *("hashtags", "mentions"),
    *("PhotoPost", "PostMode", "PHOTOS_MAX", "PHOTO_MAX_BYTES", "PHOTO_SHORT_SIDE_MAX"),
    *("PHOTO_TITLE_MAX_UTF16", "PHOTO_DESCRIPTION_MAX_UTF16"),
    *("Chunk", "ChunkPlan", "ChunkReceipt", "plan_chunks", "VIDEO_MAX_BYTES"),
    *("Scope", "PrivacyLevel", "PublishState", "ErrorCode", "OAuthErrorCode", "FailReason"),
    *("TikTokError", "OAuthError", "ApiError", "AnswerMalformed"),
    *("TransportError", "NotSent", "TimedOut", "ConnectionDropped"),
    *("UploadError", "UploadUrlRefused", "FileChanged", "UploadMalformed", "UploadExpired"),
    *("UploadNotFound", "RangeMismatch", "UploadUnavailable"),
    *("VideoCounts", "VIDEOS_AT_ONCE"),
    *("WebhookEvent", "WebhookKind", "read_event", "verify_signature"),
    *("SignatureRefused", "EventMalformed"),
}


def imported_modules(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_exports_exactly_the_public_names() -> None:
    assert set(tiktok.__all__) == EXPORTED
    assert all(hasattr(tiktok, name) for name in EXPORTED)


def test_stands_alone() -> None:
    for path in PACKAGE.glob("*.py"):
        for module in imported_modules(path):
            top = module.partition(".")[0]
            assert top == "httpx" or top in sys.stdlib_module_names, f"{path.name}: {module}"


@pytest.mark.parametrize("room", ["bot", "core", "sandbox", "benchmarks", "tests"])
def test_others_use_the_front_only(room: str) -> None:
    modules = {f"core.tiktok.{path.stem}" for path in PACKAGE.glob("*.py")}
    for path in (ROOT / room).rglob("*.py"):
        for name in imported_modules(path):
            assert name not in modules and name.rpartition(".")[0] not in modules, f"{path}: {name}"


@pytest.mark.parametrize("name", sorted(name for name in EXPORTED if name[0].isupper()))
def test_every_error_has_a_message_and_a_word(name: str) -> None:
    kind = getattr(tiktok, name)
    if isinstance(kind, type) and issubclass(kind, tiktok.TikTokError):
        error = kind()
        assert error.message.endswith(".")
        assert str(error) == f"{error.message} ({error.code})"
        assert (error.http_status, error.log_id) == (None, None)


def test_only_tiktok_error_has_the_bare_code() -> None:
    kinds = [getattr(tiktok, name) for name in EXPORTED]
    errors = [k for k in kinds if isinstance(k, type) and issubclass(k, tiktok.TikTokError)]
    assert len({kind().code for kind in errors}) == len(errors)
