"""Which parameters each Bot API method takes, and how a request spells them.

The real server passes over a parameter it does not know; this one refuses it and names it, so that
a misspelt name cannot go unnoticed. Source: https://core.telegram.org/bots/api#available-methods
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import Enum
from typing import Any

from starlette.datastructures import UploadFile

from sandbox.telegram.errors import ApiError

Parameters = dict[str, Any]


class Kind(Enum):
    """How the value of a parameter is read."""

    TEXT = "String"
    INTEGER = "Integer"
    BOOLEAN = "Boolean"
    JSON = "JSON-serialized object"
    CHAT = "Integer or String"
    FILE = "InputFile or String"
    MEDIA = "InputMedia, or an Array of them"
    UNMODELLED = "known to Telegram, without meaning here; refused when given"


_TEXT, _INTEGER, _BOOLEAN = Kind.TEXT, Kind.INTEGER, Kind.BOOLEAN
_JSON, _CHAT, _FILE, _UNMODELLED = Kind.JSON, Kind.CHAT, Kind.FILE, Kind.UNMODELLED
_MEDIA = Kind.MEDIA
_ATTACHED = "attach://"

_Table = dict[str, Kind]

_FORMATTED_CAPTION: _Table = {"caption": _TEXT, "parse_mode": _TEXT, "caption_entities": _JSON}
_SENDING: _Table = {
    "chat_id": _CHAT,
    "disable_notification": _BOOLEAN,
    "protect_content": _BOOLEAN,
    "message_effect_id": _TEXT,
    "reply_parameters": _JSON,
    "reply_markup": _JSON,
    "message_thread_id": _UNMODELLED,
    "direct_messages_topic_id": _UNMODELLED,
    "suggested_post_parameters": _UNMODELLED,
    "allow_paid_broadcast": _UNMODELLED,
}
_SINGLE = {"reply_markup", "suggested_post_parameters"}  # of a message alone
_BUSINESS: _Table = {"business_connection_id": _UNMODELLED}
_EDITING: _Table = {
    "chat_id": _CHAT,
    "message_id": _INTEGER,
    "reply_markup": _JSON,
    "inline_message_id": _UNMODELLED,
    **_BUSINESS,
}
_MOVING: _Table = {"duration": _INTEGER, "width": _INTEGER, "height": _INTEGER}
_SHOWN: _Table = {"has_spoiler": _BOOLEAN, "show_caption_above_media": _BOOLEAN}
_SCOPED: _Table = {"scope": _JSON, "language_code": _TEXT}

METHODS: dict[str, _Table] = {
    "getMe": {},
    "getUpdates": {
        "offset": _INTEGER,
        "limit": _INTEGER,
        "timeout": _INTEGER,
        "allowed_updates": _JSON,
    },
    "setWebhook": {
        "url": _TEXT,
        "max_connections": _INTEGER,
        "allowed_updates": _JSON,
        "drop_pending_updates": _BOOLEAN,
        "secret_token": _TEXT,
        "certificate": _UNMODELLED,
        "ip_address": _UNMODELLED,
    },
    "deleteWebhook": {"drop_pending_updates": _BOOLEAN},
    "getWebhookInfo": {},
    "sendMessage": {
        "text": _TEXT,
        "parse_mode": _TEXT,
        "entities": _JSON,
        "link_preview_options": _JSON,
        **_SENDING,
        **_BUSINESS,
    },
    "sendChatAction": {
        "chat_id": _CHAT,
        "action": _TEXT,
        "message_thread_id": _UNMODELLED,
        **_BUSINESS,
    },
    "sendVideo": {
        "video": _FILE,
        "supports_streaming": _BOOLEAN,
        "thumbnail": _UNMODELLED,
        "cover": _UNMODELLED,
        "start_timestamp": _UNMODELLED,
        **_MOVING,
        **_SHOWN,
        **_FORMATTED_CAPTION,
        **_SENDING,
        **_BUSINESS,
    },
    "sendDocument": {
        "document": _FILE,
        "disable_content_type_detection": _BOOLEAN,
        "thumbnail": _UNMODELLED,
        **_FORMATTED_CAPTION,
        **_SENDING,
        **_BUSINESS,
    },
    "sendAnimation": {
        "animation": _FILE,
        "thumbnail": _UNMODELLED,
        **_MOVING,
        **_SHOWN,
        **_FORMATTED_CAPTION,
        **_SENDING,
        **_BUSINESS,
    },
    "sendPhoto": {"photo": _FILE, **_SHOWN, **_FORMATTED_CAPTION, **_SENDING, **_BUSINESS},
    "sendMediaGroup": {
        "media": _MEDIA,
        **{name: _SENDING[name] for name in _SENDING.keys() - _SINGLE},
        **_BUSINESS,
    },
    "copyMessage": {
        "from_chat_id": _CHAT,
        "message_id": _INTEGER,
        "show_caption_above_media": _BOOLEAN,
        "video_start_timestamp": _UNMODELLED,
        **_FORMATTED_CAPTION,
        **_SENDING,
    },
    "editMessageText": {
        "text": _TEXT,
        "parse_mode": _TEXT,
        "entities": _JSON,
        "link_preview_options": _JSON,
        **_EDITING,
    },
    "editMessageCaption": {
        "show_caption_above_media": _BOOLEAN,
        **_FORMATTED_CAPTION,
        **_EDITING,
    },
    "editMessageMedia": {"media": _MEDIA, **_EDITING},
    "editMessageReplyMarkup": _EDITING,
    "deleteMessage": {"chat_id": _CHAT, "message_id": _INTEGER},
    "setMessageReaction": {
        "chat_id": _CHAT,
        "message_id": _INTEGER,
        "reaction": _JSON,
        "is_big": _BOOLEAN,
    },
    "answerCallbackQuery": {
        "callback_query_id": _TEXT,
        "text": _TEXT,
        "show_alert": _BOOLEAN,
        "url": _UNMODELLED,
        "cache_time": _INTEGER,
    },
    "getFile": {"file_id": _TEXT},
    "setMyCommands": {"commands": _JSON, **_SCOPED},
    "getMyCommands": _SCOPED,
    "deleteMyCommands": _SCOPED,
    "leaveChat": {"chat_id": _CHAT},
    "setMyDescription": {"description": _TEXT, "language_code": _TEXT},
    "setMyShortDescription": {"short_description": _TEXT, "language_code": _TEXT},
    "setChatMenuButton": {"chat_id": _CHAT, "menu_button": _JSON},
}

_NAMES = {name.lower(): name for name in METHODS}


def method_name(spelt: str) -> str:
    """The method's own spelling; the server does not mind case. 404 for one it has not."""
    try:
        return _NAMES[spelt.lower()]
    except KeyError:
        raise ApiError("method not found", 404) from None


