"""Migrations: once, in order, never changed, by one process at a time."""

from __future__ import annotations

import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from clickhouse.client import connect
from clickhouse.lock import TABLE, migration_lock
from clickhouse.migrate import MIGRATIONS, Migration, apply, migrations, pending, prepare, status
from ioc.catalog.load import load_catalog
from ioc.errors import MigrationError, QueryFailed
from ioc.packs import utc_now

FIRST = "CREATE TABLE IF NOT EXISTS {database}.one (a Int8) ENGINE = MergeTree ORDER BY a; -- a; b\nINSERT INTO {database}.one VALUES (1)"
SECOND = "ALTER TABLE {database}.one ADD COLUMN IF NOT EXISTS b String DEFAULT 'x;y'"


@pytest.fixture
def settings(clickhouse_server):
    """A database that does not exist yet."""
    settings = clickhouse_server.model_copy(update={"database": f"m_{uuid.uuid4().hex[:12]}"})
    yield settings
    connect(settings, database=False).command(f"DROP DATABASE IF EXISTS {settings.database} SYNC")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "0001_first.sql").write_text(FIRST)
    (tmp_path / "0002_second.sql").write_text(SECOND)
    return tmp_path


def names(done):
    return [migration.name for migration in done]


def rows_in_one(settings):
    return connect(settings).command("SELECT count() FROM one")


def test_what_is_pending_runs_once_and_in_order(settings, folder):
    assert names(pending(settings, folder)) == ["0001_first.sql", "0002_second.sql"]
    told = []
    assert names(apply(settings, folder, told.append)) == names(told) == ["0001_first.sql", "0002_second.sql"]
    assert pending(settings, folder) == []
    assert apply(settings, folder) == []
    assert rows_in_one(settings) == 1
    assert connect(settings).command("SELECT b FROM one") == "x;y"


def test_looking_changes_nothing(settings, folder):
    pending(settings, folder)
    assert {one.applied_at for one in status(settings, folder)} == {None}
    databases = connect(settings, database=False).query("SHOW DATABASES").result_columns[0]
    assert settings.database not in databases


def test_status_says_when(settings, folder):
    before = utc_now()
    apply(settings, folder)
    assert all(before <= one.applied_at <= utc_now() for one in status(settings, folder))


def test_a_new_file_runs_alone(settings, folder):
    apply(settings, folder)
    (folder / "0003_third.sql").write_text("CREATE VIEW IF NOT EXISTS {database}.v AS SELECT 1")
    assert names(apply(settings, folder)) == ["0003_third.sql"]


def test_an_applied_file_must_not_change(settings, folder):
    apply(settings, folder)
    (folder / "0001_first.sql").write_text(FIRST + " -- better")
    for look in (pending, apply, status):
        with pytest.raises(MigrationError, match="0001_first.sql was changed"):
            look(settings, folder)


def test_a_newer_database_is_left_alone(settings, folder):
    apply(settings, folder)
    (folder / "0002_second.sql").unlink()
    with pytest.raises(MigrationError, match="migration 2"):
        apply(settings, folder)


def test_a_refused_statement_names_the_file_and_leaves_the_rest_for_later(settings, folder):
    (folder / "0002_second.sql").write_text("ALTER TABLE {database}.one ADD COLUMN b Nonsense")
    with pytest.raises(MigrationError, match=r"0002_second\.sql: ALTER TABLE"):
        apply(settings, folder)
    (folder / "0002_second.sql").write_text(SECOND)
    assert names(apply(settings, folder)) == ["0002_second.sql"]


def test_threads_at_once_run_each_once(settings, folder):
    with ThreadPoolExecutor(4) as pool:
        done = [name for some in pool.map(lambda _: apply(settings, folder), range(4)) for name in names(some)]
    assert done == ["0001_first.sql", "0002_second.sql"]
    assert rows_in_one(settings) == 1


def test_processes_at_once_run_each_once(settings, folder):
    code = (
        "import sys; from pathlib import Path; from ioc.settings import Settings; from clickhouse.migrate import apply;"
        "print(len(apply(Settings(clickhouse=sys.argv[1], database=sys.argv[2]), Path(sys.argv[3]))))"
    )
    command = [sys.executable, "-c", code, settings.clickhouse, settings.database, str(folder)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert sorted(int(process.communicate(timeout=60)[0]) for process in running) == [0, 2]
    assert rows_in_one(settings) == 1


def test_the_lock_of_a_dead_process_is_broken(settings, folder):
    client = connect(settings, database=False)
    client.command(f"CREATE DATABASE {settings.database}")
    code = (
        "import os, sys; from ioc.settings import Settings; from clickhouse.client import connect; from clickhouse.lock import migration_lock\n"
        "with migration_lock(connect(Settings(clickhouse=sys.argv[1]), database=False), sys.argv[2]): os._exit(9)"
    )
    died = subprocess.run([sys.executable, "-c", code, settings.clickhouse, settings.database], check=False)
    assert died.returncode == 9
    assert client.command(f"EXISTS {settings.database}.{TABLE}") == 1
    assert names(apply(settings, folder)) == ["0001_first.sql", "0002_second.sql"]
    left = client.query(f"SHOW TABLES FROM {settings.database}").result_columns[0]
    assert [name for name in left if name.startswith(TABLE)] == []


def test_the_lock_of_a_living_process_holds(settings):
    client = connect(settings, database=False)
    client.command(f"CREATE DATABASE {settings.database}")
    with migration_lock(client, settings.database) as still_here:
        still_here()
        with pytest.raises(MigrationError, match="another process"), migration_lock(client, settings.database, 0.2):
            pytest.fail("two hold the lock")
    with migration_lock(client, settings.database, 0.2):
        pass


def test_the_lock_is_given_back_after_an_error(settings):
    client = connect(settings, database=False)
    client.command(f"CREATE DATABASE {settings.database}")
    with pytest.raises(QueryFailed), migration_lock(client, settings.database):
        raise QueryFailed("refused")
    assert client.command(f"EXISTS {settings.database}.{TABLE}") == 0


@pytest.mark.parametrize("names", [["first.sql"], ["0002_second.sql"], ["0001_a.sql", "0003_c.sql"], ["0001_a.sql", "0001_b.sql"]])  # fmt: skip
def test_file_names_are_numbered_without_gaps(tmp_path, names):
    for name in names:
        (tmp_path / name).write_text("")
    with pytest.raises(MigrationError):
        migrations(tmp_path)


def test_statements_of_ours_can_run_twice(store_settings):
    """What a crash in the middle of a file needs."""
    client = connect(store_settings)
    for migration in migrations():
        for statement in migration.statements(store_settings.database):
            client.command(statement)


def test_statements_name_their_database():
    for migration in migrations():
        assert "{database}" in migration.text
        assert all("{" not in statement for statement in Migration(1, "", migration.text).statements("ioc"))
    assert len(migrations()) == len(list(MIGRATIONS.glob("*.sql")))


def test_prepare_is_all_a_start_needs_and_may_be_repeated(settings):
    catalog = load_catalog(None)
    assert len(prepare(settings, catalog, utc_now())) == len(migrations())
    assert prepare(settings, catalog, utc_now()) == []
    client = connect(settings)
    assert client.command("SELECT count() FROM dim_sources FINAL") == len(catalog.sources)
