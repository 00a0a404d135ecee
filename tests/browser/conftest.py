"""A browser, the bot as `make run` starts it without credentials, and phones to reach it with.

One browser serves all tests of this folder, on one event loop. Each test has a bot of its own.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from sandbox.samples import make_clip
from tests.browser.chat import Chat
from tests.browser.chromium import chromium, find_chromium
from tests.browser.phone import Phone
from tests.browser.report import ARTEFACTS, NO_BROWSER
from tests.process.bot_process import BotProcess
from tests.stage import free_port

HERE = Path(__file__).parent
PhoneShop = Callable[..., Awaitable[Phone]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.asyncio(loop_scope="package"), append=False)


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser() -> AsyncIterator[Browser]:
    if find_chromium() is None:
        pytest.skip(NO_BROWSER)
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="package")
async def bot(browser: Browser, tmp_path: Path) -> AsyncIterator[BotProcess]:  # noqa: ARG001 - skips
    """The bot between the two stand-ins, in a process of its own."""
    port = free_port()
    variables = {
        "WEB_PORT": str(port),
        "PUBLIC_BASE_URL": f"http://localhost:{port}",
        "DATA_DIR": str(tmp_path / "data"),
    }
    async with BotProcess(variables, tmp_path) as process:
        await process.start()
        yield process


@pytest_asyncio.fixture(loop_scope="package")
async def phones(
    browser: Browser,
    bot: BotProcess,  # noqa: ARG001 - it ends after the phones, or they would complain of it
    request: pytest.FixtureRequest,
) -> AsyncIterator[PhoneShop]:
    """Takes up one phone after another; at the end none of them may have had trouble."""
    taken: list[Phone] = []

    async def take_up(**how: str) -> Phone:
        name = f"{request.node.name}-{len(taken) + 1}"
        phone = await Phone.taken_up(browser, ARTEFACTS / name, **how)
        taken.append(phone)
        return phone

    yield take_up
    for phone in taken:
        await phone.put_away()
    troubles = [trouble for phone in taken for trouble in phone.troubles]
    assert not troubles, "\n".join(troubles)


@pytest_asyncio.fixture(loop_scope="package")
async def phone(phones: PhoneShop) -> Phone:
    return await phones()


@pytest_asyncio.fixture(loop_scope="package")
async def ana(phone: Phone, bot: BotProcess) -> Chat:
    """Ana's chat, before the first word."""
    return await Chat.opened(phone, bot.url)


@pytest.fixture(scope="package")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip on the phone, four seconds long."""
    return make_clip(tmp_path_factory.mktemp("clips") / "IMG_1.mp4")
