"""What the upload host's answers mean, and which hosts and files are refused beforehand."""

from pathlib import Path

import httpx
import pytest

from core import tiktok

TOTAL = 75_000_001
CHUNK = tiktok.Chunk(first=10_000_000, last=19_999_999)
FINAL = tiktok.Chunk(first=60_000_000, last=75_000_000)
URL = "https://open-upload-sg.tiktokapis.com/upload?upload_id=1&upload_token=sesame%3D|~"


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clips") / "clip.mp4"
    with path.open("wb") as file:
        file.truncate(TOTAL)  # sparse, so it takes no room
    return path


async def put(
    answer: httpx.Response | Exception,
    clip: Path,
    *,
    url: str = URL,
    chunk: tiktok.Chunk = CHUNK,
    total: int = TOTAL,
    api_base_url: str = "https://open.tiktokapis.com",
) -> tiktok.ChunkReceipt:
    async def far_end(request: httpx.Request) -> httpx.Response:
        assert "Authorization" not in request.headers
        assert request.url.raw_path == httpx.URL(url).raw_path
        if isinstance(answer, Exception):
            raise answer
        return answer

    async with httpx.AsyncClient(
        transport=httpx.MockTransport(far_end), headers={"Authorization": "Bearer act.1"}
    ) as http:
        client = tiktok.Client(
            client_key="key", client_secret="secret", http=http, api_base_url=api_base_url
        )
        return await client.send_chunk(url, clip, chunk, total=total, content_type="video/mp4")


@pytest.mark.parametrize(
    ("chunk", "status", "content_range", "uploaded", "complete"),
    [
        (CHUNK, 206, "bytes 0-19999999/75000001", 20_000_000, False),  # the last byte's index
        (CHUNK, 206, "bytes 0-20000000/75000001", 20_000_000, False),  # a count
        (CHUNK, 206, "bytes 0-9999999/75000001", 10_000_000, False),  # holds less than was sent
        (CHUNK, 206, None, 20_000_000, False),
        (CHUNK, 206, "bytes */75000001", 20_000_000, False),
        (CHUNK, 206, "bytes 0-19999999/999", 20_000_000, False),  # of another file
        (CHUNK, 206, "bytes 0-99999999/75000001", 20_000_000, False),  # beyond the end
        (CHUNK, 200, None, 20_000_000, False),  # 200 for a chunk in the middle ends nothing
        (CHUNK, 201, None, TOTAL, True),
        (FINAL, 201, "bytes 0-75000000/75000001", TOTAL, True),
        (FINAL, 201, "bytes 0-75000001/75000001", TOTAL, True),
        (FINAL, 200, None, TOTAL, True),
        (FINAL, 200, "bytes 0-75000000/75000001", TOTAL, True),
        (FINAL, 200, "bytes 0-59999999/75000001", 60_000_000, False),  # kept none of the chunk
        (FINAL, 206, None, TOTAL, False),
    ],
)
async def test_receipt(
    chunk: tiktok.Chunk,
    status: int,
    content_range: str | None,
    uploaded: int,
    complete: bool,
    clip: Path,
) -> None:
    headers = {"Content-Range": content_range} if content_range else {}
    receipt = await put(httpx.Response(status, headers=headers), clip, chunk=chunk)
    assert receipt == tiktok.ChunkReceipt(uploaded_bytes=uploaded, complete=complete)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, tiktok.UploadMalformed),
        (403, tiktok.UploadExpired),
        (404, tiktok.UploadNotFound),
        (416, tiktok.RangeMismatch),
        (500, tiktok.UploadUnavailable),
        (503, tiktok.UploadUnavailable),
        (302, tiktok.UploadError),
        (413, tiktok.UploadError),
        (429, tiktok.UploadError),
    ],
)
async def test_refusal(status: int, kind: type[tiktok.UploadError], clip: Path) -> None:
    answer = httpx.Response(status, headers={"Location": "https://evil.example/"}, text="no")
    with pytest.raises(tiktok.UploadError) as caught:
        await put(answer, clip)
    assert type(caught.value) is kind
    assert caught.value.http_status == status
    assert caught.value.server_fault is (status >= 500)
    assert caught.value.rate_limited is (status == 429)
    assert "sesame" not in f"{caught.value!r} {caught.value}"


