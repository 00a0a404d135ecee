"""The control panel: what a person at this machine does to the sandbox, by hand.

Each form is a POST to /panel/{action}, answered with a redirect to the panel, which says what was
done or why not. Other machines and other sites' pages are refused.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import get_args

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.loopback import from_own_page

from .api import base_url, form_body
from .clock import Clock
from .creators import CannotPost, Creator
from .rendering import page, span
from .troubles import LIMITS, PLACES, TROUBLES, fault_of, number, words_of
from .world import DAY, World

CALLS_SHOWN = 40
JUMPS = {
    "+1 min": timedelta(minutes=1),
    "+10 min": timedelta(minutes=10),
    "+1 hour": timedelta(hours=1),
    "+1 day": timedelta(days=1),
}
LONGEST_DELAY = 7 * DAY
LONGEST_VIDEO = 3600
POSTING: dict[CannotPost, str] = {
    "": "Can post",
    "spam_risk_too_many_posts": "Has posted enough for today",
    "spam_risk_user_banned_from_posting": "Is banned from posting",
    "reached_active_user_cap": "Comes after too many others today",
}

Form = Mapping[str, str]


class Panel:
    def __init__(self, world: World) -> None:
        self._world = world
        self._said = ""
        self._went_wrong = False
        self._actions: dict[str, Callable[[Form], Awaitable[str]]] = {
            "jump": self._jump,
            "catch-up": self._catch_up,
            "trouble": self._trouble,
            "call-off": self._call_off,
            "pace": self._pace,
            "creator": self._creator,
            "expire-access": self._expire_access,
            "expire-refresh": self._expire_refresh,
            "remove-app": self._remove_app,
        }

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/panel", self.show, methods=["GET"]),
            Route("/panel/{action}", self.act, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """GET /panel: everything as it is now."""
        if not from_own_page(request):
            return _refused()
        world = self._world
        return page(
            "panel.html",
            base=base_url(request),
            chat_url=world.chat_url,
            here=True,
            said=self._said,
            went_wrong=self._went_wrong,
            now=world.now(),
            clock=self._clock,
            jumps=list(JUMPS),
            places=PLACES,
            troubles=TROUBLES,
            limits=LIMITS,
            pending=[
                (each, PLACES[each.fault.endpoint], words_of(each.fault.kind))
                for each in world.faults.pending
            ],
            world=world,
            longest_delay=LONGEST_DELAY,
            longest_video=LONGEST_VIDEO,
            posting=POSTING,
            creators=[(creator, self._connection(creator)) for creator in world.creators.values()],
            calls=[
                (call, words_of(call.fault) if call.fault else "")
                for call in islice(reversed(world.calls), CALLS_SHOWN)
            ],
        )

    async def act(self, request: Request) -> Response:
        """POST /panel/{action}: do it, and say so on the panel."""
        if not from_own_page(request):
            return _refused()
        action = self._actions.get(request.path_params["action"])
        if action is None:
            return PlainTextResponse("There is no such control.\n", status_code=404)
        try:
            self._said = await action(dict(await form_body(request)))
            self._went_wrong = False
        except ValueError as reason:
            self._said, self._went_wrong = str(reason), True
        return RedirectResponse(f"{base_url(request)}/panel", 303)

    @property
    def _clock(self) -> Clock | None:
        """The clock that can be put forward, where the sandbox was given one."""
        return self._world.now if isinstance(self._world.now, Clock) else None

    def _settable_clock(self) -> Clock:
        if self._clock is None:
            raise ValueError("This sandbox keeps somebody else's time")
        return self._clock

    async def _jump(self, form: Form) -> str:
        clock = self._settable_clock()
        before, asleep = clock(), "asleep" in form
        by = _moment(form) - before if form.get("by") == "to" else JUMPS.get(form.get("by", ""))
        if by is None:
            raise ValueError("Choose how far")
        if not await clock.jump(by, asleep=asleep):
            raise ValueError(
                f"Only to {clock():%H:%M:%S}: what is due there is not done yet. Go on in a while"
            )
        slept = ", and nothing happened meanwhile" if asleep else ""
        return f"The clock was put forward by {span(by)}{slept}."

    async def _catch_up(self, form: Form) -> str:  # noqa: ARG002 - as every action
        await self._settable_clock().catch_up()
        return "The clock runs at half speed until it meets the real time."

    async def _trouble(self, form: Form) -> str:
        fault = fault_of(form)
        self._world.faults.add(fault)
        times = {None: "until called off", 1: "once"}.get(fault.times, f"{fault.times} times")
        return f"{PLACES[fault.endpoint]}: {words_of(fault.kind)}, {times}."

    async def _call_off(self, form: Form) -> str:
        if form.get("id") == "all":
            self._world.faults.clear()
            return "Everything is called off."
        self._world.faults.call_off(number(form.get("id", ""), "id", 0, 2**53))
        return "Called off."

    async def _pace(self, form: Form) -> str:
        processing, moderation = (
            number(form.get(name, ""), words, 0, LONGEST_DELAY)
            for name, words in (("processing", "processing"), ("moderation", "moderation"))
        )
        self._world.processing_delay = processing
        self._world.post_id_delay = moderation
        self._world.webhooks.on = "webhooks" in form
        told = "told by webhook" if self._world.webhooks.on else "not told, it has to ask"
        return (
            f"Clips take {processing} s to be processed and {moderation} s to be let through. "
            f"The bot is {told}."
        )

    async def _creator(self, form: Form) -> str:
        creator = self._named(form)
        longest = number(form.get("longest", ""), "longest video", 1, LONGEST_VIDEO)
        cannot = next((each for each in get_args(CannotPost) if each == form.get("posting")), None)
        if cannot is None:
            raise ValueError("Choose whether they can post")
        creator.private = "private" in form
        creator.comment_disabled = "comments" in form
        creator.duet_disabled = "duets" in form
        creator.stitch_disabled = "stitches" in form
        creator.max_video_post_duration_sec = longest
        creator.cannot_post = cannot
        await self._world.save()
        return f"{creator.nickname} is saved."

    async def _expire_access(self, form: Form) -> str:
        return await self._end(form, "access token", self._world.end_access)

    async def _expire_refresh(self, form: Form) -> str:
        return await self._end(form, "refresh token", self._world.end_refresh)

    async def _end(self, form: Form, what: str, end: Callable[[str], int]) -> str:
        creator = self._named(form)
        ended = end(creator.username)
        await self._world.save()
        counted = f"{ended} {what}s have" if ended != 1 else f"1 {what} has"
        return f"{creator.nickname}: {counted} ended."

    async def _remove_app(self, form: Form) -> str:
        creator = self._named(form)
        self._world.remove_app(creator.username)
        await self._world.save()
        return f"{creator.nickname} has removed the app from their account."

    def _named(self, form: Form) -> Creator:
        creator = self._world.creators.get(form.get("creator", ""))
        if creator is None:
            raise ValueError("There is no such creator")
        return creator

    def _connection(self, creator: Creator) -> dict[str, timedelta]:
        """For how long the access and the permission of a creator's newest tokens last."""
        state, now = self._world.state, self._world.now()
        kept = {"access": state.access_tokens, "permission": state.refresh_tokens}
        ends = {
            name: max(
                (each.expires_at for each in tokens.values() if each.username == creator.username),
                default=now,
            )
            for name, tokens in kept.items()
        }
        return {name: end - now for name, end in ends.items() if end > now}


def _moment(form: Form) -> datetime:
    try:
        return datetime.fromisoformat(form.get("moment", "")).replace(tzinfo=UTC)
    except ValueError:
        raise ValueError("Say when, such as 2027-01-31 18:30") from None


def _refused() -> Response:
    return PlainTextResponse("Only for the person at this machine.\n", status_code=403)
