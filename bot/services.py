"""What handlers can ask the business for, built once by the composition root."""

from dataclasses import dataclass

from bot.downloads import Downloads
from core.accounts import Accounts
from core.chat_state import ChatStates
from core.clips import Clips
from core.clock import Clock
from core.connecting import Connecting
from core.lists import Lists
from core.posts import Posts
from core.reconnecting import Reconnecting
from core.settings import Settings
from core.users import Users


@dataclass(frozen=True, kw_only=True)
class Services:
    settings: Settings
    clock: Clock
    users: Users
    accounts: Accounts
    connecting: Connecting
    reconnecting: Reconnecting
    clips: Clips
    posts: Posts
    lists: Lists
    chat_states: ChatStates
    downloads: Downloads
    tiktok_audited: bool
