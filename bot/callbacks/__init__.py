"""What buttons carry: typed, versioned, within Telegram's 64 bytes.

Each kind of tap has a prefix whose digit goes up when its fields change, so that a button drawn by
an older ClipCue is recognised as such instead of being misread.
"""

from bot.callbacks.creator import (
    AccountTap,
    AccountVerb,
    DataTap,
    DataVerb,
    MenuTap,
    MenuVerb,
    SettingsTap,
    SettingsVerb,
)
from bot.callbacks.lists import ALL_ACCOUNTS, CalendarTap, CalendarVerb, ListTap, ListVerb, StatsTap
from bot.callbacks.plans import (
    ANY_STAMP,
    BatchTap,
    BatchVerb,
    QueueTap,
    QueueVerb,
    TemplateTap,
    TemplateVerb,
)
from bot.callbacks.posts import FitTap, FitVerb, PostTap, PostVerb
from bot.callbacks.tap import CALLBACK_DATA_MAX_BYTES, BadTap, Tap

__all__ = [
    "ALL_ACCOUNTS",
    "ANY_STAMP",
    "CALLBACK_DATA_MAX_BYTES",
    "AccountTap",
    "AccountVerb",
    "BadTap",
    "BatchTap",
    "BatchVerb",
    "CalendarTap",
    "CalendarVerb",
    "DataTap",
    "DataVerb",
    "FitTap",
    "FitVerb",
    "ListTap",
    "ListVerb",
    "MenuTap",
    "MenuVerb",
    "PostTap",
    "PostVerb",
    "QueueTap",
    "QueueVerb",
    "SettingsTap",
    "SettingsVerb",
    "StatsTap",
    "Tap",
    "TemplateTap",
    "TemplateVerb",
    "read",
]

_KINDS: dict[str, type[Tap]] = {
    kind.prefix: kind
    for kind in (
        PostTap,
        AccountTap,
        MenuTap,
        SettingsTap,
        StatsTap,
        DataTap,
        ListTap,
        CalendarTap,
        BatchTap,
        QueueTap,
        TemplateTap,
        FitTap,
    )
}


def read(data: str) -> Tap:
    """The tap behind callback data; raises `BadTap` for anything no current button carries."""
    kind = _KINDS.get(data.split(":", 1)[0])
    if kind is None:
        raise BadTap(data)
    return kind.unpack(data)
