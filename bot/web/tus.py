"""The tus protocol, version 1.0.0, as the upload page and other clients of it speak it.

https://tus.io/protocols/resumable-upload: the core protocol with the extensions creation, checksum,
expiration and termination. Whose uploads they are is told by the key in `Authorization`.
"""

import asyncio
import base64
import binascii
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from email.utils import format_datetime
from functools import wraps
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Depends, HTTPException, Request, Response
from starlette.requests import ClientDisconnect

from bot.web.security import Throttle
from core.errors import NotFound
from core.media.limits import LARGEST_FILE
from core.states import UploadState
from core.uploads import room
from core.uploads.uploads import (
    Checksum,
    TooLarge,
    TooManyUploads,
    UploadBusy,
    UploadGone,
    Uploads,
    UploadView,
    WrongChecksum,
    WrongOffset,
)

UPLOADS_PATH = "/api/uploads"
VERSION = "1.0.0"
EXTENSIONS = "creation,checksum,expiration,termination"
ALGORITHMS = ("sha1", "sha256")
IDLE_SECONDS = 30.0
"""Without a byte for longer, a connection is dead."""
LONGEST_METADATA = 4096
BEGUN_PER_MINUTE = 60
REQUESTS_PER_MINUTE = 2400
"""Of one creator: a gigabyte in pieces of 4 MB within ten seconds is 1,500."""

_PROTOCOL = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}
_ABILITIES = {
    **_PROTOCOL,
    "Tus-Version": VERSION,
    "Tus-Extension": EXTENSIONS,
    "Tus-Max-Size": str(LARGEST_FILE),
    "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
}
_PIECE = "application/offset+octet-stream"
_NUMBER = re.compile(r"[0-9]{1,18}")
_ID = re.compile(r"[0-9a-f]{32}")

log = structlog.get_logger()

Owner = Callable[[Request], Awaitable[int]]
Answer = Callable[..., Awaitable[Response]]


def tus_routes(uploads: Uploads, owner_of: Owner, explain: Callable[[Exception], str]) -> APIRouter:
    """The routes; `owner_of` tells whose request it is or raises HTTPException, and `explain` says
    in the creator's words why an upload does not begin.
    """
    requests, begun = Throttle(REQUESTS_PER_MINUTE), Throttle(BEGUN_PER_MINUTE)

    async def owner(request: Request) -> int:
        if request.headers.get("tus-resumable") != VERSION:
            raise _refusal(412, "Only version 1.0.0 of tus is spoken here.", **_ABILITIES)
        owner_id = await owner_of(request)
        await requests.count(str(owner_id))
        return owner_id

    routes = APIRouter(prefix=UPLOADS_PATH)

    @routes.options("")
    @routes.options("/{upload_id}")
    async def abilities() -> Response:
        return Response(status_code=204, headers=_ABILITIES)

    @routes.post("")
    async def begin(request: Request, owner_id: Annotated[int, Depends(owner)]) -> Response:
        await begun.count(str(owner_id))
        size = _number(request, "upload-length")
        if not size:
            raise _refusal(400, "An upload needs a length.")
        told = _metadata(request.headers.get("upload-metadata", ""))
        modified, sample = told.get("lastmodified", ""), told.get("sample", "")
        try:
            upload = await uploads.begin(
                owner_id,
                size=size,
                file_name=told.get("filename", ""),
                modified_ms=int(modified) if _NUMBER.fullmatch(modified) else None,
                sample=sample if re.fullmatch(r"[0-9a-f]{64}", sample) else None,
            )
        except (TooLarge, room.QuotaReached) as error:
            raise _refusal(413, explain(error)) from None
        except room.DiskNearlyFull as error:
            log.warning("disk_nearly_full")
            raise _refusal(507, explain(error)) from None
        except TooManyUploads as error:
            raise _refusal(429, explain(error)) from None
        place = f"{UPLOADS_PATH}/{upload.id}"
        return Response(status_code=201, headers={**_state(upload), "Location": place})

    @routes.head("/{upload_id}")
    @_told
    async def state(upload_id: str, owner_id: Annotated[int, Depends(owner)]) -> Response:
        upload = await uploads.get(owner_id, _id(upload_id))
        if upload.state in (UploadState.REFUSED, UploadState.REMOVED):
            raise UploadGone
        length = {"Upload-Length": str(upload.size)}
        return Response(status_code=200, headers={**_state(upload), **length})

    @routes.patch("/{upload_id}")
    @_told
    async def piece(
        upload_id: str, request: Request, owner_id: Annotated[int, Depends(owner)]
    ) -> Response:
        if request.headers.get("content-type") != _PIECE:
            raise _refusal(415, f"A piece is {_PIECE}.")
        offset = _number(request, "upload-offset")
        if offset is None:
            raise _refusal(400, "A piece needs its offset.")
        upload = await uploads.write(
            owner_id,
            _id(upload_id),
            _body(request),
            offset=offset,
            checksum=_checksum(request.headers.get("upload-checksum")),
        )
        return Response(status_code=204, headers=_state(upload))

    @routes.delete("/{upload_id}")
    @_told
    async def remove(upload_id: str, owner_id: Annotated[int, Depends(owner)]) -> Response:
        await uploads.remove(owner_id, _id(upload_id))
        return Response(status_code=204, headers=_PROTOCOL)

    return routes


