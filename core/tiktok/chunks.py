"""How a video is cut for upload (Media Transfer Guide).

TikTok wants floor(video_size / chunk_size) chunks of 5 to 64 MB, the last one taking the remainder
(up to 128 MB), and a single chunk only where chunk_size equals video_size. It does not say whether
a MB is 10**6 or 2**20 bytes; the sizes below satisfy both readings.
"""

from collections.abc import Iterator
from dataclasses import dataclass

VIDEO_MAX_BYTES = 4 * 1024**3
SINGLE_CHUNK_MAX_BYTES = 64_000_000
CHUNK_BYTES = 10_000_000


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """The bytes `first` to `last` of a file, zero-based, both included."""

    first: int
    last: int

    @property
    def size(self) -> int:
        """Number of bytes."""
        return self.last - self.first + 1


@dataclass(frozen=True, kw_only=True)
class ChunkPlan:
    """What `source_info` of an init announces: all sizes in bytes."""

    video_size: int
    chunk_size: int
    total_chunk_count: int

    def chunks(self, from_byte: int = 0) -> Iterator[Chunk]:
        """Yield what is still to send, in order, when TikTok holds the first `from_byte` bytes.

        A start in the middle of a chunk yields the rest of that chunk first; a start at the end
        yields nothing. Raises ValueError for a position outside the video.
        """
        if not 0 <= from_byte <= self.video_size:
            raise ValueError(f"byte {from_byte} lies outside a video of {self.video_size} bytes")
        return self._rest(from_byte)

    def _rest(self, position: int) -> Iterator[Chunk]:
        while position < self.video_size:
            index = min(position // self.chunk_size, self.total_chunk_count - 1)
            is_last = index == self.total_chunk_count - 1
            end = self.video_size if is_last else (index + 1) * self.chunk_size
            yield Chunk(first=position, last=end - 1)
            position = end


def plan_chunks(size: int) -> ChunkPlan:
    """Plan the upload of a video of `size` bytes: one chunk up to 64 MB, else chunks of 10 MB.

    Raises ValueError for an empty or negative size and for more than TikTok's 4 GiB.
    """
    if size <= 0:
        raise ValueError(f"a video of {size} bytes cannot be uploaded")
    if size > VIDEO_MAX_BYTES:
        raise ValueError(f"a video of {size} bytes exceeds TikTok's limit of {VIDEO_MAX_BYTES}")
    chunk_size = size if size <= SINGLE_CHUNK_MAX_BYTES else CHUNK_BYTES
    return ChunkPlan(video_size=size, chunk_size=chunk_size, total_chunk_count=size // chunk_size)
