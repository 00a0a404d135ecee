"""Sample clips and photos for who has none at hand: made in a process of their own, then sent."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from pathlib import Path

from sandbox.pictures import PICTURES, Picture, as_sent
from sandbox.samples import SAMPLES, Sample
from sandbox.telegram.chats import Json
from sandbox.telegram.person import ClipKind, Person

AT_ONCE = 2
LARGEST_ALBUM = 10

_ROOT = Path(__file__).parents[2]
_endings: set[asyncio.Task[int]] = set()  # processes that are being left


_ALL: dict[str, Sample | Picture] = {**SAMPLES, **PICTURES}
MENU: list[Json] = [
    {"name": name, "title": sample.title, "refused": sample.refused, "photo": name in PICTURES}
    for name, sample in _ALL.items()
]


class Studio:
    """Makes samples in the folder and leaves none behind."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._places = asyncio.Semaphore(AT_ONCE)

    def make_and_send(
        self, person: Person, names: list[str], *, as_: ClipKind, caption: str | None
    ) -> AsyncIterator[str]:
        """Make the samples and send them, several as one album; yields how far that is.

        Lines of JSON: {"share": 0 to 1}, at the end {"sent": count} or {"reason": why not}.
        """
        unknown = [name for name in names if name not in _ALL]
        if unknown:
            raise ValueError(f"There is no sample called {unknown[0]}.")
        if not 1 <= len(names) <= LARGEST_ALBUM or len({*names}) < len(names):
            raise ValueError("An album has 2 to 10 different clips or photos.")
        return self._lines(person, names, as_, caption)

    async def _lines(
        self, person: Person, names: list[str], as_: ClipKind, caption: str | None
    ) -> AsyncIterator[str]:
        async with self._places:
            with tempfile.TemporaryDirectory(dir=self._folder, prefix="samples-") as place:
                folder = Path(place)
                try:
                    for index, name in enumerate(names):
                        async with aclosing(_made(name, folder)) as shares:
                            async for share in shares:
                                yield _line(share=(index + share) / len(names))
                    await _send(person, folder, names, as_, caption)
                except (AssertionError, OSError, ValueError) as reason:
                    yield _line(reason=str(reason))
                else:
                    yield _line(sent=len(names))


async def _send(
    person: Person, folder: Path, names: list[str], as_: ClipKind, caption: str | None
) -> None:
    album = person.new_album() if len(names) > 1 else None
    for name in names:
        words = caption if name == names[0] else None
        if name in PICTURES:
            await _send_photo(person, folder / name, as_, words, album)
            continue
        sample = SAMPLES[name]
        width, height = sample.shown
        await person.send_clip(
            folder / name,
            as_=as_,
            caption=words,
            album=album,
            width=width,
            height=height,
            duration=sample.seconds,
        )


async def _send_photo(
    person: Person, path: Path, as_: ClipKind, caption: str | None, album: str | None
) -> None:
    """As photo what a phone can make smaller, else as file."""
    if as_ == "document" or PICTURES[path.name].bomb:
        await person.send_clip(path, as_="document", caption=caption, album=album)
        return
    photo = await asyncio.to_thread(as_sent, path)
    await person.send_photo(photo, caption=caption, album=album)


async def _made(name: str, folder: Path) -> AsyncGenerator[float, None]:
    """Make one sample in the folder; yields the share that is done, 0 to 1.

    Raises OSError where it was not made to its end. The maker is kept out of the way of a Ctrl-C
    that ends the sandbox: what it has by then would look like a whole clip.
    """
    maker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox.samples", str(folder), name),
        cwd=_ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    assert maker.stdout is not None  # noqa: S101  it is a pipe
    try:
        async for line in maker.stdout:
            yield int(line.split(b"%")[0]) / 100
        if await maker.wait():
            raise OSError("The sample was not made to its end.")
    finally:
        if maker.returncode is None:
            with suppress(ProcessLookupError):
                maker.kill()
        ending = asyncio.create_task(maker.wait())
        _endings.add(ending)
        ending.add_done_callback(_endings.discard)
        await asyncio.shield(ending)  # a page that was closed cancels again and again


def _line(**said: object) -> str:
    return json.dumps(said) + "\n"
