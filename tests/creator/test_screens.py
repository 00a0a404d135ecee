"""Whatever creators are called and write, every screen is one that Telegram takes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.callbacks import MenuTap, MenuVerb
from bot.handlers import caption as caption_handler
from bot.views import (
    accounts,
    caption,
    card,
    consent,
    cover,
    fitting,
    inbox,
    notices,
    options,
    post_buttons,
    uploading,
    when,
    words,
    zone,
)
from bot.views import settings as settings_views
from bot.views.fitting import LONG
from bot.views.screen import Screen, button
from core import tiktok, verdicts
from core.accounts.accounts import ConnectedAccount
from core.clips import ClipKind, StoredClip
from core.fitting import Unfit
from core.media.limits import Problem, ProblemCode
from core.notifications import Notice, NoticeKind
from core.photos import StoredPhoto
from core.posts.view import Missing, PostView
from core.states import AccountStatus, PostMode, PostStatus
from core.times import Moment, TimeProblem, at_instant, find_zones, parse, quick_times
from core.uploads.room import DiskNearlyFull, QuotaReached
from sandbox.telegram.keyboards import checked_markup
from sandbox.telegram.texts import caption_text, message_text

NOW = datetime(2027, 1, 12, 12, 0, tzinfo=UTC)
BACK = button("‹ Settings", MenuTap(MenuVerb.SETTINGS))
ZONES = ("Europe/Madrid", "America/Argentina/Buenos_Aires", "Asia/Kathmandu", "UTC", "Etc/GMT-3")

awkward = st.sampled_from(
    ["<b>", "&amp;", "</a>", "🍋", "@ana", "#x", '"', "'", "\n", "\N{RIGHT-TO-LEFT OVERRIDE}", "é"]
)
fragments = st.lists(st.one_of(st.text(max_size=20), awkward), max_size=60).map("".join)
captions = st.one_of(
    st.just(""),
    fragments,
    st.sampled_from(["&" * 2200, "<" * 2200, "🍋" * 1100, "\n" * 2200, "@abcd " * 366, "x" * 2200]),
).filter(lambda text: tiktok.utf16_units(text) <= tiktok.TITLE_MAX_UTF16)
nicknames = st.one_of(st.text(min_size=1, max_size=30), awkward, st.just("<" * 30), st.just("\r"))
usernames = st.none() | st.from_regex(r"[a-z0-9._]{2,24}", fullmatch=True)
ids = st.integers(min_value=1, max_value=10**12)
moments = st.builds(
    at_instant,
    st.integers(min_value=1, max_value=364 * 24 * 60).map(
        lambda each: NOW + timedelta(minutes=each)
    ),
    st.sampled_from(ZONES),
)
accounts_ = st.builds(
    ConnectedAccount,
    id=ids,
    username=usernames,
    nickname=nicknames,
    status=st.sampled_from(AccountStatus),
    connected_at=st.just(NOW),
    refresh_expires_at=st.just(NOW + timedelta(days=180)),
    takes_drafts=st.booleans(),
)
clips = st.builds(
    StoredClip,
    id=ids,
    size=st.integers(min_value=1, max_value=4 << 30),
    duration=st.integers(min_value=1, max_value=3600).map(lambda each: timedelta(seconds=each)),
    width=st.integers(min_value=360, max_value=4096),
    height=st.integers(min_value=360, max_value=4096),
    file_id=st.just("file"),
    kind=st.sampled_from(ClipKind),
)
codes = st.sampled_from(
    [*verdicts.CALLS, *verdicts.REASONS, *verdicts.OURS, "new <word>", "x" * 64]
)
photos = st.builds(
    StoredPhoto,
    id=st.integers(min_value=1, max_value=35),
    size=st.integers(min_value=1, max_value=tiktok.PHOTO_MAX_BYTES),
    width=st.integers(min_value=64, max_value=10_800),
    height=st.integers(min_value=64, max_value=10_800),
    file_id=st.none() | st.just("file"),
)
titles = fragments.map(lambda text: text[: tiktok.PHOTO_TITLE_MAX_UTF16 // 2])


def _id(photo: StoredPhoto) -> int:
    return photo.id


_any_post = partial(
    st.builds,
    PostView,
    id=ids,
    owner_id=ids,
    status=st.sampled_from(PostStatus),
    version=st.integers(min_value=1, max_value=10**6),
    caption=captions,
    time_words=st.sampled_from(["", "tomorrow 18:00", "<b>in 2h", "9" * 100]),
    privacy=st.none() | st.sampled_from(tiktok.PrivacyLevel) | st.just("SOME_NEWER_LEVEL"),
    allow_comment=st.booleans(),
    allow_duet=st.booleans(),
    allow_stitch=st.booleans(),
    discloses=st.booleans(),
    your_brand=st.booleans(),
    branded_content=st.booleans(),
    ai_generated=st.booleans(),
    cover_ms=st.none() | st.integers(min_value=0, max_value=3_600_000),
    cover_photo_id=st.none() | st.integers(min_value=1, max_value=35),
    auto_add_music=st.booleans(),
    moment=st.none() | moments,
    at_once=st.booleans(),
    mode=st.sampled_from(PostMode),
    delivered_at=st.none() | st.just(NOW),
    published_at=st.none() | st.just(NOW),
    agreed_before=st.booleans(),
    account=st.none() | accounts_,
    failure_code=st.none() | codes,
    tiktok_post_id=st.none(),
    card_message_id=st.none(),
    batch_id=st.none() | ids,
    upload_open=st.booleans(),
)
post_views = _any_post(clip=clips, title=st.just(""), photos=st.just(())) | _any_post(
    clip=st.none(),
    title=titles,
    photos=st.lists(photos, min_size=1, max_size=tiktok.PHOTOS_MAX, unique_by=_id).map(tuple),
)
creators = st.builds(
    tiktok.CreatorInfo,
    username=st.from_regex(r"[a-z0-9._]{2,24}", fullmatch=True),
    nickname=nicknames,
    avatar_url=st.none(),
    privacy_level_options=st.just((*tiktok.PrivacyLevel, "SOME_NEWER_LEVEL")),
    comment_disabled=st.booleans(),
    duet_disabled=st.booleans(),
    stitch_disabled=st.booleans(),
    max_video_post_duration_sec=st.integers(min_value=1, max_value=3600),
)
many = settings(max_examples=40, deadline=None)


def taken(screen: Screen) -> str:
    """The screen's text as it is read, once Telegram has taken text and buttons."""
    text, _ = message_text(screen.text, "HTML", None)
    if screen.keyboard is not None:
        checked_markup(screen.keyboard.to_dict())
    return text


