"""The HTTP interface, spoken to byte by byte as curl does."""

from __future__ import annotations

import gzip
import json
import socket
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, urlsplit

import lz4.frame
import pyarrow as pa
import pytest
import urllib3

from tests.clickhouse.embedded.asking import HTTP, ask, code_of, wait_until


@pytest.fixture(scope="module")
def url(clickhouse_server):
    return clickhouse_server.clickhouse


@pytest.fixture
def table(url):
    name = f"http.t_{uuid.uuid4().hex[:12]}"
    assert ask(url, "CREATE DATABASE IF NOT EXISTS http").status == 200
    assert ask(url, f"CREATE TABLE {name} (a Int64, b String) ENGINE = MergeTree ORDER BY a").status == 200
    yield name
    ask(url, f"DROP TABLE {name} SYNC")


def test_ping(url):
    for path in ("/ping", "/replicas_status", "/"):
        reply = HTTP.request("GET", url + path)
        assert (reply.status, reply.data) == (200, b"Ok.\n")


def test_sql_in_the_address_or_the_body_or_both(url):
    assert ask(url, method="GET", query="SELECT 1").data == b"1\n"
    assert ask(url, "SELECT 1").data == b"1\n"
    assert ask(url, "+ 1", query="SELECT 1").data == b"2\n"
    assert ask(url, "  SELECT 1 ; ").data == b"1\n"
    assert ask(url, "SELECT 'Tổng hợp; số đo' -- hết").data == "Tổng hợp; số đo\n".encode()


def test_formats(url):
    named = ask(url, "SELECT 1 AS n FORMAT JSON")
    assert json.loads(named.data)["data"] == [{"n": 1}]
    assert named.headers["Content-Type"].startswith("application/json")
    assert named.headers["X-ClickHouse-Format"] == "JSON"
    assert ask(url, "SELECT 1 AS n", default_format="CSVWithNames").data == b'"n"\n1\n'
    assert ask(url, "SELECT 1 AS n", headers={"X-ClickHouse-Format": "JSONEachRow"}).data == b'{"n":1}\n'
    assert ask(url, "SELECT 1 AS n FORMAT CSV SETTINGS max_threads = 1", default_format="JSON").data == b"1\n"
    assert ask(url, "SELECT 1 AS format FORMAT TSVWithNames").data == b"format\n1\n"


def test_parameters_are_bound_not_pasted(url):
    assert ask(url, "SELECT {a:String}, {b:Int32} + 1", param_a="x' OR 1", param_b="41").data == b"x\\' OR 1\t42\n"
    assert ask(url, "SELECT {a:String}", param_a="a\\tb").data == b"a\\tb\n"
    assert ask(url, "SELECT {a:Array(String)}", param_a="['Thanh','Hóa']").data == "['Thanh','Hóa']\n".encode()
    assert code_of(ask(url, "SELECT {a:String}")) == 456
    assert code_of(ask(url, "SELECT {a:Int8}", param_a="x")) == 457


def test_settings_hold_for_their_request_only(url):
    assert ask(url, "SELECT getSetting('max_threads')", max_threads=3).data == b"3\n"
    assert ask(url, "SELECT getSetting('max_threads')").data != b"3\n"
    assert code_of(ask(url, "SELECT 1", no_such_setting=1)) == 115
    assert code_of(ask(url, "SELECT 1", **{"a`b": 1})) == 115
    timed_out = ask(url, "SELECT sum(sipHash64(number)) FROM numbers(100000000000)", max_execution_time=1)
    assert code_of(timed_out) == 159


def test_the_database_of_a_request(url):
    assert ask(url, "SELECT currentDatabase()", database="system").data == b"system\n"
    assert ask(url, "SELECT currentDatabase()", headers={"X-ClickHouse-Database": "system"}).data == b"system\n"
    missing = ask(url, "SELECT 1", database="no_such")
    assert (missing.status, code_of(missing)) == (404, 81)


