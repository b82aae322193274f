"""Rollups equal a recomputation over FINAL, whatever came twice, late, corrected or out of order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clickhouse import rollups
from clickhouse.client import connect
from clickhouse.rollups import Rollups
from clickhouse.sink import Store
from ioc.packs import batch_of
from ioc.records import Reading, event_id
from ioc.settings import Settings

START = datetime(2025, 12, 31, 20, tzinfo=UTC)
SHOWN = "source, metric, station, hour, points, usable, round(total, 6), lowest, highest, last_value, last_at"
RECOMPUTED = """
SELECT source, metric, station, toStartOfHour(observed_at) AS hour, count(), countIf(status = 'ok' AND value IS NOT NULL) AS n,
    ifNull(round(sumIf(value, status = 'ok'), 6), 0), minIf(value, status = 'ok'), maxIf(value, status = 'ok'),
    argMaxIf(value, observed_at, status = 'ok' AND value IS NOT NULL), maxOrNullIf(observed_at, status = 'ok' AND value IS NOT NULL)
FROM readings FINAL GROUP BY source, metric, station, hour ORDER BY ALL
"""


def reading(station: int, minute: int, value: float | None, received_s: int, status: str = "ok") -> Reading:
    moment = START + timedelta(minutes=minute)
    return Reading(
        event_id=event_id("s", station, moment), received_at=START + timedelta(seconds=received_s), source="s",
        station=f"S{station}", metric="m", observed_at=moment, value=value, unit="u", status=status,  # type: ignore[arg-type]
    )  # fmt: skip


def store(settings: Settings, readings: Sequence[Reading]) -> pa.Table:
    """Insert as the worker does; the hours touched."""
    batch = batch_of(list(readings))
    table = pa.Table.from_batches([batch])
    place = {"_topic": pa.scalar("t"), "_partition": pa.scalar(0, pa.int32()), "_offset": pa.scalar(0, pa.int64())}
    for name, value in place.items():
        table = table.append_column(name, pa.repeat(value, len(readings)))
    Store(settings).insert("readings", table)
    touched = rollups.touched("readings", [batch])
    assert touched is not None
    return touched


def rows(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connect(settings).query(sql).result_rows]


def assert_right(settings: Settings) -> None:
    assert rows(settings, f"SELECT {SHOWN} FROM readings_hourly FINAL ORDER BY ALL") == rows(settings, RECOMPUTED)


VALUES = st.none() | st.integers(-1000, 1000).map(lambda n: n / 10)
READINGS = st.builds(
    reading, st.integers(1, 3), st.integers(0, 600), VALUES, st.integers(0, 9), st.sampled_from(["ok", "ok", "fault"])
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.lists(READINGS, min_size=1, max_size=12), st.booleans(), st.integers(0, 5)), max_size=8))
def test_duplicates_corrections_late_data_and_late_refreshes(
    shared_store_settings: Settings, steps: list[tuple[list[Reading], bool, int]]
) -> None:
    """Each step stores readings, some of them stored before, and refreshes now or later, in another order."""
    client = connect(shared_store_settings)
    client.command("TRUNCATE TABLE readings")
    client.command("TRUNCATE TABLE readings_hourly")
    rolls, waiting, stored = Rollups(shared_store_settings), [], []
    for fresh, at_once, again in steps:
        chosen = fresh + stored[:again]
        stored += fresh
        waiting.append(store(shared_store_settings, chosen))
        if at_once:
            rolls.refresh("readings", pa.concat_tables(waiting[::-1]))
            waiting.clear()
    for touched in reversed(waiting):
        rolls.refresh("readings", touched)
    assert_right(shared_store_settings)


def test_far_late_data_is_recomputed_alone(store_settings: Settings) -> None:
    late = [reading(1, -60 * 24 * 300, 1.0, 0)]
    now = [reading(s, m, 2.0, 0) for s in range(1, 40) for m in range(0, 120, 5)]
    touched = store(store_settings, [*late, *now])
    assert sorted(piece.num_rows for piece in rollups._pieces(touched)) == [1, 78]
    Rollups(store_settings).refresh("readings", touched)
    assert_right(store_settings)


def test_hours_nobody_touched_are_brought_in_by_a_rebuild(store_settings: Settings) -> None:
    store(store_settings, [reading(s, m, float(m), 0) for s in (1, 2) for m in range(0, 60 * 24 * 70, 180)])
    shares = list(Rollups(store_settings).rebuild("readings", START, START + timedelta(days=80)))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert_right(store_settings)


def test_before_1970_an_hour_begins_where_it_should(store_settings: Settings) -> None:
    old = reading(1, 0, 1.0, 0)
    batch = batch_of([old])
    column = pa.array([datetime(1969, 12, 31, 22, 30, tzinfo=UTC)], batch.column("observed_at").type)
    index = batch.schema.get_field_index("observed_at")
    touched = rollups.touched("readings", [batch.set_column(index, batch.schema.field(index), column)])
    assert touched is not None
    assert touched["hour"].to_pylist() == [-2]


def test_kinds_without_rollups_touch_nothing() -> None:
    assert rollups.touched("posts", [batch_of([reading(1, 0, 1.0, 0)])]) is None


def test_days_are_the_provinces(store_settings: Settings) -> None:
    touched = store(store_settings, [reading(1, m, 10.0, 0) for m in range(0, 60 * 24, 60)])
    Rollups(store_settings).refresh("readings", touched)
    days = rows(store_settings, "SELECT day, points, mean FROM v_readings_daily ORDER BY day")
    assert [(str(day), points, mean) for day, points, mean in days] == [
        ("2026-01-01", 21, 10.0),
        ("2026-01-02", 3, 10.0),
    ]


@pytest.mark.parametrize("view", ["v_readings_hourly", "v_readings_daily"])
def test_a_mean_without_usable_values_is_none(store_settings: Settings, view: str) -> None:
    touched = store(store_settings, [reading(1, 0, None, 0), reading(1, 5, 3.0, 0, "fault")])
    Rollups(store_settings).refresh("readings", touched)
    assert rows(store_settings, f"SELECT points, usable, mean, lowest FROM {view}") == [(2, 0, None, None)]
