"""Where the far ends are, and what the sandbox's are told of us."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.far_ends import far_ends
from core.settings import Settings


@pytest.mark.parametrize(
    ("public", "photo", "ours"),
    [
        ("http://localhost:9000", "http://localhost:9000/photos/1", True),
        ("http://localhost:9000", "http://127.0.0.1:8080/photos/1", True),  # past a mapped port
        ("https://clips.example", "https://clips.example/photos/1", True),
        ("https://clips.example", "https://clips.example/upload/1", False),
        ("https://clips.example", "https://clips.example.evil/photos/1", False),
    ],
)
def test_the_sandbox_fetches_photos_from_us_and_nobody_else(
    tmp_path: Path, public: str, photo: str, ours: bool
) -> None:
    settings = Settings.load(_env_file=None, data_dir=tmp_path, public_base_url=public)
    tiktok = far_ends(settings, lambda: datetime.now(UTC)).sandbox_tiktok
    assert tiktok is not None
    assert tiktok.owns(photo) is ours
