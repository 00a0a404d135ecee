"""The files that a post is made of, as they lie here."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.media.files.filestore import FileStore


@dataclass(frozen=True, kw_only=True)
class PostFile:
    """What is sent, or fetched from us: a file that has to be `size` bytes long."""

    store: FileStore = field(repr=False)
    key: str
    size: int
    content_type: str


@dataclass(frozen=True, kw_only=True)
class PhotoFile(PostFile):
    """One photo of a post; `id` is that of its row."""

    id: int


async def trouble_with(files: Sequence[PostFile], *, missing: str, changed: str) -> str | None:
    """What is the matter with the first file that cannot be used, if any: a code of `verdicts`."""
    for file in files:
        size = await file.store.size(file.key)
        if size is None:
            return missing
        if size != file.size:
            return changed
    return None
