"""What stands around an answer: headers, progress, holding back, and replies that ask the engine nothing."""

from __future__ import annotations

import json
import re
import socket
import uuid
from urllib.parse import urlsplit

import pytest

from tests.clickhouse.embedded.asking import HTTP, ask, ask_raw, code_of

LONG = "SELECT number, throwIf(number = 2900000) FROM numbers(3000000)"
SLOW = "SELECT sum(sipHash64(number)) FROM numbers({})"


@pytest.fixture(scope="module")
def url(clickhouse_server):
    ask(clickhouse_server.clickhouse, "CREATE DATABASE IF NOT EXISTS headers")
    return clickhouse_server.clickhouse


@pytest.fixture
def table(url):
    name = f"headers.t_{uuid.uuid4().hex[:12]}"
    ask(url, f"CREATE TABLE {name} (n UInt64) ENGINE = MergeTree ORDER BY n")
    return name


def summary_of(reply):
    return json.loads(reply.headers["X-ClickHouse-Summary"])


def test_the_summary_counts_what_was_read_and_written(url, table):
    written = summary_of(ask(url, f"INSERT INTO {table} SELECT number FROM numbers(1000)"))
    assert (written["read_rows"], written["written_rows"]) == ("1000", "1000")
    assert summary_of(ask(url, "1\n2\n", query=f"INSERT INTO {table} FORMAT TSV"))["written_rows"] == "2"
    for fmt in ("TabSeparated", "JSON", "Native"):
        read = summary_of(ask(url, f"SELECT n FROM {table} WHERE n % 2 = 0 FORMAT {fmt}"))
        assert (read["read_rows"], read["result_rows"]) == ("1002", "501")
        assert (int(read["read_bytes"]), read["total_rows_to_read"]) == (1002 * 8, "1002")
        assert int(read["elapsed_ns"]) > 0


def test_a_streamed_answer_has_a_summary_of_what_was_read_until_then(url):
    reply = ask(url, "SELECT number FROM numbers(3000000)")
    assert "Content-Length" not in reply.headers
    assert 0 < int(summary_of(reply)["result_rows"]) < 3_000_000


@pytest.mark.parametrize("sql", ["SELECT nonsense", "SELEC", "SELECT throwIf(1)", LONG + " FORMAT JSON"])
def test_errors_say_which_query_they_are_of(url, sql):
    reply = ask(url, sql, query_id="my-own", session_timezone="Asia/Ho_Chi_Minh")
    assert code_of(reply) in {47, 62, 395}
    assert reply.headers["X-ClickHouse-Query-Id"] == "my-own"
    assert reply.headers["X-ClickHouse-Timezone"] == "Asia/Ho_Chi_Minh"
    assert reply.headers["Content-Type"].startswith("text/plain")


def test_what_a_client_sends_makes_no_headers(url):
    reply = ask(url, "SELECT 1", query_id="a\r\nX-Evil: 1", default_format="CSV\r\nX-Evil: 1")
    assert code_of(reply) == 73
    assert "X-Evil" not in reply.headers
    assert reply.headers["X-ClickHouse-Query-Id"] == "aX-Evil: 1"


def test_progress_is_told_before_the_answer(url):
    sql = SLOW.format(300_000_000)
    told = ask_raw(url, sql, send_progress_in_http_headers=1, http_headers_progress_interval_ms=10, max_threads=1)
    head, _, body = told.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "HTTP/1.1 200 OK"
    progress = [json.loads(line.partition(": ")[2]) for line in lines if line.startswith("X-ClickHouse-Progress: ")]
    assert len(progress) > 2
    read = [int(p["read_rows"]) for p in progress]
    assert read == sorted(read)
    assert read[-1] == int(progress[-1]["total_rows_to_read"]) == 300_000_000
    assert [line for line in lines if line.startswith("X-ClickHouse-Summary: ")]
    assert body == ask(url, sql).data


def test_progress_of_a_short_query_is_told_once_and_only_if_asked_for(url):
    told = ask_raw(url, "SELECT 1", send_progress_in_http_headers=1, http_headers_progress_interval_ms=60_000)
    assert told.count(b"X-ClickHouse-Progress: ") == 1
    assert told.endswith(b"\r\n\r\n1\n")
    assert b"X-ClickHouse-Progress" not in ask_raw(url, "SELECT 1")


def test_an_error_after_progress_is_told_by_its_header(url):
    sql = "SELECT sum(sipHash64(number)) AS s, throwIf(s > 0) FROM numbers(100000000)"
    told = ask_raw(url, sql, send_progress_in_http_headers=1, http_headers_progress_interval_ms=10, max_threads=1)
    assert told.startswith(b"HTTP/1.1 200 OK\r\nX-ClickHouse-Progress: ")
    assert b"\r\nX-ClickHouse-Exception-Code: 395\r\n" in told
    assert b"\r\n\r\nCode: 395. DB::Exception: " in told


