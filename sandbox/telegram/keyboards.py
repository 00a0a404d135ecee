"""Reply markup: which keyboards the server takes.

Stricter than the real server in one thing: a button without text is refused where Telegram leaves
it out in silence. Source: https://core.telegram.org/bots/api#inlinekeyboardmarkup
"""

from __future__ import annotations

from typing import Any

from sandbox.telegram.errors import ApiError
from sandbox.telegram.links import checked_link

DATA_BYTES = 64
COPY_CHARACTERS = 256
PLACEHOLDER_CHARACTERS = 64
BUTTONS = 100
BUTTONS_PER_ROW = 8

Markup = dict[str, Any]

_STYLES = ("primary", "success", "danger")
_ACTIONS = ("url", "callback_data", "copy_text", "web_app")
_LOOKS = ("text", "style", "icon_custom_emoji_id")
_REPLY_KEYS = {
    "keyboard": ("is_persistent", "resize_keyboard", "one_time_keyboard", "selective",
                 "input_field_placeholder"),
    "remove_keyboard": ("selective",),
    "force_reply": ("selective", "input_field_placeholder"),
}  # fmt: skip


def checked_markup(markup: Any, *, inline_only: bool = False) -> Markup | None:
    """The reply markup of a request once it fits, None when there is none.

    Raises ApiError: BUTTON_DATA_INVALID, "inline keyboard button URL '...' is invalid: ...",
    "reply markup is too long", "can't parse ...".
    """
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise ApiError("object expected as reply markup")
    if "inline_keyboard" in markup:
        return _inline(markup)
    if inline_only:
        raise ApiError("inline keyboard expected")
    kind = next((kind for kind in _REPLY_KEYS if kind in markup), None)
    if kind is None:
        raise ApiError("can't parse reply markup: no kind of keyboard in it")
    _only(markup, (kind, *_REPLY_KEYS[kind]), "reply markup")
    placeholder = markup.get("input_field_placeholder", "")
    if len(placeholder) > PLACEHOLDER_CHARACTERS:
        raise ApiError("can't parse reply markup: input field placeholder is too long")
    if kind == "keyboard":
        return {**markup, "keyboard": [[_key(key) for key in row] for row in markup["keyboard"]]}
    if markup[kind] is not True:
        raise ApiError(f'can\'t parse reply markup: field "{kind}" must be true')
    return markup


def _inline(markup: Markup) -> Markup | None:
    _only(markup, ("inline_keyboard",), "reply markup")
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise ApiError(
            'can\'t parse reply markup: field "inline_keyboard" must be an Array of Arrays'
        )
    rows = [row for row in rows if row]
    if sum(len(row) for row in rows) > BUTTONS or any(len(row) > BUTTONS_PER_ROW for row in rows):
        raise ApiError("reply markup is too long")
    kept = {"inline_keyboard": [[_button(button) for button in row] for row in rows]}
    return kept if rows else None


def _button(button: Any) -> Markup:
    if not isinstance(button, dict):
        raise _unreadable("expected an Object")
    _only(button, (*_LOOKS, *_ACTIONS), "inline keyboard button")
    _check_looks(button)
    actions = [name for name in _ACTIONS if button.get(name)]
    if not actions:
        raise _unreadable("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise _unreadable(f"exactly one action is allowed, found {', '.join(actions)}")
    action = actions[0]
    value = button[action]
    if action == "callback_data" and not 1 <= len(str(value).encode()) <= DATA_BYTES:
        raise ApiError("BUTTON_DATA_INVALID")
    if action == "copy_text":
        text = value.get("text", "") if isinstance(value, dict) else ""
        if not 1 <= len(text) <= COPY_CHARACTERS:
            raise ApiError("BUTTON_COPY_TEXT_INVALID")
    if action == "url":
        return {**button, "url": _address(value)}
    if action == "web_app":
        address = _address(value.get("url", "") if isinstance(value, dict) else "")
        if not address.startswith("https://"):
            raise ApiError(
                f"inline keyboard button Web App URL '{address}' is invalid: "
                "Only HTTPS links are allowed"
            )
    return dict(button)


def _address(url: Any) -> str:
    try:
        return checked_link(str(url))
    except ValueError as reason:
        raise ApiError(f"inline keyboard button URL '{url}' is invalid: {reason}") from None


def _key(key: Any) -> Markup:
    if isinstance(key, str):
        key = {"text": key}
    if not isinstance(key, dict):
        raise ApiError("can't parse keyboard button: expected an Object or a String")
    _only(key, (*_LOOKS, "request_location", "request_contact"), "keyboard button")
    _check_looks(key)
    return key


def _check_looks(button: Markup) -> None:
    text = button.get("text")
    if not isinstance(text, str):
        raise _unreadable('Field "text" must be of type String')
    if not text.strip():
        raise _unreadable('Field "text" must be non-empty')
    if button.get("style") not in (None, *_STYLES):
        raise _unreadable("invalid button style specified")


def _unreadable(reason: str) -> ApiError:
    return ApiError(f"can't parse inline keyboard button: {reason}")


def _only(given: Markup, known: tuple[str, ...], what: str) -> None:
    unknown = [name for name in given if name not in known]
    if unknown:
        raise ApiError(f'can\'t parse {what}: unknown field "{unknown[0]}"')