def test_every_answer_says_which_query_it_is_and_what_it_read(url):
    reply = ask(url, "SELECT * FROM numbers(10)", query_id="my-own")
    assert reply.headers["X-ClickHouse-Query-Id"] == "my-own"
    assert reply.headers["X-ClickHouse-Timezone"] == "UTC"
    assert json.loads(reply.headers["X-ClickHouse-Summary"])["result_rows"] == "10"
    assert uuid.UUID(ask(url, "SELECT 1").headers["X-ClickHouse-Query-Id"])


@pytest.mark.parametrize(
    ("sql", "status", "code"),
    [
        ("SELEC 1", 400, 62),
        ("SELECT 1; SELECT 2", 400, 62),
        (";", 400, 62),
        ("-- nothing", 400, 62),
        ("SELECT * FROM default.no_such_table", 403, 497),
        ("SELECT * FROM system.no_such_table", 404, 60),
        ("SELECT nonsense", 404, 47),
        ("SELECT throwIf(1)", 500, 395),
        ("SELECT 1 FORMAT NoSuchFormat", 500, 73),
        ("SELECT 1" + " " * (2 << 20), 400, 62),
    ],
)
def test_errors_have_a_status_a_code_and_one_text(url, sql, status, code):
    reply = ask(url, sql)
    assert (reply.status, code_of(reply)) == (status, code)
    assert reply.data.startswith(f"Code: {code}. DB::Exception: ".encode())
    assert b"(version " in reply.data


def test_get_only_reads(url, table):
    assert code_of(ask(url, method="GET", query=f"INSERT INTO {table} VALUES (1, 'x')")) == 164
    assert code_of(ask(url, method="GET", query=f"DROP TABLE {table}")) == 164
    assert ask(url, method="GET", query="SELECT getSetting('max_threads')", max_threads=3).data == b"3\n"


def test_readonly_is_honoured(url, table):
    assert code_of(ask(url, f"INSERT INTO {table} VALUES (1, 'x')", readonly=1)) == 164
    assert code_of(ask(url, "SELECT 1 SETTINGS max_threads = 3", readonly=1)) == 164
    assert ask(url, "SELECT 1 SETTINGS max_threads = 3", readonly=2).data == b"1\n"
    assert ask(url, "SELECT getSetting('max_threads')", max_threads=3, readonly=1).data == b"3\n"
    assert ask(url, f"SELECT count() FROM {table}").data == b"0\n"


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ("INSERT INTO {t} FORMAT CSV", "1,x\n2,y\n"),
        ("INSERT INTO {t} (a, b) FORMAT CSV", "1,x\n2,y"),
        ("", "INSERT INTO {t} FORMAT CSV\n1,x\n2,y\n"),
        ("", "INSERT INTO {t} FORMAT CSV\r\n1,x\r\n2,y\r\n"),
        ("", "insert into {t} settings async_insert=0 format TabSeparated\n1\tx\n2\ty\n"),
        ("", "INSERT INTO {t} VALUES (1, 'x'), (2, 'y');"),
        ("INSERT INTO {t} VALUES", "(1, 'x'), (2, 'y')"),
        ("INSERT INTO {t} (b, a) VALUES", "('x', 1), (concat('', 'y'), 1 + 1)"),
        ("INSERT INTO {t} SELECT number + 1, ['x', 'y'][number + 1] FROM numbers(2)", ""),
        ("", "/* a; b */ INSERT INTO {t} -- format CSV\n FORMAT JSONEachRow\n" + '{"a":1,"b":"x"}\n{"a":2,"b":"y"}'),
    ],
)
def test_the_ways_to_insert(url, table, query, body):
    fields = {"query": query.replace("{t}", table)} if query else {}
    reply = ask(url, body.replace("{t}", table).encode(), **fields)
    assert reply.status == 200, reply.data
    assert json.loads(reply.headers["X-ClickHouse-Summary"])["written_rows"] == "2"
    assert ask(url, f"SELECT a, b FROM {table} ORDER BY a").data == b"1\tx\n2\ty\n"


