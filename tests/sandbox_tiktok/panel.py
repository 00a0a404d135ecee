"""The control panel as a test uses it: press, and read what it says."""

from html import unescape
from urllib.parse import urlencode

from tests.sandbox_tiktok.caller import FORM, Caller


async def press(here: Caller, action: str, **form: str) -> str:
    """Send a form of the panel; returns what the panel says then."""
    answer = await here.http.post(
        f"panel/{action}", content=urlencode(form), headers={"Content-Type": FORM}
    )
    assert answer.status_code == 303
    page = await here.http.get(answer.headers["location"])
    said = page.text.split('id="said"')[1].split(">", 1)[1].split("</p>")[0]
    return unescape(said)


async def panel(here: Caller) -> str:
    answer = await here.http.get("panel")
    assert answer.status_code == 200
    return unescape(answer.text)
