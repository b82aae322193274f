"""The engine of one data directory: one process owns it, every request gets a connection of its own.

A connection is a session of the engine (settings, current database, temporary tables) and takes a tenth of a
millisecond; queries on different connections run at once.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from clickhouse.embedded.config import write_config
from ioc.errors import ConfigurationError, DataDirectoryInUse

Connection = Any  # chdb's connection has no types


class Engine:
    """chDB on a data directory.

    Args:
        folder: the data directory; made if absent.
        database: the one that people are let into.
        agencies: ids of the agencies whose departments are let in.

    Raises:
        DataDirectoryInUse: another process has it open.
        ConfigurationError: the directory cannot be made or read, or the engine does not start on it.
    """

    def __init__(self, folder: Path, database: str = "ioc", agencies: Iterable[str] = ()) -> None:
        self._folder = folder.resolve()
        self._lock = _locked(self._folder)
        try:
            config = write_config(self._folder / "etc", self._folder.parent / "backups", database, agencies)
            self._address = f"{self._folder}?config-file={config}"
            self._first = self.connect()  # the engine lives as long as one connection is open
        except BaseException:
            self._lock.close()
            raise
        self.version = self._text("SELECT version()")

    def connect(self) -> Connection:
        """A new session.

        Raises:
            ConfigurationError: the engine does not start.
        """
        from chdb import _chdb  # half a gigabyte: only the server's process loads it

        try:
            return _chdb.connect(self._address)  # type: ignore[attr-defined]
        except RuntimeError as error:
            raise ConfigurationError(f"the ClickHouse engine does not start on {self._folder}: {error}") from None

    def close(self) -> None:
        """End running queries, close the engine and let go of the directory."""
        self._text("KILL QUERY WHERE query NOT LIKE 'KILL QUERY%' ASYNC")
        self._first.close()
        self._lock.close()

    def _text(self, sql: str) -> str:
        return bytes(self._first.query(sql, "TabSeparated").bytes()).decode().strip()


def _locked(folder: Path) -> IO[str]:
    if "?" in str(folder):
        raise ConfigurationError(f"{folder}: the engine cannot open a data directory with a question mark in its name")
    try:
        (folder / "etc").mkdir(parents=True, exist_ok=True)
        lock = (folder / "etc" / "lock").open("a+", encoding="ascii")
    except OSError as error:
        raise ConfigurationError(f"the data directory {folder} cannot be used: {error.strerror}") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        owner = lock.read().strip()
        lock.close()
        raise DataDirectoryInUse(str(folder), int(owner) if owner.isdigit() else None) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def use_utc() -> None:
    """The engine takes the process's time zone for its own; ours is UTC."""
    os.environ["TZ"] = "UTC"
    time.tzset()