def test_a_table_may_be_a_parameter(url, table):
    name = table.partition(".")[2]
    reply = ask(url, b"1,x\n", query="INSERT INTO http.{t:Identifier} FORMAT CSV", param_t=name)
    assert reply.status == 200, reply.data


def test_bad_data_names_the_row_and_stores_nothing(url, table):
    for body in (b"1,x\nnonsense,y\n", b"nonsense,y\n" + b"1,x\n" * 2_000_000):
        reply = ask(url, body, query=f"INSERT INTO {table} FORMAT CSV")
        assert reply.status == 400
        assert b"nonsense" in reply.data
    assert ask(url, f"SELECT count() FROM {table}").data == b"0\n"


def encoded(data):
    yield "gzip", gzip.compress(data)
    yield "gzip", gzip.compress(data[:100]) + gzip.compress(data[100:])
    yield "lz4", lz4.frame.compress(data)
    for codec, name in (("zstd", "zstd"), ("brotli", "br")):
        yield name, pa.compress(data, codec=codec, asbytes=True)


def test_compressed_bodies(url, table):
    rows = b"".join(b"%d,row %d\n" % (n, n) for n in range(200_000))
    for times, (encoding, body) in enumerate(encoded(rows), 1):
        query = f"INSERT INTO {table} FORMAT CSV"
        reply = ask(url, body, headers={"Content-Encoding": encoding}, query=query)
        assert reply.status == 200, (encoding, reply.data)
        assert ask(url, f"SELECT count() FROM {table}").data == b"%d\n" % (times * 200_000)
    assert ask(url, gzip.compress(b"SELECT 1"), headers={"Content-Encoding": "gzip"}).data == b"1\n"


def test_bodies_that_are_not_what_they_say(url, table):
    query = f"INSERT INTO {table} FORMAT CSV"
    damaged = gzip.compress(b"1,x\n" * 1000)[:-20]
    assert code_of(ask(url, damaged, headers={"Content-Encoding": "gzip"}, query=query)) == 354
    assert code_of(ask(url, b"1,x\n", headers={"Content-Encoding": "gzip"}, query=query)) == 354
    assert code_of(ask(url, b"1,x\n", headers={"Content-Encoding": "snappy"}, query=query)) == 48
    assert code_of(ask(url, b"1,x\n", query=query, decompress=1)) == 271
    assert ask(url, f"SELECT count() FROM {table}").data == b"0\n"


def test_a_long_body_is_read_piece_by_piece(url, table):
    def rows():
        for n in range(40):
            yield b"".join(b"%d,%s\n" % (100 * n + m, b"x" * 10_000) for m in range(100))

    reply = ask(url, rows(), query=f"INSERT INTO {table} FORMAT CSV")
    assert reply.status == 200, reply.data
    assert ask(url, f"SELECT count(), sum(length(b)) FROM {table}").data == b"4000\t40000000\n"


def test_an_upload_that_breaks_off_stores_nothing(url, table):
    where = urlsplit(url)
    with socket.create_connection((where.hostname, where.port)) as sock:
        head = f"POST /?query={quote(f'INSERT INTO {table} FORMAT CSV')} HTTP/1.1\r\nHost: {where.netloc}\r\n"
        sock.sendall(head.encode() + b"Content-Length: 5000000\r\n\r\n" + b"1,x\n" * 1_000_000)
        inserting = "SELECT count() FROM system.processes WHERE query_kind = 'Insert'"
        wait_until(lambda: ask(url, inserting).data == b"1\n")
    wait_until(lambda: ask(url, inserting).data == b"0\n")
    assert ask(url, f"SELECT count() FROM {table}").data == b"0\n"


