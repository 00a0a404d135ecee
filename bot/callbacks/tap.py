"""What a button carries: typed, versioned, within Telegram's 64 bytes."""

import re
from dataclasses import astuple, dataclass, fields
from typing import ClassVar, Self

CALLBACK_DATA_MAX_BYTES = 64  # Bot API, InlineKeyboardButton.callback_data


class BadTap(ValueError):
    """No button of this version carries that."""


@dataclass(frozen=True)
class Tap:
    """Base of all taps: fields are joined by colons; only the last may hold one itself."""

    prefix: ClassVar[str]

    def pack(self) -> str:
        """The callback data of its button; raises ValueError where that would be too long."""
        if not self.fits:
            raise ValueError(f"callback data too long: {self._data!r}")
        return self._data

    @property
    def fits(self) -> bool:
        """Whether a button can carry it."""
        return len(self._data.encode()) <= CALLBACK_DATA_MAX_BYTES

    @property
    def _data(self) -> str:
        return ":".join([self.prefix, *(str(value) for value in astuple(self))])

    @classmethod
    def unpack(cls, data: str) -> Self:
        """The tap behind callback data that begins with its prefix; raises `BadTap`."""
        kinds = [_number if field.type is int else field.type for field in fields(cls)]
        values = data.split(":", len(kinds))[1:]
        if len(values) != len(kinds):
            raise BadTap(data)
        try:
            return cls(*(kind(value) for kind, value in zip(kinds, values, strict=True)))  # type: ignore[operator]  # field types are callables
        except ValueError:
            raise BadTap(data) from None


def _number(text: str) -> int:
    """A number as `pack` writes it, and no larger than a database takes."""
    if not re.fullmatch(r"0|[1-9][0-9]{0,17}", text):
        raise ValueError(text)
    return int(text)
