"""The tables are the Structs: same columns, same order, same types, every one explained."""

from __future__ import annotations

import pyarrow as pa
import pytest

from clickhouse.client import connect
from clickhouse.sink import PLACE, Store
from clickhouse.views import WITH_HISTORY
from ioc.packs import arrow_schema, records_of
from ioc.records import KINDS
from ioc.settings import Settings
from tests.clickhouse.samples import sample, table_of

ROLLUPS = {"readings_minutely", "readings_lately", "readings_hourly", "cyber_events_hourly", "stances_daily"}
CURRENT = {
    *("dossiers_current", "tasks_current", "field_reports_current", "incidents_current"),
    *("positions_current", "freshness_current", "forecasts_current"),
}
SYSTEM_TABLES = {"schema_migrations", "schema_views", "detector_states"}


def rows_of(settings: Settings, sql: str) -> list[tuple]:
    return connect(settings).query(sql, parameters={"db": settings.database}).result_rows


def plain_type(clickhouse_type: str) -> str:
    return clickhouse_type.replace("LowCardinality(String)", "String")


def wanted_type(field: pa.Field) -> str:
    names = {
        pa.string(): "String",
        pa.binary(): "String",
        pa.int64(): "Int64",
        pa.float64(): "Float64",
        pa.bool_(): "Bool",
        pa.date32(): "Date32",
        pa.timestamp("ms", tz="UTC"): "DateTime64(3, 'UTC')",
    }
    if pa.types.is_list(field.type):
        return f"Array({names[field.type.value_type]})"
    return f"Nullable({names[field.type]})" if field.nullable else names[field.type]


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_has_the_columns_of_its_record_and_where_they_came_from(shared_store_settings, kind):
    found = rows_of(
        shared_store_settings,
        f"SELECT name, type FROM system.columns WHERE database = {{db:String}} AND table = '{kind}' ORDER BY position",
    )
    wanted = [(field.name, wanted_type(field)) for field in arrow_schema(kind)]
    place = list(zip(PLACE, ("String", "Int32", "Int64"), strict=True))
    assert [(name, plain_type(kind_of)) for name, kind_of in found] == wanted + place


def test_every_table_view_and_column_says_what_it_is(shared_store_settings):
    silent = rows_of(
        shared_store_settings,
        "SELECT name FROM system.tables WHERE database = {db:String} AND comment = ''",
    )
    assert silent == []
    columns = rows_of(
        shared_store_settings,
        "SELECT table, name FROM system.columns WHERE database = {db:String} AND comment = '' AND table NOT IN "
        "(SELECT name FROM system.tables WHERE database = {db:String} AND engine IN ('View', 'MaterializedView'))",
    )
    assert columns == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_deduplicated_by_identity_and_newest_wins(shared_store_settings, kind):
    key, engine = rows_of(
        shared_store_settings,
        f"SELECT sorting_key, engine_full FROM system.tables WHERE database = {{db:String}} AND name = '{kind}'",
    )[0]
    assert key.strip("()").split(", ")[-1] == "event_id"
    assert engine.startswith("ReplacingMergeTree(received_at)")


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_comes_back_as_it_went_in(shared_store_settings, kind):
    records = [sample(kind, number) for number in range(3)]
    Store(shared_store_settings).insert(kind, table_of(records))
    names = ", ".join(arrow_schema(kind).names)
    found = connect(shared_store_settings).query_arrow(f"SELECT {names} FROM {kind} FINAL ORDER BY event_id")
    table = found.cast(arrow_schema(kind))
    back = [record for batch in table.to_batches() for record in records_of(batch, kind)]
    assert back == sorted(records, key=lambda record: record.event_id)


def test_there_is_no_table_without_a_record(shared_store_settings):
    found = rows_of(
        shared_store_settings,
        "SELECT name FROM system.tables WHERE database = {db:String} AND engine NOT LIKE '%View' AND name NOT LIKE 'dim\\_%'",
    )
    histories = {f"{kind}_history" for kind in WITH_HISTORY}
    assert {name for (name,) in found} - SYSTEM_TABLES - ROLLUPS - CURRENT - histories == set(KINDS)


@pytest.mark.parametrize("kind", sorted(WITH_HISTORY))
def test_a_history_has_the_columns_of_its_kind_in_their_order(shared_store_settings, kind):
    columns = "SELECT name, type FROM system.columns WHERE database = {db:String} AND table = '%s' ORDER BY position"
    ours, kept = (rows_of(shared_store_settings, columns % name) for name in (kind, f"{kind}_history"))
    assert kept[:-3] == ours
    assert [name for name, _ in kept[-3:]] == ["content", "day", "earliness"]
