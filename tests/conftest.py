"""What tests of several packages share: real servers, started once, and databases of their own."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import closing

import pytest

from clickhouse.client import connect
from clickhouse.dimensions import load_dimensions
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


def fresh_database(server: Settings, drop: bool = True) -> Iterator[Settings]:
    """A migrated database that is dropped afterwards; the body of the fixtures below."""
    settings = server.model_copy(update={"database": f"t_{uuid.uuid4().hex[:12]}"})
    prepare(settings, load_catalog(None), utc_now())
    yield settings
    if drop:
        _drop(settings)


def _drop(settings: Settings) -> None:
    with closing(connect(settings, database=False)) as client:
        client.command(f"DROP DATABASE IF EXISTS {settings.database} SYNC")


@pytest.fixture(scope="session")
def emptied() -> list[Settings]:
    """Databases that a test has left as it found them but for their rows, and which are empty again."""
    return []


@pytest.fixture
def store_settings(clickhouse_server: Settings, emptied: list[Settings]) -> Iterator[Settings]:
    """Settings of a database of the test's own: migrated, the shipped catalogue's names loaded, no records."""
    if not emptied:
        emptied.extend(fresh_database(clickhouse_server, drop=False))
    settings = emptied.pop()
    schema = _schema(settings)
    yield settings
    if _schema(settings) == schema:
        _empty(settings)
        emptied.append(settings)
    else:
        _drop(settings)


def _schema(settings: Settings) -> list[tuple[str, str]]:
    sql = "SELECT name, create_table_query FROM system.tables WHERE database = {db:String} ORDER BY name"
    with closing(connect(settings, database=False)) as client:
        return [tuple(row) for row in client.query(sql, parameters={"db": settings.database}).result_rows]


def _empty(settings: Settings) -> None:
    """A tenth of what making a database costs."""
    sql = "SELECT name FROM system.tables WHERE database = {db:String} AND engine LIKE '%MergeTree' AND name NOT LIKE 'schema%'"
    with closing(connect(settings)) as client:
        for (name,) in client.query(sql, parameters={"db": settings.database}).result_rows:
            client.command(f"TRUNCATE TABLE {name} SYNC")
        load_dimensions(client, settings.database, load_catalog(None), utc_now())


@pytest.fixture(scope="module")
def shared_store_settings(clickhouse_server: Settings) -> Iterator[Settings]:
    """As `store_settings`, but one for all tests of a module."""
    yield from fresh_database(clickhouse_server)
