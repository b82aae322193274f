"""Brings a backup back, or proves that it could be: into a database beside ours first, compared with its manifest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from clickhouse_connect.driver.client import Client

from clickhouse.backup import TO, folder_of, one_at_a_time, place
from clickhouse.client import answering, connect
from clickhouse.contents import contents
from clickhouse.copying import Told, run, silent
from clickhouse.manifest import Content, Manifest, manifest_named
from clickhouse.migrate import migrations
from ioc.errors import BackupDamaged, ConfigurationError, MigrationError, QueryFailed
from ioc.settings import Settings

_OF_THE_PROGRAM = ("schema_", "dim_")  # tables that every start fills: without others a database counts as empty


@dataclass(frozen=True)
class Restored:
    """What `restore` did.

    Attributes:
        manifest: of the backup.
        before: name of the database with what was there before, None where there was nothing.
    """

    manifest: Manifest
    before: str | None


def verify(settings: Settings, name: str, to: str = TO, told: Told = silent) -> Manifest:
    """Restore a backup beside the database, compare every table with the manifest, and drop it again.

    Raises:
        BackupDamaged: naming the tables that cannot be read or differ.
        ConfigurationError: there is no such backup.
        QueryFailed: ClickHouse could not for another reason.
    """
    manifest = manifest_named(folder_of(settings), name)
    with one_at_a_time(folder_of(settings)):
        client = connect(settings, database=False)
        _beside(client, settings.database, manifest, to, told)
        _drop(client, _scratch(settings.database))
    return manifest


def restore(settings: Settings, name: str, now: datetime, force: bool, to: str = TO, told: Told = silent) -> Restored:
    """Put a backup in the place of the database, with whatever that holds kept under another name.

    Nothing may write to the database meanwhile. Afterwards `clickhouse.migrate.prepare`, then `mend` and
    `clickhouse.rollups` bring it up to date.

    Args:
        settings: which database.
        name: of the backup.
        now: aware UTC, for the name that the old database gets.
        force: replace a database that holds records.
        to: see `clickhouse.backup.place`.
        told: called with the step and its share that is done.

    Raises:
        ConfigurationError: there is no such backup, or the database holds records and `force` is False.
        MigrationError: the backup is of a newer version of this program.
        BackupDamaged: see `verify`; the database is as it was.
        QueryFailed: ClickHouse could not; the database is as it was.
    """
    manifest = manifest_named(folder_of(settings), name)
    newest = len(migrations())
    if manifest.schema_version > newest:
        raise MigrationError(
            f"backup {name!r} has schema {manifest.schema_version}, this version knows {newest}; use a newer version"
        )
    with one_at_a_time(folder_of(settings)):
        client = connect(settings, database=False)
        records = _records(client, settings.database)
        if records and not force:
            raise ConfigurationError(
                f"database {settings.database} holds {records:,} rows; --force puts the backup in its place"
            )
        _beside(client, settings.database, manifest, to, told)
        before = _swap(client, settings.database, manifest, place(to, name), now)
        if before and not records:
            _drop(client, before)
            before = None
    return Restored(manifest, before)


def mend(client: Client, database: str) -> list[str]:
    """Fill again what materialized views derive, for tables are copied one after another; returns the tables.

    Rows that come twice change nothing there: only tables that keep a newest row or a maximum are filled.
    """
    sql = (
        "SELECT name, as_select, create_table_query FROM system.tables"
        " WHERE database = {database:String} AND engine = 'MaterializedView'"
    )
    filled = []
    with answering(client.uri):
        engines = dict(
            client.query(
                "SELECT name, engine FROM system.tables WHERE database = {database:String}",
                parameters={"database": database},
            ).result_rows
        )
        for view, select, text in client.query(sql, parameters={"database": database}).result_rows:
            target = re.search(rf" TO {database}\.`?(\w+)`?", text)
            if target is None or engines.get(target[1]) not in {"ReplacingMergeTree", "AggregatingMergeTree"}:
                continue
            columns = ", ".join(f"`{c}`" for c in client.query(f"DESCRIBE {database}.`{view}`").result_columns[0])
            client.command(f"INSERT INTO {database}.`{target[1]}` ({columns}) SELECT {columns} FROM ({select})")
            filled.append(target[1])
    return filled


def _beside(client: Client, database: str, manifest: Manifest, to: str, told: Told) -> None:
    """Restore into the scratch database and compare; on a fault it is dropped.

    Tables come first and their merges are stopped, so that rows stay as they are in the backup while they are compared.
    """
    scratch, source = _scratch(database), place(to, manifest.name)
    _drop(client, scratch)
    statement = f"RESTORE DATABASE {manifest.database} AS {scratch} FROM {source}"
    try:
        run(client, f"{statement} SETTINGS structure_only = true", "dựng bảng", silent)
        for table in _tables(client, scratch):
            _command(client, f"SYSTEM STOP MERGES {scratch}.`{table}`")
        run(client, statement, "phục hồi", told)
        _compare(manifest, contents(client, scratch, told))
    except QueryFailed as error:
        _drop(client, scratch)
        raise BackupDamaged(f"backup {manifest.name!r} cannot be restored: {error}; use another one") from error
    except BaseException:
        _drop(client, scratch)
        raise


def _compare(manifest: Manifest, found: dict[str, Content]) -> None:
    faults = [f"table {name} is missing" for name in manifest.tables if name not in found]
    faults += [
        f"table {name} differs: {content.rows:,} rows at the backup, now {found[name]}"
        for name, content in manifest.tables.items()
        if name in found and found[name] != content
    ]
    if faults:
        raise BackupDamaged(f"backup {manifest.name!r} is damaged: {'; '.join(faults)}; use another one")


def _swap(client: Client, database: str, manifest: Manifest, source: str, now: datetime) -> str | None:
    """Put the scratch database in the database's place; views name their database, so they are restored in place."""
    scratch, before = _scratch(database), f"{database}_before_{now:%Y%m%d_%H%M%S}"
    tables = _tables(client, scratch)
    for table in tables:
        _command(client, f"SYSTEM START MERGES {scratch}.`{table}`")
    for view in _views(client, scratch):
        _command(client, f"DROP VIEW {scratch}.`{view}` SYNC")
    existed = _exists(client, database)
    if existed:
        _command(client, f"RENAME DATABASE {database} TO {before}")
    try:
        _command(client, f"RENAME DATABASE {scratch} TO {database}")
        but = ", ".join(f"{manifest.database}.`{table}`" for table in tables)
        _command(client, f"RESTORE DATABASE {manifest.database} AS {database} EXCEPT TABLES {but} FROM {source}")
    except BaseException:
        _drop(client, database)
        if existed:
            _command(client, f"RENAME DATABASE {before} TO {database}")
        raise
    return before if existed else None


