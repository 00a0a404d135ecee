"""TikTok's required wordings: what a creator agrees to before a post goes out.

Reviewers compare these with the Content Sharing Guidelines word for word.
"""

from core.posts import PostView

MUSIC_USAGE = "https://www.tiktok.com/legal/page/global/music-usage-confirmation/en"
BRANDED_CONTENT = "https://www.tiktok.com/legal/page/global/bc-policy/en"

YOUR_BRAND_PROMPT = "Your video will be labeled as 'Promotional content'."
BRANDED_CONTENT_PROMPT = "Your video will be labeled as 'Paid partnership'."
BRANDED_NOT_PRIVATE = "Branded content visibility cannot be set to private."
DISCLOSURE_NEEDED = (
    "You need to indicate if your content promotes yourself, a third party, or both."
)


def declaration(post: PostView) -> str:
    """The sentence above the confirming button, with its links (Telegram's HTML)."""
    music = f'<a href="{MUSIC_USAGE}">Music Usage Confirmation</a>'
    if post.branded_content:
        policy = f'<a href="{BRANDED_CONTENT}">Branded Content Policy</a>'
        return f"By posting, you agree to TikTok's {policy} and {music}."
    return f"By posting, you agree to TikTok's {music}."


def declaration_words(post: PostView) -> str:
    """The same sentence without markup, as it is kept with the consent."""
    if post.branded_content:
        return (
            "By posting, you agree to TikTok's Branded Content Policy and Music Usage Confirmation."
        )
    return "By posting, you agree to TikTok's Music Usage Confirmation."


def label_prompt(post: PostView) -> str | None:
    """How TikTok will label the video, once something is disclosed."""
    if post.branded_content:
        return BRANDED_CONTENT_PROMPT
    return YOUR_BRAND_PROMPT if post.your_brand else None
