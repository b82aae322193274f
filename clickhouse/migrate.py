"""Brings the database to the schema of this code: numbered SQL files, applied once, in order, never changed.

A statement may find itself half done after a crash, so every statement of a migration must be able to run twice
(``IF NOT EXISTS``, ``CREATE OR REPLACE``); a file is recorded only after its last statement.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from clickhouse_connect.driver.client import Client

from clickhouse.applying import has_table, run_statements
from clickhouse.client import answering, connect, wait_until_ready
from clickhouse.cluster import statements_for
from clickhouse.dimensions import load_dimensions
from clickhouse.lock import migration_lock
from clickhouse.repeatable import install_views
from clickhouse.retention import apply_retention
from clickhouse.sql import split_statements
from ioc.catalog.model import Catalog
from ioc.errors import MigrationError
from ioc.settings import Settings

MIGRATIONS = Path(__file__).parent / "migrations"
TABLE = "schema_migrations"

_CREATE_TABLE = """
CREATE TABLE IF NOT EXISTS {database}.schema_migrations
(
    version UInt32 COMMENT 'Số thứ tự | number',
    name String COMMENT 'Tên tệp | file',
    checksum String COMMENT 'SHA-256 của nội dung | SHA-256 of the content',
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'Lúc áp dụng | applied'
)
ENGINE = ReplacingMergeTree(applied_at)
ORDER BY version
COMMENT 'Các bước dựng lược đồ đã áp dụng | applied migrations'
"""


@dataclass(frozen=True)
class Migration:
    """One file.

    Attributes:
        version: its number, from 1 without gaps.
        name: its file name.
        text: its content.
    """

    version: int
    name: str
    text: str = field(repr=False)

    @property
    def checksum(self) -> str:
        """SHA-256 of the content."""
        return sha256(self.text.encode()).hexdigest()

    def statements(self, database: str) -> list[str]:
        """Its statements, in order."""
        return [statement.replace("{database}", database) for statement in split_statements(self.text)]

    def sent(self, settings: Settings) -> list[str]:
        """What is sent to ClickHouse, in order: the statements, or what they are on a cluster."""
        return [sent for one in self.statements(settings.database) for sent in statements_for(settings, one)]


@dataclass(frozen=True)
class Status:
    """One migration and when it was applied; None: not yet."""

    migration: Migration
    applied_at: datetime | None


def migrations(folder: Path = MIGRATIONS) -> list[Migration]:
    """The migrations of this code, in order.

    Raises:
        MigrationError: a file name without a number, or a gap in the numbers.
    """
    found = []
    for file in sorted(folder.glob("*.sql")):
        number = re.match(r"(\d{4})_\w+\.sql$", file.name)
        if number is None:
            raise MigrationError(f"{file.name}: a migration is called 0001_what_it_does.sql")
        found.append(Migration(int(number[1]), file.name, file.read_text(encoding="utf-8")))
    numbers = [m.version for m in found]
    if numbers != list(range(1, len(found) + 1)):
        raise MigrationError(f"migrations are numbered from 1 without gaps; there are {numbers}")
    return found


def status(settings: Settings, folder: Path = MIGRATIONS) -> list[Status]:
    """Every migration of this code and whether the database has it.

    Raises:
        MigrationError: an applied file was changed, or the database is newer than this code.
        StoreUnavailable: ClickHouse does not answer.
    """
    client = connect(settings, database=False)
    return _checked(migrations(folder), _applied(client, settings.database))


def pending(settings: Settings, folder: Path = MIGRATIONS) -> list[Migration]:
    """The migrations that `apply` would run, in order; changes nothing (a dry run).

    Raises:
        MigrationError: see `status`.
        StoreUnavailable: ClickHouse does not answer.
    """
    return [s.migration for s in status(settings, folder) if s.applied_at is None]


def apply(
    settings: Settings, folder: Path = MIGRATIONS, told: Callable[[Migration], None] = lambda _: None
) -> list[Migration]:
    """Create the database and run what is pending; two processes may call it at once.

    Args:
        settings: where ClickHouse is, and the database's name.
        folder: the migrations.
        told: called before each migration runs.

    Returns:
        What was run.

    Raises:
        MigrationError: see `status`, or a statement was refused.
        StoreUnavailable: ClickHouse does not answer; what was recorded stays, call again.
    """
    database = settings.database
    client = connect(settings, database=False)
    if not pending(settings, folder):
        return []
    database_itself = (
        f"CREATE DATABASE IF NOT EXISTS {database} COMMENT 'Trung tâm điều hành thông minh tỉnh Thanh Hóa'"
    )
    run_statements(client, settings, TABLE, [database_itself, _CREATE_TABLE.replace("{database}", database)])
    with migration_lock(client, database) as keep:
        left = pending(settings, folder)
        for migration in left:
            told(migration)
            _run(client, settings, migration, keep)
        return left


def prepare(settings: Settings, catalog: Catalog, now: datetime, timeout_s: float = 60) -> list[Migration]:
    """Wait for ClickHouse, migrate, make the views, set how long rows are kept, load the catalogue's names.

    Every start does this first; where nothing changed it takes a few queries.

    Args:
        settings: where ClickHouse is.
        catalog: whose names go into the ``dim_…`` tables.
        now: aware UTC.
        timeout_s: seconds to wait for ClickHouse.

    Raises:
        StoreUnavailable: it did not answer in time.
        MigrationError: see `apply`.
    """
    wait_until_ready(settings, timeout_s)
    done = apply(settings)
    install_views(settings)
    apply_retention(settings)
    client = connect(settings)
    with answering(client.uri):
        load_dimensions(client, settings.database, catalog, now)
    return done


def _run(client: Client, settings: Settings, migration: Migration, keep: Callable[[], None]) -> None:
    run_statements(client, settings, migration.name, migration.statements(settings.database), keep)
    row = [migration.version, migration.name, migration.checksum]
    with answering(client.uri):
        client.insert(TABLE, [row], column_names=["version", "name", "checksum"], database=settings.database)


def _applied(client: Client, database: str) -> dict[int, tuple[str, str, datetime]]:
    if not has_table(client, database, TABLE):
        return {}
    with answering(client.uri):
        rows = client.query(f"SELECT version, name, checksum, applied_at FROM {database}.{TABLE} FINAL").result_rows
    return {version: (name, checksum, at.replace(tzinfo=UTC)) for version, name, checksum, at in rows}


def _checked(ours: Sequence[Migration], applied: dict[int, tuple[str, str, datetime]]) -> list[Status]:
    newest = max(applied, default=0)
    if newest > len(ours):
        raise MigrationError(
            f"the database has migration {newest} ({applied[newest][0]}), this code knows {len(ours)}; start a newer version"
        )
    for migration in ours:
        name, checksum, _ = applied.get(migration.version, (migration.name, migration.checksum, None))
        if checksum != migration.checksum:
            raise MigrationError(
                f"{migration.name} was changed after it was applied (as {name}); restore it and write a new migration"
            )
    return [Status(m, applied[m.version][2] if m.version in applied else None) for m in ours]
