"""What tests of several packages share: real servers, started once, and databases of their own."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from clickhouse.client import connect
from clickhouse.migrate import prepare
from ioc.catalog.load import load_catalog
from ioc.packs import utc_now
from ioc.settings import Settings
from tests.servers.clickhouse import start_clickhouse, stop_clickhouse


@pytest.fixture(scope="session")
def clickhouse_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of an embedded ClickHouse that runs for the whole session; its database does not exist yet."""
    process, settings = start_clickhouse(tmp_path_factory.mktemp("clickhouse"))
    yield settings
    stop_clickhouse(process)


def fresh_database(server: Settings) -> Iterator[Settings]:
    """A migrated database that is dropped afterwards; the body of the fixtures below."""
    settings = server.model_copy(update={"database": f"t_{uuid.uuid4().hex[:12]}"})
    prepare(settings, load_catalog(None), utc_now())
    yield settings
    client = connect(settings)
    client.command(f"DROP DATABASE {settings.database} SYNC")
    client.close()


@pytest.fixture
def store_settings(clickhouse_server: Settings) -> Iterator[Settings]:
    """Settings of a database of the test's own: migrated, the shipped catalogue's names loaded, no records."""
    yield from fresh_database(clickhouse_server)


@pytest.fixture(scope="module")
def shared_store_settings(clickhouse_server: Settings) -> Iterator[Settings]:
    """As `store_settings`, but one for all tests of a module."""
    yield from fresh_database(clickhouse_server)