def test_progress_then_a_streamed_answer(url):
    sql = "SELECT number FROM numbers(400000) WHERE NOT ignore(sleepEachRow(0.000001))"
    told = ask_raw(url, sql, send_progress_in_http_headers=1, http_headers_progress_interval_ms=1)
    head, _, body = told.partition(b"\r\n\r\n")
    assert head.count(b"X-ClickHouse-Progress: ") > 1
    assert b"Transfer-Encoding: chunked" in head
    assert body.endswith(b"\r\n0\r\n\r\n")


def test_an_answer_that_is_waited_for_fails_as_a_whole(url):
    broken_off = ask_raw(url, LONG)
    assert broken_off.startswith(b"HTTP/1.1 200 OK")
    for wanted in ({"wait_end_of_query": 1}, {"buffer_size": 64 << 20}, {"http_wait_end_of_query": 1}):
        reply = ask(url, LONG, **wanted)
        assert (reply.status, code_of(reply)) == (500, 395)
    good = ask(url, "SELECT number FROM numbers(3000000)", wait_end_of_query=1)
    assert (good.status, good.data.count(b"\n")) == (200, 3_000_000)
    assert summary_of(good)["result_rows"] == "3000000"


def test_the_end_of_a_broken_answer_is_clickhouses_exception_block(url):
    told = ask_raw(url, LONG)
    tag = re.search(rb"X-ClickHouse-Exception-Tag: (\w{16})\r\n", told)[1]
    block = re.search(
        rb"\r\n__exception__\r\n(\w+)\r\n(Code: 395.*\n)(\d+) (\w+)\r\n__exception__\r\n", told, re.DOTALL
    )
    assert (block[1], block[4]) == (tag, tag)
    assert len(block[2]) == int(block[3])


@pytest.mark.parametrize("fields", [{"buffer_size": "x"}, {"wait_end_of_query": "2"}, {"compress": "maybe"}, {"session_timeout": "²"}])  # fmt: skip
def test_what_is_malformed_is_named(url, fields):
    reply = ask(url, "SELECT 1", **fields)
    assert (reply.status, code_of(reply)) == (500, 36)
    assert next(iter(fields)).encode() in reply.data


def test_head_is_get_without_a_body(url):
    long = f"{url}/?query=SELECT+number+FROM+numbers(3000000)"
    for address in (url + "/", url + "/ping", f"{url}/?query=SELECT+1", long):
        head, get = (HTTP.request(method, address) for method in ("HEAD", "GET"))
        assert (head.status, head.data) == (200, b"")
        assert head.headers.get("Content-Length") == get.headers.get("Content-Length")
    assert code_of(HTTP.request("HEAD", f"{url}/?query=SELECT+nonsense")) == 47


def test_options_allow_no_other_site_anything(url):
    reply = HTTP.request("OPTIONS", url)
    assert (reply.status, reply.headers["Allow"]) == (204, "GET, HEAD, POST, OPTIONS")
    foreign = HTTP.request("OPTIONS", url, headers={"Origin": "https://evil.example"})
    assert foreign.status == 403
    assert not [name for name in foreign.headers if name.lower().startswith("access-control")]


def test_addresses_that_are_none(url):
    for path in ("/favicon.ico", "/play", "/ping/x"):
        reply = HTTP.request("GET", url + path)
        assert reply.status == 404
        assert f"There is no handle {path}".encode() in reply.data
    assert code_of(HTTP.request("POST", url)) == 62
    assert HTTP.request("POST", f"{url}/any/path", body="SELECT 1").data == b"1\n"


def test_a_session_goes_on_after_an_answer_that_nobody_read_to_its_end(url):
    session = {"session_id": uuid.uuid4().hex}
    assert ask(url, "CREATE TEMPORARY TABLE mine (a Int8)", **session).status == 200
    where, sql = urlsplit(url), "SELECT number FROM numbers(1000000000)"
    head = f"POST /?session_id={session['session_id']} HTTP/1.1\r\nHost: {where.netloc}\r\nContent-Length: {len(sql)}"
    with socket.create_connection((where.hostname, where.port)) as sock:
        sock.sendall(f"{head}\r\n\r\n{sql}".encode())
        assert sock.recv(1000).startswith(b"HTTP/1.1 200 OK")
    reply = ask(url, "SELECT count() FROM mine", **session)
    while reply.status != 200 and code_of(reply) == 373:  # still locked by the request that is ending
        reply = ask(url, "SELECT count() FROM mine", **session)
    assert reply.data == b"0\n"
