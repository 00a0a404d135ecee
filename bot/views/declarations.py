"""TikTok's required wordings: what a creator agrees to before a post goes out.

Reviewers compare these with the Content Sharing Guidelines word for word.
"""

from core.posts import PostView

_TERMS = {
    "Music Usage Confirmation": (
        "https://www.tiktok.com/legal/page/global/music-usage-confirmation/en"
    ),
    "Branded Content Policy": "https://www.tiktok.com/legal/page/global/bc-policy/en",
}

YOUR_BRAND_PROMPT = "Your video will be labeled as 'Promotional content'."
BRANDED_CONTENT_PROMPT = "Your video will be labeled as 'Paid partnership'."
BRANDED_NOT_PRIVATE = "Branded content visibility cannot be set to private."
DISCLOSURE_NEEDED = (
    "You need to indicate if your content promotes yourself, a third party, or both."
)


def declaration_words(post: PostView) -> str:
    """The sentence a creator agrees to, as it is kept with their consent."""
    if post.branded_content:
        return (
            "By posting, you agree to TikTok's Branded Content Policy and Music Usage Confirmation."
        )
    return "By posting, you agree to TikTok's Music Usage Confirmation."


def declaration(post: PostView) -> str:
    """The same sentence as it stands above the confirming button, with its links (HTML)."""
    sentence = declaration_words(post)
    for name, address in _TERMS.items():
        sentence = sentence.replace(name, f'<a href="{address}">{name}</a>')
    return sentence


def label_prompt(post: PostView) -> str | None:
    """How TikTok will label the video, once something is disclosed."""
    if post.branded_content:
        return BRANDED_CONTENT_PROMPT
    return YOUR_BRAND_PROMPT if post.your_brand else None
