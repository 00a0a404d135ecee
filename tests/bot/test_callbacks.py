"""What buttons carry: there and back, within 64 bytes, and nothing else is taken."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.callbacks import (
    CALLBACK_DATA_MAX_BYTES,
    AccountTap,
    AccountVerb,
    BadTap,
    DataTap,
    DataVerb,
    MenuTap,
    MenuVerb,
    PostTap,
    PostVerb,
    SettingsTap,
    SettingsVerb,
    StatsTap,
    Tap,
    read,
)
from core.tiktok import PrivacyLevel

LARGEST = 2**53
IDS = st.integers(0, LARGEST)
ARGUMENTS = st.text(max_size=4)
TAPS: st.SearchStrategy[Tap] = st.one_of(
    st.builds(PostTap, IDS, IDS, st.sampled_from(PostVerb), ARGUMENTS),
    st.builds(AccountTap, IDS, st.sampled_from(AccountVerb)),
    st.builds(MenuTap, st.sampled_from(MenuVerb), ARGUMENTS),
    st.builds(SettingsTap, st.sampled_from(SettingsVerb), ARGUMENTS),
    st.builds(StatsTap, IDS),
    st.builds(DataTap, st.sampled_from(DataVerb)),
)


@given(tap=TAPS)
@example(tap=PostTap(1, 1, PostVerb.AT, "a:b:c"))
@example(tap=SettingsTap(SettingsVerb.SET_ZONE, ":"))
def test_a_tap_comes_back_as_it_was(tap: Tap) -> None:
    data = tap.pack()
    assert len(data.encode()) <= CALLBACK_DATA_MAX_BYTES
    assert read(data) == tap


LONGEST_ARGUMENTS = {
    PostVerb.AT: "9999999999",
    PostVerb.PICK_DAY: "2027-12",
    PostVerb.PICK_HOUR: "2027-12-31",
    PostVerb.PICK_MINUTE: "2027-12-31T23",
    PostVerb.PICKED: "2027-12-31T23:55",
    PostVerb.SET_PRIVACY: max(PrivacyLevel, key=len),
    PostVerb.TOGGLE: "branded_content",
    PostVerb.SET_ACCOUNT: str(LARGEST),
    PostVerb.SET_ALSO: str(LARGEST),
}


@pytest.mark.parametrize("verb", PostVerb)
def test_every_button_of_a_post_fits_with_the_largest_ids(verb: PostVerb) -> None:
    tap = PostTap(LARGEST, LARGEST, verb, LONGEST_ARGUMENTS.get(verb, ""))
    assert read(tap.pack()) == tap


def test_the_longest_zone_fits() -> None:
    assert SettingsTap(SettingsVerb.SET_ZONE, "America/Argentina/ComodRivadavia").pack()


def test_what_does_not_fit_is_refused_when_the_button_is_made() -> None:
    with pytest.raises(ValueError, match="too long"):
        SettingsTap(SettingsVerb.SET_ZONE, "é" * 30).pack()


FOREIGN = [
    "",
    ":",
    "::::",
    "p1",
    "p1:1:1",
    "p0:1:1:show:",
    "p2:1:1:show:",
    "P1:1:1:show:",
    "p1:1:1:explode:",
    "p1:1:1::",
    "p1:one:1:show:",
    "p1:-1:1:show:",
    "p1:+1:1:show:",
    "p1:01:1:show:",
    "p1: 1:1:show:",
    "p1:1_0:1:show:",
    "p1:1.0:1:show:",
    "p1:\u0661:1:show:",  # a digit, but none of ours
    "p1:1\n:1:show:",
    f"p1:{'9' * 40}:1:show:",
    f"p1:{2**63}:1:show:",
    "a1:1",
    "a1:1:det:more",
    "m1",
    "m1:connect",
    "m1:dance:",
    "connect",
    "{}",
    "\x00",
]


@pytest.mark.parametrize("data", FOREIGN)
def test_foreign_data_is_no_tap(data: str) -> None:
    with pytest.raises(BadTap):
        read(data)


PIECES = st.sampled_from(
    ["p1", "a1", "m1", ":", "1", "9" * 20, "-", " ", "show", "det", "connect", "é", "\n"]
)


@given(data=st.one_of(st.text(max_size=64), st.lists(PIECES, max_size=9).map("".join)))
def test_whatever_comes_is_a_tap_as_we_write_it_or_a_bad_one(data: str) -> None:
    try:
        tap = read(data)
    except BadTap:
        return
    assert tap.pack() == data
