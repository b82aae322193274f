"""Views are made anew when their text changes, with those that read them; by one process at a time."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from clickhouse.client import connect
from clickhouse.migrate import prepare
from clickhouse.repeatable import install_views, outdated_views
from clickhouse.views import Views
from ioc.catalog.load import load_catalog
from ioc.errors import MigrationError
from ioc.packs import utc_now
from ioc.settings import Settings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two views, one over the other."""
    (tmp_path / "v_one.sql").write_text("-- Một | one\nSELECT event_id, {moment} AS asked_at FROM {posts p}\n")
    (tmp_path / "v_two.sql").write_text("-- Hai | two\nSELECT * FROM {v_one o}\n")
    return tmp_path


@pytest.fixture
def settings(clickhouse_server: Settings) -> Iterator[Settings]:
    """A database of its own in which these views are all there is."""
    settings = clickhouse_server.model_copy(update={"database": f"r_{uuid.uuid4().hex[:12]}"})
    client = connect(settings, database=False)
    client.command(f"CREATE DATABASE {settings.database}")
    client.command(
        f"CREATE TABLE {settings.database}.posts (event_id String, received_at DateTime64(3, 'UTC')) ENGINE = ReplacingMergeTree(received_at) ORDER BY event_id"
    )
    client.command(
        f"CREATE TABLE {settings.database}.posts_history (event_id String, received_at DateTime64(3, 'UTC')) ENGINE = ReplacingMergeTree ORDER BY event_id"
    )
    yield settings
    client.command(f"DROP DATABASE {settings.database} SYNC")


def ask(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connect(settings).query(sql).result_rows]


def test_views_are_made_once_in_the_order_they_need(settings: Settings, folder: Path) -> None:
    assert outdated_views(settings, Views(folder)) == ["v_one", "v_two"]
    assert install_views(settings, Views(folder)) == ["v_one", "v_two"]
    assert install_views(settings, Views(folder)) == outdated_views(settings, Views(folder)) == []
    assert ask(settings, "SELECT count() FROM v_two") == [(0,)]
    assert ask(settings, "SELECT count() FROM v_two_at(as_of = '2026-01-01')") == [(0,)]


def test_a_changed_view_is_made_anew_and_so_are_those_that_read_it(settings: Settings, folder: Path) -> None:
    install_views(settings, Views(folder))
    (folder / "v_one.sql").write_text("-- Một | one\nSELECT event_id, received_at, {moment} AS asked_at FROM {posts}\n")
    assert install_views(settings, Views(folder)) == ["v_one", "v_two"]
    assert [name for name, *_ in ask(settings, "DESCRIBE v_two")] == ["event_id", "received_at", "asked_at"]
    (folder / "v_two.sql").write_text("-- Hai | two\nSELECT event_id FROM {v_one}\n")
    assert install_views(settings, Views(folder)) == ["v_two"]


def test_a_view_that_is_no_more_is_dropped(settings: Settings, folder: Path) -> None:
    install_views(settings, Views(folder))
    (folder / "v_two.sql").unlink()
    assert install_views(settings, Views(folder)) == ["v_two"]
    left = {name for (name,) in ask(settings, "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine = 'View'")}  # fmt: skip
    assert left == {"v_one", "v_one_at"}
    assert install_views(settings, Views(folder)) == []


def test_what_clickhouse_refuses_names_the_view_and_is_tried_again(settings: Settings, folder: Path) -> None:
    (folder / "v_two.sql").write_text("-- Hai | two\nSELECT nothing FROM {v_one}\n")
    with pytest.raises(MigrationError, match=r"^v_two: .*nothing"):
        install_views(settings, Views(folder))
    assert outdated_views(settings, Views(folder)) == ["v_two"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SELECT 1", "x.sql: begins with '-- Vietnamese | English'"),
        ("-- one language\nSELECT 1", "x.sql: begins with"),
        ("-- Vòng | circle\nSELECT * FROM {x}", "read each other in a circle: x → x"),
    ],
)
def test_a_file_that_cannot_be_a_view_says_why(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "x.sql").write_text(text)
    with pytest.raises(MigrationError) as error:
        Views(tmp_path)
    assert reason in str(error.value)


def test_processes_that_start_at_once_make_one_schema(clickhouse_server: Settings) -> None:
    settings = clickhouse_server.model_copy(update={"database": f"r_{uuid.uuid4().hex[:12]}"})
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: prepare(settings, load_catalog(None), utc_now()), range(3)))
    assert sorted(map(len, done))[:2] == [0, 0]
    assert outdated_views(settings) == []
    assert ask(settings, "SELECT count() = uniqExact(name) FROM schema_views") == [(1,)]
    connect(settings, database=False).command(f"DROP DATABASE {settings.database} SYNC")
