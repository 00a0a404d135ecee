"""The doctor and photo posts: would TikTok find what shows it whose address this is?"""

from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.doctor import photos
from bot.doctor.finding import Finding, Status
from bot.doctor.set_up import SetUp, free_bytes
from core.media.probing import Prober
from core.settings import Settings
from tests.clock import Clock

TOKEN = "Vr8r1YMiO490psCs9PIqCeFssNIy7bN8"
ADDRESS = f"https://clips.example.com/photos/tiktok{TOKEN}.txt"
CONTENT = f"tiktok-developers-site-verification={TOKEN}"


async def looked(tmp_path: Path, answer: httpx.Response | None, **variables: Any) -> Finding:
    """What the doctor finds where the world answers like this at the file's address."""

    def world(request: httpx.Request) -> httpx.Response:
        if str(request.url) != ADDRESS or answer is None:
            raise httpx.ConnectError("nobody there")
        return answer

    settings = Settings.load(
        _env_file=None,
        data_dir=tmp_path,
        tiktok_client_key="key",
        tiktok_client_secret="secret",
        public_base_url="https://clips.example.com",
        **{"tiktok_url_verification": CONTENT, **variables},
    )
    async with httpx.AsyncClient(transport=httpx.MockTransport(world)) as http:
        return await photos.prefix(
            SetUp(
                settings=settings, http=http, clock=Clock(), instances=frozenset({"ours"}),
                prober=Prober(), free_bytes=free_bytes,
            )
        )  # fmt: skip


@pytest.mark.parametrize("value", [CONTENT, TOKEN])
async def test_the_file_is_where_tiktok_looks_for_it(tmp_path: Path, value: str) -> None:
    answer = httpx.Response(200, text=CONTENT)
    finding = await looked(tmp_path, answer, tiktok_url_verification=value)
    assert finding.status is Status.OK
    assert ADDRESS in finding.found


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (httpx.Response(301, headers={"location": "https://www.example.com/"}), "leads on to"),
        (httpx.Response(200, text="<h1>Continue?</h1>"), "something else answers"),
        (httpx.Response(404), "something else answers"),
        (None, "cannot be reached"),
    ],
)
async def test_it_is_not_there(tmp_path: Path, answer: httpx.Response | None, words: str) -> None:
    finding = await looked(tmp_path, answer)
    assert finding.status is Status.FAILED
    assert words in finding.found
    assert finding.do


async def test_without_it_photo_posts_may_be_refused(tmp_path: Path) -> None:
    finding = await looked(tmp_path, None, tiktok_url_verification=None)
    assert finding.status is Status.WARNING
    assert "https://clips.example.com/photos/" in finding.do
