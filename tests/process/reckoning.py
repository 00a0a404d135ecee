"""What a chaos test comes to: every post's fate, what must not be, and the figures."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select

from core import verdicts
from core.notifications import NoticeKind
from core.states import PostStatus
from core.store.database import Database
from core.store.models import Notification, Post
from sandbox.telegram import Person
from sandbox.tiktok import TikTok
from sandbox.tiktok.faults import AnyFault

LAST_WORDS = {
    PostStatus.PUBLISHED: (NoticeKind.PUBLISHED, "✅ Published on @"),
    PostStatus.FAILED: (NoticeKind.FAILED, "❌ Not published on @"),
    PostStatus.UNCONFIRMED: (NoticeKind.UNCONFIRMED, "❓ Not confirmed: @"),
}
"""How a post can end, and how the notice begins that tells its creator so; no card does."""
QUESTION = "is it there?"


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What a creator wants."""

    title: str
    owner: Person
    username: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Fate:
    """What the product's tables say became of a post."""

    status: PostStatus
    code: str | None
    publish_id: str | None
    asks_on: bool
    """Whether it will be looked at again."""
    last_words: int
    """Notices that tell how it ended."""
    attempts: int
    """How often they were on their way to the messenger."""

    @property
    def ended(self) -> bool:
        if self.status is PostStatus.UNCONFIRMED:
            return self.code == verdicts.NEVER_TOLD and not self.asks_on
        return self.status in {PostStatus.PUBLISHED, PostStatus.FAILED}


async def fates(database: Database) -> dict[str, Fate]:
    """By title."""
    async with database.reading() as session:
        posts = (await session.scalars(select(Post))).all()
        notices = (await session.scalars(select(Notification))).all()
    return {
        post.caption: Fate(
            status=post.status,
            code=post.failure_code,
            publish_id=post.publish_id,
            asks_on=post.wake_at is not None,
            last_words=len(last := [each for each in notices if _ends(each, post)]),
            attempts=sum(each.attempts for each in last),
        )
        for post in posts
    }


def _ends(notice: Notification, post: Post) -> bool:
    kind, _ = LAST_WORDS.get(post.status, (None, ""))
    if notice.kind != kind or notice.payload.get("post_id") != post.id:
        return False
    return kind is not NoticeKind.UNCONFIRMED or notice.payload["code"] == verdicts.NEVER_TOLD


@dataclass(frozen=True, kw_only=True)
class Reckoning:
    """`reconnects`: how often a creator had to connect an account again; `errors`: of the logs."""

    seed: int
    processes: int
    planned: Sequence[Planned]
    fates: Mapping[str, Fate]
    tiktok: TikTok
    kills: int
    reconnects: int
    errors: Sequence[str]
    seconds: float

    @property
    def complaints(self) -> list[str]:
        """Everything that must not be; empty when all is well."""
        titles = {plan.title for plan in self.planned}
        strange = {post.title for post in self.tiktok.posts} - titles
        return [
            *self.errors,
            *(f"{title}: on TikTok, and nobody's" for title in strange),
            *(f"{plan.title}: {wrong}" for plan in self.planned for wrong in self._problems(plan)),
        ]

    def _problems(self, plan: Planned) -> list[str]:
        fate = self.fates.get(plan.title)
        if fate is None or not fate.ended:
            return [f"stuck: {fate}"]
        live = [post for post in self.tiktok.posts if post.title == plan.title]
        ends = [end for end in self._ends(plan.title) if end]
        told = self._told(plan, fate)
        wrong = {
            f"{fate.status}, and {len(live)} times on TikTok": (
                len(live) != (fate.status is PostStatus.PUBLISHED)
            ),
            "other bytes than its creator's": any(post.sha256 != plan.sha256 for post in live),
            "somebody else's account": any(post.username != plan.username for post in live),
            "sent again while it might have been live": len(self._ends(plan.title)) - len(ends) > 1,
            f"failed for {fate.code}, TikTok gave {ends}": (
                fate.status is PostStatus.FAILED and fate.code not in ends
            ),
            "put to its creator, though TikTok has a verdict": (
                fate.status is PostStatus.UNCONFIRMED and not self._is_undecided(fate.publish_id)
            ),
            f"told {told} times, by {fate.last_words} notices sent {fate.attempts} times": (
                fate.last_words != 1 or not 1 <= told <= fate.attempts
            ),
        }
        return [problem for problem, is_so in wrong.items() if is_so]

    def _ends(self, title: str) -> list[str]:
        """Of each time that TikTok got all bytes: the reason for which it failed, or ""."""
        return [
            upload.processing.fail_reason
            for upload in self.tiktok.state.uploads.values()
            if upload.post_info.title == title and upload.processing
        ]

    def _is_undecided(self, publish_id: str | None) -> bool:
        upload = self.tiktok.state.uploads.get(publish_id or "")
        return upload is not None and upload.status(self.tiktok.now()) == "PROCESSING_UPLOAD"

    def _told(self, plan: Planned, fate: Fate) -> int:
        """How many messages tell the creator how it ended, and why."""
        _, words = LAST_WORDS[fate.status]
        why = {PostStatus.UNCONFIRMED: QUESTION, PostStatus.FAILED: fate.code or ""}
        return sum(
            message.from_bot
            and message.text.startswith(words + plan.username)
            and plan.title in message.text
            and why.get(fate.status, "") in message.text
            for message in plan.owner.chat
        )

    @property
    def repeats(self) -> int:
        """Last words that came once more: their process was killed before it could note them."""
        ended = [plan for plan in self.planned if self.fates[plan.title].status in LAST_WORDS]
        return sum(max(0, self._told(plan, self.fates[plan.title]) - 1) for plan in ended)

    def __str__(self) -> str:
        """The table."""
        states = Counter(fate.status for fate in self.fates.values())
        reasons = Counter(
            fate.code for fate in self.fates.values() if fate.status is PostStatus.FAILED
        )
        chunks = sum(call.code == "ok" for call in self.tiktok.calls if call.endpoint == "upload")
        owners = {plan.owner.id for plan in self.planned}
        accounts = {plan.username for plan in self.planned}
        happened = self.tiktok.faults.happened
        rows: list[tuple[str, object]] = [
            ("seed", self.seed),
            ("processes", self.processes),
            ("posts", f"{len(self.planned)} of {len(accounts)} accounts, {len(owners)} creators"),
            ("posted", len(self.tiktok.posts)),
            ("failed", f"{states[PostStatus.FAILED]}  {_listed(reasons)}"),
            ("asked", states[PostStatus.UNCONFIRMED]),
            ("inits", len(self.tiktok.state.uploads)),
            ("chunks", chunks),
            ("kills", self.kills),
            ("reconnects", self.reconnects),
            ("told twice", self.repeats),
            ("wall time", f"{self.seconds:.0f} s"),
            ("faults", happened.total()),
        ]
        for place in dict.fromkeys(place for place, _ in happened):
            kinds = {_name(kind): times for (at, kind), times in happened.items() if at == place}
            rows.append((f"  {place}", _listed(kinds)))
        return "\n".join(f"{name:<20} {figure}" for name, figure in rows)


def _name(kind: AnyFault) -> str:
    """The kind with what tells it from others: "Refuse 503 internal_error"."""
    told = {name: value for name, value in asdict(kind).items() if name != "message"}
    return " ".join([type(kind).__name__, *map(str, told.values())])


def _listed(figures: Mapping[str | None, int] | Mapping[str, int]) -> str:
    return ", ".join(f"{name} {figure}" for name, figure in figures.items())
