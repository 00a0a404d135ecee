"""What one attempt needs to know of its post, read once: what is the same of clips and photos."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.publishing.claims import Claim
from core.publishing.sending import Upload
from core.states import PostStatus


@dataclass(frozen=True, kw_only=True)
class Job:
    """A claimed post; `upload` is there once TikTok has given it an id."""

    claim: Claim
    status: PostStatus
    account_id: int
    due_at: datetime | None
    late_tolerance: timedelta
    tries: int
    upload: Upload | None
