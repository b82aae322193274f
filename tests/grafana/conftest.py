"""A store full of a realistic day, and the page in front of a store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient

from clickhouse.client import connect
from clickhouse.migrate import prepare
from ioc.catalog.load import load_catalog
from ioc.catalog.model import Catalog
from ioc.packs import utc_now
from ioc.settings import Settings
from tests.grafana.double import FakeStore, page_over
from tests.grafana.province import fill


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The shipped catalogue."""
    return load_catalog()


@pytest.fixture(scope="session")
def full_store(clickhouse_server: Settings, catalog: Catalog) -> Iterator[Settings]:
    """Settings of a database with a realistic day in it; only read it."""
    settings = clickhouse_server.model_copy(update={"database": "t_full_province"})
    prepare(settings, catalog, utc_now())
    fill(settings, catalog, utc_now())
    yield settings
    client = connect(settings)
    client.command(f"DROP DATABASE {settings.database} SYNC")
    client.close()


@pytest.fixture
def fake_store() -> FakeStore:
    """A store that answers what the test wants."""
    return FakeStore()


@pytest.fixture
async def page(tmp_path: Path, fake_store: FakeStore) -> AsyncIterator[TestClient]:  # type: ignore[type-arg]
    """The page's server over the fake store."""
    async with page_over(Settings(data_dir=tmp_path), fake_store.connect) as client:
        yield client
