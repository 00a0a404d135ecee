"""What rows ask for, and every fault that one can have."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core import tiktok
from core.accounts.accounts import ConnectedAccount
from core.bulk.orders import Fault, Order, RowFault, Setting, read_orders
from core.bulk.sheets import SheetRow
from core.clips import ClipKind, StoredClip
from core.queue.plans import POSTS_PER_DAY
from core.states import AccountStatus
from core.tiktok import PrivacyLevel

NOW = datetime(2027, 1, 12, 12, 0, tzinfo=UTC)


def account(number: int, name: str, status: AccountStatus = AccountStatus.CONNECTED) -> Any:
    return ConnectedAccount(
        id=number,
        username=name,
        nickname=name.title(),
        status=status,
        connected_at=NOW,
        refresh_expires_at=NOW,
    )


def clip(number: int, seconds: int = 10) -> StoredClip:
    return StoredClip(
        id=number,
        size=1,
        duration=timedelta(seconds=seconds),
        width=720,
        height=1280,
        file_id="file",
        kind=ClipKind.VIDEO,
    )


def offer(username: str, *, off: bool = False, private: bool = False) -> tiktok.CreatorInfo:
    audience = PrivacyLevel.FOLLOWER_OF_CREATOR if private else PrivacyLevel.PUBLIC_TO_EVERYONE
    return tiktok.CreatorInfo(
        username=username,
        nickname=username,
        avatar_url=None,
        privacy_level_options=(audience, PrivacyLevel.SELF_ONLY),
        comment_disabled=off,
        duet_disabled=False,
        stitch_disabled=False,
        max_video_post_duration_sec=60,
    )


SETTING = Setting(
    now=NOW,
    zone="Europe/Madrid",
    languages=("en",),
    clips={
        "a.mp4": (clip(1),),
        "b.mp4": (clip(2),),
        "twin.mp4": (clip(3), clip(4)),
        "long.mp4": (clip(5, seconds=61),),
        "=x.mp4": (clip(6),),
    },
    accounts=(account(1, "lena"), account(2, "max"), account(3, "old", AccountStatus.RECONNECT)),
    offers={1: offer("lena"), 2: offer("max", off=True, private=True)},
    busy={1: [NOW + timedelta(hours=6)], 2: []},
    privacy_words={"everyone": "PUBLIC_TO_EVERYONE", "only me": "SELF_ONLY"},
    yes=frozenset({"yes"}),
    no=frozenset({"no"}),
)


def read(*rows: dict[str, str], surplus: str = "") -> tuple[tuple[Order, ...], tuple[Fault, ...]]:
    sheet = [
        SheetRow(number=number, cells=cells, surplus=surplus)
        for number, cells in enumerate(rows, start=2)
    ]
    return read_orders(sheet, SETTING)


def test_a_row_with_everything() -> None:
    (order,), faults = read(
        {
            "file_name": "A.MP4",
            "caption": "=SUM(1) #food",
            "when": "2027-01-31 18:30",
            "account": "@Lena",
            "privacy": "EVERYONE",
            "comment": "Yes",
            "duet": "no",
            "your_brand": "yes",
            "ai_generated": "yes",
        }
    )
    assert faults == ()
    assert (order.clip.id, order.account_id, order.privacy) == (1, 1, "PUBLIC_TO_EVERYONE")
    assert order.caption == "=SUM(1) #food", "what looks like a formula is a caption"
    assert order.moment is not None
    assert order.moment.utc == datetime(2027, 1, 31, 17, 30, tzinfo=UTC)
    assert order.switches == {
        "allow_comment": True,
        "allow_duet": False,
        "your_brand": True,
        "ai_generated": True,
    }


def test_what_is_left_empty_is_left_to_be_chosen() -> None:
    (order,), faults = read({"file_name": "a.mp4"})
    assert faults == ()
    assert (order.caption, order.moment, order.account_id, order.privacy) == ("", None, None, None)
    assert order.switches == {}


@pytest.mark.parametrize(
    ("when", "utc"),
    [
        ("2027-01-31T18:30", (1, 31, 17, 30)),
        ("2027-01-31 18:30:00", (1, 31, 17, 30)),
        ("2027-01-31T18:30:00Z", (1, 31, 18, 30)),
        ("2027-01-31T18:30+05:00", (1, 31, 13, 30)),
        ("tomorrow 18:30", (1, 13, 17, 30)),
        ("fri 9am", (1, 15, 8, 0)),
    ],
)
def test_times(when: str, utc: tuple[int, int, int, int]) -> None:
    (order,), _ = read({"file_name": "a.mp4", "when": when})
    assert order.moment is not None
    assert order.moment.utc == datetime(2027, *utc, tzinfo=UTC)
    assert order.moment.zone == "Europe/Madrid"


def test_a_clip_may_go_to_several_accounts() -> None:
    orders, faults = read(
        {"file_name": "a.mp4", "account": "lena", "when": "fri 9am"},
        {"file_name": "a.mp4", "account": "max", "when": "fri 9am"},
    )
    assert (len(orders), faults) == (2, ())


def test_a_name_kept_from_being_a_formula() -> None:
    (order,), faults = read({"file_name": "'=x.mp4"})
    assert (order.clip.id, faults) == (6, ())


A = {"file_name": "a.mp4"}
LENA = {**A, "account": "lena"}


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"caption": "x"}, (RowFault.NO_FILE, "file_name", "", 0)),
        ({"file_name": "z.mp4"}, (RowFault.UNKNOWN_FILE, "file_name", "z.mp4", 0)),
        ({"file_name": "twin.mp4"}, (RowFault.SEVERAL_FILES, "file_name", "twin.mp4", 2)),
        (
            {"file_name": "long.mp4", "account": "lena"},
            (RowFault.CLIP_TOO_LONG, "file_name", "long.mp4", 60),
        ),
        (
            {**A, "caption": "🍋" * 1101},
            (RowFault.CAPTION_TOO_LONG, "caption", "🍋" * 1101, 2),
        ),
        ({**A, "when": "whenever"}, (RowFault.NO_TIME, "when", "whenever", 0)),
        ({**A, "when": "2027-02-31 10:00"}, (RowFault.NO_TIME, "when", "2027-02-31 10:00", 0)),
        ({**A, "when": "=1+1"}, (RowFault.NO_TIME, "when", "=1+1", 0)),
        ({**A, "when": "2027-01-01 10:00"}, (RowFault.PAST, "when", "2027-01-01 10:00", 0)),
        ({**A, "when": "2029-01-01 10:00"}, (RowFault.TOO_FAR, "when", "2029-01-01 10:00", 0)),
        ({**A, "when": "2027-03-28 02:30"}, (RowFault.JUMPED, "when", "2027-03-28 02:30", 0)),
        ({**A, "when": "2027-10-31 02:30"}, (RowFault.TWICE, "when", "2027-10-31 02:30", 0)),
        ({**A, "when": "2027-03-04"}, (RowFault.AMBIGUOUS, "when", "2027-03-04", 0)),
        ({**LENA, "when": "2027-01-12 19:00"}, (RowFault.TAKEN, "when", "", 0)),
        ({**A, "account": "@nobody"}, (RowFault.UNKNOWN_ACCOUNT, "account", "@nobody", 0)),
        ({**A, "account": "old"}, (RowFault.LOST_ACCOUNT, "account", "old", 0)),
        ({**A, "privacy": "public"}, (RowFault.UNKNOWN_PRIVACY, "privacy", "public", 0)),
        (
            {**A, "account": "max", "privacy": "everyone"},
            (RowFault.PRIVACY_NOT_OFFERED, "privacy", "everyone", 0),
        ),
        (
            {**A, "privacy": "only me", "branded_content": "yes"},
            (RowFault.BRANDED_PRIVATE, "privacy", "only me", 0),
        ),
        ({**A, "duet": "perhaps"}, (RowFault.NOT_YES_OR_NO, "duet", "perhaps", 0)),
        ({**A, "account": "max", "comment": "yes"}, (RowFault.TURNED_OFF, "comment", "yes", 0)),
    ],
)
def test_one_thing_wrong(cells: dict[str, str], fault: tuple[RowFault, str, str, int]) -> None:
    orders, (found,) = read(cells)
    assert orders == ()
    assert (found.what, found.column, found.value, found.other) == fault
    assert found.row == 2


def test_every_fault_of_a_row_is_told() -> None:
    _, faults = read({"file_name": "z.mp4", "when": "never", "duet": "2"}, surplus="left over")
    assert [fault.what for fault in faults] == [
        *(RowFault.UNKNOWN_FILE, RowFault.NO_TIME, RowFault.NOT_YES_OR_NO, RowFault.SURPLUS),
    ]


def test_rows_that_clash() -> None:
    _, faults = read(
        {**LENA, "when": "fri 9am"},
        {**LENA, "when": "fri 10am"},
        {"file_name": "b.mp4", "account": "lena", "when": "2027-01-15 09:00"},
    )
    assert [(fault.row, fault.what, fault.other) for fault in faults] == [
        (3, RowFault.SAME_POST, 2),
        (4, RowFault.SAME_TIME, 2),
    ]


def test_more_in_a_day_than_tiktok_takes() -> None:
    clips = {f"{number}.mp4": (clip(100 + number),) for number in range(20)}
    sheet = [
        SheetRow(
            number=number,
            cells={
                "file_name": f"{number}.mp4",
                "account": "max",
                "when": f"2027-01-20 {number:02}:00",
            },
        )
        for number in range(20)
    ]
    setting = Setting(**{**vars(SETTING), "clips": clips})
    orders, faults = read_orders(sheet, setting)
    assert len(orders) == POSTS_PER_DAY
    assert [(fault.row, fault.what) for fault in faults] == [
        (number, RowFault.OVER_CAP) for number in range(POSTS_PER_DAY, 20)
    ]