def _scratch(database: str) -> str:
    return f"{database}_restoring"


def _tables(client: Client, database: str) -> list[str]:
    return _named(client, database, "engine NOT LIKE '%View' AND name NOT LIKE '.inner%'")


def _views(client: Client, database: str) -> list[str]:
    return _named(client, database, "engine LIKE '%View'")


def _named(client: Client, database: str, condition: str) -> list[str]:
    sql = f"SELECT name FROM system.tables WHERE database = {{database:String}} AND {condition} ORDER BY name"
    with answering(client.uri):
        return [name for (name,) in client.query(sql, parameters={"database": database}).result_rows]


def _records(client: Client, database: str) -> int:
    """Rows that somebody would miss."""
    programs = " AND ".join(f"NOT startsWith(table, '{prefix}')" for prefix in _OF_THE_PROGRAM)
    sql = f"SELECT sum(rows) FROM system.parts WHERE active AND database = {{database:String}} AND {programs}"
    with answering(client.uri):
        return int(client.query(sql, parameters={"database": database}).first_row[0])


def _exists(client: Client, database: str) -> bool:
    with answering(client.uri):
        return bool(client.command(f"EXISTS DATABASE {database}"))


def _drop(client: Client, database: str) -> None:
    _command(client, f"DROP DATABASE IF EXISTS {database} SYNC")


def _command(client: Client, sql: str) -> None:
    with answering(client.uri):
        client.command(sql)
