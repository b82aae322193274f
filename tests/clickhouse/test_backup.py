"""Backups of a real database: made while it is written to, proven, damaged, and put back after everything was destroyed."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from clickhouse_connect.driver.client import Client

from clickhouse.backup import TO, create, folder_of, one_at_a_time, place
from clickhouse.client import answering, connect
from clickhouse.contents import contents
from clickhouse.manifest import Held, Manifest, checked_name, manifest_named, manifests, save
from clickhouse.migrate import migrations, prepare
from clickhouse.restore import mend, restore, verify
from clickhouse.sink import Store
from ioc.catalog.load import load_catalog
from ioc.errors import BackupDamaged, ConfigurationError, MigrationError, QueryFailed, StoreUnavailable
from ioc.packs import utc_now
from ioc.records import KINDS
from ioc.settings import Settings
from tests.clickhouse.samples import sample, table_of
from tests.servers.clickhouse import start_clickhouse, stop_clickhouse

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)


@pytest.fixture
def name() -> str:
    """The tests of a session share a folder of backups."""
    return f"b_{uuid.uuid4().hex[:12]}"


@pytest.fixture
def filled(store_settings: Settings) -> Settings:
    """A database with twenty records of every kind."""
    fill(store_settings)
    return store_settings


@pytest.fixture(scope="module")
def kept(shared_store_settings: Settings) -> Settings:
    """As `filled`, for tests that change nothing in it."""
    fill(shared_store_settings)
    return shared_store_settings


@pytest.fixture(scope="module")
def made(kept: Settings) -> Manifest:
    """A backup of `kept` that nobody harms."""
    return create(kept, f"m_{uuid.uuid4().hex[:12]}")


def fill(settings: Settings) -> None:
    store = Store(settings)
    for kind in KINDS:
        store.insert(kind, table_of([sample(kind, n) for n in range(20)], f"ioc.{kind}", 1, 7))


def everything(settings: Settings) -> dict[str, list[Any]]:
    """Every row that people would see of every table, and the names of the views."""
    client = connect(settings)
    sql = "SELECT name, engine FROM system.tables WHERE database = {d:String} ORDER BY name"
    found: dict[str, list[Any]] = {}
    for table, engine in client.query(sql, parameters={"d": settings.database}).result_rows:
        rows = engine.endswith("MergeTree")
        found[table] = client.query(f"SELECT * FROM {table} FINAL ORDER BY ALL").result_rows if rows else [engine]
    return found


def databases(client: Client) -> set[str]:
    return {database for (database,) in client.query("SHOW DATABASES").result_rows}


def count(settings: Settings, table: str) -> int:
    return int(connect(settings).query(f"SELECT count() FROM {table}").first_row[0])


def data_file(settings: Settings, name: str, table: str) -> Path:
    """The largest file of a table in a backup."""
    files = (folder_of(settings) / name / "data" / settings.database / table).rglob("*.bin")
    return max(files, key=lambda file: file.stat().st_size)


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


class Writing:
    """Inserts readings one by one until the block ends; `acknowledged` are those ClickHouse has taken."""

    def __init__(self, settings: Settings) -> None:
        self.acknowledged: list[str] = []
        self.one_more = threading.Event()
        self._store, self._stop = Store(settings), threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Writing:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        number = 1000
        while not self._stop.is_set():
            record = sample("readings", number)
            self._store.insert("readings", table_of([record], "ioc.readings", 1, number))
            self.acknowledged.append(record.event_id)
            self.one_more.set()
            number += 1


def test_a_backup_made_while_rows_come_in_brings_a_dropped_database_back(filled: Settings, name: str) -> None:
    seen = everything(filled)
    with Writing(filled) as writing:
        assert writing.one_more.wait(30)
        before = list(writing.acknowledged)
        manifest = create(filled, name)
        writing.one_more.clear()
        assert writing.one_more.wait(30), "inserts go on"
    connect(filled, database=False).command(f"DROP DATABASE {filled.database} SYNC")
    verify(filled, name)
    done = restore(filled, name, NOW, force=False)
    assert done.before is None
    client = connect(filled)
    assert contents(client, filled.database) == manifest.tables
    stored = {row[0] for row in client.query("SELECT event_id FROM readings").result_rows}
    assert set(before) <= stored
    assert stored - set(writing.acknowledged) == {sample("readings", n).event_id for n in range(20)}
    found = everything(filled)
    assert {k: v for k, v in found.items() if not k.startswith("readings")} == {k: v for k, v in seen.items() if not k.startswith("readings")}  # fmt: skip
    assert count(filled, "v_readings") == len(stored)
    assert prepare(filled, load_catalog(None), utc_now()) == []
    assert not {d for d in databases(client) if d.startswith(f"{filled.database}_")}


def test_after_the_data_directory_is_gone_a_new_server_gets_it_back(tmp_path: Path) -> None:
    process, settings = start_clickhouse(tmp_path)
    try:
        prepare(settings, load_catalog(None), utc_now())
        fill(settings)
        seen = everything(settings)
        create(settings, "ngay_24")
    finally:
        stop_clickhouse(process)
    shutil.rmtree(tmp_path / "clickhouse")
    process, settings = start_clickhouse(tmp_path)
    try:
        restore(settings, "ngay_24", NOW, force=False)
        assert everything(settings) == seen
    finally:
        stop_clickhouse(process)
    process, settings = start_clickhouse(tmp_path)
    try:
        assert everything(settings) == seen
    finally:
        stop_clickhouse(process)


def test_new_rows_still_reach_what_views_derive(filled: Settings, name: str) -> None:
    create(filled, name)
    restore(filled, name, NOW, force=True)
    Store(filled).insert("dossiers", table_of([sample("dossiers", 99)]))
    for table in ("dossiers", "dossiers_history", "dossiers_current"):
        assert count(filled, f"(SELECT * FROM {table} FINAL)") == 21
    connect(filled, database=False).command(f"DROP DATABASE {filled.database}_before_{NOW:%Y%m%d_%H%M%S} SYNC")


def test_mending_fills_what_was_copied_too_early(filled: Settings) -> None:
    seen, client = everything(filled), connect(filled)
    emptied = [t for t in seen if t.endswith(("_history", "_current")) and seen[t] and "View" not in str(seen[t][0])]
    for table in emptied:
        client.command(f"TRUNCATE TABLE {table}")
    assert set(emptied) <= set(mend(client, filled.database))
    assert everything(filled) == seen
    mend(client, filled.database)
    assert everything(filled) == seen


@pytest.mark.parametrize("harm", [flip, Path.unlink], ids=["a flipped bit", "a missing file"])
def test_a_damaged_backup_is_found_out_and_changes_nothing(
    kept: Settings, name: str, harm: Callable[[Path], None]
) -> None:
    create(kept, name)
    assert verify(kept, name).name == name
    seen = everything(kept)
    harm(data_file(kept, name, "posts"))
    with pytest.raises(BackupDamaged, match=rf"{name}.*posts"):
        verify(kept, name)
    with pytest.raises(BackupDamaged, match="use another one"):
        restore(kept, name, NOW, force=True)
    assert everything(kept) == seen
    assert not {d for d in databases(connect(kept)) if d.startswith(f"{kept.database}_")}


def test_rows_that_differ_from_the_manifest_are_found_out(kept: Settings, name: str) -> None:
    manifest = create(kept, name)
    tables = manifest.tables | {
        "alerts": msgspec.structs.replace(manifest.tables["alerts"], checksum=1),
        "gone": manifest.tables["alerts"],
    }
    save(folder_of(kept), msgspec.structs.replace(manifest, tables=tables))
    with pytest.raises(BackupDamaged, match="gone is missing; table alerts differs: 20 rows"):
        verify(kept, name)


def test_a_null_counts_in_the_checksum(filled: Settings) -> None:
    client = connect(filled)
    before = contents(client, filled.database)["readings"]
    client.command("ALTER TABLE readings UPDATE value = NULL WHERE value = 3.25 SETTINGS mutations_sync = 2")
    after = contents(client, filled.database)["readings"]
    assert after.rows == before.rows
    assert after.checksum != before.checksum


def test_a_killed_command_leaves_no_backup_to_list(kept: Settings, name: str) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from ioc.settings import Settings; from clickhouse.backup import create\n"
        "settings = Settings(clickhouse=sys.argv[1], database=sys.argv[2], data_dir=Path(sys.argv[3]))\n"
        "create(settings, sys.argv[4], told=lambda step, share: os.kill(os.getpid(), signal.SIGKILL))"
    )
    command = [sys.executable, "-c", code, kept.clickhouse, kept.database, str(kept.data_dir), name]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert name not in {one.name for one in manifests(folder_of(kept))}
    with pytest.raises(ConfigurationError, match="no finished backup"):
        restore(kept, name, NOW, force=True)
    create(kept, f"{name}_2")
    verify(kept, f"{name}_2")


def test_a_killed_server_leaves_no_backup_to_list_and_its_data(tmp_path: Path) -> None:
    process, settings = start_clickhouse(tmp_path)
    prepare(settings, load_catalog(None), utc_now())
    fill(settings)
    seen = everything(settings)

    def kill(_step: str, _share: float) -> None:
        process.kill()
        process.wait()

    with pytest.raises(StoreUnavailable):
        create(settings, "half", told=kill)
    assert process.stdout is not None
    process.stdout.close()
    process, settings = start_clickhouse(tmp_path)
    try:
        assert list(manifests(folder_of(settings))) == []
        assert everything(settings) == seen
        create(settings, "whole")
        assert verify(settings, "whole").rows > 0
    finally:
        stop_clickhouse(process)


def test_an_incremental_backup_holds_all_and_copies_little(filled: Settings, name: str) -> None:
    whole = create(filled, name)
    Store(filled).insert("posts", table_of([sample("posts", 77)]))
    more = create(filled, f"{name}_2", base=name)
    assert more.rows > whole.rows
    assert more.size_bytes < whole.size_bytes / 2
    assert verify(filled, f"{name}_2").base == name
    shutil.rmtree(folder_of(filled) / name)
    with pytest.raises(ConfigurationError, match="not where IOC_BACKUP_TO says"):
        verify(filled, f"{name}_2")


def test_a_database_with_records_is_replaced_only_by_force_and_kept(filled: Settings, name: str) -> None:
    create(filled, name)
    Store(filled).insert("posts", table_of([sample("posts", 77)]))
    with pytest.raises(ConfigurationError, match="--force"):
        restore(filled, name, NOW, force=False)
    before = restore(filled, name, NOW, force=True).before
    assert before == f"{filled.database}_before_20261125_080000"
    assert (count(filled, "v_posts"), count(filled, f"{before}.posts")) == (20, 21)
    connect(filled).command(f"DROP DATABASE {before} SYNC")


def test_a_swap_that_fails_is_undone(filled: Settings, name: str) -> None:
    create(filled, name)
    seen = everything(filled)

    def remove_at_the_last_moment(step: str, share: float) -> None:
        if step == "kiểm dữ liệu" and share == 1.0:
            shutil.rmtree(folder_of(filled) / name)

    with pytest.raises(QueryFailed):
        restore(filled, name, NOW, force=True, told=remove_at_the_last_moment)
    assert everything(filled) == seen
    assert not {d for d in databases(connect(filled)) if d.startswith(f"{filled.database}_")}


def test_after_a_crash_amid_the_swap_it_is_run_again(filled: Settings, name: str) -> None:
    create(filled, name)
    seen, client = everything(filled), connect(filled, database=False)
    client.command(f"RENAME DATABASE {filled.database} TO {filled.database}_before_crash")
    client.command(f"CREATE DATABASE {filled.database}_restoring")
    restore(filled, name, NOW, force=False)
    assert everything(filled) == seen
    client.command(f"DROP DATABASE {filled.database} SYNC")
    client.command(f"RENAME DATABASE {filled.database}_before_crash TO {filled.database}")
    assert everything(filled) == seen, "or the old one is called back"
    assert count(filled, "v_posts") == 20


def test_a_newly_prepared_database_counts_as_empty(filled: Settings, name: str) -> None:
    create(filled, name)
    connect(filled, database=False).command(f"DROP DATABASE {filled.database} SYNC")
    prepare(filled, load_catalog(None), utc_now())
    assert restore(filled, name, NOW, force=False).before is None
    assert count(filled, "posts") == 20


def test_a_backup_goes_into_another_database_too(filled: Settings, name: str) -> None:
    create(filled, name)
    other = filled.model_copy(update={"database": f"{filled.database}x"})
    try:
        restore(other, name, NOW, force=False)
        seen = everything(filled)
        connect(filled).command("TRUNCATE TABLE posts")
        assert everything(other) == seen
        assert count(other, "v_posts") == 20, "its views read its own tables"
    finally:
        connect(filled).command(f"DROP DATABASE IF EXISTS {other.database} SYNC")


def test_a_backup_of_a_newer_version_is_refused(kept: Settings, made: Manifest, name: str) -> None:
    assert made.schema_version == len(migrations())
    save(folder_of(kept), msgspec.structs.replace(made, name=name, schema_version=len(migrations()) + 1))
    with pytest.raises(MigrationError, match="use a newer version"):
        restore(kept, name, NOW, force=True)


def test_the_manifest_says_which_messages_it_holds(filled: Settings, name: str) -> None:
    Store(filled).insert("posts", table_of([sample("posts", 77)], "ioc.posts", 0, 3))
    Store(filled).insert("posts", table_of([sample("posts", 78)], "ioc.posts", 1, 9))
    manifest = create(filled, name)
    assert [held for held in manifest.offsets if held.topic == "ioc.posts"] == [
        Held("ioc.posts", 0, 3, 3), Held("ioc.posts", 1, 7, 9)
    ]  # fmt: skip
    assert manifest_named(folder_of(filled), name) == manifest
    assert manifest in list(manifests(folder_of(filled)))


def test_names_and_places_that_cannot_be(kept: Settings, name: str, tmp_path: Path) -> None:
    for wrong in ("", "../x", "a'b", "a.json", "a" * 65):
        with pytest.raises(ConfigurationError, match="1 to 64 letters"):
            checked_name(wrong)
    with pytest.raises(ConfigurationError, match=r"must hold \{name\}"):
        place("Disk('backups', 'x')", name)
    with pytest.raises(ConfigurationError, match="set IOC_BACKUP_TO"):
        create(kept, name, to="Disk('elsewhere', '{name}')")
    with pytest.raises(ConfigurationError, match="set IOC_BACKUP_TO"):
        create(kept, name, to=f"File('{tmp_path}/{{name}}')")
    with pytest.raises(ConfigurationError, match="no finished backup 'no'"):
        create(kept, name, base="no")
    with pytest.raises(ConfigurationError, match="set IOC_DATABASE"):
        create(kept.model_copy(update={"database": "nobody"}), name)
    create(kept, name)
    with pytest.raises(ConfigurationError, match="already"):
        create(kept, name)
    (folder_of(kept) / f"{name}.json").unlink()
    with pytest.raises(ConfigurationError, match="unfinished backup of that name"):
        create(kept, name)


def test_a_file_that_is_no_manifest_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"name": "x"}')
    with pytest.raises(ConfigurationError, match=r"x\.json: is no manifest.*delete it"):
        list(manifests(tmp_path))


def test_one_backup_at_a_time(tmp_path: Path) -> None:
    with one_at_a_time(tmp_path), pytest.raises(ConfigurationError, match="another"), one_at_a_time(tmp_path):
        pytest.fail("two at once")
    with one_at_a_time(tmp_path):
        pass


@pytest.mark.parametrize(
    "sql",
    [
        "BACKUP DATABASE {d} TO File('{folder}/stolen')",
        "BACKUP DATABASE {d} TO Disk('backups', '../clickhouse/stolen')",
        "BACKUP DATABASE {d} TO Disk('default', 'stolen')",
        "CREATE DATABASE stolen ENGINE = Backup('{d}', File('{folder}/{name}'))",
        "SELECT * FROM file('{folder}/{name}/.backup', 'LineAsString')",
        "SELECT * FROM filesystem('{folder}')",
    ],
)
def test_sql_reaches_no_other_file_than_backups(kept: Settings, made: Manifest, sql: str) -> None:
    client = connect(kept)
    with pytest.raises((QueryFailed, ConfigurationError), match="ACCESS_DENIED|BAD_ARGUMENTS"), answering(client.uri):
        client.command(sql.format(d=kept.database, folder=folder_of(kept), name=made.name))
    assert not list(kept.data_dir.rglob("stolen"))


def test_the_default_place_is_the_embedded_servers_disk() -> None:
    assert place(TO, "x") == "Disk('backups', 'x')"