def read_parameters(method: str, given: Mapping[str, Any]) -> Parameters:
    """The parameters of one call by name, each with its own type; absent ones are left out.

    Values come as strings of a form, files of a multipart body, or values of a JSON body.
    """
    table = METHODS[method]
    read: Parameters = {}
    given = _with_attached(table, given)
    for name, value in given.items():
        if name not in table:
            raise ApiError(f'unknown parameter "{name}" of {method}')
        kind = table[name]
        if kind is Kind.UNMODELLED:
            raise ApiError(f'parameter "{name}" has no meaning in the sandbox')
        if value is not None:
            read[name] = _value(name, kind, value)
    return read


def _with_attached(table: _Table, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The request with each file that its media name (`attach://...`) where it is named."""
    whole = dict(given)
    for name in table.keys() & given.keys():
        if table[name] is not Kind.MEDIA:
            continue
        listed = _json(name, given[name])
        for media in listed if isinstance(listed, list) else [listed]:
            if isinstance(media, dict) and str(media.get("media")).startswith(_ATTACHED):
                attached = str(media["media"]).removeprefix(_ATTACHED)
                if not isinstance(whole.get(attached), UploadFile):
                    raise ApiError(f'file "{attached}" is not in the request')
                media["media"] = whole.pop(attached)
        whole[name] = listed
    return whole


def _value(name: str, kind: Kind, value: Any) -> Any:
    if kind in {Kind.FILE, Kind.MEDIA}:
        return value
    if isinstance(value, UploadFile):
        raise ApiError(f'parameter "{name}" is not a file')
    match kind:
        case Kind.INTEGER:
            return _integer(name, value)
        case Kind.BOOLEAN:
            return str(value).strip().lower() in ("true", "yes", "1")
        case Kind.JSON:
            return _json(name, value)
        case Kind.CHAT if str(value).removeprefix("-").isdecimal():
            return int(value)
    return str(value)


def _integer(name: str, value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        raise ApiError(f'parameter "{name}" must be of type Integer') from None


def _json(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not value:
        return None
    try:
        return json.loads(value)
    except ValueError:
        what = name.replace("_", " ")
        raise ApiError(f"can't parse {what} JSON object") from None
