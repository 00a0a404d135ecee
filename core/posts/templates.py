"""Templates: captions kept for later, with placeholders, and sets of hashtags."""

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import Clock
from core.errors import ClipCueError, NotFound
from core.posts.hashtags import consists_of_hashtags
from core.store.database import Database
from core.store.models import Template
from core.times import LANGUAGES

MOST_TEMPLATES = 50
LONGEST_NAME = 40
"""Characters; it has to fit on a button."""

PLACEHOLDERS = ("date", "n", "account")
"""The day the post goes out, its number in its batch, and the account's handle."""

_PLACEHOLDER = re.compile(r"\{(" + "|".join(PLACEHOLDERS) + r")\}")


class NameTaken(ClipCueError):
    """Another template of the creator's has this name."""


class BadName(ClipCueError):
    """A template's name is one line of 1 to `LONGEST_NAME` characters."""


class TooManyTemplates(ClipCueError):
    """A creator has room for `MOST_TEMPLATES` templates."""


@dataclass(frozen=True, kw_only=True)
class CaptionTemplate:
    """A template as its creator sees it."""

    id: int
    name: str
    caption: str

    @property
    def is_hashtags(self) -> bool:
        """Whether it is a set of hashtags: such a set is added to a caption, else it is one."""
        return consists_of_hashtags(self.caption)

    def onto(self, caption: str) -> str:
        """What a caption becomes with this template, placeholders still to be filled."""
        if not self.is_hashtags:
            return self.caption
        known = set(caption.casefold().split())
        more = [tag for tag in self.caption.split() if tag.casefold() not in known]
        return " ".join([caption.rstrip(), *more]).strip()


class Templates:
    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of(self, owner_id: int) -> list[CaptionTemplate]:
        """The creator's templates by name."""
        async with self._database.reading() as session:
            rows = await session.scalars(
                select(Template)
                .where(Template.owner_id == owner_id)
                .order_by(func.lower(Template.name), Template.id)
            )
            return [_template(row) for row in rows]

    async def get(self, owner_id: int, template_id: int) -> CaptionTemplate:
        """One template of the creator's; raises `NotFound`."""
        async with self._database.reading() as session:
            return _template(await _owned(session, owner_id, template_id))

    async def save(self, owner_id: int, name: str, caption: str) -> CaptionTemplate:
        """Keep a caption; raises `BadName`, `NameTaken`, `TooManyTemplates`."""
        name = _checked(name)
        async with self._database.transaction() as change:
            count = select(func.count()).where(Template.owner_id == owner_id)
            if (await change.scalar(count) or 0) >= MOST_TEMPLATES:
                raise TooManyTemplates
            await _require_free(change, owner_id, name)
            row = Template(owner_id=owner_id, name=name, caption=caption, created_at=self._clock())
            change.add(row)
            await change.flush()
            return _template(row)

    async def rename(self, owner_id: int, template_id: int, new: str) -> CaptionTemplate:
        """Call a template by another name; raises `NotFound`, `BadName`, `NameTaken`."""
        new = _checked(new)
        async with self._database.transaction() as change:
            row = await _owned(change, owner_id, template_id)
            await _require_free(change, owner_id, new, but=row.id)
            row.name = new
            return _template(row)

    async def delete(self, owner_id: int, template_id: int) -> CaptionTemplate:
        """Forget a template, and return what it was; captions made from it stay."""
        async with self._database.transaction() as change:
            row = await _owned(change, owner_id, template_id)
            await change.delete(row)
            return _template(row)


def fill(caption: str, *, day: date, number: int, account: str, language: str | None) -> str:
    """The caption with its placeholders filled; it may then be longer than TikTok takes."""
    values = {"date": _day_words(day, language), "n": str(number), "account": account}
    return _PLACEHOLDER.sub(lambda found: values[found[1]], caption)


def has_placeholders(caption: str) -> bool:
    """Whether there is anything to fill."""
    return _PLACEHOLDER.search(caption) is not None


def _day_words(day: date, language: str | None) -> str:
    # Babel takes some megabytes, and is needed only for this.
    from babel.dates import format_skeleton  # noqa: PLC0415

    spoken = (language or "").replace("_", "-").partition("-")[0].lower()
    return str(format_skeleton("MMMMd", day, locale=spoken if spoken in LANGUAGES else "en"))


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise BadName
    return name


async def _require_free(
    session: AsyncSession, owner_id: int, name: str, *, but: int | None = None
) -> None:
    other = await _named(session, owner_id, name)
    if other is not None and other.id != but:
        raise NameTaken


async def _named(session: AsyncSession, owner_id: int, name: str) -> Template | None:
    rows = await session.scalars(select(Template).where(Template.owner_id == owner_id))
    return next((row for row in rows if row.name.casefold() == name.casefold()), None)


async def _owned(session: AsyncSession, owner_id: int, template_id: int) -> Template:
    row = await session.get(Template, template_id)
    if row is None or row.owner_id != owner_id:
        raise NotFound
    return row


def _template(row: Template) -> CaptionTemplate:
    return CaptionTemplate(id=row.id, name=row.name, caption=row.caption)
