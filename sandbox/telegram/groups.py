"""Groups and channels, as far as a bot for private chats meets them: added, spoken to, leaving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.telegram.chats import Chat, Json
from sandbox.telegram.errors import ApiError
from sandbox.telegram.parameters import Parameters
from sandbox.telegram.world import World


@dataclass(kw_only=True)
class Group(Chat):
    """A chat of many; `user` is the one whose deeds are shown, `group_id` is negative."""

    world: World
    group_id: int
    kind: str = "supergroup"
    title: str = "Cooks"

    @property
    def id(self) -> int:
        return self.group_id

    @property
    def unreachable(self) -> str:
        return f"bot is not a member of the {self.kind} chat"

    @property
    def heard(self) -> list[str]:
        """What the bot has said here."""
        return [message.text for message in self.messages.values() if message.from_bot]

    def as_json(self) -> Json:
        return {"id": self.group_id, "type": self.kind, "title": self.title}

    def add_bot(self) -> None:
        """The person adds the bot, which is told twice: as membership and as a message."""
        self._member("left", "member", by=self.user)
        self.blocked = False
        if self.kind != "channel":
            self._told(new_chat_members=[self.bot])

    def send(self, text: str) -> None:
        """The person writes; with a command at the beginning it reaches every bot there."""
        word = text.split(" ", 1)[0]
        command = {"type": "bot_command", "offset": 0, "length": len(word)}
        entities = [command] if word.startswith("/") else []
        self._told(text=text, entities=entities)

    def leave(self) -> None:
        """The bot goes."""
        self._member("member", "left", by=self.bot)
        self.blocked = True

    def _told(self, **content: Any) -> None:
        text, entities = content.pop("text", ""), content.pop("entities", [])
        now = self.world.second()
        message = self.add(by_bot=False, now=now, text=text, entities=entities, extra=content)
        if not self.blocked:
            self.world.updates.push("message", self.message_json(message))

    def _member(self, before: str, after: str, *, by: Json) -> None:
        self.world.updates.push(
            "my_chat_member",
            {
                "chat": self.as_json(),
                "from": by,
                "date": self.world.second(),
                "old_chat_member": {"user": self.bot, "status": before},
                "new_chat_member": {"user": self.bot, "status": after},
            },
        )


async def leave_chat(world: World, given: Parameters) -> bool:
    chat = world.reachable(given.get("chat_id"))
    if not isinstance(chat, Group):
        raise ApiError("chat member status can't be changed in private chats")
    chat.leave()
    return True
