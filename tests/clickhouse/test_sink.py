"""The sink: whole tables in, deduplicated by identity, and what it tells of a partition after a crash."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from clickhouse.client import connect
from clickhouse.sink import Store
from ioc.errors import QueryFailed, StoreUnavailable
from tests.clickhouse.samples import START, sample, table_of
from tests.servers.ports import free_port


@pytest.fixture
def store_settings(shared_store_settings):
    """The module's database, its tables emptied."""
    client = connect(shared_store_settings)
    for kind in ("readings", "indicator_values", "posts"):
        client.command(f"TRUNCATE TABLE {kind}")
    return shared_store_settings


def count(settings, kind, final=""):
    return connect(settings).query(f"SELECT count() FROM {kind} {final}").first_row[0]


def test_the_same_records_twice_are_the_same_records(store_settings):
    store = Store(store_settings)
    table = table_of([sample("readings", n) for n in range(100)])
    store.insert("readings", table)
    store.insert("readings", table)
    assert count(store_settings, "readings", "FINAL") == 100


def test_a_revision_replaces_what_it_revises(store_settings):
    store = Store(store_settings)
    first = sample("indicator_values", 1, value=5.0, received_at=START)
    revised = sample("indicator_values", 1, value=7.0, received_at=START + timedelta(days=1))
    store.insert("indicator_values", table_of([revised]))
    store.insert("indicator_values", table_of([first]))  # arrives late
    rows = connect(store_settings).query("SELECT value FROM indicator_values FINAL").result_rows
    assert rows == [(7.0,)]


def test_agents_insert_at_once_from_threads(store_settings):
    store = Store(store_settings)
    tables = [table_of([sample("readings", 100 * n + m) for m in range(100)], offset=n) for n in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda table: store.insert("readings", table), tables))
    assert count(store_settings, "readings") == 4000


def test_a_file_of_twenty_years_is_one_insert(store_settings):
    """Every month is a partition, and ClickHouse by itself refuses more than a hundred in one insert."""
    records = [sample("readings", n, observed_at=START - timedelta(days=31 * n)) for n in range(240)]
    Store(store_settings).insert("readings", table_of(records))
    assert count(store_settings, "readings") == 240


def test_columns_are_matched_by_name(store_settings):
    table = table_of([sample("posts", 1)])
    Store(store_settings).insert("posts", table.select(list(reversed(table.column_names))))
    title = connect(store_settings).query("SELECT title FROM posts").first_row[0]
    assert title == "title Thanh Hóa 1"


def test_nothing_to_insert_asks_nobody(tmp_path, clickhouse_server):
    nobody = clickhouse_server.model_copy(update={"clickhouse": f"http://127.0.0.1:{free_port()}"})
    Store(nobody).insert("posts", table_of([sample("posts", 1)]).slice(0, 0))


def test_a_partition_nobody_stored_has_no_high_water(store_settings):
    store = Store(store_settings)
    assert store.high_water("readings", "ioc.readings", 3) is None
    assert store.stored_ids("readings", "ioc.readings", 3, 0) == set()


def test_replay_lookups_are_of_one_partition_and_from_an_offset(store_settings):
    store = Store(store_settings)
    for offset in range(5):
        store.insert("readings", table_of([sample("readings", offset)], "ioc.readings", 3, offset))
    store.insert("readings", table_of([sample("readings", 77)], "ioc.readings", 2, 9))
    store.insert("readings", table_of([sample("readings", 78)], "ioc.other", 3, 9))
    assert store.high_water("readings", "ioc.readings", 3) == 4
    wanted = {sample("readings", n).event_id for n in (3, 4)}
    assert store.stored_ids("readings", "ioc.readings", 3, 3) == wanted


def test_rows_that_clickhouse_refuses_are_not_an_outage(store_settings):
    table = table_of([sample("readings", 1)]).rename_columns(
        ["nonsense" if n == "unit" else n for n in table_of([sample("readings", 1)]).column_names]
    )
    with pytest.raises(QueryFailed) as failed:
        Store(store_settings).insert("readings", table)
    assert failed.value.code
    assert count(store_settings, "readings") == 0


def test_a_server_that_is_away_is_an_outage(clickhouse_server):
    nobody = clickhouse_server.model_copy(update={"clickhouse": f"http://127.0.0.1:{free_port()}"})
    with pytest.raises(StoreUnavailable):
        Store(nobody).insert("readings", table_of([sample("readings", 1)]))
