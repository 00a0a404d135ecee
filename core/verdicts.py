"""What each of TikTok's answers means: what the creator reads, and what the program does.

One table for error codes of calls (`CALLS`), one for reasons of a failed post (`REASONS`), and one
for words of our own (`OURS`), those of `core.tiktok`'s error classes among them. A code that is in
none of them fails the post with the code shown: guessing, or trying for ever, would be worse.

A code is all that is stored of an error, so the verdict follows from the code alone; `code_of` says
which one to store.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from core import tiktok
from core.wording import N_


class Action(StrEnum):
    """What the program does about it."""

    RETRY = "retry"
    """Passing: try again, ever more rarely."""
    WAIT = "wait"
    """A limit: try again once its window is over."""
    HOLD = "hold"
    """The creator has to do something first."""
    RECONNECT = "reconnect"
    """The account is no longer connected: hold, and say so on the account."""
    FAIL = "fail"
    """No for good."""


class Mend(StrEnum):
    """The button that helps."""

    NONE = "none"
    RECONNECT = "reconnect"
    EDIT = "edit"
    RETRY = "retry"
    LATE = "late"
    """Post now, move or cancel."""
    LOOK = "look"
    """Only the creator can tell whether it is there."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`says` is what the creator reads, with {code} for an unknown one; `says_of_draft` is the same
    of a draft for the inbox, where that is another thing; `wait` is how long a limit lasts.
    """

    action: Action
    says: str
    says_of_draft: str = ""
    mend: Mend = Mend.NONE
    wait: timedelta = timedelta(minutes=1)


_DAY = timedelta(hours=24)

_RECONNECT = Verdict(
    action=Action.RECONNECT,
    says=N_("TikTok no longer lets ClipCue post to this account. Connect it again to go on."),
    mend=Mend.RECONNECT,
)
_PASSING = Verdict(
    action=Action.RETRY,
    says=N_("TikTok could not be reached, or had a fault of its own."),
    mend=Mend.RETRY,
)
_OUR_FAULT = Verdict(
    action=Action.FAIL,
    says=N_("TikTok did not understand the request. This is a fault of ClipCue, not of your clip."),
    mend=Mend.RETRY,
)
_DAILY_CAP = Verdict(
    action=Action.WAIT,
    says=N_("This account has reached TikTok's limit of posts for a day."),
    mend=Mend.RETRY,
    wait=_DAY,
)
_STARTS_OVER = Verdict(
    action=Action.RETRY,
    says=N_("The upload to TikTok took too long and has to start over."),
    mend=Mend.RETRY,
)
_BANNED = Verdict(
    action=Action.FAIL,
    says=N_("TikTok has barred this account from posting. The TikTok app shows why."),
)

CALLS: dict[str, Verdict] = {
    "invalid_param": _OUR_FAULT,
    "invalid_publish_id": _OUR_FAULT,
    "token_not_authorized_for_specified_publish_id": _OUR_FAULT,
    "access_token_invalid": _RECONNECT,
    "invalid_grant": _RECONNECT,
    "scope_not_authorized": _RECONNECT,
    "scope_permission_missed": _RECONNECT,
    "access_denied": _RECONNECT,
    "rate_limit_exceeded": Verdict(
        action=Action.WAIT, says=N_("TikTok asked to slow down."), mend=Mend.RETRY
    ),
    "spam_risk_too_many_posts": _DAILY_CAP,
    "spam_risk_user_banned_from_posting": _BANNED,
    "spam_risk_too_many_pending_share": Verdict(
        action=Action.HOLD,
        says=N_(
            "Five drafts of the last 24 hours wait in this TikTok inbox, and TikTok takes no more. "
            "Post one of them in the TikTok app, or wait until the oldest is 24 hours old, then "
            "tap Retry."
        ),
        mend=Mend.RETRY,
    ),
    "reached_active_user_cap": Verdict(
        action=Action.WAIT,
        says=N_("So many creators posted through ClipCue today that TikTok takes no more for now."),
        mend=Mend.RETRY,
        wait=_DAY,
    ),
    "unaudited_client_can_only_post_to_private_accounts": Verdict(
        action=Action.HOLD,
        says=N_(
            "Until TikTok has audited ClipCue, it takes posts only while the TikTok account "
            "itself is private. Set the account to private in the TikTok app, then try again."
        ),
        mend=Mend.RETRY,
    ),
    "app_version_check_failed": Verdict(
        action=Action.HOLD,
        says=N_(
            "The TikTok app on your phone is too old for photos from outside. Update it, then try "
            "again."
        ),
        mend=Mend.RETRY,
    ),
    "url_ownership_unverified": Verdict(
        action=Action.HOLD,
        says=N_(
            "TikTok does not fetch photos from this ClipCue yet: whoever runs it has to show "
            "TikTok whose address it is. Ask them, then try again. Your post waits."
        ),
        mend=Mend.RETRY,
    ),
    "privacy_level_option_mismatch": Verdict(
        action=Action.HOLD,
        says=N_("TikTok no longer offers the privacy you chose. Choose again."),
        mend=Mend.EDIT,
    ),
    "invalid_client": _OUR_FAULT,
    "unauthorized_client": _OUR_FAULT,
    "invalid_request": _OUR_FAULT,
    "invalid_scope": _OUR_FAULT,
    "internal_error": _PASSING,
    "server_error": _PASSING,
    "temporarily_unavailable": _PASSING,
}

REASONS: dict[str, Verdict] = {
    "file_format_check_failed": Verdict(
        action=Action.FAIL,
        says=N_("TikTok cannot use the format of this clip. MP4 with H.264 works best."),
    ),
    "duration_check_failed": Verdict(
        action=Action.FAIL, says=N_("The clip is too long or too short for TikTok.")
    ),
    "frame_rate_check_failed": Verdict(
        action=Action.FAIL, says=N_("TikTok takes 23 to 60 frames a second; this clip has others.")
    ),
    "picture_size_check_failed": Verdict(
        action=Action.FAIL, says=N_("TikTok takes 360 to 4096 pixels a side; this clip has others.")
    ),
    "photo_pull_failed": Verdict(
        action=Action.RETRY,
        says=N_("TikTok could not fetch the photos from ClipCue."),
        mend=Mend.RETRY,
    ),
    "internal": Verdict(
        action=Action.RETRY, says=N_("TikTok had a fault while it worked."), mend=Mend.RETRY
    ),
    "auth_removed": _RECONNECT,
    "spam_risk_too_many_posts": _DAILY_CAP,
    "spam_risk_user_banned_from_posting": _BANNED,
    "spam_risk_text": Verdict(
        action=Action.FAIL, says=N_("TikTok took the caption for spam. Change it."), mend=Mend.EDIT
    ),
    "spam_risk": Verdict(action=Action.FAIL, says=N_("TikTok took the post for spam.")),
}

ACCOUNT_LOST = "account_disconnected"
LATE = "late"
FAULT = "fault"
NO_VERDICT = "no_verdict"
"""TikTok is still asked."""
NEVER_TOLD = "never_told"
"""TikTok is asked no more: the creator has to look."""
PHOTOS_UNCLEAR = "photos_unclear"
"""TikTok may have been told of photos; whether it asks for them is watched."""
PHOTOS_NOT_FETCHED = "photos_not_fetched"
"""It has not asked for them, so it has posted nothing."""
RESTORED = "restored"
"""It may have gone out after the backup was made that ClipCue was brought back from."""
RESTORED_UPLOAD = "restored_upload"
"""Its upload ended without a post, and another may have gone out since that backup."""
NO_INBOX_SCOPE = "no_inbox_scope"
"""The creator has not let us put drafts into the account's inbox."""
DRAFT_TOO_LONG = "draft_too_long"
DRAFT_LEFT = "draft_left"
"""A draft in the inbox that TikTok is asked about no more."""
DRAFT_DELETED = "draft_deleted"
"""Its creator said so; TikTok does not tell."""