def _told(answer: Answer) -> Answer:
    """What goes wrong with an upload, in the protocol's numbers."""

    @wraps(answer)
    async def told(*args: Any, **how: Any) -> Response:
        try:
            return await answer(*args, **how)
        except NotFound:
            raise _refusal(404, "There is no such upload.") from None
        except UploadGone:
            raise _refusal(410, "The upload has ended.") from None
        except WrongOffset:
            raise _refusal(409, "The piece does not begin where the last one ended.") from None
        except TooLarge:
            raise _refusal(413, "That is more than the upload was said to have.") from None
        except UploadBusy:
            raise _refusal(423, "The upload is busy.") from None
        except WrongChecksum:
            raise _refusal(460, "The piece is not what its checksum says.") from None
        except (ClientDisconnect, TimeoutError):
            raise _refusal(408, "The piece broke off.") from None
        except OSError as error:
            log.warning("disk_refused_upload", error=type(error).__name__, errno=error.errno)
            raise _refusal(507, "The disk refuses it.") from None

    return told


def _refusal(status: int, why: str, **headers: str) -> HTTPException:
    return HTTPException(status, why, headers={**_PROTOCOL, **headers})


def _state(upload: UploadView) -> dict[str, str]:
    return {
        **_PROTOCOL,
        "Upload-Offset": str(upload.received),
        "Upload-Expires": format_datetime(upload.expires_at, usegmt=True),
    }


async def _body(request: Request) -> AsyncIterator[bytes]:
    """The bytes as they come; raises TimeoutError where none come for long, ClientDisconnect."""
    stream = aiter(request.stream())
    while True:
        async with asyncio.timeout(IDLE_SECONDS):
            try:
                data = await anext(stream)
            except StopAsyncIteration:
                return
        yield data


def _id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise NotFound
    return text


def _number(request: Request, name: str) -> int | None:
    """A header that is a number of bytes; None where it is missing or none."""
    value = request.headers.get(name, "")
    return int(value) if _NUMBER.fullmatch(value) else None


def _metadata(header: str) -> dict[str, str]:
    """Names and values of Upload-Metadata; what cannot be read raises HTTPException."""
    if len(header) > LONGEST_METADATA:
        raise _refusal(400, "Upload-Metadata is too long.")
    told = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        name, _, value = pair.partition(" ")
        told[name] = _decoded(value, "Upload-Metadata").decode(errors="replace")
    return told


def _checksum(header: str | None) -> Checksum | None:
    if header is None:
        return None
    algorithm, _, value = header.partition(" ")
    if algorithm not in ALGORITHMS:
        raise _refusal(400, f"Checksums are {' or '.join(ALGORITHMS)}.")
    return Checksum(algorithm=algorithm, digest=_decoded(value, "Upload-Checksum"))


def _decoded(value: str, header: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise _refusal(400, f"{header} is not base64.") from None
