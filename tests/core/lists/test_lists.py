"""Pages of posts: by what they wait for, in order, whatever happens between two looks."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from core import verdicts
from core.lists.lists import COUNTED_UP_TO, Lists, Page
from core.lists.places import SEARCHED_AT_ONCE
from core.lists.selection import Selection, Tab
from core.states import PostStatus
from core.store.database import Database
from core.store.models import Clip, Post
from tests.clock import Clock
from tests.core.rows import add_accounts, add_user, set_post

NOON = datetime(2027, 1, 12, 12, 0, tzinfo=UTC)
MADRID = "Europe/Madrid"
S = PostStatus


@dataclass(frozen=True)
class Planned:
    """A post to be there: its caption, when it is due, and its state."""

    caption: str
    due: datetime | None = NOON
    status: PostStatus = S.SCHEDULED
    account_id: int | None = None
    failure_code: str | None = None
    live: datetime | None = None
    """When it went live; for a published post in time, unless said."""


class Shelf:
    """A creator's posts in a database, and looks at them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.lists = Lists(database=database, clock=Clock(NOON))

    async def put(self, *posts: Planned, owner_id: int = 1) -> list[int]:
        async with self.database.transaction() as change:
            clip = Clip(
                owner_id=owner_id, storage_key="", sha256="", size=1, content_type="video/mp4",
                duration=1, width=720, height=1280, fps=30, video_codec="h264", kind="video",
                created_at=NOON,
            )  # fmt: skip
            change.add(clip)
            await change.flush()
            clip.storage_key = f"clip-{clip.id}"
            rows = [
                Post(
                    owner_id=owner_id, clip_id=clip.id, status=each.status, caption=each.caption,
                    due_at=each.due, account_id=each.account_id, failure_code=each.failure_code,
                    created_at=NOON,
                    published_at=each.live or (each.due if each.status is S.PUBLISHED else None),
                )
                for each in posts
            ]  # fmt: skip
            change.add_all(rows)
            await change.flush()
            return [row.id for row in rows]

    async def page(
        self, selection: Selection, at: str = "", *, limit: int = 3, zone: str = MADRID
    ) -> Page:
        return await self.lists.page(1, selection, zone=zone, limit=limit, at=at)

    async def all(self, selection: Selection, *, zone: str = MADRID) -> list[str]:
        return captions(await self.page(selection, limit=100, zone=zone))

    async def walk(self, selection: Selection) -> list[list[str]]:
        """Every page from the first to the last, by the buttons."""
        seen, page = [], await self.page(selection)
        seen.append(captions(page))
        while page.after is not None:
            page = await self.page(selection, page.after)
            seen.append(captions(page))
        return seen


def captions(page: Page) -> list[str]:
    return [post.caption for post, _place in page.posts]


@pytest.fixture
async def shelf(database: Database) -> Shelf:
    await add_user(database, Clock(NOON))
    return Shelf(database)


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


EVERY_STATE = [
    Planned("draft, no time", None, S.DRAFT),
    Planned("draft", at(1), S.DRAFT),
    Planned("scheduled", at(2), S.SCHEDULED),
    Planned("publishing", at(3), S.PUBLISHING),
    Planned("processing", at(4), S.PROCESSING),
    Planned("held", at(5), S.HELD, failure_code="late"),
    Planned("unconfirmed", at(6), S.UNCONFIRMED, failure_code=verdicts.NO_VERDICT),
    Planned("never told", at(7), S.UNCONFIRMED, failure_code=verdicts.NEVER_TOLD),
    Planned("in the inbox", at(7.3), S.DELIVERED),
    Planned("left in the inbox", at(7.6), S.DELIVERED, failure_code=verdicts.DRAFT_LEFT),
    Planned("published", at(8), S.PUBLISHED),
    Planned("failed", at(9), S.FAILED),
    Planned("cancelled", at(10), S.CANCELLED),
]


