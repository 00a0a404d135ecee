"""Who the creator is: user/info and creator_info/query."""

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from .api import GUIDELINES, admit, answer, base_url, invalid_params, json_body, require
from .creators import Creator
from .endpoint import Refusal
from .world import World

FIELDS = {
    "user.info.basic": (
        "open_id",
        "union_id",
        "avatar_url",
        "avatar_url_100",
        "avatar_large_url",
        "display_name",
    ),
    "user.info.profile": ("bio_description", "profile_deep_link", "is_verified", "username"),
    "user.info.stats": ("follower_count", "following_count", "likes_count", "video_count"),
}
SCOPE_OF = {field: scope for scope, fields in FIELDS.items() for field in fields}


class Nothing(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Accounts:
    def __init__(self, world: World) -> None:
        self._world = world

    async def user_info(self, request: Request) -> Response:
        """GET /v2/user/info/?fields=a,b,c; a field of a scope not granted is refused."""
        creator = admit(self._world, request, "user/info", *FIELDS)
        query = request.query_params.multi_items()
        if [name for name, _ in query] != ["fields"]:
            raise invalid_params("The one query parameter is fields")
        fields = query[0][1].split(",")
        if not set(fields) <= SCOPE_OF.keys():
            raise invalid_params("fields names something that does not exist")
        require(self._world, request, *(SCOPE_OF[field] for field in fields))
        user = self._describe(creator, base_url(request))
        return answer({"user": {field: user[field] for field in fields}})

    def _describe(self, creator: Creator, base: str) -> dict[str, object]:
        avatar = f"{base}/avatars/{creator.username}.svg"
        public = [
            post
            for post in self._world.posts
            if post.username == creator.username and post.privacy_level == "PUBLIC_TO_EVERYONE"
        ]
        return {
            "open_id": creator.open_id,
            "union_id": creator.union_id,
            "avatar_url": avatar,
            "avatar_url_100": avatar,
            "avatar_large_url": avatar,
            "display_name": creator.nickname,
            "bio_description": creator.bio_description,
            "profile_deep_link": f"{base}/",
            "is_verified": creator.is_verified,
            "username": creator.username,
            "follower_count": creator.follower_count,
            "following_count": creator.following_count,
            "likes_count": creator.likes_count,
            "video_count": len(public),
        }

    async def creator_info(self, request: Request) -> Response:
        """POST /v2/post/publish/creator_info/query/, with an empty body or `{}`."""
        creator = admit(self._world, request, "creator_info/query", "video.publish")
        await json_body(request, Nothing)
        if creator.cannot_post:
            raise Refusal(200, creator.cannot_post, GUIDELINES)
        return answer(
            {
                "creator_avatar_url": f"{base_url(request)}/avatars/{creator.username}.svg",
                "creator_username": creator.username,
                "creator_nickname": creator.nickname,
                "privacy_level_options": creator.privacy_level_options,
                "comment_disabled": creator.comment_disabled,
                "duet_disabled": creator.duets_off,
                "stitch_disabled": creator.stitches_off,
                "max_video_post_duration_sec": creator.max_video_post_duration_sec,
            }
        )
