"""What goes wrong on demand.

world.faults.add(Fault(endpoint="video/init", kind=LoseAnswer()))
world.faults.add(Fault(endpoint="upload", kind=Refuse(status=503), times=2, after=1))
world.faults.add(Fault(endpoint="upload", kind=Misstate(status=206)))
world.faults.add(Fault(endpoint="storage", kind=KeepLess(count=1000)))
world.faults.add(Fault(endpoint="processing", kind=FailProcessing(reason="spam_risk_text")))
world.faults.add(Fault(endpoint="webhook", kind=SendLate(seconds=60)))
"""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Literal, get_args

import httpx
from starlette.types import Scope, Send

EndpointName = Literal[
    "authorize",
    "oauth/token",
    "oauth/revoke",
    "user/info",
    "creator_info/query",
    "video/init",
    "inbox/video/init",
    "content/init",
    "upload",
    "status/fetch",
    "video/query",
]

Place = EndpointName | Literal["any call", "storage", "processing", "webhook"]
"""Where something can go wrong; `Fault` says what the last four stand for."""

BESIDE_CALLS = frozenset[Place]({"storage", "processing", "webhook"})
"""Where things go wrong that are no calls."""

INITS = frozenset[Place]({"video/init", "inbox/video/init", "content/init"})
"""Endpoints that begin a share."""

WITH_TOKEN = INITS | frozenset[Place](
    {"user/info", "creator_info/query", "status/fetch", "video/query"}
)
"""Endpoints that are called with an access token."""


@dataclass(frozen=True, kw_only=True)
class Refuse:
    """Answer with this status and error code, before any work is done."""

    status: int = 500
    code: str = "internal_error"
    message: str = "Something went wrong, please try again later"


@dataclass(frozen=True, kw_only=True)
class DropBefore:
    """Drop the connection before any work is done."""


@dataclass(frozen=True, kw_only=True)
class LoseAnswer:
    """Do the work, then drop the connection instead of answering."""


@dataclass(frozen=True, kw_only=True)
class Slow:
    """Do the work, then keep the caller waiting for the answer, in seconds of real time."""

    seconds: float


@dataclass(frozen=True, kw_only=True)
class Misstate:
    """Do the work, then answer with this status instead of the true one."""

    status: int


@dataclass(frozen=True, kw_only=True)
class EndToken:
    """End the access token with which the call comes, then do the work: it is refused with 401."""


@dataclass(frozen=True, kw_only=True)
class KeepLess:
    """Keep only the first `count` bytes of the chunk, and answer 206 with that progress."""

    count: int


@dataclass(frozen=True, kw_only=True)
class FailProcessing:
    """End in FAILED with this `fail_reason` of status/fetch."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class NeverEnd:
    """Stay in PROCESSING_UPLOAD, or PROCESSING_DOWNLOAD, for ever."""


@dataclass(frozen=True, kw_only=True)
class SendTwice:
    """Send the event to the webhook once more, answered or not."""


@dataclass(frozen=True, kw_only=True)
class SendLate:
    """Send the event this many seconds late; what happens meanwhile overtakes it."""

    seconds: float


CallFault = Refuse | DropBefore | LoseAnswer | Slow | Misstate | EndToken
ProcessingFault = FailProcessing | NeverEnd
WebhookFault = SendTwice | SendLate
AnyFault = CallFault | KeepLess | ProcessingFault | WebhookFault


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Lets the first `after` calls of an endpoint pass, then spoils the next `times` of them.

    Without `times` it goes on until it is called off. The endpoint "any call" stands for all calls
    of the app; the consent page is opened by a person. "storage" stands for the bytes of a chunk:
    it takes KeepLess, and counts chunks. "processing" stands for the clips and carousels
    themselves: it takes the processing kinds, and counts one when its last byte arrives. "webhook"
    stands for the events sent to the app: it takes the sending kinds, and counts the events of a
    clip or carousel at that same moment, one that it is published, in the inbox or failed before
    one that it is public.
    """

    endpoint: Place
    kind: AnyFault
    times: int | None = 1
    after: int = 0

    def __post_init__(self) -> None:
        if self.endpoint not in (*get_args(EndpointName), "any call", *BESIDE_CALLS):
            raise ValueError(f"no endpoint {self.endpoint!r}")
        fits = {
            "storage": isinstance(self.kind, KeepLess),
            "processing": isinstance(self.kind, ProcessingFault),
            "webhook": isinstance(self.kind, WebhookFault),
        }
        if isinstance(self.kind, EndToken):
            fits[self.endpoint] = self.endpoint in WITH_TOKEN
        if not fits.get(self.endpoint, isinstance(self.kind, CallFault)):
            raise ValueError(f"{self.kind!r} cannot happen to {self.endpoint}")
        if (self.times is not None and self.times < 1) or self.after < 0:
            raise ValueError("a fault happens at least once, after no or some calls")