@pytest.mark.parametrize(
    ("tab", "shown"),
    [
        (Tab.PLANNED, ["scheduled", "publishing", "processing", "unconfirmed"]),
        (Tab.NEEDS_YOU, ["held", "never told", "in the inbox"]),
        (Tab.DRAFTS, ["draft, no time", "draft"]),
        (Tab.PUBLISHED, ["published"]),
        (Tab.NOT_PUBLISHED, ["cancelled", "failed", "left in the inbox"]),
        (Tab.ALL, ["draft, no time", "cancelled", "failed", "published",
                   "left in the inbox", "in the inbox", "never told", "unconfirmed", "held",
                   "processing", "publishing", "scheduled", "draft"]),
        (Tab.DATED, ["scheduled", "publishing", "processing", "held", "unconfirmed",
                     "never told", "in the inbox", "left in the inbox", "published", "failed"]),
    ],
)  # fmt: skip
async def test_each_tab_has_its_posts_in_its_order(
    shelf: Shelf, tab: Tab, shown: list[str]
) -> None:
    posts = EVERY_STATE.copy()
    Random(7).shuffle(posts)  # noqa: S311 - an order that is not that of the ids
    await shelf.put(*posts)

    assert await shelf.all(Selection(tab=tab)) == shown
    assert await shelf.all(Selection(tab=tab).turn()) == shown[::-1]


async def test_each_post_is_in_one_tab_and_the_tabs_say_how_many(shelf: Shelf) -> None:
    await shelf.put(*EVERY_STATE)
    counts = (await shelf.page(Selection())).counts
    assert counts == {
        Tab.PLANNED: 4, Tab.NEEDS_YOU: 3, Tab.DRAFTS: 2, Tab.PUBLISHED: 1, Tab.NOT_PUBLISHED: 3
    }  # fmt: skip
    assert sum(counts.values()) == len(EVERY_STATE)


async def test_counting_stops_somewhere(shelf: Shelf) -> None:
    await shelf.put(*[Planned("x", status=S.PUBLISHED)] * (COUNTED_UP_TO + 5))
    counts = (await shelf.page(Selection())).counts
    assert counts[Tab.PUBLISHED] == COUNTED_UP_TO


async def test_what_is_published_stands_by_the_time_it_went_live(shelf: Shelf) -> None:
    await shelf.put(
        Planned("in time", at(1), S.PUBLISHED),
        Planned("a day late", at(0), S.PUBLISHED, live=at(24)),
        Planned("an hour late", at(2), S.PUBLISHED, live=at(3)),
    )
    published = Selection(tab=Tab.PUBLISHED)
    assert await shelf.all(published) == ["a day late", "an hour late", "in time"]
    assert await shelf.walk(published) == [["a day late", "an hour late", "in time"]]
    page = await shelf.page(published, limit=1)
    page = await shelf.page(published, page.after or "", limit=1)
    assert (captions(page), page.before is not None) == (["an hour late"], True)

    next_day = replace(published, first=date(2027, 1, 13), last=date(2027, 1, 13))
    page = await shelf.page(next_day)
    assert (captions(page), page.counts[Tab.PUBLISHED]) == (["a day late"], 1)


async def test_another_creators_posts_are_not_there(shelf: Shelf) -> None:
    await add_user(shelf.database, Clock(NOON), 2)
    await shelf.put(Planned("theirs"), owner_id=2)
    await shelf.put(Planned("mine"))
    assert await shelf.all(Selection(tab=Tab.ALL)) == ["mine"]
    assert (await shelf.page(Selection())).counts[Tab.PLANNED] == 1