def same(text: str) -> str:
    """A text apart from the spaces, which Telegram trims."""
    return " ".join(text.split())


@many
@given(
    post=post_views,
    note=st.sampled_from(["", consent.OUTDATED]),
    link=st.booleans(),
)
def test_the_card(post: PostView, note: str, link: bool) -> None:
    url = "https://www.tiktok.com/@lena.cooks/video/7123456789012345678" if link else None
    text = taken(card.card(post, note=note, link=url))
    assert post.status is not PostStatus.DRAFT or post.time_words in text
    assert same(post.caption) in same(text)
    assert post.account is None or same(post.account.nickname) in same(text)


@many
@given(
    post=post_views,
    creator=creators,
    accounts_of_creator=st.lists(accounts_, max_size=12),
    audited=st.booleans(),
    needed=st.lists(st.sampled_from(Missing), unique=True),
)
def test_the_screens_behind_the_card(
    post: PostView,
    creator: tiktok.CreatorInfo,
    accounts_of_creator: list[ConnectedAccount],
    audited: bool,
    needed: list[Missing],
) -> None:
    taken(options.privacy(post, creator.privacy_level_options, audited=audited))
    taken(options.interactions(post, creator))
    taken(options.disclosure(post))
    taken(options.change(post))
    taken(options.not_private(post))
    taken(options.not_branded(post))
    taken(options.choose_account(post, accounts_of_creator))
    for name in options.INTERACTION_LABELS:
        taken(options.interactions(post, creator, asked=name))
    taken(card.card(post, note=options.cannot_post("spam_risk_too_many_posts"), creator=creator))
    taken(consent.clip_too_long(post, timedelta(seconds=creator.max_video_post_duration_sec)))
    taken(consent.discard_sure(post))
    taken(consent.cancel_sure(post))
    taken(consent.confirm(post, needed, creator=creator, at_once=False))
    for at_once in (True, False):
        for known in (creator, None):
            text = taken(consent.confirm(post, [], creator=known, at_once=at_once))
            assert same(post.caption) in same(text)
            draft = post.mode is PostMode.MEDIA_UPLOAD
            assert (
                "By sending, you agree" if draft else "By posting, you agree to TikTok's"
            ) in text


