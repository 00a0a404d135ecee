"""A post's way to TikTok, put together: what asks, what sends, what writes down how it ended.

The benchmarks put together the same.
"""

from datetime import timedelta

from core import tiktok
from core.accounts.accounts import Accounts
from core.accounts.tokens import Tokens
from core.clock import Clock
from core.media.files.storage import ClipStore
from core.metrics import Metrics
from core.notifications import Outbox
from core.publishing.asking import Asking
from core.publishing.attempts import Attempts
from core.publishing.carousels import Carousels
from core.publishing.claims import Claims
from core.publishing.drafts import Drafts
from core.publishing.outcomes import Outcomes
from core.publishing.photo_links import PhotoLinks
from core.publishing.progress import Progress
from core.publishing.sending import Sender
from core.settings import Settings
from core.store.database import Database
from core.store.vault import Vault


def way_to_tiktok(
    settings: Settings,
    *,
    database: Database,
    vault: Vault,
    store: ClipStore,
    client: tiktok.Client,
    accounts: Accounts,
    tokens: Tokens,
    claims: Claims,
    outbox: Outbox,
    photo_links: PhotoLinks,
    progress: Progress,
    metrics: Metrics,
    clock: Clock,
) -> Attempts:
    """A post's way to TikTok: what asks, what sends, and what writes down how it ended."""
    outcomes = Outcomes(
        database=database,
        claims=claims,
        tokens=tokens,
        outbox=outbox,
        client=client,
        metrics=metrics,
        clock=clock,
    )
    asking = Asking(accounts=accounts, client=client, outcomes=outcomes)
    drafts = Drafts(database=database, accounts=accounts, client=client, asking=asking, clock=clock)
    sender = Sender(
        database=database,
        client=client,
        claims=claims,
        asking=asking,
        outcomes=outcomes,
        progress=progress,
        metrics=metrics,
        clock=clock,
        uploads_at_once=settings.publish_concurrency,
    )
    return Attempts(
        database=database,
        vault=vault,
        accounts=accounts,
        client=client,
        store=store,
        claims=claims,
        sender=sender,
        asking=asking,
        carousels=Carousels(
            database=database,
            accounts=accounts,
            client=client,
            claims=claims,
            drafts=drafts,
            links=photo_links,
            outcomes=outcomes,
            clock=clock,
        ),
        drafts=drafts,
        outcomes=outcomes,
        progress=progress,
        clock=clock,
        late_tolerance=timedelta(minutes=settings.late_tolerance_minutes),
    )
