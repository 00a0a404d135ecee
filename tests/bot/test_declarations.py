"""TikTok's required sentence: what is shown, what is kept, and what the guidelines say."""

import re
from datetime import timedelta

import pytest

from bot.views.declarations import declaration, declaration_words
from core.clips import ClipKind, StoredClip
from core.posts.view import PostView
from core.states import PostMode, PostStatus


def post(*, branded_content: bool, mode: PostMode = PostMode.DIRECT_POST) -> PostView:
    return PostView(
        id=1,
        owner_id=1,
        status=PostStatus.DRAFT,
        version=1,
        mode=mode,
        caption="",
        title="",
        time_words="",
        privacy=None,
        allow_comment=False,
        allow_duet=False,
        allow_stitch=False,
        discloses=branded_content,
        your_brand=False,
        branded_content=branded_content,
        ai_generated=False,
        cover_ms=None,
        cover_photo_id=None,
        auto_add_music=False,
        moment=None,
        at_once=False,
        delivered_at=None,
        published_at=None,
        agreed_before=False,
        account=None,
        clip=StoredClip(
            id=1,
            size=1,
            duration=timedelta(seconds=1),
            width=720,
            height=1280,
            file_id="file",
            kind=ClipKind.VIDEO,
        ),
        photos=(),
        failure_code=None,
        tiktok_post_id=None,
        card_message_id=None,
        batch_id=None,
        upload_open=False,
    )


@pytest.mark.parametrize(
    ("branded_content", "sentence", "links"),
    [
        (False, "By posting, you agree to TikTok's Music Usage Confirmation.", ["music-usage"]),
        (
            True,
            "By posting, you agree to TikTok's Branded Content Policy and Music Usage "
            "Confirmation.",
            ["bc-policy", "music-usage"],
        ),
    ],
)
def test_what_is_shown_is_what_is_kept(
    branded_content: bool, sentence: str, links: list[str]
) -> None:
    agreed = post(branded_content=branded_content)
    shown = declaration(agreed)

    assert declaration_words(agreed) == re.sub(r"<[^>]+>", "", shown) == sentence
    addresses = re.findall(r'<a href="(https://www\.tiktok\.com/legal/[^"]+)">', shown)
    assert len(addresses) == len(links)
    assert all(link in address for link, address in zip(links, addresses, strict=True))


def test_a_draft_has_words_of_its_own_whatever_is_disclosed() -> None:
    agreed = post(branded_content=True, mode=PostMode.MEDIA_UPLOAD)
    assert declaration_words(agreed) == (
        "By sending, you agree that ClipCue uploads this to your TikTok inbox as a draft. When you "
        "post it there, TikTok's Music Usage Confirmation applies."
    )
    assert "music-usage" in declaration(agreed)
