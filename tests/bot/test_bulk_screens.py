"""Whatever is in a batch, a sheet or a template: Telegram takes every screen of it."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.views import queue, templates
from bot.views.bulk import batch as bulk
from bot.views.bulk import consent as bulk_consent
from bot.views.bulk import options as bulk_options
from bot.views.bulk import sheets
from bot.views.bulk import times as bulk_times
from core import tiktok
from core.accounts.accounts import ConnectedAccount
from core.bulk.orders import Fault, RowFault
from core.bulk.problems import Barred, Clash, RowProblem
from core.bulk.sheets import COLUMNS, BadSheet, SheetFault
from core.bulk.view import BatchView
from core.posts.templates import LONGEST_NAME, BadName, CaptionTemplate, NameTaken, TooManyTemplates
from core.posts.view import Missing, PostView
from core.preferences import QuietHours
from core.queue.plans import EveryHours, PostingSlots, Weekly
from core.queue.queue import MOST_SLOTS
from core.queue.weeks import WeekTime
from tests.creator.test_screens import (
    NOW,
    accounts_,
    captions,
    creators,
    fragments,
    ids,
    many,
    post_views,
    taken,
)

week_times = st.builds(WeekTime, weekday=st.integers(0, 6), minute=st.integers(0, 24 * 60 - 1))
spreads = st.one_of(
    st.none(),
    st.builds(EveryHours, hours=st.integers(1, 12)),
    st.builds(Weekly, times=st.lists(week_times, min_size=1, max_size=40).map(tuple)),
    st.just(PostingSlots()),
)


@st.composite
def batches(draw: st.DrawFn, least: int = 0) -> BatchView:
    """Up to 45 posts, made of a few different ones."""
    kinds = draw(st.lists(post_views, min_size=max(1, least), max_size=4))
    count = draw(st.integers(least, 45))
    posts = [replace(kinds[number % len(kinds)], id=number + 1) for number in range(count)]
    return BatchView(
        id=draw(ids),
        owner_id=1,
        stamp=draw(st.integers(0, 2**32 - 1)),
        posts=tuple(posts),
        spread=draw(spreads),
        start=draw(st.none() | st.just(NOW + timedelta(days=1))),
        collects=draw(st.booleans()),
        message_id=None,
    )


@many
@given(batch=batches(), page=st.integers(0, 4), coming=st.integers(0, 30))
def test_a_batch(batch: BatchView, page: int, coming: int) -> None:
    last = max(0, len(batch.posts) - 1) // bulk.LISTED
    text = taken(bulk.batch(batch, page=min(page, last), coming=coming, wrong={1, 2}))
    assert "📦 Bulk" in text
    taken(bulk.discard_sure(batch))
    taken(bulk.scheduled(batch.in_order))
    taken(bulk.left(len(batch.posts)))


@many
@given(
    batch=batches(least=1),
    found=st.lists(
        st.builds(
            CaptionTemplate,
            id=ids,
            name=st.text(min_size=1, max_size=LONGEST_NAME),
            caption=captions,
        ),
        max_size=60,
    ),
    accounts=st.lists(accounts_, max_size=12),
    offers=st.lists(creators, min_size=1, max_size=6),
    page=st.integers(0, 9),
)
def test_what_all_posts_share(
    batch: BatchView,
    found: list[CaptionTemplate],
    accounts: list[ConnectedAccount],
    offers: list[tiktok.CreatorInfo],
    page: int,
) -> None:
    taken(bulk_options.ask_caption(batch, found))
    taken(bulk_options.choose_account(batch, accounts))
    taken(bulk_options.privacy(batch, offers[0].privacy_level_options, audited=False))
    taken(bulk_options.interactions(batch, ["allow_duet"]))
    taken(bulk_options.disclosure(batch))
    starts = {"now": None, "tomorrow": NOW, "monday": NOW + timedelta(days=6)}
    quiet = QuietHours(start=1320, end=480)
    taken(bulk_times.times(batch, zone="Asia/Kathmandu", now=NOW, quiet=quiet, starts=starts))
    last = (len(batch.posts) - 1) // bulk.LISTED
    text = taken(bulk_consent.confirm(batch, offers, page=min(page, last)))
    drafts_only = all(post.is_for_inbox for post in batch.posts)
    agreed = "By sending, you agree" if drafts_only else "By posting, you agree to TikTok's"
    assert agreed in text
    assert bulk_consent.agreed_words(batch) in text
    taken(templates.templates(found, page))


@many
@given(batch=batches(least=1), kinds=st.data())
def test_what_is_in_the_way(batch: BatchView, kinds: st.DataObject) -> None:
    every = [*Missing, *Clash, *Barred]
    problems = [
        RowProblem(post_id=post.id, what=kinds.draw(st.sampled_from(every)))
        for post in batch.posts
        for _ in range(3)
    ]
    taken(bulk_consent.almost(batch, problems))


@many
@given(account=accounts_, times=st.lists(week_times, max_size=MOST_SLOTS))
def test_slots(account: ConnectedAccount, times: list[WeekTime]) -> None:
    taken(queue.slots(account, times))
    taken(queue.hours(account))
    taken(queue.days(account, 600))


@many
@given(
    post=post_views,
    name=st.text(min_size=1, max_size=LONGEST_NAME),
    caption=captions,
    error=st.sampled_from([BadName(), NameTaken(), TooManyTemplates()]),
)
def test_templates(
    post: PostView, name: str, caption: str, error: BadName | NameTaken | TooManyTemplates
) -> None:
    found = CaptionTemplate(id=7, name=name, caption=caption)
    for screen in (templates.template, templates.ask_new_name, templates.delete_sure):
        taken(screen(found))
    taken(templates.ask_new(problem=templates.problem(error)))
    taken(templates.ask_name(post, problem=templates.saved(found)))


@many
@given(
    found=st.lists(
        st.builds(
            Fault,
            row=st.integers(2, 500),
            what=st.sampled_from(RowFault),
            column=st.sampled_from(COLUMNS),
            value=fragments,
            other=st.integers(0, 4000),
        ),
        min_size=1,
        max_size=40,
    ),
    fault=st.sampled_from(SheetFault),
    subject=fragments,
)
def test_what_is_wrong_with_a_sheet(found: list[Fault], fault: SheetFault, subject: str) -> None:
    text = taken(sheets.faults(found))
    assert f"Row {found[0].row}: " in text
    file = sheets.faults_file(found)
    assert (file is None) == (len(found) <= sheets.LISTED)
    assert file is None or len(file.decode().splitlines()) == len(found)
    taken(sheets.bad(BadSheet(fault, subject)))
    assert len(taken(sheets.explained())) <= 1024, "it stands below a file"
