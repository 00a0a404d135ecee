"""TikTok: are the keys right, and what will creators be asked for?"""

from bot.doctor.finding import Finding, failed, ok, skipped, warning
from bot.doctor.set_up import SetUp
from core import tiktok
from core.accounts.connecting import scopes_asked

NO_SUCH_CODE = "clipcue-doctor-asks-with-a-code-that-nobody-was-given"
STAND_IN = "TikTok is a stand-in on this machine"
_WRONG_KEYS = {tiktok.OAuthErrorCode.INVALID_CLIENT, tiktok.OAuthErrorCode.UNAUTHORIZED_CLIENT}


async def keys(set_up: SetUp) -> Finding:
    """Asks for tokens with a code that cannot exist: which of the two TikTok refuses tells.

    Right keys are answered by `invalid_grant`, wrong ones by `invalid_client` (OAuth Error
    Handling). Nothing changes by asking.
    """
    settings = set_up.settings
    if settings.sandbox_tiktok or settings.tiktok_client_secret is None:
        return skipped(
            STAND_IN,
            "Make an app in TikTok's developer portal, set TIKTOK_CLIENT_KEY and _SECRET"
            if not settings.mock_mode
            else "Take MOCK_MODE away",
        )
    client = tiktok.Client(
        client_key=str(settings.tiktok_client_key),
        client_secret=settings.tiktok_client_secret.get_secret_value(),
        http=set_up.http,
        auth_base_url=settings.tiktok_auth_base_url,
        api_base_url=settings.tiktok_api_base_url,
    )
    try:
        await client.exchange(code=NO_SUCH_CODE, redirect_uri=settings.redirect_uri)
    except tiktok.OAuthError as error:
        return _judged(error)
    except tiktok.TransportError as error:
        return failed(
            f"TikTok cannot be reached at {settings.tiktok_api_base_url}: {error.message}",
            "Check this machine's network, its firewall, and HTTPS_PROXY",
        )
    except tiktok.TikTokError as error:
        return warning(f"TikTok gave an answer of no known form: {error}", "Ask again later")
    return warning("TikTok took a code that nobody was given", "Check TIKTOK_API_BASE_URL")


def _judged(error: tiktok.OAuthError) -> Finding:
    if error.code == tiktok.OAuthErrorCode.INVALID_GRANT:
        return ok(
            "TikTok knows key and secret: it refused only a code that was made up",
            "Not known from here: whether the app has Login Kit, Direct Post, its scopes and this "
            "redirect URI; /connect shows it",
        )
    if error.code in _WRONG_KEYS:
        return failed(
            f"TikTok does not take TIKTOK_CLIENT_KEY with TIKTOK_CLIENT_SECRET ({error.code})",
            "Copy both again from the app in TikTok's developer portal; its sandbox has a pair of "
            "its own",
        )
    if error.rate_limited or error.server_fault:
        return warning(f"TikTok could not say ({error.code})", "Ask again later")
    return warning(
        f"TikTok refused the question itself ({error.code}), which proves nothing of the keys",
        "Check redirect URI; then /connect shows whether the keys are right",
    )


async def scopes(set_up: SetUp) -> Finding:
    """What creators will be asked for. That the app has it only TikTok's consent page shows."""
    settings = set_up.settings
    if settings.sandbox_tiktok:
        return skipped(STAND_IN)
    asked = sorted(
        scopes_asked(counts=settings.tiktok_video_list, drafts=settings.tiktok_video_upload)
    )
    found = f"creators are asked for {', '.join(asked)}"
    if not settings.tiktok_audited:
        return warning(
            f"{found}; TIKTOK_AUDITED is false, so only private accounts can post",
            "Each scope must be enabled for the app in TikTok's portal; apply for the audit there "
            "(docs/audit.md), and set TIKTOK_AUDITED=true once it is passed",
        )
    return ok(found, "Each must be enabled for the app in TikTok's portal")