@dataclass(kw_only=True)
class Waiting:
    """A fault still to happen: `passes` calls go well before it, `left` are spoiled (None: all)."""

    id: int
    fault: Fault
    passes: int
    left: int | None


class Faults:
    """The faults still to happen, in the order in which they were added."""

    def __init__(self) -> None:
        self._waiting: list[Waiting] = []
        self._added = 0
        self.happened: Counter[tuple[Place, AnyFault]] = Counter()
        """How often each kind has spoiled something, by the endpoint and the kind."""

    @property
    def waiting(self) -> list[Fault]:
        """Those that have not happened as often as they are to."""
        return [waiting.fault for waiting in self._waiting]

    @property
    def pending(self) -> list[Waiting]:
        """The same, with how often each is still to happen."""
        return [replace(waiting) for waiting in self._waiting]

    def add(self, fault: Fault) -> None:
        self._added += 1
        self._waiting.append(
            Waiting(id=self._added, fault=fault, passes=fault.after, left=fault.times)
        )

    def call_off(self, waiting_id: int) -> None:
        """Let the fault with this id happen no more; one that is over is none."""
        self._waiting = [waiting for waiting in self._waiting if waiting.id != waiting_id]

    def clear(self) -> None:
        self._waiting.clear()

    def of_call(self, endpoint: EndpointName) -> CallFault | None:
        """What happens to the call of `endpoint` that is coming in now."""
        kind = self._take(endpoint)
        return kind if isinstance(kind, CallFault) else None

    def of_storage(self) -> KeepLess | None:
        """What happens to the bytes of the chunk that is coming in now."""
        kind = self._take("storage")
        return kind if isinstance(kind, KeepLess) else None

    def of_processing(self) -> ProcessingFault | None:
        """What happens to the clip or carousel whose last byte has just arrived."""
        kind = self._take("processing")
        return kind if isinstance(kind, ProcessingFault) else None

    def of_webhook(self) -> WebhookFault | None:
        """What happens to the event that is being announced now."""
        kind = self._take("webhook")
        return kind if isinstance(kind, WebhookFault) else None

    def _take(self, endpoint: Place) -> AnyFault | None:
        called = endpoint not in BESIDE_CALLS and endpoint != "authorize"
        places = {endpoint, "any call"} if called else {endpoint}
        for waiting in self._waiting:
            if waiting.fault.endpoint not in places:
                continue
            if waiting.passes:
                waiting.passes -= 1
                continue
            if waiting.left is not None:
                waiting.left -= 1
            if waiting.left == 0:
                self._waiting.remove(waiting)
            self.happened[endpoint, waiting.fault.kind] += 1
            return waiting.fault.kind
        return None


async def hang_up(scope: Scope, send: Send) -> None:
    """Drop the connection of a request.

    uvicorn closes the connection of an app that returns within an answer. httpx's in-process
    transport has no connection: there the caller gets the exception that a closed one raises.
    """
    if "spec_version" not in scope["asgi"]:
        raise httpx.RemoteProtocolError("the sandbox dropped the connection")
    unfinished = [(b"content-length", b"1")]
    await send({"type": "http.response.start", "status": 500, "headers": unfinished})
