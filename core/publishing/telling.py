"""What a creator is told of how an attempt ended: the notice, written in the same change."""

from datetime import timedelta

from core import photos, tiktok
from core.accounts.accounts import connected_account
from core.notifications import NoticeKind, Outbox
from core.store.commits import Transaction
from core.store.models import Account, Post

WORTH_TELLING = timedelta(minutes=1)
"""From here on a notice says how late a post went out."""


class Telling:
    def __init__(self, *, outbox: Outbox, client: tiktok.Client) -> None:
        self._outbox = outbox
        self._client = client

    async def tell(
        self, change: Transaction, kind: NoticeKind, post: Post, *, gave_up: bool = False
    ) -> None:
        """Owe the creator of a post a notice of it as it now is."""
        account = await change.get_one(Account, post.account_id)
        self._outbox.tell(
            change,
            user_id=post.owner_id,
            kind=kind,
            key=f"{post.id}:{post.attempt}",
            post_id=post.id,
            attempt=post.attempt,
            version=post.version,
            mode=post.mode,
            is_clip=post.clip_id is not None,
            account_id=account.id,
            account=connected_account(account).name,
            caption=post.caption,
            **(await photos.named(change, post)),
            link=self._client.post_url(account.username, post.tiktok_post_id),
            code=post.failure_code,
            due=post.due_at.isoformat() if post.due_at else None,
            zone=post.zone,
            late_minutes=_late_minutes(post),
            gave_up=gave_up,
            upload_open=kind is NoticeKind.HELD and post.publish_id is not None,
        )


def _late_minutes(post: Post) -> int:
    if post.due_at is None or post.initialised_at is None:
        return 0
    late = post.initialised_at - post.due_at
    return int(late.total_seconds() // 60) if late >= WORTH_TELLING else 0
