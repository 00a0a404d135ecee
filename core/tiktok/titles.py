"""The title of a video, which is its caption: how TikTok counts it, and what it finds in it.

Mirrors `post_info.title` of the page Direct Post of the Content Posting API.
"""

import re

TITLE_MAX_UTF16 = 2200

# Both end at a space or a new line, says TikTok.
_HASHTAG = re.compile(r"(?<!\S)#([^\s#]+)")
_MENTION = re.compile(r"(?<!\S)@([^\s@]+)")


def utf16_units(text: str) -> int:
    """The length of `text` as TikTok counts it: most emoji are 2 (characters beyond U+FFFF)."""
    return len(text) + sum(character > "\uffff" for character in text)


def hashtags(title: str) -> list[str]:
    """The hashtags in a title, in their order, without the sign."""
    return _HASHTAG.findall(title)


def mentions(title: str) -> list[str]:
    """The accounts that a title mentions, in their order, without the sign."""
    return _MENTION.findall(title)