@pytest.mark.parametrize(
    ("content_range", "uploaded"),
    [
        ("bytes 0-9999999/75000001", 10_000_000),
        ("bytes 0-0/75000001", 0),
        ("bytes 0-75000001/75000001", TOTAL),
        ("bytes */75000001", None),
        ("nonsense", None),
        (None, None),
    ],
)
async def test_a_range_mismatch_tells_what_tiktok_holds(
    content_range: str | None, uploaded: int | None, clip: Path
) -> None:
    headers = {"Content-Range": content_range} if content_range else {}
    with pytest.raises(tiktok.RangeMismatch) as caught:
        await put(httpx.Response(416, headers=headers), clip)
    assert caught.value.uploaded_bytes == uploaded


SANDBOX = "http://127.0.0.1:8080/sandbox/tiktok"


@pytest.mark.parametrize(
    ("url", "api_base_url"),
    [
        ("https://open-upload.tiktokapis.com/video/?upload_id=1", "https://open.tiktokapis.com"),
        ("https://UPLOAD.us.tiktokapis.com/upload", "https://open.tiktokapis.com"),
        ("https://upload.us.tiktokapis.com:443/upload", SANDBOX),
        ("http://127.0.0.1:8080/anywhere", SANDBOX),
        ("https://api.example/upload", "https://api.example:443/prefix"),
    ],
)
async def test_sends_to_tiktok_and_its_own_origin(url: str, api_base_url: str, clip: Path) -> None:
    receipt = await put(httpx.Response(201), clip, url=url, api_base_url=api_base_url)
    assert receipt.complete


@pytest.mark.parametrize(
    "url",
    [
        "http://open-upload.tiktokapis.com/upload",
        "https://tiktokapis.com/upload",
        "https://tiktokapis.com.evil.example/upload",
        "https://eviltiktokapis.com/upload",
        "https://evil.example/.tiktokapis.com",
        "https://evil.example#.tiktokapis.com",
        "https://evil.example\\.tiktokapis.com/",
        "https://open.tiktokapis.com@evil.example/",
        "https://user:pw@open.tiktokapis.com/",
        "https://upload.tiktokapis.com./upload",
        "http://127.0.0.1:8081/upload",
        "https://127.0.0.1:8080/upload",
        "http://localhost:8080/upload",
        "ftp://upload.tiktokapis.com/",
        "//upload.tiktokapis.com/",
        "/upload",
        "",
        "https://upload.tiktokapis.com\n/sesame",
        "https://[sesame/",
        "https://\ud800.tiktokapis.com/",
    ],
)
async def test_refuses_any_other_host(url: str, clip: Path) -> None:
    with pytest.raises(tiktok.UploadUrlRefused) as caught:
        await put(httpx.Response(201), clip, url=url, api_base_url=SANDBOX)
    assert caught.value.__context__ is None
    assert str(caught.value) == f"{tiktok.UploadUrlRefused().message} (upload_url_refused)"


@pytest.mark.parametrize("total", [TOTAL - 1, TOTAL + 1])
async def test_refuses_a_file_of_another_size(total: int, clip: Path) -> None:
    with pytest.raises(tiktok.FileChanged):
        await put(AssertionError("nothing may be sent"), clip, total=total)


async def test_notices_a_file_that_ends_before_the_chunk(clip: Path) -> None:
    beyond = tiktok.Chunk(first=FINAL.first, last=FINAL.last + 1)
    with pytest.raises(tiktok.FileChanged):
        await put(httpx.Response(201), clip, chunk=beyond)


async def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await put(AssertionError("nothing may be sent"), tmp_path / "gone.mp4")
