"""Photo posts: what an init of them sends, and which ones there cannot be."""

import json
from dataclasses import replace
from typing import Any

import pytest

from core import tiktok
from tests.core.tiktok.far_end import FarEnd, envelope

URLS = ("https://clips.example/photos/a.jpg", "https://clips.example/photos/b.webp")
POST = tiktok.PhotoPost(
    mode=tiktok.PostMode.DIRECT_POST,
    photo_urls=URLS,
    privacy_level=tiktok.PrivacyLevel.SELF_ONLY,
)
DRAFT = tiktok.PhotoPost(mode=tiktok.PostMode.MEDIA_UPLOAD, photo_urls=URLS)
SPARSE = {
    "privacy_level": "SELF_ONLY",
    "disable_comment": True,
    "auto_add_music": False,
    "brand_content_toggle": False,
    "brand_organic_toggle": False,
}


@pytest.mark.parametrize(
    ("post", "post_info", "beside"),
    [
        (POST, SPARSE, {}),
        (
            replace(POST, title="Beach", description="Three days \ud800 #sea"),
            {**SPARSE, "title": "Beach", "description": "Three days \ud800 #sea"},
            {},
        ),
        (
            replace(POST, disable_comment=False, auto_add_music=True, brand_organic_toggle=True),
            {
                **SPARSE,
                "disable_comment": False,
                "auto_add_music": True,
                "brand_organic_toggle": True,
            },
            {},
        ),
        (replace(POST, privacy_level="NEW"), {**SPARSE, "privacy_level": "NEW"}, {}),
        (replace(POST, is_aigc=True), SPARSE, {"is_aigc": True}),
        (DRAFT, {}, {}),
        (
            replace(DRAFT, title="Beach", privacy_level="SELF_ONLY", is_aigc=True),
            {"title": "Beach"},
            {},
        ),
    ],
)
async def test_init_photos(
    post: tiktok.PhotoPost, post_info: dict[str, Any], beside: dict[str, Any]
) -> None:
    far_end = FarEnd(envelope({"publish_id": "p_pub_url~v2.1"}))
    assert await far_end.client().init_photos("act.1", post) == "p_pub_url~v2.1"
    assert str(far_end.request.url) == "https://open.tiktokapis.com/v2/post/publish/content/init/"
    assert far_end.request.headers["Authorization"] == "Bearer act.1"
    assert json.loads(far_end.request.content) == {
        "media_type": "PHOTO",
        "post_mode": post.mode.value,
        "post_info": post_info,
        "source_info": {
            "source": "PULL_FROM_URL",
            "photo_images": list(URLS),
            "photo_cover_index": 0,
        },
        **beside,
    }


async def test_the_cover_is_counted_from_the_first_photo() -> None:
    far_end = FarEnd(envelope({"publish_id": "p_pub_url~v2.1"}))
    await far_end.client().init_photos("act.1", replace(POST, photo_cover_index=1))
    source = json.loads(far_end.request.content)["source_info"]
    assert source["photo_images"][source["photo_cover_index"]] == URLS[1]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"photo_urls": ()}, "1 to 35 photos, not 0"),
        ({"photo_urls": URLS[:1] * 36}, "1 to 35 photos, not 36"),
        ({"photo_cover_index": 2}, "index 2"),
        ({"photo_cover_index": -1}, "index -1"),
        ({"title": "🌊" * 45 + "!"}, "title has at most 90"),
        ({"description": "🌊" * 2000 + "!"}, "description has at most 4000"),
        ({"privacy_level": None}, "privacy level"),
        ({"privacy_level": ""}, "privacy level"),
    ],
)
def test_what_tiktok_would_refuse_is_no_photo_post(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(POST, **change)


def test_a_photo_post_fits_up_to_the_limits() -> None:
    replace(
        POST,
        photo_urls=URLS[:1] * tiktok.PHOTOS_MAX,
        photo_cover_index=tiktok.PHOTOS_MAX - 1,
        title="🌊" * (tiktok.PHOTO_TITLE_MAX_UTF16 // 2),
        description="🌊" * (tiktok.PHOTO_DESCRIPTION_MAX_UTF16 // 2),
    )
    assert replace(DRAFT, privacy_level=None).privacy_level is None
