"""Backs up the database while it is written to: ClickHouse's own BACKUP, and a manifest read back from what it wrote.

Every table is copied as it is at one instant, tables one after another. What was acknowledged before the backup began
is in it; of what came meanwhile some tables may know and others not: `clickhouse.restore` mends that.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from clickhouse_connect.driver.client import Client

from clickhouse.client import answering, connect
from clickhouse.contents import contents, held_offsets
from clickhouse.copying import Told, run, silent
from clickhouse.manifest import Manifest, checked_name, manifest_named, save
from ioc.errors import ConfigurationError
from ioc.settings import Settings

TO = "Disk('backups', '{name}')"  # the embedded server has this disk: the folder `backups` of the data directory


def folder_of(settings: Settings) -> Path:
    """Where the manifests are, and with the embedded server the backups too."""
    return settings.data_dir / "backups"


def place(to: str, name: str) -> str:
    """The destination of a backup as ClickHouse's SQL has it.

    Raises:
        ConfigurationError: the setting has no place for the name.
    """
    if "{name}" not in to:
        raise ConfigurationError(f"IOC_BACKUP_TO={to}: must hold {{name}}, for example {TO}")
    return to.replace("{name}", checked_name(name))


def create(settings: Settings, name: str, base: str = "", to: str = TO, told: Told = silent) -> Manifest:
    """Make a backup of the whole database.

    Args:
        settings: whose database.
        name: of the backup.
        base: name of a backup; what it has already is not copied again.
        to: see `place`.
        told: called with the step and its share that is done.

    Raises:
        ConfigurationError: the name is taken, there is no such base or no database, or the disk does not exist.
        QueryFailed: ClickHouse could not.
        StoreUnavailable: ClickHouse does not answer.
    """
    folder = folder_of(settings)
    if (folder / f"{checked_name(name)}.json").exists():
        raise ConfigurationError(f"there is a backup {name!r} already; choose another name")
    upon = f" SETTINGS base_backup = {place(to, manifest_named(folder, base).name)}" if base else ""
    with one_at_a_time(folder):
        client = connect(settings, database=False)
        _check_database(client, settings.database)
        began = _now(client)
        statement = f"BACKUP DATABASE {settings.database} TO {place(to, name)}{upon}"
        size = run(client, statement, "sao lưu", told, _live_bytes(client, settings.database))
        with _mounted(client, settings.database, place(to, name)) as mount:
            manifest = Manifest(
                name=name,
                database=settings.database,
                created_at=began,
                schema_version=_number(client, f"SELECT max(version) FROM {mount}.schema_migrations"),
                engine=client.server_version,
                size_bytes=size,
                base=base,
                tables=contents(client, mount, told),
                offsets=held_offsets(client, mount),
            )
        save(folder, manifest)
    return manifest


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Around whatever uses databases of fixed names beside ours.

    Raises:
        ConfigurationError: another `ioc backup` is at work.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigurationError(f"another `ioc backup` is at work in {folder}; wait for it to end") from None
        yield


def _check_database(client: Client, database: str) -> None:
    sql = "SELECT name, engine FROM system.tables WHERE database = {database:String}"
    with answering(client.uri):
        tables = dict(client.query(sql, parameters={"database": database}).result_rows)
    if "schema_migrations" not in tables:
        raise ConfigurationError(f"there is no database {database} of ours to back up; set IOC_DATABASE")
    if any(engine.startswith(("Replicated", "Distributed")) for engine in tables.values()):
        raise ConfigurationError(
            f"{database} lives on a cluster, which backs itself up: BACKUP … ON CLUSTER, see docs/backup.md"
        )


@contextmanager
def _mounted(client: Client, database: str, at: str) -> Iterator[str]:
    """The backup as a database that can be read; nothing is copied."""
    mount = f"{database}_backup_read"
    with answering(client.uri):
        client.command(f"DROP DATABASE IF EXISTS {mount} SYNC")
        client.command(f"CREATE DATABASE {mount} ENGINE = Backup('{database}', {at})")
        try:
            yield mount
        finally:
            client.command(f"DROP DATABASE {mount} SYNC")


def _live_bytes(client: Client, database: str) -> int:
    return _number(client, f"SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = '{database}'")


def _now(client: Client) -> datetime:
    return datetime.fromtimestamp(_number(client, "SELECT toUnixTimestamp64Milli(now64(3))") / 1000, UTC)


def _number(client: Client, sql: str) -> int:
    with answering(client.uri):
        return int(client.query(sql).first_row[0])
