"""Bot API methods by which the bot says who it is and what it can do."""

from __future__ import annotations

import re
from typing import Any

from sandbox.telegram.chats import Chat, Json
from sandbox.telegram.errors import ApiError
from sandbox.telegram.links import checked_link
from sandbox.telegram.parameters import Parameters
from sandbox.telegram.world import World

COMMANDS = 100
DESCRIPTION_CHARACTERS = 512
SHORT_DESCRIPTION_CHARACTERS = 120

_SCOPES = {
    "default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat",
    "chat_administrators", "chat_member",
}  # fmt: skip


async def get_me(world: World, given: Parameters) -> Json:  # noqa: ARG001  takes no parameters
    return {
        **world.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def set_my_commands(world: World, given: Parameters) -> bool:
    commands = given.get("commands")
    if not isinstance(commands, list):
        raise ApiError("can't parse commands: expected an Array of BotCommand")
    if len(commands) > COMMANDS:
        raise ApiError("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command", ""))):
            raise ApiError("BOT_COMMAND_INVALID")
        if not 1 <= len(command.get("description", "")) <= 256:
            raise ApiError("BOT_COMMAND_DESCRIPTION_INVALID")
    world.profile.commands[_place(given)] = commands
    return True


async def get_my_commands(world: World, given: Parameters) -> list[Json]:
    return world.profile.commands.get(_place(given), [])


async def delete_my_commands(world: World, given: Parameters) -> bool:
    world.profile.commands.pop(_place(given), None)
    return True


async def set_my_description(world: World, given: Parameters) -> bool:
    text = given.get("description", "")
    if len(text) > DESCRIPTION_CHARACTERS:
        raise ApiError("BOT_DESCRIPTION_TOO_LONG")
    world.profile.descriptions[_language(given)] = text
    return True


async def set_my_short_description(world: World, given: Parameters) -> bool:
    text = given.get("short_description", "")
    if len(text) > SHORT_DESCRIPTION_CHARACTERS:
        raise ApiError("BOT_SHORT_DESCRIPTION_TOO_LONG")
    world.profile.short_descriptions[_language(given)] = text
    return True


async def set_chat_menu_button(world: World, given: Parameters) -> bool:
    button: Any = given.get("menu_button", {"type": "default"})
    if not isinstance(button, dict) or button.get("type") not in ("commands", "web_app", "default"):
        raise ApiError("can't parse menu button: unsupported type specified")
    if button["type"] == "web_app":
        try:
            address = checked_link(str(button.get("web_app", {}).get("url", "")))
        except ValueError as reason:
            raise ApiError(f"menu button Web App URL is invalid: {reason}") from None
        if not address.startswith("https://") or not button.get("text"):
            raise ApiError("BUTTON_INVALID")
    if "chat_id" in given:
        world.chat(given["chat_id"]).menu_button = button
    else:
        world.profile.menu_button = button
    return True


def commands_for(world: World, chat: Chat) -> list[Json]:
    """The commands a person sees: the narrowest scope first, their language before any.

    Source: https://core.telegram.org/bots/api#determining-list-of-commands
    """
    language = chat.user.get("language_code", "")[:2]
    for scope in (f"chat:{chat.id}", "all_private_chats", "default"):
        for spoken in (language, ""):
            if found := world.profile.commands.get((scope, spoken)):
                return found
    return []


def _place(given: Parameters) -> tuple[str, str]:
    scope = given.get("scope") or {"type": "default"}
    kind = scope.get("type")
    if kind not in _SCOPES:
        raise ApiError("can't parse BotCommandScope: unsupported type specified")
    name = f"{kind}:{scope['chat_id']}" if "chat_id" in scope else kind
    return name, _language(given)


def _language(given: Parameters) -> str:
    code = str(given.get("language_code", ""))
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise ApiError("invalid language code specified")
    return code
