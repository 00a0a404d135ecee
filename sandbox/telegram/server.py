"""The Bot API over HTTP: requests in, answers out.

Source: https://core.telegram.org/bots/api#making-requests
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.loopback import is_loopback
from sandbox.telegram import albums, editing, groups, profile, receiving, sending
from sandbox.telegram.errors import ApiError
from sandbox.telegram.faults import BrokenConnection, Fault
from sandbox.telegram.parameters import Parameters, method_name, read_parameters
from sandbox.telegram.world import Call, World

METHODS: dict[str, Callable[[World, Parameters], Awaitable[Any]]] = {
    "getMe": profile.get_me,
    "getUpdates": receiving.get_updates,
    "setWebhook": receiving.set_webhook,
    "deleteWebhook": receiving.delete_webhook,
    "getWebhookInfo": receiving.get_webhook_info,
    "getFile": receiving.get_file,
    "sendMessage": sending.send_message,
    "sendChatAction": sending.send_chat_action,
    "sendVideo": sending.send_video,
    "sendDocument": sending.send_document,
    "sendAnimation": sending.send_animation,
    "sendPhoto": sending.send_photo,
    "sendMediaGroup": albums.send_media_group,
    "copyMessage": sending.copy_message,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageMedia": editing.edit_message_media,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "setMessageReaction": editing.set_message_reaction,
    "answerCallbackQuery": editing.answer_callback_query,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    "leaveChat": groups.leave_chat,
    "setMyDescription": profile.set_my_description,
    "setMyShortDescription": profile.set_my_short_description,
    "setChatMenuButton": profile.set_chat_menu_button,
}
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")


def routes(world: World) -> list[Route]:
    """/bot{token}/{method} and /file/bot{token}/{file_path} of one world."""

    async def method(request: Request) -> Response:
        try:
            _check_token(world, request.path_params["token"])
            name = method_name(request.path_params["method"])
            given = await _given(request)
        except ApiError as error:
            return _refusal(error)
        try:
            return await _answer(world, name, given)
        finally:
            for value in given.values():
                if isinstance(value, UploadFile):
                    await value.close()

    async def file(request: Request) -> Response:
        try:
            _check_token(world, request.path_params["token"])
        except ApiError as error:
            return _refusal(error)
        found = world.files.by_remote_path(request.path_params["path"])
        if found is None or world.local:  # a --local server hands out paths, not bytes
            return _refusal(ApiError(code=404))
        return FileResponse(found.path, media_type="application/octet-stream")

    return [
        Route("/bot{token}/{method}", method, methods=["GET", "POST"]),
        Route("/file/bot{token}/{path:path}", file, methods=["GET"]),
    ]


async def _answer(world: World, name: str, given: dict[str, Any]) -> Response:
    fault = world.faults.take(name) or Fault()
    await asyncio.sleep(fault.delay)
    if fault.drop == "before":
        _record(world, name, given, error="connection dropped before the work")
        return BrokenConnection()
    try:
        if fault.error is not None:
            raise fault.error
        result = await METHODS[name](world, read_parameters(name, given))
    except ApiError as error:
        _record(world, name, given, error=error.description)
        return _refusal(error)
    _record(world, name, given)
    if fault.drop == "after":
        return BrokenConnection()
    return JSONResponse({"ok": True, "result": result})


async def _given(request: Request) -> dict[str, Any]:
    """What the request carries: query, then form, multipart or JSON body."""
    given: dict[str, Any] = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            body = await request.json()
        except ValueError:
            raise ApiError("can't parse request body as JSON") from None
        if not isinstance(body, dict):
            raise ApiError("can't parse request body: expected an Object")
        return given | body
    return given | dict(await request.form())


def _record(world: World, name: str, given: dict[str, Any], error: str = "") -> None:
    parameters = {
        key: value.filename if isinstance(value, UploadFile) else value
        for key, value in given.items()
        if key != "secret_token"
    }
    world.calls.append(
        Call(at=world.now(), method=name, parameters=parameters, ok=not error, error=error)
    )


def _check_token(world: World, token: str) -> None:
    if token != world.token:
        raise ApiError(code=401 if _TOKEN.fullmatch(token) else 404)


def _refusal(error: ApiError) -> Response:
    body: dict[str, Any] = {
        "ok": False,
        "error_code": error.code,
        "description": error.description,
    }
    headers = {}
    if error.parameters:
        body["parameters"] = error.parameters
    if "retry_after" in error.parameters:
        headers["Retry-After"] = str(error.parameters["retry_after"])
    return JSONResponse(body, status_code=error.code, headers=headers)


class LoopbackOnly:
    """Lets only clients on this machine in: the stand-in has no secrets worth the name."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not is_loopback((scope.get("client") or ("",))[0]):
            answer = PlainTextResponse("Only for this machine.\n", status_code=403)
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)
