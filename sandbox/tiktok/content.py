"""Photos: content/init. Source: TikTok's page Photo; what TikTok then fetches, see `pulls`."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from .api import GUIDELINES, admit, answer, invalid_params, json_body, require
from .creators import Creator
from .endpoint import Refusal
from .pulls import fetchable
from .rules import check_draft, check_length, check_post
from .shares import Carousel, PhotoInfo, PostMode, nineteen_digits
from .world import World

LONGEST_TITLE = 90
LONGEST_DESCRIPTION = 4000
MOST_PHOTOS = 35
SCOPE_FOR: dict[PostMode, str] = {"DIRECT_POST": "video.publish", "MEDIA_UPLOAD": "video.upload"}


class PhotoSource(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    source: Literal["PULL_FROM_URL"]
    photo_images: list[str] = Field(min_length=1, max_length=MOST_PHOTOS)
    photo_cover_index: Annotated[int, Field(ge=0, lt=2**31)]


class ContentBody(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    media_type: Literal["PHOTO"]
    post_mode: PostMode
    post_info: PhotoInfo
    source_info: PhotoSource
    is_aigc: bool = False


class Content:
    def __init__(self, world: World) -> None:
        self._world = world

    async def init(self, request: Request) -> Response:
        """POST /v2/post/publish/content/init/, PHOTO only."""
        creator = admit(self._world, request, "content/init", *SCOPE_FOR.values())
        body = await json_body(request, ContentBody)
        require(self._world, request, SCOPE_FOR[body.post_mode])
        info, source = body.post_info, body.source_info
        check_length("title", info.title, LONGEST_TITLE)
        check_length("description", info.description, LONGEST_DESCRIPTION)
        if source.photo_cover_index >= len(source.photo_images):
            raise invalid_params("photo_cover_index is that of no photo")
        if not all(fetchable(url) for url in source.photo_images):
            raise invalid_params("photo_images must be https, each at a host with a name")
        if body.post_mode == "DIRECT_POST":
            if None in (info.brand_content_toggle, info.brand_organic_toggle):
                raise invalid_params("post_info: both brand toggles are required")
            check_post(self._world, creator, info.privacy_level)
        else:
            check_draft(self._world, creator)
        if not all(self._world.owns(url) for url in source.photo_images):
            raise Refusal(403, "url_ownership_unverified", GUIDELINES)
        return answer({"publish_id": await self._begin(creator, body)})

    async def _begin(self, creator: Creator, body: ContentBody) -> str:
        """From here on the photos are pulled, whether or not the answer arrives."""
        direct = body.post_mode == "DIRECT_POST"
        carousel = Carousel(
            publish_id=f"p_{'pub' if direct else 'inbox'}_url~v2.{nineteen_digits()}",
            username=creator.username,
            mode=body.post_mode,
            post_info=_taken(creator, body) if direct else _kept_of_a_draft(body.post_info),
            photo_images=tuple(body.source_info.photo_images),
            photo_cover_index=body.source_info.photo_cover_index,
            is_aigc=body.is_aigc and direct,
            started_at=self._world.now(),
        )
        self._world.state.carousels[carousel.publish_id] = carousel
        await self._world.save()
        self._world.pulls.go_on()
        return carousel.publish_id


def _taken(creator: Creator, body: ContentBody) -> PhotoInfo:
    off = body.post_info.disable_comment or creator.comment_disabled
    return body.post_info.model_copy(update={"disable_comment": off})


def _kept_of_a_draft(info: PhotoInfo) -> PhotoInfo:
    """Its words; the settings are for a Direct Post only, and dropped here without a word."""
    return PhotoInfo(title=info.title, description=info.description)
