"""How a video is cut into chunks (Media Transfer Guide), and what TikTok refuses about it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Int64 = Annotated[int, Field(ge=-(2**63), lt=2**63)]

# TikTok does not say whether its MB are decimal or binary: only what both readings allow passes.
SMALLEST_CHUNK = 5 * 1024 * 1024
LARGEST_CHUNK = 64_000_000
MOST_CHUNKS = 1000
LARGEST_VIDEO = 4 * 1024**3


class SourceInfo(BaseModel):
    """`source_info` of video/init for FILE_UPLOAD. Sizes in bytes."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    source: Literal["FILE_UPLOAD"]
    video_size: Int64
    chunk_size: Int64
    total_chunk_count: Int64

    def fault(self) -> str | None:
        """TikTok's message about a plan it refuses; None for a good one.

        The last chunk absorbs the remainder, so the count is rounded down. A last chunk over
        128 MB cannot occur: it is always shorter than two chunks.
        """
        if not 1 <= self.video_size <= LARGEST_VIDEO:
            return "The video size is invalid"
        if not 1 <= self.total_chunk_count <= MOST_CHUNKS:
            return "The total chunk count is invalid"
        if self.total_chunk_count == 1:
            whole = self.chunk_size == self.video_size <= LARGEST_CHUNK
            return None if whole else "The chunk size is invalid"
        if not SMALLEST_CHUNK <= self.chunk_size <= LARGEST_CHUNK:
            return "The chunk size is invalid"
        if self.total_chunk_count != self.video_size // self.chunk_size:
            return "The total chunk count is invalid"
        return None

    def last_byte(self, first: int) -> int:
        """The zero-based, inclusive end of the chunk that begins at byte `first`."""
        number = first // self.chunk_size
        if number >= self.total_chunk_count - 1:
            return self.video_size - 1
        return (number + 1) * self.chunk_size - 1
