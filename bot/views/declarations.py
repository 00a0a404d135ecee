"""TikTok's required wordings: what a creator agrees to before a post goes out.

Reviewers compare the English ones with the Content Sharing Guidelines word for word.
"""

from bot.language import N_, _
from core.posts.view import PostView

_MUSIC_USAGE = N_("Music Usage Confirmation")
_BRANDED_CONTENT = N_("Branded Content Policy")
_ADDRESSES = {
    _MUSIC_USAGE: "https://www.tiktok.com/legal/page/global/music-usage-confirmation/en",
    _BRANDED_CONTENT: "https://www.tiktok.com/legal/page/global/bc-policy/en",
}

YOUR_BRAND_PROMPT = N_("Your video will be labeled as 'Promotional content'.")
BRANDED_CONTENT_PROMPT = N_("Your video will be labeled as 'Paid partnership'.")
_PHOTO_PROMPTS = {
    YOUR_BRAND_PROMPT: N_("Your photo/video will be labeled as 'Promotional content'."),
    BRANDED_CONTENT_PROMPT: N_("Your photo/video will be labeled as 'Paid partnership'."),
}
BRANDED_NOT_PRIVATE = N_("Branded content visibility cannot be set to private.")
DISCLOSURE_NEEDED = N_(
    "You need to indicate if your content promotes yourself, a third party, or both."
)


def declaration_words(post: PostView) -> str:
    """The sentence a creator agrees to, as they read it and as it is kept with their consent."""
    return _sentence(post).format(music_usage=_(_MUSIC_USAGE), branded_content=_(_BRANDED_CONTENT))


def declaration(post: PostView) -> str:
    """The same sentence as it stands above the confirming button, with its links (HTML)."""
    return _sentence(post).format(
        music_usage=_linked(_MUSIC_USAGE), branded_content=_linked(_BRANDED_CONTENT)
    )


def _sentence(post: PostView) -> str:
    if post.is_for_inbox:
        return _(
            "By sending, you agree that ClipCue uploads this to your TikTok inbox as a draft. When "
            "you post it there, TikTok's {music_usage} applies."
        )
    if post.branded_content:
        return _("By posting, you agree to TikTok's {branded_content} and {music_usage}.")
    return _("By posting, you agree to TikTok's {music_usage}.")


def _linked(terms: str) -> str:
    return f'<a href="{_ADDRESSES[terms]}">{_(terms)}</a>'


def label_prompt(post: PostView) -> str | None:
    """How TikTok will label the post, once something is disclosed."""
    if not (post.branded_content or post.your_brand):
        return None
    prompt = BRANDED_CONTENT_PROMPT if post.branded_content else YOUR_BRAND_PROMPT
    return _(_PHOTO_PROMPTS[prompt] if post.photos else prompt)
