"""A database of every earlier schema is brought to today's with its records, its sums and its states."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pyarrow as pa
import pytest

from clickhouse.client import connect
from clickhouse.migrate import MIGRATIONS, apply, migrations, prepare
from clickhouse.sink import Store
from clickhouse.views import WITH_HISTORY, Views
from ioc.catalog.load import load_catalog
from ioc.packs import utc_now
from ioc.records import KINDS
from ioc.settings import Settings
from tests.clickhouse.samples import sample, table_of

NOW = utc_now()
EARLIER = [migration.version for migration in migrations()[:-1]]


@pytest.fixture(scope="module", params=EARLIER, ids=lambda version: f"from {version:04}")
def upgraded(
    request: pytest.FixtureRequest, clickhouse_server: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Settings, list[str]]]:
    """A database that was at a schema, took records there, and was prepared by this code; and the kinds it took."""
    folder = tmp_path_factory.mktemp("earlier")
    for file in sorted(MIGRATIONS.glob("*.sql"))[: request.param]:
        shutil.copy(file, folder)
    settings = clickhouse_server.model_copy(update={"database": f"u_{uuid.uuid4().hex[:12]}"})
    apply(settings, folder)
    kinds = [kind for kind in KINDS if kind in tables(settings)]
    for kind in kinds:
        Store(settings).insert(kind, as_it_was(settings, kind, table_of(records(kind))))
    prepare(settings, load_catalog(None), NOW)
    yield settings, kinds
    connect(settings, database=False).command(f"DROP DATABASE {settings.database} SYNC")


def as_it_was(settings: Settings, kind: str, table: pa.Table) -> pa.Table:
    """Without the columns that the schema of the database does not have yet."""
    had = {name for (name,) in ask(settings, f"SELECT name FROM system.columns WHERE database = currentDatabase() AND table = '{kind}'")}  # fmt: skip
    return table.select([name for name in table.column_names if name in had])


def records(kind: str) -> list[Any]:
    time = KINDS[kind].event_time
    moment = NOW - timedelta(hours=1)
    return [
        sample(kind, n, received_at=moment, **{time: moment.date() if time == "period" else moment - timedelta(minutes=n)})
        for n in range(5)
    ]  # fmt: skip


def tables(settings: Settings) -> set[str]:
    return {name for (name,) in ask(settings, "SELECT name FROM system.tables WHERE database = currentDatabase()")}


def ask(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connect(settings).query(sql).result_rows]


def test_every_record_is_still_there(upgraded: tuple[Settings, list[str]]) -> None:
    settings, kinds = upgraded
    assert len(kinds) > 10
    for kind in kinds:
        found = {event_id for (event_id,) in ask(settings, f"SELECT event_id FROM {kind} FINAL")}
        assert found == {record.event_id for record in records(kind)}, kind


def test_histories_and_latest_states_know_what_was_there_before_them(upgraded: tuple[Settings, list[str]]) -> None:
    settings, kinds = upgraded
    for kind in set(kinds) & WITH_HISTORY:
        assert ask(settings, f"SELECT uniqExact(event_id) FROM {kind}_history") == [(5,)], kind
    assert ask(settings, "SELECT uniqExact(dossier_code) FROM dossiers_current FINAL") == [(5,)]
    assert ask(settings, "SELECT count() FROM freshness_current FINAL") == [(5,)]
    assert ask(settings, "SELECT count() FROM forecasts_current FINAL") == [(5,)]


def test_its_schema_is_that_of_a_new_database(
    upgraded: tuple[Settings, list[str]], shared_store_settings: Settings
) -> None:
    settings, _ = upgraded
    sql = "SELECT replaceAll(create_table_query, currentDatabase(), 'db') FROM system.tables WHERE database = currentDatabase() ORDER BY name"
    assert ask(settings, sql) == ask(shared_store_settings, sql)


def test_every_view_answers(upgraded: tuple[Settings, list[str]]) -> None:
    settings, _ = upgraded
    views = Views()
    for name in views.order:
        if not views[name].recomputes:
            ask(settings, f"SELECT * FROM {name} LIMIT 1")
