"""Posts of clips, up to their init: whether their account may post them now, and the init itself.

Without bytes nothing is posted, so what came of an init that got no answer is nothing: it is made
anew. The publish_id that it gives is stored before the first byte.
"""

from collections.abc import Sequence

import structlog
from sqlalchemy import update

from core import tiktok
from core.accounts.accounts import Accounts
from core.clock import Clock
from core.limits import Call
from core.media.limits import is_too_long
from core.publishing.allowed import within
from core.publishing.claims import Claims, Superseded
from core.publishing.inbox import Inboxes
from core.publishing.jobs import ClipJob
from core.publishing.outcomes import CalledOff
from core.publishing.sending import Upload, trouble_with_clip
from core.store.database import Database
from core.store.models import Post
from core.store.vault import Vault
from core.together import Together

log = structlog.get_logger()


class Videos:
    def __init__(
        self,
        *,
        database: Database,
        vault: Vault,
        accounts: Accounts,
        client: tiktok.Client,
        claims: Claims,
        inboxes: Inboxes,
        clock: Clock,
    ) -> None:
        self._database = database
        self._vault = vault
        self._accounts = accounts
        self._client = client
        self._claims = claims
        self._inboxes = inboxes
        self._clock = clock
        self._keep = Together(self._keep_all)

    async def begin(self, job: ClipJob) -> Upload:
        """A post of which TikTok knows nothing: check it and announce it.

        Raises `CalledOff`, `AccountUnusable`, `LimitReached`, TikTok's errors.
        """
        if code := await trouble_with_clip(job.file):
            raise CalledOff(code)
        opened = await (self._open(job, job.info) if job.info else self._open_draft(job))
        upload = Upload(
            claim=job.claim,
            account_id=job.account_id,
            publish_id=opened.publish_id,
            url=opened.upload_url,
            initialised_at=self._clock(),
        )
        await self._keep(upload)
        log.info("initialised", size=job.file.size)
        return upload

    async def _open(self, job: ClipJob, chosen: tiktok.PostInfo) -> tiktok.Upload:
        """A Direct Post, as the account's own settings have it now."""
        creator = await self._accounts.ask_creator_info(job.account_id)
        info, plan = within(chosen, creator), tiktok.plan_chunks(job.file.size)
        if is_too_long(job.duration, creator.max_video_post_duration_sec):
            raise CalledOff("clip_too_long")
        return await self._accounts.call(
            job.account_id, Call.INIT, lambda token: self._client.init_video(token, info, plan)
        )

    async def _open_draft(self, job: ClipJob) -> tiktok.Upload:
        """A draft for the inbox."""
        plan = tiktok.plan_chunks(job.file.size)
        await self._inboxes.require_place(job.account_id, job.claim.post_id, job.duration)
        return await self._inboxes.init(
            job.account_id, lambda token: self._client.init_inbox_video(token, plan)
        )

    async def _keep_all(self, uploads: Sequence[Upload]) -> list[Superseded | None]:
        """Store what TikTok gave an id, before a byte of it is sent."""
        async with self._database.transaction() as change:
            held = await self._claims.still_held(change, [upload.claim for upload in uploads])
            kept = [
                {
                    "id": upload.claim.post_id,
                    "publish_id": upload.publish_id,
                    "initialised_at": upload.initialised_at,
                    "bytes_acknowledged": 0,
                    "upload_url": upload.url
                    and self._vault.sealed(Post, "upload_url", upload.claim.post_id, upload.url),
                }
                for upload in uploads
                if upload.claim in held
            ]
            if kept:
                await change.execute(update(Post), kept)
        return [None if upload.claim in held else Superseded() for upload in uploads]