MANY = [Planned(f"{number}", at(number // 2)) for number in range(10)]
"""Two posts at each time."""
TIMELESS = [Planned(f"{number}", None, S.DRAFT) for number in range(4)]
TIMED = [Planned(f"t{number}", at(number), S.DRAFT) for number in range(4)]


@pytest.mark.parametrize(
    ("posts", "selection", "shown"),
    [
        (MANY, Selection(), ["012", "345", "678", "9"]),
        (MANY, Selection().turn(), ["987", "654", "321", "0"]),
        (
            [*TIMED, *TIMELESS],
            Selection(tab=Tab.DRAFTS),
            ["321", "0t3t2", "t1t0"],
        ),
        ([*TIMED, *TIMELESS], Selection(tab=Tab.DRAFTS).turn(), ["t0t1t2", "t301", "23"]),
    ],
)
async def test_pages_lead_on_and_back(
    shelf: Shelf, posts: Sequence[Planned], selection: Selection, shown: list[str]
) -> None:
    await shelf.put(*posts)
    page = await shelf.page(selection)
    assert page.before is None
    there = [page]
    while page.after is not None:
        page = await shelf.page(selection, page.after)
        there.append(page)
    assert ["".join(captions(each)) for each in there] == shown
    back = [page]
    while page.before is not None:
        page = await shelf.page(selection, page.before)
        back.append(page)
    assert ["".join(captions(each)) for each in back] == shown[::-1]
    assert all(each.is_whole for each in there + back)


async def test_posts_that_leave_between_two_pages_neither_hide_nor_repeat_others(
    shelf: Shelf,
) -> None:
    ids = await shelf.put(*MANY)
    page = await shelf.page(Selection())
    seen = captions(page)
    while page.after is not None:
        # What was just shown is published meanwhile, and one more comes before all others.
        shown_id = page.posts[-1][0].id
        await set_post(shelf.database, shown_id, status=S.PUBLISHED)
        await shelf.put(Planned("new", at(-1)))
        page = await shelf.page(Selection(), page.after)
        seen += captions(page)
    assert seen == [str(number) for number in range(len(ids))]


async def test_a_page_that_has_emptied_leads_back(shelf: Shelf) -> None:
    ids = await shelf.put(*MANY[:4])
    first = await shelf.page(Selection())
    assert first.after is not None
    await set_post(shelf.database, ids[3], status=S.PUBLISHED)
    second = await shelf.page(Selection(), first.after)
    assert (captions(second), second.after) == ([], None)
    assert second.before is not None
    again = await shelf.page(Selection(), second.before)
    assert captions(again) == ["2"]
    assert again.before is not None
    assert captions(await shelf.page(Selection(), again.before)) == ["0", "1"]


async def test_a_page_can_begin_with_a_post(shelf: Shelf) -> None:
    await shelf.put(*MANY)
    page = await shelf.page(Selection())
    _post, place = page.posts[1]
    page = await shelf.page(Selection(), place.name("="))
    assert captions(page) == ["1", "2", "3"]
    assert page.before is not None
    assert captions(await shelf.page(Selection(), page.before)) == ["0"]


async def test_a_place_without_a_time_leads_nowhere_among_posts_with_one(shelf: Shelf) -> None:
    await shelf.put(*MANY)
    assert captions(await shelf.page(Selection(), ">.5")) == []
    assert captions(await shelf.page(Selection(), "<.5")) == ["7", "8", "9"]


@pytest.fixture
async def accounts(shelf: Shelf) -> AsyncIterator[list[int]]:
    yield await add_accounts(shelf.database, Clock(NOON), 2)


async def test_a_list_of_one_account(shelf: Shelf, accounts: list[int]) -> None:
    one, other = accounts
    await shelf.put(
        Planned("one", account_id=one),
        Planned("other", account_id=other),
        Planned("none", status=S.DRAFT),
    )
    selection = Selection(tab=Tab.ALL, account_id=other)
    assert await shelf.all(selection) == ["other"]
    counts = (await shelf.page(selection)).counts
    assert (counts[Tab.PLANNED], counts[Tab.DRAFTS]) == (1, 0)


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Europe/Madrid", ["23:30Z before", "09:00Z"]),  # UTC+1: the day begins at 23:00Z
        ("Pacific/Auckland", ["10:30Z before", "23:30Z before", "09:00Z"]),  # UTC+13
        ("America/Los_Angeles", ["09:00Z", "07:30Z after"]),  # UTC-8
        ("UTC", ["09:00Z"]),
    ],
)
async def test_a_day_is_one_of_the_creators_zone(shelf: Shelf, zone: str, shown: list[str]) -> None:
    await shelf.put(
        Planned("10:30Z before", datetime(2027, 1, 11, 11, 30, tzinfo=UTC)),
        Planned("23:30Z before", datetime(2027, 1, 11, 23, 30, tzinfo=UTC)),
        Planned("09:00Z", datetime(2027, 1, 12, 9, 0, tzinfo=UTC)),
        Planned("07:30Z after", datetime(2027, 1, 13, 7, 30, tzinfo=UTC)),
        Planned("no time", None, S.DRAFT),
    )
    day = date(2027, 1, 12)
    assert await shelf.all(Selection(first=day, last=day), zone=zone) == shown


async def test_a_range_of_days_has_both_its_ends(shelf: Shelf) -> None:
    await shelf.put(*[Planned(str(day), NOON + timedelta(days=day)) for day in range(5)])
    selection = Selection(first=date(2027, 1, 13), last=date(2027, 1, 15))
    assert await shelf.all(selection) == ["1", "2", "3"]
    assert await shelf.all(Selection(first=date(2027, 1, 15))) == ["3", "4"]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("soup", ["Tomato SOUP", "soup with_percent 100%"]),
        ("soup tomato", ["Tomato SOUP"]),  # all of them, in any order
        ("sou", ["Tomato SOUP", "soup with_percent 100%"]),
        ("%", ["soup with_percent 100%"]),  # no wildcard
        ("_", ["soup with_percent 100%"]),
        ("рецепт", ["НОВЫЙ РЕЦЕПТ"]),
        ("cake", []),
    ],
)
async def test_words_of_the_caption(shelf: Shelf, words: str, shown: list[str]) -> None:
    texts = ["Tomato SOUP", "soup with_percent 100%", "НОВЫЙ РЕЦЕПТ", "", "Pasta"]
    await shelf.put(*[Planned(text, at(number)) for number, text in enumerate(texts)])
    assert await shelf.all(Selection(words=words)) == shown