def test_long_answers_are_streamed(url):
    reply = HTTP.request(
        "POST", url, body="SELECT number, toString(number) FROM numbers(3000000)", preload_content=False
    )
    assert sum(piece.count(b"\n") for piece in reply.stream(1 << 16)) == 3_000_000
    assert "Content-Length" not in reply.headers


def test_blocks_of_arrow_are_joined_to_one_stream(url):
    sql = "SELECT number AS n, if(n % 3 = 0, NULL, toString(n)) AS s FROM numbers({}) FORMAT ArrowStream"
    whole = pa.ipc.open_stream(ask(url, sql.format(300_000)).data).read_all()
    assert whole.num_rows == 300_000
    assert whole.column("n").to_pylist() == list(range(300_000))
    empty = pa.ipc.open_stream(ask(url, sql.format(0)).data).read_all()
    assert (empty.num_rows, empty.column_names) == (0, ["n", "s"])


def test_an_error_amid_a_long_answer_breaks_it_off(url):
    """The status is sent long before, so only a broken transfer tells a client that this is not the whole."""
    reply = HTTP.request(
        "POST", url, body="SELECT number, throwIf(number = 2900000) FROM numbers(3000000)", preload_content=False
    )
    assert reply.status == 200
    received = b""
    try:
        for piece in reply.stream(1 << 16):
            received = (received + piece)[-1000:]
        pytest.fail("the answer looks complete")
    except urllib3.exceptions.HTTPError:
        assert b"Code: 395. DB::Exception" in received


def test_an_answer_that_must_be_whole_is_bounded(url):
    reply = ask(url, "SELECT repeat('x', 1000000) FROM numbers(300) FORMAT RawBLOB")
    assert code_of(reply) == 396


def test_short_questions_are_answered_beside_long_ones(url):
    with ThreadPoolExecutor(24) as pool:
        long_ones = [pool.submit(ask, url, "SELECT sleep(2)") for _ in range(24)]
        wait_until(lambda: int(ask(url, "SELECT count() FROM system.processes").data) > 20)
        began = time.monotonic()
        assert HTTP.request("GET", url + "/ping").status == 200
        assert ask(url, "SELECT 1").data == b"1\n"
        assert time.monotonic() - began < 1
        assert not all(done.done() for done in long_ones)
        assert {done.result().data for done in long_ones} == {b"0\n"}


def test_too_many_at_once_are_refused_not_queued(url):
    with ThreadPoolExecutor(80) as pool:
        replies = list(pool.map(lambda _: ask(url, "SELECT sleep(2)"), range(80)))
    refused = [reply for reply in replies if reply.status == 503]
    assert {code_of(reply) for reply in refused} == {202}
    assert len(replies) - len(refused) >= 16
    assert ask(url, "SELECT 1").data == b"1\n"


def test_a_client_that_goes_away_takes_its_query_with_it(url):
    mark = f"'gone {uuid.uuid4().hex}'"
    running = f"SELECT count() FROM system.processes WHERE query LIKE concat('%', {mark[:-1]}', '%') AND query NOT LIKE '%processes%'"
    where = urlsplit(url)
    with socket.create_connection((where.hostname, where.port)) as sock:
        body = f"SELECT {mark}, sum(sipHash64(number)) FROM numbers(100000000000)".encode()
        head = f"POST / HTTP/1.1\r\nHost: {where.netloc}\r\nContent-Length: {len(body)}\r\n\r\n"
        sock.sendall(head.encode() + body)
        wait_until(lambda: ask(url, running).data == b"1\n")
    wait_until(lambda: ask(url, running).data == b"0\n")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM file('/etc/passwd', 'LineAsString')",
        "SELECT 1 INTO OUTFILE '/tmp/ioc-must-not-exist'",
        "SELECT 1 /* */ INTO /* */ OUTFILE '/tmp/ioc-must-not-exist'",
        "INSERT INTO FUNCTION file('/tmp/ioc-must-not-exist', 'CSV', 'a Int8') VALUES (1)",
        "INSERT INTO default.x FROM INFILE '/etc/passwd' FORMAT CSV",
        "SELECT * FROM url('http://127.0.0.1:1/', 'CSV', 'a String')",
        "SELECT * FROM remote('127.0.0.1:1', system.one)",
        "SELECT * FROM Python(settings)",
        "SELECT * FROM executable('x.sh', 'TSV', 'a String')",
        "CREATE TABLE http.f (a Int8) ENGINE = File(CSV)",
        "CREATE TABLE http.u (a Int8) ENGINE = URL('http://127.0.0.1:1/', CSV)",
        "SYSTEM SHUTDOWN",
        "SYSTEM KILL",
        "BACKUP TABLE system.one TO File('/tmp/ioc-must-not-exist')",
    ],
)
def test_sql_reaches_the_database_and_nothing_else(url, table, sql):
    reply = ask(url, sql)
    assert code_of(reply) in {497, 46, 1}, reply.data
    assert ask(url, "SELECT 1").data == b"1\n"


