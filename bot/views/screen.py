"""A screen: the text of a message and the buttons below it. Telegram's HTML, limits by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import escape

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.callbacks import Tap
from core.times import Moment

Rows = Sequence[Sequence[InlineKeyboardButton]]


@dataclass(frozen=True, kw_only=True)
class Screen:
    """One message. `text` is Telegram's HTML, every outside word in it escaped."""

    text: str
    rows: Rows = ()

    @property
    def keyboard(self) -> InlineKeyboardMarkup | None:
        return InlineKeyboardMarkup(self.rows) if self.rows else None


def button(label: str, tap: Tap) -> InlineKeyboardButton:
    """A button that comes back to us."""
    return InlineKeyboardButton(label, callback_data=tap.pack())


def link(label: str, url: str) -> InlineKeyboardButton:
    """A button that opens a page."""
    return InlineKeyboardButton(label, url=url)


def in_rows(buttons: Sequence[InlineKeyboardButton], width: int = 2) -> Rows:
    """The buttons in rows of `width`, in reading order."""
    return [buttons[start : start + width] for start in range(0, len(buttons), width)]


def clock(moment: Moment) -> str:
    """A moment, shown in the reader's own zone; old clients show it in the zone it was meant in."""
    fallback = f"{moment.wall:%a} {moment.wall.day} {moment.wall:%b %Y, %H:%M} ({moment.zone})"
    stamp = int(moment.utc.timestamp())
    return f'<tg-time unix="{stamp}" format="wDt">{escape(fallback)}</tg-time>'


def beginning(text: str, length: int = 60) -> str:
    """The first line of a text, cut to `length` characters, escaped."""
    line = text.strip().split("\n", 1)[0]
    return escape(line if len(line) <= length else line[: length - 1].rstrip() + "…")


def handle(name: str) -> str:
    """The name of a TikTok account; as code, since Telegram would link it to a user of its own."""
    return f"<code>{escape(name)}</code>"


def account_name(nickname: str, name: str) -> str:
    """Nickname and handle; once where TikTok told no handle and the name is the nickname."""
    return escape(nickname) if name == nickname else f"{escape(nickname)} ({handle(name)})"


def megabytes(size: int) -> str:
    """A size as people say it: small ones in KB."""
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{size / 1000:.0f} KB"


def minutes_seconds(length: timedelta) -> str:
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    return f"{minutes}:{seconds:02}"
