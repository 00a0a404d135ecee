"""Bot API methods by which updates and files come to the bot."""

from __future__ import annotations

from sandbox.telegram.chats import Json
from sandbox.telegram.errors import ApiError
from sandbox.telegram.files import CLOUD_DOWNLOAD_LIMIT
from sandbox.telegram.parameters import Parameters
from sandbox.telegram.world import World


async def get_updates(world: World, given: Parameters) -> list[Json]:
    if world.webhook.active:
        raise ApiError(
            "can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
            409,
        )
    _choose(world, given)
    return await world.updates.fetch(
        offset=given.get("offset", 0),
        limit=given.get("limit", 100),
        timeout=given.get("timeout", 0),
    )


async def set_webhook(world: World, given: Parameters) -> bool:
    await world.webhook.set(given)
    _choose(world, given)
    return True


async def delete_webhook(world: World, given: Parameters) -> bool:
    await world.webhook.set({"drop_pending_updates": given.get("drop_pending_updates", False)})
    return True


async def get_webhook_info(world: World, given: Parameters) -> Json:  # noqa: ARG001  takes no parameters
    return world.webhook.info()


async def get_file(world: World, given: Parameters) -> Json:
    """In local mode without a size limit, once it is on this machine, and with its path there."""
    if not given.get("file_id"):
        raise ApiError("file_id not specified")
    file = world.files.by_id(given["file_id"])
    if world.local:
        path = await world.files.download(file, world.token)
        return {**file.ids(), "file_path": str(path)}
    if file.size > CLOUD_DOWNLOAD_LIMIT:
        raise ApiError("file is too big")
    return {**file.ids(), "file_path": file.remote_path}


def _choose(world: World, given: Parameters) -> None:
    """Keep which kinds of update are wanted; without a word the last choice stays."""
    if "allowed_updates" in given:
        world.updates.allowed = [str(kind) for kind in given["allowed_updates"] or []]
