"""What the sandbox remembers, in memory and, given a folder, on disk."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter

from .creators import Creator, first_creators
from .shares import Carousel, Upload


@dataclass(frozen=True, kw_only=True)
class Credential:
    """What an authorization code, an access token or a refresh token stands for."""

    username: str
    scopes: tuple[str, ...]
    expires_at: datetime
    redirect_uri: str = ""
    """Where a code was sent; tokens have none."""


@dataclass(kw_only=True)
class State:
    creators: dict[str, Creator] = field(default_factory=first_creators)
    codes: dict[str, Credential] = field(default_factory=dict, repr=False)
    access_tokens: dict[str, Credential] = field(default_factory=dict, repr=False)
    refresh_tokens: dict[str, Credential] = field(default_factory=dict, repr=False)
    uploads: dict[str, Upload] = field(default_factory=dict)
    carousels: dict[str, Carousel] = field(default_factory=dict)


_JSON = TypeAdapter(State)


class Disk:
    """Keeps, in one folder, the state as `state.json`, clips in `videos` and photos in `photos`.

    Without a folder nothing is kept.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._changes = 0
        self._saved = 0
        self._turn = asyncio.Lock()
        # One thread, so that an older state never overtakes a newer one on its way to the disk.
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sandbox-tiktok")
        if folder is not None:
            (folder / "videos").mkdir(parents=True, exist_ok=True)

    def video(self, publish_id: str) -> Path | None:
        return self.folder / "videos" / publish_id if self.folder else None

    def photo(self, publish_id: str, number: int) -> Path | None:
        """Where that photo of a carousel is; they are counted from 0."""
        return self.folder / "photos" / publish_id / str(number) if self.folder else None

    def load(self) -> State:
        """The state as last saved, or that of a new sandbox."""
        if self.folder is None or not (path := self.folder / "state.json").exists():
            return State()
        return _JSON.validate_json(path.read_bytes())

    async def save(self, state: State) -> None:
        """Return when this change is on disk; changes that pile up are written as one."""
        if self.folder is None:
            return
        self._changes += 1
        change = self._changes
        async with self._turn:
            if self._saved >= change:
                return
            change, text = self._changes, _JSON.dump_json(state, indent=1)
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._writer, _replace, self.folder / "state.json", text)
            self._saved = change


def _replace(path: Path, text: bytes) -> None:
    draft = path.with_suffix(".new")
    draft.write_bytes(text)
    draft.replace(path)
