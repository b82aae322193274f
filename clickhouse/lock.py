"""A lock that two processes on one ClickHouse share: creating a table succeeds for exactly one of them."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from clickhouse_connect.driver.client import Client

from clickhouse.client import answering
from ioc.errors import MigrationError, QueryFailed
from ioc.notify import lives

TABLE = "schema_lock"
STALE_S = 600  # a holder that has not said "still here" for this long is dead
EVERY_S = 0.1
STILL_HERE_S = 5.0

_ALREADY_EXISTS, _UNKNOWN_TABLE = 57, 60


@contextmanager
def migration_lock(client: Client, database: str, timeout_s: float = STALE_S + 60) -> Iterator[Callable[[], None]]:
    """Hold the lock; yields what to call now and then to say "still here".

    Raises:
        MigrationError: another process held it all the time.
        StoreUnavailable: ClickHouse does not answer.
    """
    until = time.monotonic() + timeout_s
    while not _taken(client, database):
        if time.monotonic() >= until:
            raise MigrationError(f"another process has held {database}.{TABLE} for {timeout_s:.0f} s")
        _break_if_dead(client, database)
        time.sleep(EVERY_S)
    try:
        yield _now_and_then(client, database)
    finally:
        for name in (*_put_aside(client, database), TABLE):
            _command(client, f"DROP TABLE IF EXISTS {database}.{name} SYNC")


def _taken(client: Client, database: str) -> bool:
    try:
        _command(client, f"CREATE TABLE {database}.{TABLE} (held UInt8) ENGINE = Memory COMMENT '{_holder()}'")
    except QueryFailed as error:
        if error.code == _ALREADY_EXISTS:
            return False
        raise
    return True


def _now_and_then(client: Client, database: str) -> Callable[[], None]:
    """Says "still here" at most every few seconds, however often it is called."""
    said = time.monotonic()

    def still_here() -> None:
        nonlocal said
        if time.monotonic() - said >= STILL_HERE_S:
            said = time.monotonic()
            _still_here(client, database)

    return still_here


def _still_here(client: Client, database: str) -> None:
    _command(client, f"ALTER TABLE {database}.{TABLE} MODIFY COMMENT '{_holder()}'")


def _break_if_dead(client: Client, database: str) -> None:
    """Put a dead holder's table aside, under a name that only one of several waiters can take.

    The next holder removes it when done: as long as it stands, a waiter that decided late cannot put the next
    holder's table aside for it.
    """
    sql = (
        "SELECT toString(uuid), comment, dateDiff('second', metadata_modification_time, now())"
        " FROM system.tables WHERE database = {database:String} AND name = {table:String}"
    )
    with answering(client.uri):
        rows = client.query(sql, parameters={"database": database, "table": TABLE}).result_rows
    for uuid, holder, age_s in rows:
        if age_s < STALE_S and not _is_dead(holder):
            continue
        aside = f"{TABLE}_{uuid.replace('-', '')}"
        try:
            _command(client, f"RENAME TABLE {database}.{TABLE} TO {database}.{aside}")
        except QueryFailed as error:
            if error.code not in {_ALREADY_EXISTS, _UNKNOWN_TABLE}:
                raise


def _put_aside(client: Client, database: str) -> list[str]:
    sql = "SELECT name FROM system.tables WHERE database = {database:String} AND startsWith(name, {table:String})"
    with answering(client.uri):
        rows = client.query(sql, parameters={"database": database, "table": f"{TABLE}_"}).result_rows
    return [name for (name,) in rows]


def _holder() -> str:
    return f"{socket.gethostname()} {os.getpid()} {_boot()}"


def _is_dead(holder: str) -> bool:
    """Whether the holder ran on this machine and is gone; nobody can know of other machines."""
    host, pid, boot = (*holder.split(" "), "", "", "")[:3]
    if host != socket.gethostname() or not pid.isdigit():
        return False
    return boot != _boot() or not lives(int(pid))


def _boot() -> str:
    """Changes with every start of the machine, where it can be known."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _command(client: Client, sql: str) -> None:
    with answering(client.uri):
        client.command(sql)
