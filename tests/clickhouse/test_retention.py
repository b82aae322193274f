"""Rows and personal columns go when the settings say; what is to stay stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from clickhouse.client import connect
from clickhouse.retention import MINUTES, RAW, SUMS, apply_retention
from clickhouse.sink import Store
from ioc.packs import utc_now
from ioc.records import KINDS
from ioc.settings import Settings
from tests.clickhouse.samples import sample, table_of

NOW = utc_now()


def with_days(settings: Settings, **days: int) -> Settings:
    return settings.model_copy(update={f"keep_{name}_days": value for name, value in days.items()})


def ask(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connect(settings).query(sql).result_rows]


def test_at_the_start_everything_is_as_the_settings_say(store_settings: Settings) -> None:
    assert apply_retention(store_settings) == []
    ttl = {name for (name,) in ask(store_settings, "SELECT name FROM system.tables WHERE database = currentDatabase() AND match(engine_full, 'TTL')")}  # fmt: skip
    assert ttl == {*RAW, "detector_states", "readings_lately"}


def test_changed_settings_change_what_differs_and_nothing_else(store_settings: Settings) -> None:
    fewer = with_days(store_settings, raw=10, sums=100, minutes=7, personal=0)
    changed = " ".join(apply_retention(fewer))
    assert apply_retention(fewer) == []
    assert all(f".{table} " in changed for table in (*RAW, *SUMS, *MINUTES))
    assert changed.count("MODIFY COLUMN") == changed.count("REMOVE TTL") > 5
    assert "readings_minutely REMOVE TTL" in " ".join(apply_retention(store_settings))
    assert apply_retention(store_settings) == []


def test_raw_records_go_by_when_they_came_not_by_what_they_speak_of(store_settings: Settings) -> None:
    old = sample("readings", 1, received_at=NOW - timedelta(days=20), observed_at=NOW - timedelta(days=20))
    history = sample("readings", 2, received_at=NOW, observed_at=NOW - timedelta(days=4000))
    Store(store_settings).insert("readings", table_of([old, history]))
    apply_retention(with_days(store_settings, raw=10))
    connect(store_settings).command("OPTIMIZE TABLE readings FINAL")
    assert ask(store_settings, "SELECT event_id FROM readings FINAL") == [(history.event_id,)]


@pytest.mark.parametrize("kind", [kind for kind, record in KINDS.items() if record.personal])
def test_personal_columns_are_emptied_and_the_rest_stays(store_settings: Settings, kind: str) -> None:
    record = sample(kind, 3, received_at=NOW - timedelta(days=50), **{KINDS[kind].event_time: NOW - timedelta(days=50)})
    Store(store_settings).insert(kind, table_of([record]))
    apply_retention(with_days(store_settings, personal=30))
    tables = [name for (name,) in ask(store_settings, f"SELECT table FROM system.columns WHERE database = currentDatabase() AND name = '{KINDS[kind].personal[0]}' AND match(table, '^{kind}(_history|_current)?$')")]  # fmt: skip
    assert kind in tables
    for table in tables:
        connect(store_settings).command(f"OPTIMIZE TABLE {table} FINAL")
        columns = ", ".join(f"ifNull(toString({column}), '')" for column in KINDS[kind].personal)
        [(event_id, *personal)] = ask(store_settings, f"SELECT event_id, {columns} FROM {table} FINAL")
        assert event_id == record.event_id
        assert set(personal) == {""}, table


def test_every_kind_that_grows_without_end_expires(store_settings: Settings) -> None:
    """A new kind is either in RAW or is said here to be kept for ever."""
    for_ever = {
        "dossiers", "tasks", "field_reports", "posts", "stances", "indicator_values", "indicator_targets", "health_cases",
        "incidents", "anomalies", "verdicts", "forecasts", "outlooks", "alerts", "dead_letters",
    }  # fmt: skip
    assert set(KINDS) == for_ever | set(RAW)
