"""Direct Post of a video: video/init and status/fetch."""

import secrets
from datetime import timedelta

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from .api import GUIDELINES, admit, answer, base_url, invalid_params, json_body
from .chunks import SourceInfo
from .creators import Creator
from .endpoint import Refusal
from .posts import PostInfo, Upload, nineteen_digits
from .world import World

LONGEST_TITLE = 2200


class InitBody(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    post_info: PostInfo
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
        if len(body.post_info.title.encode("utf-16-le")) // 2 > LONGEST_TITLE:
            raise invalid_params(f"The title is longer than {LONGEST_TITLE} UTF-16 units")
        if fault := body.source_info.fault():
            raise invalid_params(fault)
        if creator.cannot_post:
            raise Refusal(403, creator.cannot_post, GUIDELINES)
        self._check_privacy(creator, body.post_info)
        upload = self._open(creator, body)
        await self._world.save()
        query = f"upload_id={upload.publish_id}&upload_token={upload.token}"
        return answer(
            {
                "publish_id": upload.publish_id,
                "upload_url": f"{base_url(request)}/video/?{query}",
            }
        )

    def _check_privacy(self, creator: Creator, info: PostInfo) -> None:
        if info.privacy_level not in creator.privacy_level_options:
            raise Refusal(403, "privacy_level_option_mismatch", GUIDELINES)
        if not self._world.audited and not (creator.private and info.privacy_level == "SELF_ONLY"):
            code = "unaudited_client_can_only_post_to_private_accounts"
            raise Refusal(403, code, GUIDELINES)

    def _open(self, creator: Creator, body: InitBody) -> Upload:
        """Interactions that the account forbids are forbidden whatever the app sends."""
        info = body.post_info
        forced = {
            "disable_comment": info.disable_comment or creator.comment_disabled,
            "disable_duet": info.disable_duet or creator.duets_off,
            "disable_stitch": info.disable_stitch or creator.stitches_off,
        }
        now = self._world.now()
        upload = Upload(
            publish_id=f"v_pub_file~v2-1.{nineteen_digits()}",
            username=creator.username,
            post_info=info.model_copy(update=forced),
            source_info=body.source_info,
            started_at=now,
            expires_at=now + timedelta(seconds=self._world.upload_lifetime),
            token=secrets.token_urlsafe(32),
        )
        self._world.state.uploads[upload.publish_id] = upload
        return upload

    async def status(self, request: Request) -> Response:
        """POST /v2/post/publish/status/fetch/; either posting scope will do."""
        creator = admit(self._world, request, "status/fetch", "video.publish", "video.upload")
        body = await json_body(request, StatusBody)
        upload = self._world.state.uploads.get(body.publish_id)
        if upload is None:
            raise Refusal(400, "invalid_publish_id", "The publish_id does not exist")
        if upload.username != creator.username:
            code = "token_not_authorized_for_specified_publish_id"
            raise Refusal(400, code, "The publish_id belongs to another user")
        return answer(self._progress(upload))

    def _progress(self, upload: Upload) -> dict[str, object]:
        now = self._world.now()
        status = upload.status(now)
        if status == "FAILED" and upload.processing:
            return {"status": status, "fail_reason": upload.processing.fail_reason}
        progress: dict[str, object] = {"status": status, "uploaded_bytes": upload.received}
        if post_id := upload.public_post_id(now):
            # The key is TikTok's spelling, and the id a JSON number.
            progress["publicaly_available_post_id"] = [int(post_id)]
        return progress
