"""Taps on what is a creator's: accounts, settings, data, and the menu to all of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.callbacks.tap import Tap


class AccountVerb(StrEnum):
    """What a tap does to an account."""

    DETAILS = "det"
    DISCONNECT = "disc"
    DISCONNECT_SURE = "sure"
    RECONNECT = "rec"
    RESUME = "resume"


@dataclass(frozen=True)
class AccountTap(Tap):
    prefix: ClassVar[str] = "a1"

    account_id: int
    verb: AccountVerb


class MenuVerb(StrEnum):
    """Taps that belong to no single thing."""

    NOTHING = "nothing"
    CONNECT = "connect"
    ACCOUNTS = "accounts"
    POSTS = "posts"
    SETTINGS = "settings"


@dataclass(frozen=True)
class MenuTap(Tap):
    prefix: ClassVar[str] = "m1"

    verb: MenuVerb
    argument: str = ""


class SettingsVerb(StrEnum):
    """Taps on what a creator can set; those that change something carry the new value."""

    ZONE = "zone"
    SET_ZONE = "setzone"
    LOCATION = "location"
    KEEP_CLOCK_TIMES = "keepclock"
    KEEP_MOMENTS = "keepmoment"
    LATENESS = "late"
    SET_LATENESS = "setlate"
    NOTICES = "notices"
    SET_NOTICES = "setnotices"
    QUIET = "quiet"
    QUIET_FROM = "quietfrom"
    QUIET_UNTIL = "quietuntil"
    SET_QUIET = "setquiet"
    NEW_DRAFTS = "newdrafts"
    SET_NEW_DRAFTS = "setnewdrafts"
    LANGUAGE = "language"
    SET_LANGUAGE = "setlanguage"
    KEEPING = "keeping"
    SET_KEEPING = "setkeeping"


@dataclass(frozen=True)
class SettingsTap(Tap):
    prefix: ClassVar[str] = "s1"

    verb: SettingsVerb
    argument: str = ""


class DataVerb(StrEnum):
    """What a tap does with everything that is kept about a creator."""

    SHOW = "show"
    EXPORT = "export"
    ERASE = "erase"
    ERASE_SURE = "erasesure"


@dataclass(frozen=True)
class DataTap(Tap):
    prefix: ClassVar[str] = "d1"

    verb: DataVerb
