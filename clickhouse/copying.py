"""Lets ClickHouse back up or restore, watches how far it is, and says what to do when it fails."""

from __future__ import annotations

import time
from collections.abc import Callable

from clickhouse_connect.driver.client import Client

from clickhouse.client import answering
from ioc.errors import ConfigurationError, QueryFailed

EVERY_S = 0.2  # between two looks at how far ClickHouse is

Told = Callable[[str, float], None]

_FAILED = {"BACKUP_FAILED", "RESTORE_FAILED", "BACKUP_CANCELLED", "RESTORE_CANCELLED"}
_DONE = {"BACKUP_CREATED", "RESTORED"}
_UNKNOWN_DISK, _NOT_ENOUGH_SPACE, _EXISTS, _NOT_FOUND, _DENIED, _BAD = 479, 243, 598, 599, 497, 36


def silent(_step: str, _share: float) -> None:
    """Tells nobody how far it is."""


def run(client: Client, statement: str, step: str, told: Told, expected_bytes: int = 0) -> int:
    """Let ClickHouse back up or restore, and say how far it is.

    Args:
        client: whose server does it.
        statement: without ASYNC.
        step: what `told` is told.
        told: called with the step and its share that is done.
        expected_bytes: that a backup will have; a restore knows it.

    Returns:
        The size of the backup, bytes.

    Raises:
        ConfigurationError: the destination does not exist or is not allowed, or there is no such backup.
        QueryFailed: ClickHouse could not for another reason.
    """
    with answering(client.uri):
        number = client.query(f"{statement} ASYNC").first_row[0]
    sql = (
        "SELECT toString(status), error, if(files_read > 0, bytes_read, total_size), total_size, compressed_size"
        " FROM system.backups WHERE id = {id:String}"
    )
    while True:
        with answering(client.uri):
            rows = client.query(sql, parameters={"id": number}).result_rows
        if not rows:
            raise QueryFailed("ClickHouse was started anew meanwhile and has forgotten the backup; begin again")
        status, error, done, total, size = rows[0]
        if status in _FAILED:
            raise _explained(error)
        if status in _DONE:
            told(step, 1.0)
            return int(size)
        told(step, min(done / max(expected_bytes or total, 1), 1.0))
        time.sleep(EVERY_S)


def _explained(error: str) -> ConfigurationError | QueryFailed:
    """What a failure means, and what to do; the engine adds a stack trace that helps nobody here."""
    text = error.partition(", Stack trace")[0].strip()
    digits = text.removeprefix("Code: ").partition(".")[0]
    code = int(digits) if digits.isdigit() else 0
    if code in {_UNKNOWN_DISK, _DENIED, _BAD}:
        return ConfigurationError(
            f"ClickHouse cannot reach the backups' place: {text}; set IOC_BACKUP_TO to one that the server's"
            " configuration allows (docs/backup.md)"
        )
    if code == _EXISTS:
        return ConfigurationError(
            f"an unfinished backup of that name is in the way: {text}; choose another name or remove it there"
        )
    if code == _NOT_FOUND:
        return ConfigurationError(f"the backup is not where IOC_BACKUP_TO says: {text}")
    if code == _NOT_ENOUGH_SPACE:
        return ConfigurationError(f"the disk is full: {text}; make room, or set IOC_BACKUP_TO to another place")
    return QueryFailed(text, code)
