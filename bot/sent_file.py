"""A file that a creator has sent, as Telegram tells of it before anything of it is fetched."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SentFile:
    """Whichever way it was sent; size in bytes, where Telegram says it, and the name of a file."""

    file_id: str
    size: int | None
    name: str | None = None
