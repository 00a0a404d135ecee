"""The stand-in knows the methods and parameters that python-telegram-bot sends."""

from __future__ import annotations

import inspect
import re

import pytest
from telegram import Bot

from sandbox.telegram.parameters import METHODS
from sandbox.telegram.server import METHODS as SERVED

# Parameters of the library's methods that never reach the server under that name.
EXTRAS = {
    "self", "read_timeout", "write_timeout", "connect_timeout", "pool_timeout", "api_kwargs",
    "filename", "allow_sending_without_reply", "reply_to_message_id", "disable_web_page_preview",
}  # fmt: skip
# What the library writes into the first item of an album.
OF_ITEMS = {"sendMediaGroup": {"caption", "parse_mode", "caption_entities"}}


@pytest.mark.parametrize("method", METHODS)
def test_parameters_agree(method: str) -> None:
    snake = re.sub(r"(?<!^)([A-Z])", lambda letter: f"_{letter[0].lower()}", method)
    signature = inspect.signature(getattr(Bot, snake))
    assert set(METHODS[method]) == set(signature.parameters) - EXTRAS - OF_ITEMS.get(method, set())


def test_every_method_is_served() -> None:
    assert set(SERVED) == set(METHODS)