@many
@given(post=post_views, account=accounts_, pending=st.integers(0, 9), can_reconnect=st.booleans())
def test_the_way_to_the_inbox(
    post: PostView, account: ConnectedAccount, pending: int, can_reconnect: bool
) -> None:
    text = taken(inbox.offer(replace(post, account=account), pending, can_reconnect=can_reconnect))
    assert same(account.nickname) in same(text)
    assert f"{pending} of 5" in text


hashtags = st.lists(
    st.text(min_size=1, max_size=70).filter(lambda text: tiktok.hashtags(f"#{text}") == [text]),
    max_size=caption_handler.SUGGESTED,
)


@many
@given(
    post=post_views,
    own=hashtags,
    over=st.integers(min_value=0, max_value=10**6),
    times_ms=st.lists(st.integers(min_value=0, max_value=3_600_000), max_size=9, unique=True),
)
def test_the_caption_and_the_cover(
    post: PostView, own: list[str], over: int, times_ms: list[int]
) -> None:
    text = taken(caption.ask(post, own))
    assert same(post.caption) in same(text)
    taken(caption.ask(post, own, problem=caption.too_long(over)))
    chosen = cover.choose(post, times_ms)
    checked, _ = caption_text(chosen.text, "HTML", None)
    assert checked
    checked_markup(chosen.keyboard.to_dict())  # type: ignore[union-attr]  # it has one


@many
@given(
    post=post_views,
    moment=moments,
    typed=st.one_of(fragments, st.sampled_from(["9", "tomorrow", "31 feb", "28 mar 02:30"])),
    zone_=st.sampled_from(ZONES),
)
def test_choosing_a_time(post: PostView, moment: Moment, typed: str, zone_: str) -> None:
    taken(when.when(post, quick_times(NOW, zone_), zone=zone_, now=NOW))
    taken(when.move_sure(post, moment))
    taken(zone.ask_zone(post_buttons.back(post), lead=zone.caption_has_time(typed)))
    taken(zone.zone_set(zone_, NOW))
    found = find_zones(typed) or (zone_,)
    taken(zone.candidates(found, NOW))
    try:
        parse(typed, now=NOW, zone=zone_)
    except TimeProblem as problem:
        taken(when.problem(post, problem))
        taken(card.card(replace(post, moment=moment), note=when.explain(problem)))


@many
@given(connected=st.lists(accounts_, max_size=12), name=nicknames)
def test_accounts(connected: list[ConnectedAccount], name: str) -> None:
    taken(accounts.accounts(connected, {}))
    for account in connected[:1]:
        taken(accounts.disconnected(account, confirmed=False))
    taken(words.welcome(name, connected=bool(connected)))


UPLOADS = {NoticeKind.UPLOADED, NoticeKind.UPLOAD_REFUSED, NoticeKind.UPLOAD_UNFIT}
"""They tell of a clip that no account has yet."""