OURS: dict[str, Verdict] = {
    LATE: Verdict(
        action=Action.HOLD, says=N_("This post could not start in time."), mend=Mend.LATE
    ),
    RESTORED: Verdict(
        action=Action.HOLD,
        says=N_(
            "ClipCue was brought back from a backup, and this post may have gone out since that "
            "was made. Look in the TikTok app: if it is there, cancel it here."
        ),
        mend=Mend.LATE,
    ),
    RESTORED_UPLOAD: Verdict(
        action=Action.FAIL,
        says=N_(
            "This upload ended without a post, but ClipCue was brought back from a backup, and "
            "another one may have gone out since that was made. Look in the TikTok app: only if "
            "it is not there, Retry uploads it once more."
        ),
        mend=Mend.RETRY,
    ),
    "clip_too_long": Verdict(
        action=Action.FAIL, says=N_("The clip is longer than TikTok allows this account.")
    ),
    "clip_missing": Verdict(
        action=Action.FAIL, says=N_("The clip's file is gone from ClipCue's disk. Send it again.")
    ),
    NO_INBOX_SCOPE: Verdict(
        action=Action.HOLD,
        says=N_(
            "ClipCue may not put drafts into this account's inbox: that is a permission of its "
            "own. Connect the account again and leave it switched on at TikTok."
        ),
        mend=Mend.RECONNECT,
    ),
    DRAFT_TOO_LONG: Verdict(
        action=Action.FAIL,
        says=N_("TikTok takes drafts of up to 10 minutes; this clip is longer."),
        mend=Mend.EDIT,
    ),
    DRAFT_LEFT: Verdict(
        action=Action.HOLD,
        says=N_("TikTok has not said that you posted this draft, and I ask no more."),
    ),
    DRAFT_DELETED: Verdict(
        action=Action.HOLD, says=N_("You said that you deleted this draft in TikTok.")
    ),
    NO_VERDICT: Verdict(
        action=Action.HOLD,
        says=N_(
            "TikTok took the post but has not said whether it is live. Look in the TikTok app."
        ),
        says_of_draft=N_(
            "TikTok took it but has not said whether it is in your inbox. Look in the TikTok app."
        ),
    ),
    NEVER_TOLD: Verdict(
        action=Action.HOLD,
        says=N_(
            "TikTok took the post but never said whether it is live. Look in the TikTok app: "
            "is it there?"
        ),
        says_of_draft=N_(
            "TikTok took it but never said whether it is in your inbox. Look in the TikTok app: "
            "is it there, or posted?"
        ),
        mend=Mend.LOOK,
    ),
    PHOTOS_UNCLEAR: Verdict(
        action=Action.HOLD,
        says=N_(
            "Something broke while ClipCue handed over the photos, so TikTok may have taken them. "
            "Nothing is sent twice: if TikTok does not fetch them within about an hour, ClipCue "
            "sends them anew. If it does, only the TikTok app shows what became of them: look "
            "there whenever you like, after a day ClipCue asks you. Please do not post them again "
            "until then."
        ),
    ),
    PHOTOS_NOT_FETCHED: Verdict(
        action=Action.RETRY,
        says=N_("TikTok did not fetch the photos, so nothing was posted."),
        mend=Mend.RETRY,
    ),
    "photo_missing": Verdict(
        action=Action.FAIL,
        says=N_("A photo's file is gone from ClipCue's disk. Send the photos again."),
    ),
    "not_there": Verdict(
        action=Action.FAIL,
        says=N_("You said that it is not on TikTok. Retry uploads it once more."),
        mend=Mend.RETRY,
    ),
    ACCOUNT_LOST: Verdict(  # by TikTok's doing, or the creator's
        action=Action.RECONNECT,
        says=N_("ClipCue can no longer post to this account. Connect it again to go on."),
        mend=Mend.RECONNECT,
    ),
    FAULT: Verdict(
        action=Action.RETRY, says=N_("ClipCue met a fault of its own."), mend=Mend.RETRY
    ),
    # The words of `core.tiktok`'s error classes.
    "tiktok_error": _PASSING,
    "transport_error": _PASSING,
    "not_sent": _PASSING,
    "timed_out": _PASSING,
    "connection_dropped": _PASSING,
    "answer_malformed": _PASSING,
    "event_malformed": _PASSING,
    "signature_refused": _OUR_FAULT,
    "oauth_error": _OUR_FAULT,
    "api_error": _OUR_FAULT,
    "upload_unexpected_status": _PASSING,
    "upload_unavailable": _PASSING,
    "upload_range_mismatch": _PASSING,
    "upload_expired": _STARTS_OVER,
    "upload_not_found": _STARTS_OVER,
    "upload_malformed": _OUR_FAULT,
    "upload_url_refused": Verdict(
        action=Action.FAIL,
        says=N_("TikTok named a place for the clip that is not its own. Nothing was sent there."),
        mend=Mend.RETRY,
    ),
    "upload_file_changed": Verdict(
        action=Action.FAIL, says=N_("The clip's file has changed on ClipCue's disk. Send it again.")
    ),
}


