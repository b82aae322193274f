"""The newsstand: well-formed feeds that the real adapter reads without a reject, pages behind the links, and no news twice."""

from __future__ import annotations

import asyncio
import socket
import unicodedata
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer

from ioc.catalog.model import Catalog
from ioc.errors import AddressInUse
from ioc.records import Post
from ioc.settings import Settings
from simulator.feeds import SHOWN, Newsstand, link_of, served
from simulator.press import Article
from simulator.world import World
from tests.simulator.conftest import Parsed

PATHS = {"press-baothanhhoa": "/bao-thanh-hoa/rss.xml", "press-truyenhinh": "/truyen-hinh/atom.xml"}


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(origin: datetime) -> Clock:
    return Clock(origin)


@pytest.fixture
async def client(world: World, clock: Clock) -> AsyncIterator[TestClient]:  # type: ignore[type-arg]
    stand = Newsstand(world.press, clock)
    async with TestClient(TestServer(stand.application())) as client:
        stand.base = str(client.make_url("")).rstrip("/")
        yield client


def shown(world: World, outlet: str, now: datetime) -> list[Article]:
    return [a for a in world.press.between(now - SHOWN, now) if a.outlet == outlet][::-1]


@pytest.mark.parametrize("outlet", PATHS)
async def test_the_adapter_reads_every_item(
    client: TestClient,  # type: ignore[type-arg]
    world: World,
    parsed: Parsed,
    origin: datetime,
    outlet: str,
) -> None:
    answer = await client.get(PATHS[outlet])
    body = await answer.read()
    ElementTree.fromstring(body)  # noqa: S314 - our own
    posts = parsed(outlet, body, PATHS[outlet], origin)
    articles = shown(world, outlet, origin)
    assert len(posts) == len(articles) > 200
    for post, article in zip(posts, articles, strict=True):
        assert isinstance(post, Post)
        assert post.title == article.title
        assert post.published_at == article.at
        assert all(sentence in post.text for sentence in (article.lead, *article.body))
        assert "mô phỏng" not in post.text, "the author's name is dropped"
    assert len({p.event_id for p in posts}) == len(posts)


async def test_rss_has_the_oddities_of_the_real_one(client: TestClient) -> None:  # type: ignore[type-arg]
    text = await (await client.get(PATHS["press-baothanhhoa"])).text()
    items = text.split("<item>")[1:]
    assert 0.2 < sum("<guid" not in item for item in items) / len(items) < 0.5
    assert all("GMT+7</pubDate>" in item for item in items)
    assert any(not unicodedata.is_normalized("NFC", item) for item in items)
    assert any("utm_source" in item for item in items)
    assert all("<description><![CDATA[<p>" in item for item in items)


@pytest.mark.parametrize("outlet", PATHS)
async def test_an_unchanged_feed_is_not_sent_again(
    client: TestClient,  # type: ignore[type-arg]
    world: World,
    clock: Clock,
    origin: datetime,
    outlet: str,
) -> None:
    first = await client.get(PATHS[outlet])
    again = await client.get(PATHS[outlet], headers={"If-None-Match": first.headers["ETag"]})
    assert again.status == 304
    later = world.press.between(origin, origin + timedelta(hours=4))
    clock.now = next(a.at for a in later if a.outlet == outlet)
    changed = await client.get(PATHS[outlet], headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


async def test_links_lead_to_pages_that_say_they_are_invented(
    client: TestClient, world: World, origin: datetime
) -> None:  # type: ignore[type-arg]
    for article in shown(world, "press-truyenhinh", origin)[:5]:
        answer = await client.get(link_of(article, ""))
        text = await answer.text()
        assert answer.status == 200
        assert article.lead in text
        assert "tỉnh mô phỏng" in text


async def test_pages_of_the_future_and_of_nothing_are_not_there(
    client: TestClient,  # type: ignore[type-arg]
    world: World,
    origin: datetime,
) -> None:
    coming = world.press.between(origin, origin + timedelta(hours=2))[0]
    for address in (link_of(coming, ""), "/bai/khong-co.htm", "/bai/x.htm", "/bai/%3Cscript%3E"):
        assert (await client.get(address)).status == 404


async def test_served_on_its_port_and_gone_afterwards(world: World, clock: Clock, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, simulator_port=0)
    async with served(settings, world.press, clock) as base, ClientSession() as session:
        async with session.get(base + PATHS["press-baothanhhoa"]) as answer:
            text = await answer.text()
        assert f"<link>{base}/bai/" in text
    reader = asyncio.open_connection(*base.removeprefix("http://").split(":"))
    with pytest.raises(OSError, match="onnect"):
        await reader


async def test_a_taken_port_is_one_clear_sentence(world: World, clock: Clock, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = Settings(data_dir=tmp_path, simulator_port=taken.getsockname()[1])
        with pytest.raises(AddressInUse, match="IOC_SIMULATOR_PORT"):
            async with served(settings, world.press, clock):
                pass


def test_every_outlet_is_where_the_catalogue_polls(world: World, catalog: Catalog) -> None:
    assert {o.id for o in world.press.outlets} == set(PATHS)
    for outlet in world.press.outlets:
        assert outlet.url == "{simulator}" + PATHS[outlet.id]
