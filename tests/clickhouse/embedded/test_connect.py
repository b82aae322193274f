"""clickhouse-connect as its users use it, sessions and all, against the embedded server."""

from __future__ import annotations

from datetime import UTC, datetime

import clickhouse_connect
import pandas as pd
import pyarrow as pa
import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

AT = datetime(2026, 11, 24, 3, 15, 0, 123000, tzinfo=UTC)


def client_of(settings, compress):
    address, _, port = settings.clickhouse.removeprefix("http://").rpartition(":")
    return clickhouse_connect.get_client(host=address, port=int(port), database=settings.database, compress=compress)


@pytest.fixture(params=[False, True])
def client(request, shared_store_settings):
    """A client as its defaults make it, with and without compression."""
    client = client_of(shared_store_settings, request.param)
    client.command("CREATE OR REPLACE TABLE things (n Int64, name LowCardinality(String), value Nullable(Float64), "
                   "at DateTime64(3, 'UTC'), tags Array(String), targets Map(Int32, Float64)) ENGINE = MergeTree ORDER BY n")  # fmt: skip
    yield client
    client.close()


def test_rows_go_in_and_come_back(client):
    rows = [[1, "trạm một", 1.5, AT, ["a", "b'"], {2026: 2.5}], [2, "trạm hai", None, AT, [], {}]]
    assert client.insert("things", rows).written_rows == 2
    result = client.query("SELECT * FROM things ORDER BY n", settings={"max_execution_time": 20})
    assert result.column_names == ("n", "name", "value", "at", "tags", "targets")
    assert [t.name for t in result.column_types][:3] == ["Int64", "LowCardinality(String)", "Nullable(Float64)"]
    assert [list(row[:3]) for row in result.result_rows] == [row[:3] for row in rows]
    assert result.first_row[3].replace(tzinfo=UTC) == AT
    assert result.first_row[4:] == (["a", "b'"], {2026: 2.5})


def test_arrow_and_data_frames(client):
    table = pa.table({"n": pa.array(range(1000), pa.int64()), "name": ["x"] * 1000})
    client.insert_arrow("things", table)
    client.insert_df("things", pd.DataFrame({"n": range(1000, 1500), "name": "y"}), column_names=["n", "name"])
    assert client.query_arrow("SELECT count() AS c FROM things").to_pydict() == {"c": [1500]}
    assert len(client.query_df("SELECT * FROM things WHERE name = 'y'")) == 500
    with client.query_arrow_stream("SELECT n FROM things ORDER BY n") as stream:
        assert sum(batch.num_rows for batch in stream) == 1500


def test_parameters(client):
    client.insert("things", [[n, f"it's {n}", 0.0, AT, [], {}] for n in range(5)])
    bound = {"name": "it's 3", "numbers": [1, 3], "pairs": [("it's 3", 3)]}
    sql = "SELECT n FROM things WHERE name = {name:String} AND n IN {numbers:Array(Int64)} AND (name, n) IN {pairs:Array(Tuple(String, Int64))}"
    assert client.query(sql, parameters=bound).result_rows == [(3,)]
    pasted = client.query("SELECT n FROM things WHERE name = %(name)s", parameters={"name": "it's 3"})
    assert pasted.result_rows == [(3,)]


def test_long_answers_are_streamed(client):
    with client.query_row_block_stream("SELECT number FROM numbers(500000)") as stream:
        assert sum(len(block) for block in stream) == 500_000


def test_columns_of_an_answer_without_rows(client):
    assert client.query("SELECT n, name FROM things LIMIT 0").column_names == ("n", "name")
    assert client.query("SELECT n, name FROM things").result_rows == []


def test_commands_and_sessions(client):
    assert client.command("SELECT 1 + 1") == 2
    client.command("CREATE TEMPORARY TABLE mine (a Int8)")
    client.insert("mine", [[1], [2]], database="")
    assert client.query("SELECT sum(a) FROM mine").first_row == (3,)


def test_errors_carry_their_code(client):
    with pytest.raises(DatabaseError) as failed:
        client.query("SELECT nonsense FROM things")
    assert (failed.value.code, failed.value.name) == (47, "UNKNOWN_IDENTIFIER")


def test_raw_queries(client):
    assert client.raw_query("SELECT 1 AS a", fmt="JSONEachRow") == b'{"a":1}\n'
    assert client.raw_insert("things", ["n", "name"], b"7,sieben\n", fmt="CSV").written_rows == 1


@pytest.mark.parametrize("compress", ["lz4", "zstd", "gzip"])
def test_every_compression_of_an_insert(shared_store_settings, compress):
    client = client_of(shared_store_settings, compress)
    client.command(f"CREATE OR REPLACE TABLE packed_{compress} (n Int64, s String) ENGINE = MergeTree ORDER BY n")
    client.insert(f"packed_{compress}", [[n, "trạm"] for n in range(10_000)])
    assert client.query(f"SELECT count(), min(s) FROM packed_{compress}").first_row == (10_000, "trạm")
