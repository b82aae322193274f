"""Opens clients to ClickHouse over HTTP and turns their failures into the centre's errors."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from urllib.parse import urlsplit

import clickhouse_connect
from clickhouse_connect.driver import httputil
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError, Error, OperationalError
from urllib3 import PoolManager
from urllib3.exceptions import HTTPError

from ioc.errors import ConfigurationError, QueryFailed, StoreUnavailable
from ioc.settings import Settings

CONNECT_TIMEOUT_S = 5
ANSWER_TIMEOUT_S = 300
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}

# ClickHouse's codes that say "not now": the same request can succeed later. Source: src/Common/ErrorCodes.cpp
LATER = frozenset(
    {
        159,  # TIMEOUT_EXCEEDED
        202,  # TOO_MANY_SIMULTANEOUS_QUERIES
        203,  # NO_FREE_CONNECTION
        209,  # SOCKET_TIMEOUT
        210,  # NETWORK_ERROR
        225,  # NO_ZOOKEEPER
        236,  # ABORTED
        241,  # MEMORY_LIMIT_EXCEEDED
        242,  # TABLE_IS_READ_ONLY
        243,  # NOT_ENOUGH_SPACE
        252,  # TOO_MANY_PARTS
        254,  # NO_ACTIVE_REPLICAS
        279,  # ALL_CONNECTION_TRIES_FAILED
        285,  # TOO_FEW_LIVE_REPLICAS
        286,  # UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE
        319,  # UNKNOWN_STATUS_OF_INSERT
        394,  # QUERY_WAS_CANCELLED: the server is stopping
        425,  # SYSTEM_ERROR
        439,  # CANNOT_SCHEDULE_TASK
        473,  # DEADLOCK_AVOIDED
        574,  # DISTRIBUTED_TOO_MANY_PENDING_BYTES
        999,  # KEEPER_EXCEPTION
    }
)
_WRITE_FAILED = {75, 76}  # CANNOT_WRITE_TO_FILE_DESCRIPTOR, CANNOT_OPEN_FILE: the disk is full or gone
_NOT_LET_IN = {192, 193, 194, 516}  # UNKNOWN_USER, WRONG_PASSWORD, REQUIRED_PASSWORD, AUTHENTICATION_FAILED


# Views join tables that lie on several servers, and what an INSERT acknowledged must have arrived.
_ON_CLUSTER = {"distributed_product_mode": "global", "distributed_foreground_insert": 1}


def connect(settings: Settings, *, database: bool = True, answer_timeout_s: int = ANSWER_TIMEOUT_S) -> Client:
    """A client that may be shared by threads: it keeps no session.

    Args:
        settings: where ClickHouse is, and as whom.
        database: False before `settings.database` exists.
        answer_timeout_s: seconds without an answer after which ClickHouse counts as away.

    Raises:
        StoreUnavailable: ClickHouse does not answer.
        ConfigurationError: ClickHouse does not let this user in.
        QueryFailed: ClickHouse refuses for another reason, for example there is no such database.
    """
    url = urlsplit(settings.clickhouse_url)
    local = url.hostname in _LOOPBACK
    with answering(settings.clickhouse_url):
        return clickhouse_connect.get_client(
            interface=url.scheme,
            host=url.hostname,
            port=url.port or (8443 if url.scheme == "https" else 8123),
            proxy_path=url.path.strip("/"),
            username=settings.clickhouse_user,
            password=settings.clickhouse_password.get_secret_value(),
            database=settings.database if database else "__default__",
            autogenerate_session_id=False,
            compress=not local,  # over loopback it only costs time
            connect_timeout=CONNECT_TIMEOUT_S,
            send_receive_timeout=answer_timeout_s,
            query_retries=1,
            client_name="thanhhoa-ioc",
            settings=_ON_CLUSTER if settings.clickhouse_cluster else None,
            pool_mgr=_local_pool() if local else None,
        )


@cache
def _local_pool() -> PoolManager:
    """Connections to this machine, shared by all clients: never through a proxy, and whoever asks tries again."""
    return httputil.get_pool_manager(maxsize=16, retries=False)  # type: ignore[no-any-return]


@contextmanager
def answering(url: str) -> Iterator[None]:
    """Around every use of a client: its failures become the centre's.

    Args:
        url: where ClickHouse is, for the message (`Client.uri`).

    Raises:
        StoreUnavailable: the network failed, or ClickHouse says "not now".
        ConfigurationError: ClickHouse does not let this user in.
        QueryFailed: ClickHouse refuses what was asked.
    """
    try:
        yield
    except (ClickHouseError, HTTPError, OSError) as error:
        raise translated(error, url) from error


def translated(error: Exception, url: str) -> StoreUnavailable | ConfigurationError | QueryFailed:
    """What a failure of the driver means for us."""
    code = (error.code if isinstance(error, Error) else None) or 0
    first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if code in _NOT_LET_IN:
        return ConfigurationError(
            f"ClickHouse at {url} does not let us in; check IOC_CLICKHOUSE_USER and IOC_CLICKHOUSE_PASSWORD"
        )
    transport = not code and isinstance(error, (OperationalError, HTTPError, OSError))
    if transport or code in LATER or code in _WRITE_FAILED:
        refused = transport and "refused" in first
        why = "nothing listens there; start the centre (ioc up) or set IOC_CLICKHOUSE" if refused else first
        return StoreUnavailable(f"ClickHouse at {url} does not answer: {why}")
    return QueryFailed(str(error), code)


def wait_until_ready(
    settings: Settings, timeout_s: float = 60, given_up: Callable[[], bool] = lambda: False, every_s: float = 0.1
) -> None:
    """Return as soon as ClickHouse answers a query.

    Args:
        settings: where ClickHouse is.
        timeout_s: seconds to keep trying.
        given_up: asked between two attempts; True ends the wait, for example because the server's process died.
        every_s: seconds between two attempts.

    Raises:
        StoreUnavailable: it did not answer in time.
        ConfigurationError: it answers, but not to this user.
    """
    until = time.monotonic() + timeout_s
    while True:
        try:
            client = connect(settings, database=False)
            client.close()
            return
        except StoreUnavailable:
            if given_up() or time.monotonic() >= until:
                raise
        time.sleep(every_s)
