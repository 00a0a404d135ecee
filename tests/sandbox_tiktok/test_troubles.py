"""The faults in words, chosen on the control panel."""

from collections.abc import AsyncIterator
from typing import Any, get_args

import pytest

from sandbox.tiktok import EndToken, Fault, LoseAnswer, Refuse, Slow, TikTok
from sandbox.tiktok.faults import AnyFault, Place
from sandbox.tiktok.troubles import PLACES, TROUBLES, fault_of, words_of
from tests.sandbox_tiktok import caller
from tests.sandbox_tiktok.caller import HERE, Caller, caller_of, video
from tests.sandbox_tiktok.panel import panel, press

CHOICES = [
    (place, trouble)
    for group in TROUBLES.values()
    for trouble in group
    for place in sorted(trouble.places)
]


@pytest.fixture(name="world")
def _world() -> TikTok:
    return TikTok(now=caller.Clock())


@pytest.fixture(name="here")
async def _here(world: TikTok) -> AsyncIterator[Caller]:
    async with caller_of(world.app, HERE) as caller:
        yield caller


@pytest.mark.parametrize(("place", "trouble"), CHOICES, ids=lambda each: getattr(each, "key", each))
async def test_every_trouble_can_be_chosen_where_it_fits(
    world: TikTok, here: Caller, place: Place, trouble: Any
) -> None:
    measure = {"measure": f"{trouble.usual:.0f}"} if trouble.unit else {}
    said = await press(here, "trouble", place=place, trouble=trouble.key, times="3", **measure)
    (pending,) = world.faults.pending
    assert (pending.fault.endpoint, pending.left) == (place, 3)
    assert said == f"{PLACES[place]}: {words_of(pending.fault.kind)}, 3 times."
    assert f"{PLACES[place]}: {words_of(pending.fault.kind)}" in await panel(here)


def test_every_kind_and_every_place_is_on_offer() -> None:
    assert {type(trouble.kind) for _, trouble in CHOICES} == set(get_args(AnyFault))
    assert {place for place, _ in CHOICES} == set(PLACES)
    keys = [trouble.key for group in TROUBLES.values() for trouble in group]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({}, "Choose where it happens, and what"),
        ({"place": "video/init"}, "Choose where"),
        ({"place": "nowhere", "trouble": "drop"}, "Choose where"),
        ({"place": "processing", "trouble": "drop", "times": "1"}, "cannot happen"),
        ({"place": "oauth/token", "trouble": "end-token", "times": "1"}, "cannot happen"),
        ({"place": "upload", "trouble": "drop", "times": "0"}, "Times: a number from 1 to 1,000"),
        ({"place": "upload", "trouble": "drop", "times": "٣"}, "Times"),
        ({"place": "upload", "trouble": "drop"}, "Times"),
        ({"place": "upload", "trouble": "slow", "times": "1"}, "Seconds: a number from 1"),
        ({"place": "upload", "trouble": "slow", "measure": "1e3", "times": "1"}, "Seconds"),
        (
            {"place": "upload", "trouble": "misstate", "measure": "99", "times": "1"},
            "HTTP status: a number from 200 to 599",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(form: dict[str, str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        fault_of(form)


async def test_what_was_chosen_happens_to_the_next_calls(here: Caller) -> None:
    token = await here.connect()
    await press(
        here, "trouble", place="video/init", trouble="refuse:rate_limit_exceeded", times="2"
    )
    answers = [await here.init(token, video(15)) for _ in range(3)]
    assert [each.status_code for each in answers] == [429, 429, 200]
    assert answers[0].json()["error"]["code"] == "rate_limit_exceeded"
    assert "Nothing: TikTok works as it should." in await panel(here)


async def test_a_creator_who_cannot_post_is_refused_as_tiktok_does_it() -> None:
    form = {"trouble": "refuse:spam_risk_too_many_posts", "times": "1"}
    kinds = [
        fault_of({**form, "place": place}).kind for place in ("creator_info/query", "video/init")
    ]
    assert [kind.status for kind in kinds if isinstance(kind, Refuse)] == [200, 403]


async def test_what_is_pending_can_be_called_off(world: TikTok, here: Caller) -> None:
    world.faults.add(Fault(endpoint="upload", kind=Slow(seconds=5), times=2))
    said = await press(here, "trouble", place="any call", trouble="lose-answer", always="on")
    assert said == "Every call of the bot: done, the answer lost, until called off."
    world.faults.add(Fault(endpoint="status/fetch", kind=EndToken()))
    page = await panel(here)
    assert "Sending a chunk of the clip: done, answered 5 s late, 2 times" in page
    assert "Every call of the bot: done, the answer lost, until called off" in page
    assert "the access token ends, once" in page
    assert await press(here, "call-off", id=str(world.faults.pending[0].id)) == "Called off."
    assert [fault.kind for fault in world.faults.waiting] == [LoseAnswer(), EndToken()]
    assert await press(here, "call-off", id="all") == "Everything is called off."
    assert world.faults.waiting == []
    assert "a number from" in await press(here, "call-off", id="x")
