"""Failures of the driver become the centre's: try later, mend the settings, or mend the question."""

from __future__ import annotations

import socket
import threading

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError
from urllib3.exceptions import ProtocolError

from clickhouse.client import answering, connect, translated
from ioc.errors import ConfigurationError, QueryFailed, StoreUnavailable, Unavailable
from ioc.settings import Settings
from tests.servers.ports import free_port

URL = "http://127.0.0.1:8123"


@pytest.mark.parametrize("code", [241, 252, 159, 202, 210, 242, 243, 394, 999, 75])
def test_codes_that_mean_later(code):
    error = translated(DatabaseError("Code: x", code=code), URL)
    assert isinstance(error, StoreUnavailable)
    assert isinstance(error, Unavailable)
    assert error.retry_after > 0


@pytest.mark.parametrize("code", [60, 62, 164, 497, 53])
def test_codes_that_mean_never(code):
    error = translated(DatabaseError("Code: x", code=code), URL)
    assert isinstance(error, QueryFailed)
    assert error.code == code


def test_the_network_means_later():
    for error in (
        OperationalError("no answer"),
        ProtocolError("broken"),
        ConnectionResetError("reset"),
        TimeoutError(),
    ):
        assert isinstance(translated(error, URL), StoreUnavailable)


def test_a_wrong_password_is_for_the_settings():
    error = translated(DatabaseError("denied", code=516), URL)
    assert isinstance(error, ConfigurationError)
    assert "IOC_CLICKHOUSE_PASSWORD" in str(error)


def test_other_errors_pass():
    with pytest.raises(ZeroDivisionError), answering(URL):
        raise ZeroDivisionError


def test_nobody_there():
    with pytest.raises(StoreUnavailable, match="does not answer"):
        connect(Settings(clickhouse=f"http://127.0.0.1:{free_port()}"))


def test_somebody_who_hangs_up():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def hang_up():
            while True:
                try:
                    server.accept()[0].close()
                except OSError:
                    return

        threading.Thread(target=hang_up, daemon=True).start()
        with pytest.raises(StoreUnavailable):
            connect(Settings(clickhouse=f"http://127.0.0.1:{port}"))
        server.shutdown(socket.SHUT_RDWR)


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(clickhouse_server, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    assert connect(clickhouse_server, database=False).command("SELECT 1") == 1


def test_a_database_that_is_missing(clickhouse_server):
    with pytest.raises(QueryFailed) as failed:
        connect(clickhouse_server.model_copy(update={"database": "no_such"}))
    assert failed.value.code == 81


def test_threads_share_a_client(clickhouse_server):
    client = connect(clickhouse_server, database=False)
    found = []
    threads = [
        threading.Thread(target=lambda n=n: found.append(client.command(f"SELECT {n} + sleep(0.2)"))) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(8))
