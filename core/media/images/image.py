"""What an image has to be for TikTok, and why some cannot be made so."""

from dataclasses import dataclass
from enum import StrEnum

SHORTER_SIDE = 1080
"""Pixels at most (Media Transfer Guide: "1080p"); one larger photo fails the whole post.

This and the bytes are `core.tiktok`'s limits once more, which tests hold them to: to import that
would have each photo's process load an HTTP client, in three times as long as it takes to begin.
"""
LARGEST_FILE = 20_000_000
"""Bytes."""

LARGEST_SOURCE = 256 << 20
"""Bytes of an image that is looked at; it is read whole where it is kept as it is."""


class Unusable(StrEnum):
    """Why an image cannot become a photo of a post."""

    NO_IMAGE = "no_image"
    """It is no image of a kind that is read here, or it is broken."""
    HEIC = "heic"
    """It is one of those that iPhones keep: their parts are not put together here."""
    TOO_LARGE = "too_large"
    """It unpacks to more than is read here."""
    TOO_SMALL = "too_small"
    TOO_NARROW = "too_narrow"
    """It is a strip of which nobody would see anything."""
    SLOW = "slow"
    """It could not be read in time."""


class ImageRefused(Exception):
    """The image cannot become a photo; `why` says what is the matter."""

    def __init__(self, why: Unusable) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, kw_only=True)
class FittedImage:
    """An image as TikTok takes it: its pixels as they are seen, its media type."""

    width: int
    height: int
    content_type: str
