"""Many queries at once: none starves, each can be ended by the id its client gave it, and no other one with it."""

from __future__ import annotations

import socket
import uuid
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from tests.clickhouse.embedded.asking import HTTP, ask, code_of, wait_until

ENDLESS = "SELECT sum(sipHash64(number)) FROM numbers(1000000000000)"
CANCELLED = 394


@pytest.fixture(scope="module")
def url(clickhouse_server):
    return clickhouse_server.clickhouse


@pytest.fixture
def pool():
    with ThreadPoolExecutor(64) as pool:
        yield pool


def running(url, *names):
    told = ask(url, "SELECT Settings['log_comment'] FROM system.processes").data.decode().splitlines()
    return all(name in told for name in names)


def begin(url, pool, *names, sql=ENDLESS, **fields):
    asked = [pool.submit(ask, url, sql, query_id=name, **fields) for name in names]
    wait_until(lambda: running(url, *names))
    return asked


def names(number):
    mark = uuid.uuid4().hex
    return [f"{mark}-{n}" for n in range(number)]


def test_quick_questions_are_answered_beside_32_that_never_end(url, pool):
    """The endless ones keep both cores busy; a hundred quick ones of several kinds come back before any of them."""
    slow = names(32)
    asked = begin(url, pool, *slow, max_threads=2)
    quick = [f"SELECT {n}" for n in range(40)] + [f"SELECT count() - 1 + {n} FROM system.one" for n in range(40)]
    streamed = ["SELECT number FROM numbers(300000)"] * 20
    with ThreadPoolExecutor(16) as others:
        assert [reply.data for reply in others.map(lambda sql: ask(url, sql), quick)] == [
            b"%d\n" % n for n in range(40)
        ] * 2
        assert {reply.data.count(b"\n") for reply in others.map(lambda sql: ask(url, sql), streamed)} == {300_000}
    assert HTTP.request("GET", url + "/ping").data == b"Ok.\n"
    assert not any(one.done() for one in asked)
    assert ask(url, f"KILL QUERY WHERE query_id LIKE '{slow[0][:-2]}%'").status == 200
    assert {code_of(one.result()) for one in asked} == {CANCELLED}


def test_32_inserts_and_32_selects_at_once(url, pool):
    ask(url, "CREATE DATABASE IF NOT EXISTS at_once")
    ask(url, "CREATE OR REPLACE TABLE at_once.t (n UInt64) ENGINE = MergeTree ORDER BY n")
    rows = [b"".join(b"%d\n" % (1000 * n + m) for m in range(1000)) for n in range(32)]
    inserts = [pool.submit(ask, url, data, query="INSERT INTO at_once.t FORMAT TSV") for data in rows]
    selects = [pool.submit(ask, url, "SELECT count() % 1000 FROM at_once.t") for _ in rows]
    assert {one.result().status for one in inserts} == {200}
    assert {one.result().data for one in selects} == {b"0\n"}
    assert ask(url, "SELECT count(), uniqExact(n) FROM at_once.t").data == b"32000\t32000\n"


@pytest.mark.parametrize(
    "sql",
    [
        "KILL QUERY WHERE query_id = '{}'",
        "kill query where query_id='{}' async",
        "KILL QUERY WHERE user = 'default' AND `query_id` IN ('{}', 'x') SYNC;",
        "KILL QUERY WHERE query_id = {{id:String}} SYNC FORMAT JSONEachRow",
    ],
)
def test_a_query_is_ended_by_the_id_its_client_gave_it(url, pool, sql):
    one, other = names(2)
    first, second = begin(url, pool, one, other)
    reply = ask(url, sql.format(one), param_id=one)
    assert (reply.status, reply.data.count(b"numbers(1000000000000)")) == (200, 1)
    assert code_of(first.result()) == CANCELLED
    assert running(url, other)
    assert not second.done()
    ask(url, f"KILL QUERY WHERE query_id = '{other}'")
    assert code_of(second.result()) == CANCELLED


def test_an_id_is_text_and_no_sql(url, pool):
    """Also when the server itself ends a query: its client has gone, here by the time it waits for an answer."""
    one, other = names(2)
    evil = f"{one}' OR 1 = 1 -- \\"
    (first,) = begin(url, pool, other)
    begun = HTTP.request("POST", f"{url}/?query_id={evil.replace(' ', '+')}", body="SELECT * FROM numbers(1000000000000)", preload_content=False)  # fmt: skip
    wait_until(lambda: running(url, evil.replace("\\", "\\\\").replace("'", "\\'")))
    begun.close()
    wait_until(lambda: one not in ask(url, "SELECT Settings['log_comment'] FROM system.processes").data.decode())
    assert running(url, other)
    ask(url, f"KILL QUERY WHERE query_id = '{other}'")
    assert code_of(first.result()) == CANCELLED


def test_what_a_statement_writes_about_itself_does_not_save_it(url, pool):
    (one,) = names(1)
    asked = pool.submit(ask, url, f"{ENDLESS} SETTINGS log_comment = 'of an analyst'", query_id=one)
    wait_until(lambda: running(url, "of an analyst"))
    ask(url, f"KILL QUERY WHERE query_id = '{one}'")
    assert code_of(asked.result()) == CANCELLED


def test_two_queries_of_one_id_do_not_run_at_once(url, pool):
    (one,) = names(1)
    (first,) = begin(url, pool, one)
    reply = ask(url, "SELECT 1", query_id=one)
    assert (reply.status, code_of(reply)) == (500, 216)
    ask(url, f"KILL QUERY WHERE query_id = '{one}'")
    assert code_of(first.result()) == CANCELLED
    for sql in ["SELECT 1", "SELECT number FROM numbers(500000)"] * 5:  # one after another they may
        assert ask(url, sql, query_id=one).status == 200


def test_a_kill_that_finds_nothing_or_asks_nonsense(url):
    assert ask(url, "KILL QUERY WHERE query_id = 'no such'").data == b""
    assert code_of(ask(url, "KILL QUERY WHERE query_id = ")) == 62
    assert code_of(ask(url, "KILL QUERY WHERE nonsense = 1")) == 47


WISHES = [
    "",
    "compress=1",
    "wait_end_of_query=1",
    "send_progress_in_http_headers=1&http_headers_progress_interval_ms=1",
]
LEFT = ["SELECT * FROM numbers(20000000)", "SELECT 1", "SELECT throwIf(number = 500000) FROM numbers(1000000)", ENDLESS]


@pytest.mark.parametrize("wish", WISHES)
@pytest.mark.parametrize("read", [0, 1, 100_000])
def test_clients_that_go_at_any_point_leave_nothing(url, wish, read):
    where = urlsplit(url)
    for name, sql in zip(names(len(LEFT)), LEFT, strict=True):
        head = f"POST /?query_id={name}&{wish} HTTP/1.1\r\nHost: {where.netloc}\r\nAccept-Encoding: zstd\r\nConnection: close"
        with socket.create_connection((where.hostname, where.port), timeout=60) as sock:
            sock.sendall(f"{head}\r\nContent-Length: {len(sql)}\r\n\r\n{sql}".encode())
            missing = 0 if sql == ENDLESS else read
            while missing and (piece := sock.recv(missing)):
                missing -= len(piece)
    wait_until(lambda: ask(url, "SELECT count() FROM system.processes").data == b"1\n")
    assert ask(url, "SELECT 1").data == b"1\n"