async def test_a_search_goes_through_all_pages(shelf: Shelf) -> None:
    posts = [Planned(f"{'soup' if number % 3 == 0 else 'cake'} {number}", at(number))
             for number in range(20)]  # fmt: skip
    await shelf.put(*posts)
    selection = Selection(tab=Tab.ALL, words="soup", turned=True)
    assert await shelf.walk(selection) == [
        ["soup 0", "soup 3", "soup 6"], ["soup 9", "soup 12", "soup 15"], ["soup 18"]
    ]  # fmt: skip


async def test_a_search_among_very_many_goes_on_where_it_stopped(shelf: Shelf) -> None:
    needle = SEARCHED_AT_ONCE + 100
    await shelf.put(
        *[
            Planned("needle" if number in {5, needle} else "hay", at(number / 60), S.PUBLISHED)
            for number in range(SEARCHED_AT_ONCE + 300)
        ]
    )
    selection = Selection(tab=Tab.PUBLISHED, turned=True, words="needle")

    page = await shelf.page(selection)
    assert (len(page.posts), page.is_whole) == (1, False)
    assert page.after is not None
    further = await shelf.page(selection, page.after)
    assert (captions(further), further.is_whole, further.after) == (["needle"], True, None)
    assert further.posts[0][0].moment is None, "they were put without a zone"
    assert further.before is not None
    back = await shelf.page(selection, further.before)
    assert (captions(back), back.is_whole) == (["needle"], True) or not back.is_whole


@pytest.mark.parametrize("name", ["x", ">", "<1", "<1.2.3", ">1.", "=Z.1", ">9999999999999.1"])
async def test_what_names_no_page_is_refused(shelf: Shelf, name: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        await shelf.page(Selection(), name)
