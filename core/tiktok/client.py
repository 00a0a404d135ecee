"""TikTok's API v2, one method per call."""

import json
from collections.abc import Awaitable, Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import urlencode

import httpx

from . import answers, login, photos, posting, profiles, upload, videos, wire
from .answers import Fields
from .chunks import Chunk, ChunkPlan
from .errors import TikTokError
from .login import Tokens
from .photos import PhotoPost
from .posting import PostInfo, PublishStatus, Upload
from .profiles import CreatorInfo, User
from .upload import ChunkReceipt
from .videos import VideoCounts

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


def _told(
    call: Callable[Concatenate["Client", Asked], Awaitable[Answer]],
) -> Callable[Concatenate["Client", Asked], Awaitable[Answer]]:
    """Let the client's `on_answer` hear how each such call ended."""

    @wraps(call)
    async def told(client: "Client", /, *args: Asked.args, **how: Asked.kwargs) -> Answer:
        try:
            answer = await call(client, *args, **how)
        except TikTokError as error:
            client.on_answer(call.__name__, error.code)
            raise
        client.on_answer(call.__name__, "ok")
        return answer

    return told


class Client:
    """The app as TikTok knows it: its key, its secret and where TikTok is.

    The base URLs may carry a path prefix. `http` stays the caller's, who also closes it. No call
    repeats itself or follows a redirect, and every call has a timeout; whatever goes wrong between
    here and TikTok is a TikTokError. `on_answer` hears the name of each call (the method here) and
    how it ended: "ok", or the code of the error.
    """

    def __init__(
        self,
        *,
        client_key: str,
        client_secret: str,
        http: httpx.AsyncClient,
        auth_base_url: str = "https://www.tiktok.com",
        api_base_url: str = "https://open.tiktokapis.com",
        on_answer: Callable[[str, str], None] = lambda _call, _code: None,
    ) -> None:
        self._client_key = client_key
        self._client_secret = client_secret
        self._http = http
        self._auth_base_url = auth_base_url.rstrip("/")
        self._api_base_url = api_base_url.rstrip("/")
        self.on_answer = on_answer
        wire.hide_upload_urls()

    # Login Kit

    def authorize_url(
        self, *, redirect_uri: str, state: str, scopes: Iterable[str], always_ask: bool = True
    ) -> str:
        """The page where a creator gives consent (Login Kit for Web).

        With `always_ask` TikTok shows it even to a creator who consented before; without, it
        silently reconnects whoever is signed in. Ask only for scopes enabled on the app.
        """
        query = login.authorize_query(
            client_key=self._client_key,
            redirect_uri=redirect_uri,
            state=state,
            scopes=scopes,
            always_ask=always_ask,
        )
        return f"{self._auth_base_url}/v2/auth/authorize/?{query}"

    @_told
    async def exchange(self, *, code: str, redirect_uri: str) -> Tokens:
        """Turn the callback's `code`, percent-decoded once, into tokens (Get a User Access Token).

        Raises OAuthError, TransportError, AnswerMalformed.
        """
        answer = await self._oauth(
            "/v2/oauth/token/",
            grant_type="authorization_code",
            code=code,
            redirect_uri=redirect_uri,
        )
        return login.read_tokens(answer)

    @_told
    async def refresh(self, refresh_token: str) -> Tokens:
        """Get new tokens; the refresh token given stops working (Refresh a User Access Token).

        Raises OAuthError, TransportError, AnswerMalformed. Where an answer was lost, TikTok may
        have replaced the refresh token all the same.
        """
        answer = await self._oauth(
            "/v2/oauth/token/", grant_type="refresh_token", refresh_token=refresh_token
        )
        return login.read_tokens(answer)

    @_told
    async def revoke(self, access_token: str) -> None:
        """Disconnect the app from the account (Revoke a User Access Token).

        TikTok refuses an expired access token and leaves the consent alive: refresh first.
        Raises OAuthError, TransportError, AnswerMalformed.
        """
        await self._oauth("/v2/oauth/revoke/", token=access_token)

    # The creator

    @_told
    async def user_info(
        self,
        access_token: str,
        fields: Iterable[str] = profiles.BASIC_USER_FIELDS,
    ) -> User:
        """Who the account is (Get User Info); see `user_fields` for what may be asked.

        Raises ApiError, TransportError, AnswerMalformed.
        """
        path = f"/v2/user/info/?fields={','.join(fields)}"
        data = await self._api("GET", path, access_token)
        return profiles.read_user(data.inner("user"))

    @_told
    async def creator_info(self, access_token: str) -> CreatorInfo:
        """What the creator may post now (Query Creator Info), 20 calls a minute.

        A creator who cannot post now is an ApiError with HTTP 200. Raises ApiError,
        TransportError, AnswerMalformed.
        """
        data = await self._api("POST", "/v2/post/publish/creator_info/query/", access_token)
        return profiles.read_creator_info(data)

    # Posting

    @_told
    async def init_video(self, access_token: str, post: PostInfo, plan: ChunkPlan) -> Upload:
        """Open a Direct Post by file upload (Direct Post), 6 calls a minute.

        Nothing is posted before the last chunk is in, which must be within an hour. Raises
        ApiError, UploadUrlRefused, TransportError, AnswerMalformed.
        """
        body = posting.init_body(post, plan)
        return await self._open("/v2/post/publish/video/init/", access_token, body)

    @_told
    async def init_inbox_video(self, access_token: str, plan: ChunkPlan) -> Upload:
        """Open an upload into the creator's inbox (Upload), 6 calls a minute, scope video.upload.

        The creator finishes the draft in TikTok, with caption and settings of their own. TikTok
        takes five unposted ones of a creator within 24 hours. The rest is as for `init_video`.
        """
        body = posting.inbox_init_body(plan)
        return await self._open("/v2/post/publish/inbox/video/init/", access_token, body)

    @_told
    async def init_photos(self, access_token: str, post: PhotoPost) -> str:
        """Have TikTok fetch photos and post them, or put them into the inbox (Photo).

        6 calls a minute; scope video.publish, or video.upload for the inbox. Returns the
        publish_id. From here on TikTok finishes by itself, even if its answer is lost. Raises
        ApiError, TransportError, AnswerMalformed.
        """
        data = await self._api(
            "POST",
            "/v2/post/publish/content/init/",
            access_token,
            photos.init_body(post),
            secrets=post.photo_urls,
        )
        return photos.read_publish_id(data)

    @_told
    async def send_chunk(
        self,
        upload_url: str,
        path: Path,
        chunk: Chunk,
        *,
        total: int,
        content_type: str,
        on_sent: Callable[[int], None] | None = None,
    ) -> ChunkReceipt:
        """Send one chunk of the video at `path` (Media Transfer Guide), strictly in order.

        `total` is the size of the whole video in bytes, `content_type` one of video/mp4,
        video/quicktime and video/webm. `on_sent` hears up to which byte of the video the bytes
        were handed to the network, about once per MiB. Raises UploadError, TransportError, and
        OSError when the file cannot be read.
        """
        upload.require_tiktok_url(upload_url, self._api_base_url)
        return await upload.send_chunk(
            self._http,
            upload_url,
            path,
            chunk,
            total=total,
            content_type=content_type,
            on_sent=on_sent,
        )

    @_told
    async def publish_status(self, access_token: str, publish_id: str) -> PublishStatus:
        """How far TikTok is with a post (Get Post Status), 30 calls a minute.

        Raises ApiError, TransportError, AnswerMalformed.
        """
        body = {"publish_id": publish_id}
        data = await self._api("POST", "/v2/post/publish/status/fetch/", access_token, body)
        return posting.read_publish_status(data)

    # What became of posts

    @_told
    async def video_counts(
        self, access_token: str, video_ids: Iterable[str]
    ) -> tuple[VideoCounts, ...]:
        """How often videos of the creator were seen (Query Videos), 600 calls a minute.

        Takes 1 to 20 ids, scope video.list. Videos that are gone or not public are left out.
        Raises ApiError, TransportError, AnswerMalformed.
        """
        path = f"/v2/video/query/?fields={','.join(videos.FIELDS)}"
        data = await self._api("POST", path, access_token, videos.query_body(video_ids))
        return videos.read_videos(data)

    # The website

    def post_url(self, username: str | None, post_id: str | None) -> str | None:
        """Where a post can be seen; the creator's profile while it has no public id."""
        if username is None:
            return None
        profile = f"{self._auth_base_url}/@{username}"
        return f"{profile}/video/{post_id}" if post_id else profile

    # The kinds of call

    async def _oauth(self, path: str, **form: str) -> Fields:
        app = {"client_key": self._client_key, "client_secret": self._client_secret}
        response = await wire.send(
            self._http,
            "POST",
            self._api_base_url + path,
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "Cache-Control": "no-cache",
            },
            content=urlencode({**app, **form}, errors="replace").encode(),
        )
        public = {"grant_type", "redirect_uri"}
        secrets = [value for name, value in form.items() if name not in public]
        return answers.read_oauth(response, secrets=[self._client_secret, *secrets])

    async def _open(self, path: str, access_token: str, body: dict[str, Any]) -> Upload:
        data = await self._api("POST", path, access_token, body)
        opened = posting.read_upload(data)
        upload.require_tiktok_url(opened.upload_url, self._api_base_url)
        return opened

    async def _api(
        self,
        method: str,
        path: str,
        access_token: str,
        body: dict[str, Any] | None = None,
        *,
        secrets: Iterable[str] = (),
    ) -> Fields:
        response = await wire.send(
            self._http,
            method,
            self._api_base_url + path,
            headers={
                "Authorization": f"Bearer {access_token}",
                "Content-Type": "application/json; charset=UTF-8",
            },
            content=b"" if body is None else json.dumps(body).encode(),
        )
        return answers.read_api(response, secrets=[access_token, *secrets])
