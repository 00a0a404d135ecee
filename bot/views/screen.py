"""A screen: the text of a message and the buttons below it. Telegram's HTML, limits by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Any

from telegram import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.constants import InlineKeyboardButtonLimit

from bot.callbacks import Tap
from bot.language import _, city, moment_words, ngettext, number
from core.tiktok import utf16_units
from core.times import Moment, describe_offset

Rows = Sequence[Sequence[InlineKeyboardButton]]
MOST_CHOICES = 90
"""Of one kind on a screen: Telegram takes a hundred buttons."""


@dataclass(frozen=True, kw_only=True)
class Screen:
    """One message. `text` is Telegram's HTML, every outside word in it escaped.

    `chat_keyboard` puts the chat's own keyboard up or away: for a new message without buttons.
    """

    text: str
    rows: Rows = ()
    chat_keyboard: ReplyKeyboardMarkup | ReplyKeyboardRemove | None = None

    @property
    def keyboard(self) -> InlineKeyboardMarkup | None:
        return InlineKeyboardMarkup(self.rows) if self.rows else None


def button(label: str, tap: Tap) -> InlineKeyboardButton:
    """A button that comes back to us; Telegram takes no label that shows nothing."""
    return InlineKeyboardButton(label if label.strip() else "…", callback_data=tap.pack())


def link(label: str, url: str) -> InlineKeyboardButton:
    """A button that opens a page."""
    return InlineKeyboardButton(label, url=url)


def copies(label: str, text: str) -> Rows:
    """A button that copies a text, where Telegram takes one that long."""
    if not 0 < utf16_units(text) <= InlineKeyboardButtonLimit.MAX_COPY_TEXT:
        return []
    return [[InlineKeyboardButton(label, copy_text=CopyTextButton(text))]]


def in_rows(buttons: Sequence[InlineKeyboardButton], width: int = 2) -> Rows:
    """The buttons in rows of `width`, in reading order."""
    return [buttons[start : start + width] for start in range(0, len(buttons), width)]


def wall(moment: Moment) -> str:
    """A moment as clocks show it where it was meant (HTML): "Fri 27 Nov 2026, 18:00 (Berlin)"."""
    return f"{moment_words(moment.wall)} ({place(moment.zone, moment.utc)})"


def clock(moment: Moment) -> str:
    """The same, and how far away it is: Telegram counts, and old clients show the time in UTC."""
    stamp = int(moment.utc.timestamp())
    in_utc = f"{moment_words(moment.utc)} UTC"
    return f'{wall(moment)} · <tg-time unix="{stamp}" format="r">{in_utc}</tg-time>'


def zone_name(zone: str, now: datetime) -> str:
    """The zone in full; a bare offset the everyday way, since Etc/GMT-3 is three hours ahead."""
    return describe_offset(zone, now) if zone.startswith("Etc/") else escape(zone)


def place(zone: str, now: datetime) -> str:
    """The city of a zone alone (HTML)."""
    if named := city(zone):
        return escape(named)
    return zone_name(zone, now).rsplit("/", 1)[-1].replace("_", " ")


def beginning(text: str, length: int = 60) -> str:
    """The first line of a text, cut to `length` characters, escaped."""
    line = text.strip().split("\n", 1)[0]
    return escape(line if len(line) <= length else line[: length - 1].rstrip() + "…")


def quoted(text: str) -> str:
    """Somebody's own words, as the language sets them off; they are escaped already."""
    return _("“{text}”").format(text=text)


def handle(name: str) -> str:
    """The name of a TikTok account; as code, since Telegram would link it to a user of its own."""
    return f"<code>{escape(name)}</code>"


def account_name(nickname: str, name: str) -> str:
    """Nickname and handle; once where TikTok told no handle and the name is the nickname."""
    return escape(nickname) if name == nickname else f"{escape(nickname)} ({handle(name)})"


def megabytes(size: int) -> str:
    """A size as people say it: small ones in KB."""
    if size >= 100_000:
        return _("{size} MB").format(size=number(size / 1_000_000, digits=1))
    return _("{size} KB").format(size=number(size / 1000))


def minutes_seconds(length: timedelta) -> str:
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    return f"{minutes}:{seconds:02}"


def number_of_photos(count: int) -> str:
    return ngettext("{count} photo", "{count} photos", count).format(count=number(count))


def called(payload: Mapping[str, Any]) -> str:
    """What a notice calls the post that it is about (HTML)."""
    caption = beginning(payload.get("caption") or "")
    if count := int(payload.get("photos") or 0):
        title = beginning(payload.get("title") or "")
        named = quoted(title or caption) if title or caption else number_of_photos(count)
        return f"📸 {named}"
    return quoted(caption) if caption else _("<i>no caption</i>")


def number_of_posts(count: int) -> str:
    return ngettext("{count} post", "{count} posts", count).format(count=number(count))
