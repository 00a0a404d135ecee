"""Bot API methods that put something new into a chat."""

from __future__ import annotations

import mimetypes
from typing import Any

from starlette.datastructures import UploadFile

from sandbox.telegram import media, photos
from sandbox.telegram.chats import Chat, Json
from sandbox.telegram.errors import ApiError
from sandbox.telegram.files import StoredFile
from sandbox.telegram.keyboards import checked_markup
from sandbox.telegram.parameters import Parameters
from sandbox.telegram.texts import caption_text, message_text
from sandbox.telegram.world import World

UPLOAD_LIMIT = 50 << 20
PHOTO_LIMIT = 10 << 20
LOCAL_UPLOAD_LIMIT = 2000 << 20

CHAT_ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note",
    "upload_video_note",
}  # fmt: skip
_PREVIEW = {"is_disabled", "url", "prefer_small_media", "prefer_large_media", "show_above_text"}
_REPLY = {
    "message_id", "chat_id", "allow_sending_without_reply", "quote", "quote_parse_mode",
    "quote_entities", "quote_position", "checklist_task_id", "poll_option_id",
}  # fmt: skip


async def send_message(world: World, given: Parameters) -> Json:
    text, entities = message_text(given.get("text"), given.get("parse_mode"), given.get("entities"))
    check_preview(given)
    return post(world, given, text=text, entities=entities)


async def send_video(world: World, given: Parameters) -> Json:
    return await _send_file(world, given, "video")


async def send_document(world: World, given: Parameters) -> Json:
    return await _send_file(world, given, "document")


async def send_animation(world: World, given: Parameters) -> Json:
    return await _send_file(world, given, "animation")


async def send_photo(world: World, given: Parameters) -> Json:
    return await _send_file(world, given, "photo")


async def copy_message(world: World, given: Parameters) -> Json:
    original = world.chat(given.get("from_chat_id")).message(
        given.get("message_id"), purpose="copy"
    )
    text, entities = original.text, original.entities
    if "caption" in given and original.has_caption:
        text, entities = caption_of(given)
    extra = {"show_caption_above_media": True} if given.get("show_caption_above_media") else {}
    sent = post(world, given, text=text, entities=entities, media=original.media, extra=extra)
    return {"message_id": sent["message_id"]}


async def send_chat_action(world: World, given: Parameters) -> bool:
    if given.get("action") not in CHAT_ACTIONS:
        raise ApiError("wrong parameter action in request")
    chat = world.reachable(given.get("chat_id"))
    chat.action = (given["action"], world.second())
    chat.changes.beat()
    return True


def check_preview(given: Parameters) -> None:
    """Refuse link_preview_options with a field that is none."""
    _check_fields("link preview options", given.get("link_preview_options"), _PREVIEW)


async def _send_file(world: World, given: Parameters, kind: str) -> Json:
    text, entities = caption_of(given)
    checked_markup(given.get("reply_markup"))
    world.reachable(given.get("chat_id"))
    file = await file_in(world, given.get(kind), kind)
    content = await shape(world, file, given)
    return post(world, given, text=text, entities=entities, media=content, extra=shown(given))


async def shape(world: World, file: StoredFile, given: Json) -> Json:
    """The field of a message with this file; `given` is what the request says of it."""
    if file.kind == "photo":
        return await photos.of(world.files, file)
    measures = {name: given.get(name, 0) for name in ("width", "height", "duration")}
    return media.of(file, **measures)


def shown(given: Json) -> Json:
    """The fields that say how a picture and its caption are shown."""
    extra: Json = {}
    if given.get("has_spoiler"):
        extra["has_media_spoiler"] = True
    if given.get("show_caption_above_media"):
        extra["show_caption_above_media"] = True
    return extra


async def file_in(world: World, value: Any, kind: str) -> StoredFile:
    """The file of a request: uploaded in it, or known by its file_id. Addresses are refused."""
    if value is None or value == "":
        raise ApiError(f"there is no {kind} in the request")
    if isinstance(value, UploadFile):
        return await _uploaded(world, value, kind)
    if str(value).startswith(("http://", "https://")):
        raise ApiError("failed to get HTTP URL content")
    if str(value).startswith(("attach://", "file://")):
        raise ApiError("wrong file identifier/HTTP URL specified")
    file = world.files.by_id(str(value))
    if file.kind != kind:
        known, wanted = (name.replace("_", " ").title() for name in (file.kind, kind))
        raise ApiError(f"can't use file of type {known} as {wanted}")
    return file


async def _uploaded(world: World, upload: UploadFile, kind: str) -> StoredFile:
    size = upload.size or 0
    if size > (LOCAL_UPLOAD_LIMIT if world.local else UPLOAD_LIMIT):
        raise ApiError(code=413)
    if size == 0:
        raise ApiError("file must be non-empty")
    if kind == "photo" and size > PHOTO_LIMIT:
        raise ApiError("file is too big")
    name = upload.filename or kind
    mime_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    file = await world.files.receive(upload.file, kind=kind, name=name, mime_type=mime_type)
    if kind == "photo":
        await photos.check(file)
    return file


def caption_of(given: Json) -> tuple[str, list[Json]]:
    return caption_text(
        given.get("caption"), given.get("parse_mode"), given.get("caption_entities")
    )


def post(world: World, given: Parameters, **content: Any) -> Json:
    """Put the bot's message into the chat, with what every kind of message may carry."""
    markup = checked_markup(given.get("reply_markup"))
    effect = given.get("message_effect_id", "")
    if effect and not effect.isdecimal():
        raise ApiError("EFFECT_ID_INVALID")
    chat = world.reachable(given.get("chat_id"))
    extra = dict(content.pop("extra", {}))
    if effect:
        extra["effect_id"] = effect
    if given.get("protect_content"):
        extra["has_protected_content"] = True
    inline = markup is not None and "inline_keyboard" in markup
    message = chat.add(
        by_bot=True,
        now=world.second(),
        keyboard=markup if inline else None,
        other_markup=None if inline else markup,
        reply_to=_replied(chat, given.get("reply_parameters")),
        extra=extra,
        **content,
    )
    return chat.message_json(message)


def _replied(chat: Chat, reply: Any) -> int | None:
    if reply is None:
        return None
    _check_fields("reply parameters", reply, _REPLY)
    message_id = reply.get("message_id")
    if message_id in chat.messages:
        return int(message_id)
    if not reply.get("allow_sending_without_reply"):
        raise ApiError("message to be replied not found")
    return None


def _check_fields(what: str, value: Any, known: set[str]) -> None:
    if value is None:
        return
    if not isinstance(value, dict):
        raise ApiError(f"can't parse {what}: expected an Object")
    for name in value:
        if name not in known:
            raise ApiError(f'can\'t parse {what}: unknown field "{name}"')