def test_pages_of_other_sites_are_refused(url):
    host = urlsplit(url).netloc
    assert code_of(ask(url, "SELECT 1", headers={"Origin": "https://evil.example"})) == 497
    assert code_of(ask(url, "SELECT 1", headers={"Origin": "null"})) == 497
    assert code_of(ask(url, "SELECT 1", headers={"Host": "evil.example:8123"})) == 497
    assert ask(url, "SELECT 1", headers={"Origin": f"http://{host}"}).data == b"1\n"


def test_sessions_keep_temporary_tables_and_settings(url):
    session = {"session_id": uuid.uuid4().hex}
    assert ask(url, "CREATE TEMPORARY TABLE mine (a Int8)", **session).status == 200
    assert ask(url, b"5\n", query="INSERT INTO mine FORMAT CSV", **session).status == 200
    assert ask(url, "SELECT a FROM mine", **session).data == b"5\n"
    assert ask(url, "SET max_threads = 3", **session).status == 200
    assert ask(url, "SELECT getSetting('max_threads')", **session).data == b"3\n"
    assert code_of(ask(url, "SELECT a FROM mine")) in {60, 497}
    assert ask(url, "SELECT getSetting('max_block_size')", max_block_size=777, **session).data == b"777\n"
    assert ask(url, "SELECT getSetting('max_block_size')", **session).data != b"777\n"
    assert code_of(ask(url, method="GET", query="INSERT INTO mine VALUES (1)", **session)) == 164


def test_a_session_serves_one_request_at_a_time(url):
    session = {"session_id": uuid.uuid4().hex}
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(ask, url, "SELECT sleep(2)", **session)
        wait_until(lambda: b"sleep(2)" in ask(url, "SELECT query FROM system.processes").data)
        assert code_of(ask(url, "SELECT 1", **session)) == 373
        assert first.result().data == b"0\n"
    assert ask(url, "SELECT 1", **session).data == b"1\n"
    assert code_of(ask(url, "SELECT 1", session_id=uuid.uuid4().hex, session_check=1)) == 372


def test_form_fields_carry_long_queries(url):
    fields = {"query": "SELECT length({a:String})", "param_a": "x" * 3_000_000}
    assert HTTP.request("POST", url, fields=fields).data == b"3000000\n"
    external = {"query": "SELECT 1", "table": ("t.csv", "1\n")}
    assert code_of(HTTP.request("POST", url, fields=external)) == 48


def test_long_addresses(url):
    assert ask(url, method="GET", query=f"SELECT length('{'x' * 200_000}')").data == b"200000\n"


def test_other_methods_are_refused(url):
    assert code_of(ask(url, "SELECT 1", method="PUT")) == 48
    assert HTTP.request("HEAD", f"{url}/?query=SELECT+1").status == 200
