"""The bytes of a video, chunk by chunk. Source: Media Transfer Guide."""

import asyncio
import hashlib
import re
from hmac import compare_digest
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from .endpoint import Refusal
from .shares import Upload
from .world import World

if TYPE_CHECKING:
    from _hashlib import HASH

CONTENT_TYPES = {"video/mp4", "video/quicktime", "video/webm"}
CONTENT_RANGE = re.compile(r"bytes (0|[1-9]\d{0,18})-(0|[1-9]\d{0,18})/([1-9]\d{0,18})", re.ASCII)
PIECE = 1024 * 1024


def refuse(refusal: Refusal) -> Response:
    return PlainTextResponse(refusal.message, refusal.status, refusal.headers)


class Uploads:
    """Takes chunks in order; a chunk counts when all of it has arrived, else not at all."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._digests: dict[str, HASH] = {}
        self._receiving: set[str] = set()

    async def put(self, request: Request) -> Response:
        """PUT to the upload_url: 206 for a chunk, 201 for the last one."""
        upload = self._find(request)
        length = self._check(request, upload)
        self._receiving.add(upload.publish_id)
        try:
            fault = self._world.faults.of_storage()
            kept = min(fault.count, length) if fault else length
            digest = await self._receive(request, upload, length, kept)
            upload.received += kept
            self._digests[upload.publish_id] = digest
            if upload.complete:
                del self._digests[upload.publish_id]
                self._world.settle(upload, sha256=digest.hexdigest())
            await self._world.save()
        finally:
            self._receiving.discard(upload.publish_id)
        return Response(status_code=201 if upload.complete else 206, headers=_progress(upload))

    def _find(self, request: Request) -> Upload:
        upload = self._world.state.uploads.get(request.query_params.get("upload_id", ""))
        token = request.query_params.get("upload_token", "")
        if upload is None or not compare_digest(token.encode(), upload.token.encode()):
            raise Refusal(404, "not_found", "No such upload task")
        return upload

    def _check(self, request: Request, upload: Upload) -> int:
        """The length of the chunk that the headers announce, once all is right with them."""
        progress = _progress(upload)
        if upload.publish_id in self._receiving:
            raise Refusal(416, "range_mismatch", "Another chunk is being received", progress)
        if upload.complete:
            raise Refusal(416, "range_mismatch", "All bytes are in", progress)
        if upload.expires_at <= self._world.now():
            raise Refusal(403, "upload_url_expired", "The upload_url has expired", progress)
        if "authorization" in request.headers:
            raise _malformed("The upload_url is the credential; send no Authorization", upload)
        if request.headers.get("content-type") not in CONTENT_TYPES:
            raise _malformed("Content-Type must be that of an MP4, MOV or WebM video", upload)
        content_range = CONTENT_RANGE.fullmatch(request.headers.get("content-range", ""))
        if content_range is None:
            raise _malformed("Content-Range must be bytes {first}-{last}/{total}", upload)
        first, last, total = map(int, content_range.groups())
        if total != upload.source_info.video_size or last < first:
            raise _malformed("Content-Range does not fit the video", upload)
        if request.headers.get("content-length") != str(last - first + 1):
            raise _malformed("Content-Length does not fit Content-Range", upload)
        if first != upload.received or last != upload.source_info.last_byte(first):
            message = "Content-Range does not match the progress of the upload"
            raise Refusal(416, "range_mismatch", message, progress)
        return last - first + 1

    async def _receive(self, request: Request, upload: Upload, length: int, kept: int) -> "HASH":
        """Store the first `kept` bytes of the body and return the digest of the video up to there.

        Bytes of a body that was cut short stay in the file; the chunk sent again overwrites them.
        """
        video = self._world.disk.video(upload.publish_id)
        digest = (await self._digest(upload, video)).copy()
        file = await asyncio.to_thread(_open, video, upload.received) if video else None
        arrived, stored, piece = 0, 0, bytearray()
        try:
            async for part in request.stream():
                arrived += len(part)
                if arrived > length:
                    break
                piece += part
                if len(piece) >= PIECE:
                    await asyncio.to_thread(_keep, piece[: kept - stored], digest, file)
                    stored = min(stored + len(piece), kept)
                    piece = bytearray()
            await asyncio.to_thread(_keep, piece[: kept - stored], digest, file)
        finally:
            if file:
                await asyncio.to_thread(file.close)
        if arrived != length:
            raise _malformed("The body is not as long as Content-Length says", upload)
        return digest

    async def _digest(self, upload: Upload, video: Path | None) -> "HASH":
        """Of what has arrived so far; after a restart the file tells."""
        known = self._digests.get(upload.publish_id)
        if known or video is None or not upload.received:
            return known or hashlib.sha256()
        return await asyncio.to_thread(_digest_of, video, upload.received)


def _progress(upload: Upload) -> dict[str, str]:
    """What every answer tells; with nothing stored the guide's form leaves `0-0` to say so."""
    last = max(upload.received - 1, 0)
    return {"Content-Range": f"bytes 0-{last}/{upload.source_info.video_size}"}


def _malformed(message: str, upload: Upload) -> Refusal:
    return Refusal(400, "bad_request", message, _progress(upload))


def _open(video: Path, first: int) -> BinaryIO:
    file = video.open("r+b" if first else "wb")
    file.seek(first)
    return file


def _keep(piece: bytearray, digest: "HASH", file: BinaryIO | None) -> None:
    digest.update(piece)
    if file:
        file.write(piece)


def _digest_of(video: Path, length: int) -> "HASH":
    digest = hashlib.sha256()
    with video.open("rb") as file:
        while length > 0 and (piece := file.read(min(PIECE, length))):
            digest.update(piece)
            length -= len(piece)
    return digest
