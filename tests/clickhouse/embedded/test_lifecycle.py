"""Starting, stopping and killing the embedded server; who may come in."""

from __future__ import annotations

import queue
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import urllib3

from clickhouse.client import connect, wait_until_ready
from clickhouse.migrate import apply
from clickhouse.sink import Store
from ioc.errors import ConfigurationError, StoreUnavailable
from ioc.settings import Settings
from tests.clickhouse.samples import sample, table_of
from tests.servers.clickhouse import start_clickhouse, stop_clickhouse
from tests.servers.ports import free_port

HTTP = urllib3.PoolManager(maxsize=10, retries=False, timeout=30)


@contextmanager
def running(data_dir, port=0, **env):
    process, settings = start_clickhouse(data_dir, port, **env)
    try:
        yield process, settings
    finally:
        if process.poll() is None:
            assert stop_clickhouse(process) == 0


def start_in_vain(data_dir, port=0):
    env = {"IOC_DATA_DIR": str(data_dir), "IOC_CLICKHOUSE_PORT": str(port), "PATH": ""}
    command = [sys.executable, "-m", "clickhouse.embedded"]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_one_process_owns_a_data_directory_and_a_port(tmp_path):
    with running(tmp_path / "one") as (process, settings):
        second = start_in_vain(tmp_path / "one")
        assert second.returncode == 2
        assert f"already in use by process {process.pid}" in second.stderr
        assert "Traceback" not in second.stderr
        taken = start_in_vain(tmp_path / "two", settings.clickhouse_port)
        assert (taken.returncode, "IOC_CLICKHOUSE_PORT" in taken.stderr) == (2, True)
        assert "Traceback" not in taken.stderr
        assert connect(settings, database=False).command("SELECT 1") == 1


def test_a_directory_that_cannot_be_used_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    failed = start_in_vain(tmp_path / "file")
    assert (failed.returncode, len(failed.stderr.strip().splitlines())) == (2, 1)


def test_what_is_stored_is_there_after_a_restart_also_beside_unusual_names(tmp_path):
    place = tmp_path / "dữ liệu & 100% của tỉnh #1"
    with running(place) as (_, settings):
        apply(settings)
        Store(settings).insert("posts", table_of([sample("posts", 1)]))
    with running(place) as (_, settings):
        assert connect(settings).command("SELECT count() FROM posts") == 1
        assert apply(settings) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_at_once_amid_long_queries(tmp_path, number):
    with running(tmp_path) as (process, settings):
        failures = []

        def ask():
            body = "SELECT sum(sipHash64(number)) FROM numbers(100000000000)"
            failures.append(HTTP.request("POST", settings.clickhouse, body=body).data)

        asking = threading.Thread(target=ask)
        asking.start()
        client = connect(settings, database=False)
        while client.command("SELECT count() FROM system.processes") < 2:
            assert asking.is_alive()
        began = time.monotonic()
        process.send_signal(number)
        assert process.wait(20) == 0
        assert time.monotonic() - began < 10
        asking.join()
        assert b"QUERY_WAS_CANCELLED" in failures[0]


def test_only_the_user_of_the_settings_gets_in(tmp_path):
    with running(tmp_path, IOC_CLICKHOUSE_USER="ioc", IOC_CLICKHOUSE_PASSWORD="bí mật:1") as (_, settings):
        url = settings.clickhouse
        good = settings.model_copy(update={"clickhouse_user": "ioc", "clickhouse_password": _secret("bí mật:1")})
        assert connect(good, database=False).command("SELECT 1") == 1
        wrong = [
            {},
            urllib3.make_headers(basic_auth="ioc:wrong"),
            urllib3.make_headers(basic_auth="default:"),
            {"X-ClickHouse-User": "ioc"},
            {"Authorization": "Basic !!!"},
        ]
        for headers in wrong:
            reply = HTTP.request("POST", url, body="SELECT 1", headers=headers)
            assert (reply.status, reply.headers["X-ClickHouse-Exception-Code"]) == (403, "516")
        right = {"X-ClickHouse-User": "ioc", "X-ClickHouse-Key": "bí mật:1".encode()}
        assert HTTP.request("POST", url, body="SELECT 1", headers=right).data == b"1\n"
        address = f"{url}/?user=ioc&password=b%C3%AD%20m%E1%BA%ADt%3A1"
        assert HTTP.request("POST", address, body="SELECT 1").data == b"1\n"
        assert HTTP.request("GET", url + "/ping").data == b"Ok.\n"
        with pytest.raises(ConfigurationError, match="IOC_CLICKHOUSE_PASSWORD"):
            wait_until_ready(settings, 5)


def _secret(text):
    return Settings(clickhouse_password=text).clickhouse_password


def test_kill_9_amid_inserts_loses_no_acknowledged_row(tmp_path):
    """Four threads insert; the server is killed three times; every acknowledged row is there, none half."""
    port, size, stop = free_port(), 200, threading.Event()
    acknowledged: queue.Queue[int] = queue.Queue()
    done: set[int] = set()

    def insert(thread):
        store, number = Store(settings), thread
        while not stop.is_set():
            try:
                rows = [sample("readings", size * number + m) for m in range(size)]
                store.insert("readings", table_of(rows, offset=number))
            except StoreUnavailable:
                stop.wait(0.02)
                continue
            acknowledged.put(number)
            number += 4
        return number

    def wait_for(inserts):
        for _ in range(inserts):
            done.add(acknowledged.get(timeout=60))

    process, settings = start_clickhouse(tmp_path, port)
    apply(settings)
    with ThreadPoolExecutor(4) as pool:
        inserting = [pool.submit(insert, thread) for thread in range(4)]
        try:
            for _ in range(3):
                wait_for(8)
                process.kill()
                process.wait()
                process, _ = start_clickhouse(tmp_path, port)
            wait_for(8)
        finally:
            stop.set()
        asked = {n for last in inserting for n in range(last.result() % 4, last.result() + 1, 4)}
    while not acknowledged.empty():
        done.add(acknowledged.get())
    sql = "SELECT _offset, count() FROM readings FINAL GROUP BY _offset"
    stored = dict(connect(settings).query(sql).result_rows)
    assert stop_clickhouse(process) == 0
    assert set(stored.values()) == {size}
    assert done <= set(stored) <= asked


def test_wait_until_ready_gives_up(tmp_path):
    nobody = Settings(clickhouse=f"http://127.0.0.1:{free_port()}")
    began = time.monotonic()
    with pytest.raises(StoreUnavailable):
        wait_until_ready(nobody, 0.3)
    with pytest.raises(StoreUnavailable):
        wait_until_ready(nobody, 60, given_up=lambda: True)
    assert time.monotonic() - began < 10
