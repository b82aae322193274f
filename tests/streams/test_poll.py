"""Polling: what is new is sent once, what has not changed is not asked for, failures are contacts that say why."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from ioc.catalog.model import Catalog
from ioc.errors import BrokerUnavailable
from ioc.settings import Settings
from streams.intake import Intake
from streams.poll import Poller, is_polled

FEED = (Path(__file__).parents[1] / "fixtures" / "sources" / "press-baothanhhoa" / "good" / "rss.xml").read_bytes()


class Site:
    """A newspaper's site whose next answer the test sets."""

    def __init__(self) -> None:
        self.body, self.status, self.asked = FEED, 200, list[dict[str, str]]()

    async def feed(self, request: web.Request) -> web.Response:
        self.asked.append(dict(request.headers))
        if request.headers.get("If-None-Match") == '"1"' and self.status == 200:
            return web.Response(status=304)
        return web.Response(body=self.body, status=self.status, headers={"ETag": '"1"'})


@pytest.fixture
async def polled(settings: Settings, catalog: Catalog, intake: Intake) -> AsyncIterator[tuple[Poller, Site]]:
    site, app = Site(), web.Application()
    app.router.add_get("/rss.xml", site.feed)
    async with TestServer(app) as server, ClientSession() as session:
        source = msgspec.structs.replace(catalog.sources["press-baothanhhoa"], url=str(server.make_url("/rss.xml")))
        yield Poller(settings, source, intake, session), site


async def test_a_feed_becomes_posts_and_its_validator_is_used(polled: Any, broker: Any) -> None:
    poller, site = polled
    await poller.poll()
    first = broker.records("posts")
    await poller.poll()
    assert len(first) > 0
    assert broker.records("posts") == first
    assert site.asked[1]["If-None-Match"] == '"1"'


async def test_items_seen_before_are_not_sent_again_and_a_mended_one_is(polled: Any, broker: Any) -> None:
    poller, site = polled
    await poller.poll()
    count = len(broker.records("posts"))
    poller._validators = {}
    await poller.poll()
    assert len(broker.records("posts")) == count
    title = broker.records("posts")[0].title
    site.body = FEED.replace(title.encode(), (title + " (sửa)").encode(), 1)
    assert site.body != FEED, "the fixture's title must occur as it is"
    poller._validators = {}
    await poller.poll()
    assert len(broker.records("posts")) == count + 1


@pytest.mark.parametrize("status", [404, 500, 503])
async def test_an_error_is_a_failed_contact_with_its_reason(polled: Any, broker: Any, status: int) -> None:
    poller, site = polled
    site.status = status
    await poller.poll()
    (contact,) = broker.records("freshness")
    assert contact.state == "failed"
    assert str(status) in contact.message


async def test_an_endless_answer_is_cut_off(polled: Any, broker: Any) -> None:
    poller, site = polled
    poller._source = msgspec.structs.replace(poller._source, max_payload_mb=1)
    site.body = b"x" * (2 << 20)
    await poller.poll()
    assert "more than 1 MB" in broker.records("freshness")[0].message


async def test_what_could_not_be_sent_is_asked_for_again(
    polled: Any, broker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    poller, site = polled
    monkeypatch.setattr(broker.log, "max_bytes", 10)
    with pytest.raises(BrokerUnavailable):
        await poller.poll()
    monkeypatch.setattr(broker.log, "max_bytes", 1 << 30)
    await poller.poll()
    assert "If-None-Match" not in site.asked[1]
    assert len(broker.records("posts")) > 0


async def test_contacts_are_counted_and_reported_once(polled: Any, intake: Intake, broker: Any) -> None:
    poller, _ = polled
    await poller.poll()
    await poller.poll()
    await intake.report_contacts()
    await intake.report_contacts()
    (contact,) = broker.records("freshness")
    posts = broker.records("posts")
    assert (contact.state, contact.records, contact.rejects) == ("ok", len(posts), 0)
    assert contact.newest_at == max(p.published_at for p in posts)


def test_the_simulated_press_is_polled_only_where_the_province_is_simulated(catalog: Catalog, tmp_path: Path) -> None:
    source = catalog.sources["press-baothanhhoa"]
    assert is_polled(source, Settings(data_dir=tmp_path))
    assert not is_polled(source, Settings(data_dir=tmp_path, simulated=False))
    real = msgspec.structs.replace(source, url="http://localhost/rss.xml")
    assert is_polled(real, Settings(data_dir=tmp_path, simulated=False))
