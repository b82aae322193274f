"""`ioc backup`, as it is typed: the database comes back, its sums are right, and the broker is read again from there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from clickhouse.backup import folder_of
from clickhouse.client import connect
from clickhouse.manifest import Held, Manifest
from clickhouse.sink import Store
from ioc.cli.backup import backup_app
from ioc.cli.rewind import GROUP, UNSETTLED, rewind, wanted
from ioc.errors import ConfigurationError, DataDirectoryInUse
from ioc.settings import Settings
from streams.embedded.log import Log, Outgoing
from tests.clickhouse.samples import START, sample, table_of
from tests.conftest import fresh_database

TOPIC = "ioc.posts"


@pytest.fixture
def store_settings(clickhouse_server: Settings) -> Iterator[Settings]:
    """A database of a name that no other test has used, for backups are named after it."""
    yield from fresh_database(clickhouse_server)


@pytest.fixture
def settings(store_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """A database with a few records whose hourly sums nobody has made, and a broker of its own."""
    broker = f"sqlite://{tmp_path / 'broker.sqlite'}"
    for name, value in (
        ("CLICKHOUSE", store_settings.clickhouse),
        ("DATABASE", store_settings.database),
        ("DATA_DIR", str(store_settings.data_dir)),
        ("BROKER", broker),
    ):
        monkeypatch.setenv(f"IOC_{name}", value)
    store = Store(store_settings)
    store.insert("cyber_events", table_of([sample("cyber_events", n, occurred_at=START) for n in range(3)]))
    store.insert("posts", table_of([sample("posts", 1)], TOPIC, 0, 1))
    yield store_settings.model_copy(update={"broker": broker})
    client = connect(store_settings, database=False)
    for (name,) in client.query("SHOW DATABASES").result_rows:
        if name.startswith(f"{store_settings.database}_"):
            client.command(f"DROP DATABASE {name} SYNC")


def run(*arguments: str) -> str:
    done = CliRunner().invoke(backup_app, list(arguments), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_what_is_made_is_listed_verified_and_restored(settings: Settings) -> None:
    name = settings.database
    assert f"{name}: " in run("create", "--to", name)
    assert name in run("list")
    listed = {line["name"]: line for line in map(json.loads, run("list", "--json").splitlines())}
    assert listed[name]["tables"]["cyber_events"]["rows"] == 3
    assert "đúng" in run("verify", name)
    connect(settings).command("TRUNCATE TABLE posts")
    with pytest.raises(ConfigurationError, match="--force"):
        run("restore", name)
    said = run("restore", name, "--force")
    assert f"DROP DATABASE {name}_before_" in said
    client = connect(settings)
    assert client.query("SELECT count() FROM v_posts").first_row == (1,)
    assert client.query("SELECT sum(events) FROM v_cyber_hourly").first_row == (3,), "sums are made anew"


def test_an_incremental_one_builds_upon_the_last_of_this_database(settings: Settings) -> None:
    with pytest.raises(ConfigurationError, match="make a whole one first"):
        run("create", "--incremental")
    run("create", "--to", f"{settings.database}a")
    run("create", "--incremental", "--to", f"{settings.database}b")
    listed = {line["name"]: line["base"] for line in map(json.loads, run("list", "--json").splitlines())}
    assert listed[f"{settings.database}b"] == f"{settings.database}a"


def test_without_a_name_it_is_called_by_database_and_time(settings: Settings) -> None:
    assert run("create").strip().startswith(f"{settings.database}_2")


def test_leftovers_of_an_interrupted_backup_are_shown(settings: Settings) -> None:
    (folder_of(settings) / "cut_off").mkdir(parents=True)
    assert "cut_off" in run("list")


def filled_log(path: Path, last: int) -> Log:
    log = Log(path)
    log.create_topic(TOPIC, 2)
    for _ in range(last + 1):
        log.append([Outgoing(TOPIC, b"x", partition=0)])
    log.commit(GROUP, {(TOPIC, 0): last + 1, (TOPIC, 1): 0})
    return log


def test_the_embedded_broker_is_read_again_from_where_the_backup_ends(settings: Settings, tmp_path: Path) -> None:
    with closing(filled_log(tmp_path / "broker.sqlite", 5)) as log:
        run("create", "--to", settings.database)
        assert "1 phân vùng" in run("restore", settings.database, "--force")
        assert log.committed(GROUP, TOPIC, 0) == 0
        log.commit(GROUP, {(TOPIC, 0): 0})
        assert "0 phân vùng" in run("restore", settings.database, "--force"), "never forward"


def test_a_running_worker_is_in_the_way(settings: Settings, tmp_path: Path) -> None:
    run("create", "--to", settings.database)
    with closing(filled_log(tmp_path / "broker.sqlite", 1)) as log:
        log.claim_consumer()
        with pytest.raises(DataDirectoryInUse):
            run("restore", settings.database, "--force")


MANIFEST = Manifest(
    name="one",
    database="ioc",
    created_at=datetime(2026, 11, 25, tzinfo=UTC),
    schema_version=1,
    engine="26.9",
    size_bytes=1,
    base="",
    tables={},
    offsets=[Held(TOPIC, 0, 5, UNSETTLED + 20), Held(TOPIC, 1, 0, 3), Held("other", 0, 0, 9)],
)


def test_a_little_more_than_needed_is_read_again() -> None:
    places = wanted(MANIFEST, lambda topic: 3 if topic == TOPIC else 0)
    assert places == {(TOPIC, 0): 20, (TOPIC, 1): 0, (TOPIC, 2): 0}


def test_what_the_broker_has_deleted_is_said(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, broker=f"sqlite://{tmp_path / 'broker.sqlite'}")
    with closing(Log(tmp_path / "broker.sqlite", max_age_s=-60)) as log:
        log.create_topic(TOPIC, 1)
        log.append([Outgoing(TOPIC, b"x", partition=0)] * 3)
        log.commit(GROUP, {(TOPIC, 0): 2})
        log.apply_retention()
        assert log.earliest_offset(TOPIC, 0) == 2
    with rewind(settings) as back:
        said = back(msgspec.structs.replace(MANIFEST, offsets=[]))
    assert len(said) == 2
    assert f"{TOPIC}/0: các gói 0–1 " in said[1]


def test_kafka_gets_a_file_for_its_own_tool(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, broker="kafka://127.0.0.1:9", partitions=2)
    folder_of(settings).mkdir()
    with rewind(settings) as back:
        (said,) = back(MANIFEST)
    lines = (folder_of(settings) / "one.offsets.csv").read_text().splitlines()
    assert f"{TOPIC},0,20" in lines
    assert f"{TOPIC},1,0" in lines
    assert "ioc.readings,1,0" in lines
    assert "--reset-offsets" in said
