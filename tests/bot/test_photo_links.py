"""Links to photos: what a good one answers, and that no other one answers anything."""

import asyncio
import base64
import random
import secrets
import string
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from bot.web.photos import add_photos
from bot.web.security import SecurityHeaders
from core.media.files.storage import ClipStore
from core.publishing.photo_links import LASTS, PhotoLinks
from core.settings import Settings
from core.states import PostStatus
from core.store.database import Database
from core.store.keys import make_key, prepend_key, read_keys
from core.store.models import Photo, Post, User
from core.store.vault import Vault
from tests.clock import Clock
from tests.databases import a_database

BASE = "https://clips.example.com"
CONTENT = bytes(range(256)) * 40
TOKEN = "Vr8r1YMiO490psCs9PIqCeFssNIy7bN8"
MUTATIONS = 400
SEED = 6


@dataclass(kw_only=True)
class House:
    """The site with nothing but its photos; one photo of a post that TikTok is told of."""

    http: httpx.AsyncClient
    database: Database
    store: ClipStore
    vault: Vault
    clock: Clock
    links: PhotoLinks
    key_file: Path
    post_id: int = 0
    photo_id: int = 0

    async def link(self) -> str:
        async with self.database.reading() as session:
            post = await session.get_one(Post, self.post_id)
        assert post.initialised_at is not None
        return self.links.url(self.photo_id, "image/jpeg", post.initialised_at)

    async def fetched(self) -> bool:
        async with self.database.reading() as session:
            return (await session.get_one(Photo, self.photo_id)).fetched_at is not None

    async def announce(self) -> None:
        """TikTok is told of the post, once more."""
        async with self.database.transaction() as change:
            post = await change.get_one(Post, self.post_id)
            post.initialised_at = self.clock()
            (await change.get_one(Photo, self.photo_id)).fetched_at = None


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    with a_database(tmp_path) as url:
        database, clock = Database(url), Clock()
        await database.migrate()
        store = ClipStore(tmp_path / "clips")
        store.prepare()
        key_file = tmp_path / "encryption.key"
        key_file.write_text(make_key() + "\n")
        vault = Vault(read_keys(key_file), reload=lambda: read_keys(key_file))
        links = PhotoLinks(database=database, vault=vault, store=store, clock=clock, base_url=BASE)
        site = FastAPI()
        site.add_middleware(SecurityHeaders, https=True)
        settings = Settings.load(
            _env_file=None,
            tiktok_url_verification=f"tiktok-developers-site-verification={TOKEN}",
        )
        add_photos(site, settings, links)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(site)) as http:
            made = House(
                http=http, database=database, store=store, vault=vault, clock=clock, links=links,
                key_file=key_file,
            )  # fmt: skip
            await _fill(made)
            yield made
        await database.close()


async def _fill(house: House) -> None:
    async with house.store.receive() as incoming:
        await incoming.write(CONTENT)
        stored = await house.store.keep(incoming)
    async with house.database.transaction() as change:
        change.add(User(id=1, chat_id=1, created_at=house.clock()))
        await change.flush()
        post = Post(
            owner_id=1, status=PostStatus.PUBLISHING, initialised_at=house.clock(),
            created_at=house.clock(),
        )  # fmt: skip
        change.add(post)
        await change.flush()
        photo = Photo(
            owner_id=1, post_id=post.id, position=0, storage_key=stored.key, sha256=stored.sha256,
            size=stored.size, width=1, height=1, content_type="image/jpeg",
            created_at=house.clock(),
        )  # fmt: skip
        change.add(photo)
        await change.flush()
        house.post_id, house.photo_id = post.id, photo.id


