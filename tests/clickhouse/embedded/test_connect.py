"""clickhouse-connect as its users use it, sessions and all, against the embedded server."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime

import clickhouse_connect
import pandas as pd
import pyarrow as pa
import pytest
from clickhouse_connect.driver.exceptions import DatabaseError, StreamFailureError

from tests.clickhouse.embedded.asking import wait_until

AT = datetime(2026, 11, 24, 3, 15, 0, 123000, tzinfo=UTC)


def client_of(settings, compress):
    address, _, port = settings.clickhouse.removeprefix("http://").rpartition(":")
    return clickhouse_connect.get_client(host=address, port=int(port), database=settings.database, compress=compress)


@pytest.fixture(params=[False, True, "gzip", "lz4", "zstd"])
def client(request, shared_store_settings):
    """A client as its defaults make it, with and without compression of both ways."""
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


def test_answers_are_packed_as_the_client_asks(client, request, monkeypatch):
    asked, replies = request.node.callspec.params["client"], []
    really = client.http.request

    def watched(*args, **kwargs):
        replies.append(really(*args, **kwargs))
        return replies[-1]

    monkeypatch.setattr(client.http, "request", watched)
    assert client.query("SELECT count() FROM numbers(10)").first_row == (10,)
    assert replies[0].headers.get("Content-Encoding") == {False: None, True: "zstd"}.get(asked, asked)


def test_every_kind_of_stream(client):
    sql = "SELECT number AS n, toString(number) AS s, number / 2 AS v FROM numbers(300000)"
    with client.query_row_block_stream(sql) as stream:
        assert sum(row[0] for block in stream for row in block) == 44_999_850_000
    with client.query_column_block_stream(sql) as stream:
        assert sum(len(block[0]) for block in stream) == 300_000
    with client.query_rows_stream(sql) as stream:
        assert next(iter(stream)) == (0, "0", 0.0)  # and goes away in the middle
    with client.query_df_stream(sql) as stream:
        assert sum(frame["v"].sum() for frame in stream) == 22_499_925_000.0
    with client.query_np_stream("SELECT number FROM numbers(300000)") as stream:
        assert sum(len(block) for block in stream) == 300_000
    with client.query_arrow_stream(sql) as stream:
        assert sum(pa.compute.sum(batch["n"]).as_py() for batch in stream) == 44_999_850_000
    assert client.query("SELECT 1").first_row == (1,)


def test_an_error_amid_a_stream_is_the_servers_own(client):
    sql = "SELECT number, throwIf(number = 2900000, 'quá hạn') FROM numbers(3000000)"
    with pytest.raises(StreamFailureError, match="quá hạn"), client.query_row_block_stream(sql) as stream:
        for _ in stream:
            pass


def test_the_summary_of_a_query(client):
    client.insert("things", [[n, "x", 0.0, AT, [], {}] for n in range(10)])
    result = client.query("SELECT n FROM things", settings={"query_id": f"q-{uuid.uuid4().hex}"})
    assert (result.summary["read_rows"], result.summary["result_rows"]) == ("10", "10")
    assert result.query_id.startswith("q-")


def test_a_query_can_be_ended_from_another_client(client, shared_store_settings):
    name, failures = f"q-{uuid.uuid4().hex}", []

    def ask():
        with pytest.raises(DatabaseError) as failed:
            slow.command("SELECT sum(sipHash64(number)) FROM numbers(1000000000000)", settings={"query_id": name})
        failures.append(failed.value.code)

    slow = client_of(shared_store_settings, True)
    asking = threading.Thread(target=ask)
    asking.start()
    running = f"SELECT count() FROM system.processes WHERE Settings['log_comment'] = '{name}'"
    wait_until(lambda: client.command(running) == 1)
    assert client.command(f"KILL QUERY WHERE query_id = '{name}' SYNC")
    asking.join()
    assert failures == [394]
    slow.close()


async def test_the_asynchronous_client(client, shared_store_settings, request):
    address, _, port = shared_store_settings.clickhouse.removeprefix("http://").rpartition(":")
    asked = request.node.callspec.params["client"]
    apart = await clickhouse_connect.get_async_client(
        host=address, port=int(port), database=shared_store_settings.database, compress=asked
    )
    rows = [[n, f"tên {n}", float(n), AT, [], {}] for n in range(1000)]
    assert (await apart.insert("things", rows)).written_rows == 1000
    assert (await apart.query("SELECT sum(n), max(name) FROM things")).first_row == (499_500, "tên 999")
    assert await apart.command("SELECT count() FROM things") == 1000
    assert (await apart.query_arrow("SELECT n FROM things")).num_rows == 1000
    async with await apart.query_row_block_stream("SELECT number FROM numbers(300000)") as stream:
        assert sum([len(block) async for block in stream]) == 300_000
    with pytest.raises(DatabaseError) as failed:
        await apart.query("SELECT nonsense FROM things")
    assert failed.value.code == 47
    await apart.close()


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
