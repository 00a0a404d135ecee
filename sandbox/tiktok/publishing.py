"""Clips: video/init, inbox/video/init, and status/fetch for whatever was begun."""

import secrets
from datetime import timedelta

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from .api import admit, answer, base_url, invalid_params, json_body
from .chunks import SourceInfo
from .creators import Creator
from .endpoint import Refusal
from .rules import check_draft, check_length, check_post
from .shares import PostInfo, PostMode, Share, Upload, nineteen_digits
from .world import World

LONGEST_TITLE = 2200
NOTHING_SAID = PostInfo(brand_content_toggle=False, brand_organic_toggle=False)
"""What TikTok knows of a draft."""


class InitBody(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    post_info: PostInfo
    source_info: SourceInfo


class InboxInitBody(BaseModel):
    """TikTok drops without a word what it is told beside the file, a `post_info` such as."""

    model_config = ConfigDict(strict=True, extra="ignore")

    source_info: SourceInfo


class StatusBody(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    publish_id: str


class Publishing:
    def __init__(self, world: World) -> None:
        self._world = world

    async def init(self, request: Request) -> Response:
        """POST /v2/post/publish/video/init/, FILE_UPLOAD only."""
        creator = admit(self._world, request, "video/init", "video.publish")
        body = await json_body(request, InitBody)
        check_length("title", body.post_info.title, LONGEST_TITLE)
        if fault := body.source_info.fault():
            raise invalid_params(fault)
        check_post(self._world, creator, body.post_info.privacy_level)
        info = _forced(creator, body.post_info)
        return await self._open(request, creator, "DIRECT_POST", info, body.source_info)

    async def inbox_init(self, request: Request) -> Response:
        """POST /v2/post/publish/inbox/video/init/, FILE_UPLOAD only."""
        creator = admit(self._world, request, "inbox/video/init", "video.upload")
        body = await json_body(request, InboxInitBody)
        if fault := body.source_info.fault():
            raise invalid_params(fault)
        check_draft(self._world, creator)
        return await self._open(request, creator, "MEDIA_UPLOAD", NOTHING_SAID, body.source_info)

    async def _open(
        self,
        request: Request,
        creator: Creator,
        mode: PostMode,
        info: PostInfo,
        source_info: SourceInfo,
    ) -> Response:
        now = self._world.now()
        kind = "pub" if mode == "DIRECT_POST" else "inbox"
        upload = Upload(
            publish_id=f"v_{kind}_file~v2-1.{nineteen_digits()}",
            username=creator.username,
            mode=mode,
            post_info=info,
            source_info=source_info,
            started_at=now,
            expires_at=now + timedelta(seconds=self._world.upload_lifetime),
            token=secrets.token_urlsafe(32),
        )
        self._world.state.uploads[upload.publish_id] = upload
        await self._world.save()
        query = f"upload_id={upload.publish_id}&upload_token={upload.token}"
        return answer(
            {
                "publish_id": upload.publish_id,
                "upload_url": f"{base_url(request)}/video/?{query}",
            }
        )

    async def status(self, request: Request) -> Response:
        """POST /v2/post/publish/status/fetch/; either posting scope will do."""
        creator = admit(self._world, request, "status/fetch", "video.publish", "video.upload")
        body = await json_body(request, StatusBody)
        share = self._world.share(body.publish_id)
        if share is None:
            raise Refusal(400, "invalid_publish_id", "The publish_id does not exist")
        if share.username != creator.username:
            code = "token_not_authorized_for_specified_publish_id"
            raise Refusal(400, code, "The publish_id belongs to another user")
        self._world.pulls.go_on()
        return answer(self._progress(share))

    def _progress(self, share: Share) -> dict[str, object]:
        now = self._world.now()
        status = share.status(now)
        if status == "FAILED" and share.processing:
            return {"status": status, "fail_reason": share.processing.fail_reason}
        progress: dict[str, object] = {"status": status, **share.bytes_in()}
        if post_ids := share.public_post_ids(now):
            # The key is TikTok's spelling, and the ids JSON numbers.
            progress["publicaly_available_post_id"] = [int(post_id) for post_id in post_ids]
        return progress


def _forced(creator: Creator, info: PostInfo) -> PostInfo:
    """Interactions that the account forbids are forbidden whatever the app sends."""
    return info.model_copy(
        update={
            "disable_comment": info.disable_comment or creator.comment_disabled,
            "disable_duet": info.disable_duet or creator.duets_off,
            "disable_stitch": info.disable_stitch or creator.stitches_off,
        }
    )
