"""What TikTok finds in a title: hashtags and mentions, which end at a space or a new line."""

import pytest

from core import tiktok


@pytest.mark.parametrize(
    ("title", "hashtags", "mentions"),
    [
        ("", [], []),
        ("New recipe #food", ["food"], []),
        ("#food\n#Pasta_2 @lena.cooks hi", ["food", "Pasta_2"], ["lena.cooks"]),
        ("#кулинария #रेसिपी #料理", ["кулинария", "रेसिपी", "料理"], []),
        ("#food, #so-good!", ["food,", "so-good!"], []),
        ("# food @ lena", [], []),
        ("me@example.com C#", [], []),
        ("#food #food", ["food", "food"], []),
        ("##", [], []),
    ],
)
def test_what_is_in_a_title(title: str, hashtags: list[str], mentions: list[str]) -> None:
    assert tiktok.hashtags(title) == hashtags
    assert tiktok.mentions(title) == mentions
