"""File objects of messages: a stored file in the shape of its kind; photos have their own room."""

from __future__ import annotations

from sandbox.telegram.chats import Json
from sandbox.telegram.files import StoredFile

VIDEO_NOTE_SIDE = 384


def of(file: StoredFile, *, width: int = 0, height: int = 0, duration: int = 0) -> Json:
    """The fields that a message with this file has (pixels, seconds).

    Source: https://core.telegram.org/bots/api#video and the objects after it.
    """
    named = {**file.ids(), "file_name": file.name, "mime_type": file.mime_type}
    measures = {"width": width, "height": height, "duration": duration}
    match file.kind:
        case "video":
            return {"video": {**named, **measures}}
        case "animation":  # a document as well, for clients that know no animations
            return {"animation": {**named, **measures}, "document": named}
        case "video_note":
            return {"video_note": {**file.ids(), "length": VIDEO_NOTE_SIDE, "duration": duration}}
        case "voice":
            voice = {**file.ids(), "duration": duration, "mime_type": file.mime_type}
            return {"voice": voice}
        case "sticker":
            sticker = {**file.ids(), "type": "regular", "width": 512, "height": 512}
            return {"sticker": {**sticker, "is_animated": False, "is_video": False, "emoji": "🎬"}}
    return {"document": named}
