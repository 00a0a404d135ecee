"""A strict stand-in of TikTok: consent page, OAuth, and the posting of clips and photos, as an app.

    world = TikTok(now=clock)
    transport = httpx.ASGITransport(app=world.app)

It behaves as TikTok's public documentation and the experience of its clients describe, and refuses
what TikTok would refuse. What TikTok leaves unsaid is decided towards the stricter side.
"""

from .app import TikTok
from .clock import Clock
from .creators import Creator
from .endpoint import Call
from .faults import (
    DropBefore,
    EndToken,
    FailProcessing,
    Fault,
    KeepLess,
    LoseAnswer,
    Misstate,
    NeverEnd,
    Refuse,
    SendLate,
    SendTwice,
    Slow,
)
from .posts import Post
from .shares import Carousel, Live, Photo, PhotoInfo, PostInfo, Share, Upload

__all__ = [
    "Call",
    "Carousel",
    "Clock",
    "Creator",
    "DropBefore",
    "EndToken",
    "FailProcessing",
    "Fault",
    "KeepLess",
    "Live",
    "LoseAnswer",
    "Misstate",
    "NeverEnd",
    "Photo",
    "PhotoInfo",
    "Post",
    "PostInfo",
    "Refuse",
    "SendLate",
    "SendTwice",
    "Share",
    "Slow",
    "TikTok",
    "Upload",
]