async def test_a_link_gives_the_photo_and_nothing_that_could_be_taken_for_a_page(
    house: House,
) -> None:
    answer = await house.http.get(await house.link())
    assert answer.status_code == 200
    assert answer.content == CONTENT
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-length"] == str(len(CONTENT))
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_heads_and_ranges_are_answered_as_of_any_file(house: House) -> None:
    link = await house.link()
    head = await house.http.head(link)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(CONTENT))
    assert not await house.fetched()  # nothing went out
    part = await house.http.get(link, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, CONTENT[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(CONTENT)}"
    beyond = await house.http.get(link, headers={"Range": f"bytes={len(CONTENT)}-"})
    assert beyond.status_code == 416
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert (await house.http.request(method, link)).status_code == 405


async def test_it_is_on_the_disk_that_a_photo_was_asked_for_before_a_byte_goes_out(
    house: House,
) -> None:
    link = await house.link()
    path = house.store.path((await _photo(house)).storage_key)
    await asyncio.to_thread(path.unlink)
    assert (await house.http.get(link)).status_code == 404
    assert await house.fetched()


async def _photo(house: House) -> Photo:
    async with house.database.reading() as session:
        return await session.get_one(Photo, house.photo_id)


async def test_a_link_ends(house: House) -> None:
    link = await house.link()
    house.clock.jump(LASTS - timedelta(minutes=1))
    assert (await house.http.get(link)).status_code == 200
    house.clock.jump(timedelta(minutes=1))
    assert (await house.http.get(link)).status_code == 404


async def test_a_link_is_for_one_telling_only(house: House) -> None:
    link = await house.link()
    await house.announce()
    assert (await house.http.get(link)).status_code == 404
    assert not await house.fetched()
    assert (await house.http.get(await house.link())).status_code == 200
    async with house.database.transaction() as change:
        (await change.get_one(Post, house.post_id)).initialised_at = None
    for known in (link, await _last(house)):
        assert (await house.http.get(known)).status_code == 404


async def _last(house: House) -> str:
    return house.links.url(house.photo_id, "image/jpeg", house.clock())


async def test_a_link_outlives_a_new_key(house: House) -> None:
    link = await house.link()
    prepend_key(house.key_file, make_key())
    assert (await house.http.get(link)).status_code == 200
    other = Vault(read_keys(house.key_file))  # a process that was started since
    links = PhotoLinks(
        database=house.database, vault=other, store=house.store, clock=house.clock, base_url=BASE
    )
    async with house.database.reading() as session:
        begun = (await session.get_one(Post, house.post_id)).initialised_at
    assert begun is not None
    anew = links.url(house.photo_id, "image/jpeg", begun)
    assert anew != link
    assert (await house.http.get(anew)).status_code == 200


async def test_a_link_of_another_key_is_refused(house: House) -> None:
    stranger = PhotoLinks(
        database=house.database, vault=Vault([secrets.token_bytes(32)]), store=house.store,
        clock=house.clock, base_url=BASE,
    )  # fmt: skip
    async with house.database.reading() as session:
        begun = (await session.get_one(Post, house.post_id)).initialised_at
    assert begun is not None
    link = stranger.url(house.photo_id, "image/jpeg", begun)
    assert (await house.http.get(link)).status_code == 404


async def test_no_link_that_was_changed_is_served(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    link = await house.link()
    token = link.rpartition("/")[2].removesuffix(".jpg")
    dice = random.Random(SEED)  # noqa: S311 - the same cases each time
    names = {
        *("", ".", "..", "%2e%2e", "..%2fencryption.key", "%00", "a" * 5000, "é", "%ff", "💥.jpg"),
        *(token, f"{token}.webp", f"{token}.jpg.jpg", f"{token}=.jpg", f"{token}.JPG", f".{token}"),
        *(f"{token}%0a.jpg", f"{token}.jpg%00", f" {token}.jpg", f"{token[:-1]}.jpg"),
    }
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    while len(names) < MUTATIONS:
        names.add(_changed(dice, token) + ".jpg")
        names.add(_changed_bytes(dice, raw) + ".jpg")
    names.discard(f"{token}.jpg")
    for name in sorted(names):
        answer = await house.http.get(f"{BASE}/photos/{name}")
        assert answer.status_code in {404, 405}, name
        assert CONTENT[:16] not in answer.content
    assert len(names) >= 200
    assert not await house.fetched()
    assert token not in capsys.readouterr().out
    assert (await house.http.get(link)).status_code == 200


def _changed(dice: random.Random, token: str) -> str:
    at = dice.randrange(len(token))
    letters = string.ascii_letters + string.digits + "-_"
    match dice.randrange(4):
        case 0:
            return token[:at] + dice.choice(letters) + token[at + 1 :]
        case 1:
            return token[:at] + token[at + 1 :]
        case 2:
            return token[:at] + dice.choice(letters) + token[at:]
        case _:
            other = dice.randrange(len(token))
            low, high = sorted((at, other))
            return token[:low] + token[low:high][::-1] + token[high:]


def _changed_bytes(dice: random.Random, raw: bytes) -> str:
    """Another photo, another moment, another signature: one bit of it."""
    at = dice.randrange(len(raw) * 8)
    changed = bytearray(raw)
    changed[at // 8] ^= 1 << at % 8
    return base64.urlsafe_b64encode(bytes(changed)).rstrip(b"=").decode()


async def test_the_file_that_shows_tiktok_whose_address_this_is(house: House) -> None:
    answer = await house.http.get(f"{BASE}/photos/tiktok{TOKEN}.txt")
    assert answer.text == f"tiktok-developers-site-verification={TOKEN}"
    assert answer.headers["content-type"].startswith("text/plain")
    assert (await house.http.get(f"{BASE}/photos/tiktok{TOKEN[:-1]}.txt")).status_code == 404
    assert (await house.http.get(f"{BASE}/photos/", follow_redirects=False)).status_code == 404
