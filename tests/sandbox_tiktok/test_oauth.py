"""Consent, tokens and revocation: what the sandbox grants and what it refuses."""

from typing import Any

import pytest

from sandbox.tiktok import TikTok
from tests.sandbox_tiktok.caller import REDIRECT, SCOPES, Caller, Clock, called_back, caller_of

WRONG_QUESTIONS = {
    "no client key": {"client_key": None},
    "other client key": {"client_key": "else"},
    "client_id instead": {"client_key": None, "client_id": "sandbox-key"},
    "other response type": {"response_type": "token"},
    "no scope": {"scope": ""},
    "unknown scope": {"scope": "user.info.basic,video.delete"},
    "scopes joined by spaces": {"scope": "user.info.basic video.publish"},
    "scope twice": {"scope": "video.publish,video.publish"},
    "no redirect": {"redirect_uri": None},
    "relative redirect": {"redirect_uri": "/callback"},
    "app redirect": {"redirect_uri": "clipcue://callback"},
    "redirect with query": {"redirect_uri": REDIRECT + "?a=b"},
    "redirect with fragment": {"redirect_uri": REDIRECT + "#a"},
    "long redirect": {"redirect_uri": "https://bot.example/" + "a" * 492},
    "broken redirect": {"redirect_uri": "https://[bot/callback"},
    "no state": {"state": None},
    "odd disable_auto_auth": {"disable_auto_auth": "true"},
    "challenge of another platform": {"code_challenge": "abc", "code_challenge_method": "S256"},
}


@pytest.mark.parametrize("changes", WRONG_QUESTIONS.values(), ids=WRONG_QUESTIONS.keys())
async def test_a_wrong_question_ends_on_an_error_page(changes: dict[str, str | None]) -> None:
    world = TikTok(now=Clock())
    async with caller_of(world.app) as caller:
        for answer in (
            await caller.http.get(caller.authorize_path(**changes)),
            await caller.http.post(caller.authorize_path(**changes)),
        ):
            assert answer.status_code == 400
            assert "Something went wrong" in answer.text
            assert "location" not in answer.headers


@pytest.mark.parametrize(
    "form",
    [
        {"decision": "authorize"},
        {"decision": "authorize", "creator": "nobody"},
    ],
)
async def test_an_answer_for_nobody_ends_on_an_error_page(form: dict[str, str]) -> None:
    async with caller_of(TikTok(now=Clock()).app) as caller:
        answer = await caller.http.post(caller.authorize_path(), data=form)
        assert answer.status_code == 400
        answer = await caller.http.post(caller.authorize_path(), json=form)
        assert answer.status_code == 400


async def test_a_parameter_sent_twice_is_a_wrong_question() -> None:
    async with caller_of(TikTok(now=Clock()).app) as caller:
        answer = await caller.http.get(caller.authorize_path() + "&state=st-2")
    assert answer.status_code == 400


async def test_only_registered_redirects_are_called_back() -> None:
    world = TikTok(now=Clock(), redirect_uris=[REDIRECT])
    async with caller_of(world.app) as caller:
        assert (await caller.http.get(caller.authorize_path())).status_code == 200
        near = caller.authorize_path(redirect_uri=REDIRECT + "/")
        assert (await caller.http.get(near)).status_code == 400


async def test_cancel_calls_back_with_access_denied() -> None:
    async with caller_of(TikTok(now=Clock()).app) as caller:
        answer = await caller.http.post(
            caller.authorize_path(), data={"creator": "lena.cooks", "decision": "cancel"}
        )
    back = called_back(answer)
    assert (back["error"], back["state"]) == ("access_denied", "st-1")
    assert back["error_description"]
    assert "code" not in back


async def test_switching_every_scope_off_is_a_refusal() -> None:
    async with caller_of(TikTok(now=Clock()).app) as caller:
        answer = await caller.http.post(
            caller.authorize_path(scope="video.publish"),
            data={"creator": "lena.cooks", "decision": "authorize"},
        )
    assert called_back(answer)["error"] == "access_denied"


async def test_a_code_is_percent_encoded_on_its_way_back() -> None:
    async with caller_of(TikTok(now=Clock()).app) as caller:
        answer = await caller.http.post(
            caller.authorize_path(), data={"creator": "lena.cooks", "decision": "authorize"}
        )
    location = answer.headers["location"]
    assert "%2A" in location
    assert "%21" in location
    assert {"*", "!"} <= set(called_back(answer)["code"])


async def test_a_signed_in_creator_skips_the_page_unless_it_is_asked_for() -> None:
    world = TikTok(now=Clock())
    async with caller_of(world.app) as caller:

        async def skips(**changes: str) -> bool:
            answer = await caller.http.get(caller.authorize_path(**changes))
            return answer.status_code == 303 and "code" in called_back(answer)

        assert not await skips(disable_auto_auth="0")  # nobody is signed in
        token = await caller.connect()
        assert await skips(disable_auto_auth="0")
        assert await skips()
        assert not await skips(disable_auto_auth="1")
        assert not await skips(scope=SCOPES + ",video.list")  # not agreed to yet
        revoked = await _revoke(caller, token)
        assert revoked == {}
        assert not await skips(disable_auto_auth="0")


