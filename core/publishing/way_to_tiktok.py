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
from core.publishing.inbox import Inboxes
from core.publishing.jobs import Jobs
from core.publishing.outcomes import Outcomes
from core.publishing.photo_links import PhotoLinks
from core.publishing.progress import Progress
from core.publishing.sending import Sender
from core.publishing.telling import Telling
from core.publishing.videos import Videos
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
        telling=Telling(outbox=outbox, client=client),
        metrics=metrics,
        clock=clock,
    )
    asking = Asking(accounts=accounts, client=client, outcomes=outcomes)
    inboxes = Inboxes(database=database, accounts=accounts, asking=asking, clock=clock)
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
        jobs=Jobs(
            database=database,
            vault=vault,
            store=store,
            claims=claims,
            late_tolerance=timedelta(minutes=settings.late_tolerance_minutes),
        ),
        videos=Videos(
            database=database,
            vault=vault,
            accounts=accounts,
            client=client,
            claims=claims,
            inboxes=inboxes,
            clock=clock,
        ),
        claims=claims,
        sender=sender,
        asking=asking,
        carousels=Carousels(
            database=database,
            accounts=accounts,
            client=client,
            claims=claims,
            inboxes=inboxes,
            links=photo_links,
            outcomes=outcomes,
            clock=clock,
        ),
        outcomes=outcomes,
        progress=progress,
        clock=clock,
    )