CANNOT_POST = frozenset(
    {
        "spam_risk_too_many_posts",
        "spam_risk_user_banned_from_posting",
        "reached_active_user_cap",
    }
)
"""Codes by which Query Creator Info says that the creator can make no post now."""


def code_of(error: tiktok.TikTokError) -> str:
    """The code to store of an error; an unknown one goes by what its HTTP status says."""
    if error.code in CALLS:
        return error.code
    if error.rate_limited:
        return tiktok.ErrorCode.RATE_LIMIT_EXCEEDED.value
    if error.code not in OURS and error.server_fault:
        return tiktok.ErrorCode.INTERNAL_ERROR.value
    return error.code


def of_error(error: tiktok.TikTokError) -> Verdict:
    """The verdict on a call that failed."""
    return of_code(code_of(error))


def of_reason(reason: str) -> Verdict:
    """The verdict on a post that TikTok called FAILED."""
    return REASONS.get(reason) or _unknown(reason)


def of_code(code: str) -> Verdict:
    """The verdict behind a code that was stored with a post."""
    return OURS.get(code) or REASONS.get(code) or CALLS.get(code) or _unknown(code)


def is_ours(code: str) -> bool:
    """Whether the code is a word of ours, of no use to TikTok's support."""
    return code in OURS


def _unknown(code: str) -> Verdict:
    return Verdict(
        action=Action.FAIL,
        says=N_("TikTok said no: {code}.") if code else N_("TikTok said no, without a reason."),
        mend=Mend.RETRY,
    )