async def test_the_token_answer_is_flat_and_tells_the_lifetimes() -> None:
    world = TikTok(now=Clock())
    async with caller_of(world.app) as caller:
        tokens = await caller.exchange((await caller.consent())["code"])
        again = await caller.exchange((await caller.consent())["code"])
    assert tokens.pop("access_token").startswith("act.")
    assert tokens.pop("refresh_token").startswith("rft.")
    assert tokens == {
        "expires_in": 7200,
        "refresh_expires_in": 15_552_000,
        "open_id": world.creators["lena.cooks"].open_id,
        "scope": SCOPES,
        "token_type": "Bearer",
    }
    assert again["open_id"] == tokens["open_id"]


async def test_a_code_works_once_for_its_redirect_and_for_a_while() -> None:
    clock = Clock()
    async with caller_of(TikTok(now=clock).app) as caller:
        code = (await caller.consent())["code"]
        assert (await caller.exchange(code, REDIRECT + "/"))["error"] == "invalid_grant"
        assert "access_token" in await caller.exchange(code)
        assert (await caller.exchange(code))["error"] == "invalid_grant"
        late = (await caller.consent())["code"]
        clock.forward(301)
        assert (await caller.exchange(late))["error"] == "invalid_grant"


async def test_refresh_tokens_rotate_and_a_spent_one_is_refused() -> None:
    clock = Clock()
    world = TikTok(now=clock)
    async with caller_of(world.app) as caller:
        first = await caller.exchange((await caller.consent())["code"])
        clock.forward(7200)
        assert (await caller.creator_info(first["access_token"])).status_code == 401
        second = await caller.refresh(first["refresh_token"])
        assert second["open_id"] == first["open_id"]
        assert (await caller.creator_info(second["access_token"])).status_code == 200
        assert (await caller.refresh(first["refresh_token"]))["error"] == "invalid_grant"
        assert "access_token" in await caller.refresh(second["refresh_token"])


async def test_lifetimes_can_be_set() -> None:
    clock = Clock()
    world = TikTok(now=clock)
    world.access_lifetime, world.refresh_lifetime = 60, 120
    async with caller_of(world.app) as caller:
        tokens = await caller.exchange((await caller.consent())["code"])
        assert (tokens["expires_in"], tokens["refresh_expires_in"]) == (60, 120)
        clock.forward(120)
        assert (await caller.refresh(tokens["refresh_token"]))["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "rft.x"}, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": "rft.x", "a": "b"}, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "x"}, "invalid_request"),
        ({"grant_type": "refresh_token", "client_secret": "x"}, "invalid_client"),
        ({"grant_type": "refresh_token", "client_key": "x"}, "invalid_client"),
        ({"grant_type": "refresh_token", "client_key": ""}, "invalid_request"),
    ],
)
async def test_wrong_token_requests(fields: dict[str, str], error: str) -> None:
    async with caller_of(TikTok(now=Clock()).app) as caller:
        body = await caller.token(**fields)
    assert body["error"] == error
    assert body["error_description"]
    assert body["log_id"]


async def test_the_token_endpoint_takes_plain_forms_only() -> None:
    form: dict[str, Any] = {
        "client_key": "sandbox-key",
        "client_secret": "sandbox-secret",
        "grant_type": "refresh_token",
        "refresh_token": "rft.x",
    }
    async with caller_of(TikTok(now=Clock()).app) as caller:
        for answer in (
            await caller.http.post("v2/oauth/token/", json=form),
            await caller.http.post("v2/oauth/token/", data=form, files={"f": b""}),
            await caller.http.post("v2/oauth/token/", data={**form, "code": ["a", "b"]}),
            await caller.http.post(
                "v2/oauth/token/", data=form, headers={"Authorization": "Bearer x"}
            ),
        ):
            assert answer.status_code == 200
            assert answer.json()["error"] == "invalid_request"


async def _revoke(caller: Caller, token: str) -> Any:
    form = {"client_key": "sandbox-key", "client_secret": "sandbox-secret", "token": token}
    return (await caller.http.post("v2/oauth/revoke/", data=form)).json()


async def test_revoking_ends_every_grant_of_the_creator_and_no_other() -> None:
    world = TikTok(now=Clock())
    async with caller_of(world.app) as caller:
        lena = await caller.exchange((await caller.consent())["code"])
        older = await caller.connect()
        max_ = await caller.connect("quiet_max")
        assert await _revoke(caller, lena["access_token"]) == {}
        for token in (lena["access_token"], older):
            refused = await caller.creator_info(token)
            assert refused.json()["error"]["code"] == "access_token_invalid"
        assert (await caller.refresh(lena["refresh_token"]))["error"] == "invalid_grant"
        assert (await caller.creator_info(max_)).status_code == 200


async def test_an_expired_access_token_cannot_revoke() -> None:
    clock = Clock()
    async with caller_of(TikTok(now=clock).app) as caller:
        tokens = await caller.exchange((await caller.consent())["code"])
        clock.forward(7200)
        assert (await _revoke(caller, tokens["access_token"]))["error"] == "invalid_grant"
        assert "access_token" in await caller.refresh(tokens["refresh_token"])