@many
@given(
    kind=st.sampled_from(NoticeKind),
    caption=captions,
    nickname=nicknames,
    username=usernames,
    code=st.none() | codes,
    late=st.integers(min_value=0, max_value=10**5),
    live=st.booleans(),
)
def test_notices(
    kind: NoticeKind,
    caption: str,
    nickname: str,
    username: str | None,
    code: str | None,
    late: int,
    live: bool,
) -> None:
    told = kind is NoticeKind.CONNECTED
    if kind is NoticeKind.WAITING:
        code = code or "spam_risk_too_many_posts"
    payload: dict[str, Any] = {
        "account_id": 1,
        **({"name": username or nickname, "nickname": nickname} if told else {}),
        "post_id": 10**12,
        "mode": [*PostMode][late % 2],
        "is_clip": late % 3 > 0,
        "version": 10**6,
        "account": username or nickname,
        "caption": caption,
        "link": f"https://www.tiktok.com/@{username}/video/1" if live and username else None,
        "code": code,
        "late_minutes": late,
        "due": NOW.isoformat() if live else None,
        "zone": ZONES[0] if late % 2 else None,
        "gave_up": live,
        "posts": late,
        "by_creator": live,
        "ends_at": NOW.isoformat(),
        "upload_open": late % 2 == 1,
    }
    if kind is NoticeKind.ZONE_FROM_BROWSER:
        payload |= {"zone": ZONES[late % 5], "is_set": live, "told_at": NOW.isoformat()}
    if kind is NoticeKind.RESTORED:
        restored = {"made_at": NOW.isoformat(), "zone": ZONES[0], "held": late, "scheduled": 2}
        payload |= restored
    if kind in UPLOADS:
        payload |= {"file_name": caption, "refusal": {"code": ("changed", "not_read")[late % 2]}}
        wrong = {"code": "fps_too_high", "measured": 120.0, "limit": 60}
        payload |= {"unfit": {"clip_id": 10**9, "problems": [wrong], "seconds": 60.0 * late}}
    text = taken(
        notices.notice(Notice(id=1, user_id=1, chat_id=1, kind=kind, payload=payload, attempts=1))
    )
    if kind not in {NoticeKind.ZONE_FROM_BROWSER, NoticeKind.RESTORED, *UPLOADS}:
        assert same(username or nickname) in same(text)


@many
@given(codes=st.lists(st.sampled_from(ProblemCode), unique=True), name=fragments)
def test_refused_clips(codes: list[ProblemCode], name: str) -> None:
    texts = {ProblemCode.CONTAINER, ProblemCode.VIDEO_CODEC}
    problems = [
        Problem(code=code, measured=name if code in texts else 12.34567, limit=23) for code in codes
    ]
    unfit = Unfit(clip_id=7, problems=tuple(problems), duration=LONG * 2, update=None)
    assert taken(fitting.offer(unfit, note=fitting.called_off())).count("\n• ") == len(codes)
    if codes:
        assert taken(Screen(text=fitting.not_made(problems))).count("\n• ") == len(codes)


def test_words_that_never_change() -> None:
    for screen in (
        words.help_(),
        words.not_read(),
        words.unreadable(),
        fitting.waits(7, 1),
        fitting.waits(7, 3),
        fitting.works(7, 0.999),
        Screen(text=fitting.not_made()),
        Screen(text=fitting.not_in_time()),
        fitting.discarded(),
        uploading.too_big(20 << 20, "https://clips.example.com/upload?link=x"),
        uploading.invitation("https://clips.example.com/upload?link=x"),
        uploading.no_room(DiskNearlyFull()),
        uploading.no_room(QuotaReached(used=10**9, quota=10**10)),
        uploading.too_big_to_send(),
        words.receiving(0, None),
        words.receiving(5, 4),
        words.fetching(LONG),
        words.not_shared(),
        *(settings_views.ask_keeping(each) for each in (None, *settings_views.KEEPING)),
        zone.ask_zone(BACK, lead=zone.UNKNOWN_PLACE),
        *(settings_views.ask_lateness(each) for each in settings_views.LATENESS),
        accounts.connect("https://www.tiktok.com/v2/auth/authorize/?state=x"),
        *(each for each in vars(words).values() if isinstance(each, Screen)),
    ):
        taken(screen)
