"""Rollups equal a recomputation over FINAL, whatever came twice, late, corrected or out of order."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clickhouse import rollups
from clickhouse.client import connect
from clickhouse.retention import apply_retention
from clickhouse.rollups import Rollups
from clickhouse.sink import Store
from ioc.errors import ConfigurationError
from ioc.packs import batch_of
from ioc.records import CyberEvent, Reading, Stance, event_id
from ioc.settings import Settings
from tests.clickhouse.samples import sample, table_of

START = datetime(2025, 12, 31, 20, tzinfo=UTC)
SHOWN = "source, metric, station, hour, points, usable, round(total, 6), lowest, highest, last_value, last_at"
RECOMPUTED = """
SELECT source, metric, station, toStartOfHour(observed_at) AS hour, count(), countIf(status = 'ok' AND value IS NOT NULL) AS n,
    ifNull(round(sumIf(value, status = 'ok'), 6), 0), minIf(value, status = 'ok'), maxIf(value, status = 'ok'),
    argMaxIf(value, observed_at, status = 'ok' AND value IS NOT NULL), maxOrNullIf(observed_at, status = 'ok' AND value IS NOT NULL)
FROM readings FINAL GROUP BY source, metric, station, hour ORDER BY ALL
"""
MINUTES = "source, metric, station, minute, points, usable, round(total, 6), lowest, highest"
MINUTES_RECOMPUTED = """
SELECT source, metric, station, toStartOfMinute(observed_at) AS minute, count(), countIf(status = 'ok' AND value IS NOT NULL),
    ifNull(round(sumIf(value, status = 'ok'), 6), 0), minIf(value, status = 'ok'), maxIf(value, status = 'ok')
FROM readings FINAL GROUP BY source, metric, station, minute ORDER BY ALL
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
    touched = rollups.touched("readings", [batch], minutes=True)
    assert touched is not None
    return touched


def rolls_of(settings: Settings) -> Rollups:
    """With minutes for long: the readings here are of another year than the clock."""
    for_ever = settings.model_copy(update={"keep_minutes_days": 3650})
    apply_retention(for_ever)
    return Rollups(for_ever)


def rows(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connect(settings).query(sql).result_rows]


def assert_right(settings: Settings) -> None:
    assert rows(settings, f"SELECT {SHOWN} FROM readings_hourly FINAL ORDER BY ALL") == rows(settings, RECOMPUTED)
    assert rows(settings, f"SELECT {MINUTES} FROM readings_minutely FINAL WHERE points > 0 ORDER BY ALL") == rows(
        settings, MINUTES_RECOMPUTED
    )


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
    client.command("TRUNCATE TABLE readings_minutely")
    rolls, waiting, stored = rolls_of(shared_store_settings), [], []
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
    assert sorted(piece.num_rows for piece in rollups._pieces(touched, ("source", "metric", "station"))) == [1, 78]
    rolls_of(store_settings).refresh("readings", touched)
    assert_right(store_settings)


def test_hours_nobody_touched_are_brought_in_by_a_rebuild(store_settings: Settings) -> None:
    store(store_settings, [reading(s, m, float(m), 0) for s in (1, 2) for m in range(0, 60 * 24 * 70, 180)])
    shares = list(rolls_of(store_settings).rebuild("readings", START, START + timedelta(days=80)))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert_right(store_settings)


def test_before_1970_an_hour_begins_where_it_should(store_settings: Settings) -> None:
    old = reading(1, 0, 1.0, 0)
    batch = batch_of([old])
    column = pa.array([datetime(1969, 12, 31, 22, 30, tzinfo=UTC)], batch.column("observed_at").type)
    index = batch.schema.get_field_index("observed_at")
    touched = rollups.touched("readings", [batch.set_column(index, batch.schema.field(index), column)], minutes=True)
    assert touched is not None
    assert touched["bucket"].to_pylist() == [-2]
    assert touched["first"].to_pylist() == touched["last"].to_pylist() == [-90 * 60_000]


def test_kinds_without_rollups_touch_nothing() -> None:
    assert rollups.touched("posts", [batch_of([reading(1, 0, 1.0, 0)])]) is None


def test_days_are_the_provinces(store_settings: Settings) -> None:
    touched = store(store_settings, [reading(1, m, 10.0, 0) for m in range(0, 60 * 24, 60)])
    rolls_of(store_settings).refresh("readings", touched)
    days = rows(store_settings, "SELECT day, points, mean FROM v_readings_daily ORDER BY day")
    assert [(str(day), points, mean) for day, points, mean in days] == [
        ("2026-01-01", 21, 10.0),
        ("2026-01-02", 3, 10.0),
    ]


@pytest.mark.parametrize("view", ["v_readings_hourly", "v_readings_daily"])
def test_a_mean_without_usable_values_is_none(store_settings: Settings, view: str) -> None:
    touched = store(store_settings, [reading(1, 0, None, 0), reading(1, 5, 3.0, 0, "fault")])
    rolls_of(store_settings).refresh("readings", touched)
    assert rows(store_settings, f"SELECT points, usable, mean, lowest FROM {view}") == [(2, 0, None, None)]


def event(number: int, minute: int, sensor: str, severity: int, received_s: int) -> CyberEvent:
    moment = START + timedelta(minutes=minute)
    return sample(
        "cyber_events", number, event_id=f"e{number}", occurred_at=moment, event_type=f"t{minute % 2}",
        sensor=sensor, category="c", severity=severity, received_at=START + timedelta(seconds=received_s),
    )  # type: ignore[return-value]  # fmt: skip


def stance(number: int, minute: int, label: str, confidence: float, received_s: int) -> Stance:
    moment = START + timedelta(minutes=minute)
    return sample(
        "stances", number, event_id=f"p{number}", published_at=moment, agency=f"a{minute % 2}",
        stance=label, confidence=confidence, received_at=START + timedelta(seconds=received_s),
    )  # type: ignore[return-value]  # fmt: skip


# One number is one event at one minute: what a correction may change is the rest.
EVENTS = st.builds(
    lambda n, *rest: event(n, n * 37, *rest), st.integers(0, 12), st.sampled_from("ab"), st.integers(0, 2), st.integers(0, 9)
)  # fmt: skip
STANCES = st.builds(
    lambda n, *rest: stance(n, n * 311, *rest), st.integers(0, 12), st.sampled_from(["negative", "neutral", "positive"]),
    st.integers(0, 4).map(lambda n: n / 4), st.integers(0, 9),
)  # fmt: skip
COUNTED = {
    "cyber_events": (
        "SELECT event_type, hour, sensor, category, severity, events FROM v_cyber_hourly ORDER BY ALL",
        "SELECT event_type, toStartOfHour(occurred_at) AS hour, sensor, category, severity, count() "
        "FROM cyber_events FINAL GROUP BY ALL ORDER BY ALL",
    ),
    "stances": (
        "SELECT agency, day, stance, posts, confidence FROM v_stances_daily ORDER BY ALL",
        "SELECT agency, toDate32(published_at, 'Asia/Ho_Chi_Minh') AS day, stance, count(), avg(confidence) "
        "FROM stances FINAL GROUP BY ALL ORDER BY ALL",
    ),
}


def put(settings: Settings, kind: str, records: Sequence[Any]) -> pa.Table:
    Store(settings).insert(kind, table_of(records))
    touched = rollups.touched(kind, [batch_of(list(records))])
    assert touched is not None
    return touched


@pytest.mark.parametrize(("kind", "record"), [("cyber_events", EVENTS), ("stances", STANCES)])
def test_corrected_records_leave_the_bucket_they_were_in(
    shared_store_settings: Settings, kind: str, record: Any
) -> None:
    client, rolls = connect(shared_store_settings), rolls_of(shared_store_settings)
    shown, counted = COUNTED[kind]
    table = {"cyber_events": "cyber_events_hourly", "stances": "stances_daily"}[kind]

    @settings(max_examples=15, deadline=None)
    @given(st.lists(st.tuples(st.lists(record, min_size=1, max_size=8), st.booleans()), max_size=6))
    def follow(steps: list[tuple[list[Any], bool]]) -> None:
        client.command(f"TRUNCATE TABLE {kind}")
        client.command(f"TRUNCATE TABLE {table}")
        waiting = []
        for records, at_once in steps:
            waiting.append(put(shared_store_settings, kind, [*records, records[0]]))
            if at_once:
                rolls.refresh(kind, pa.concat_tables(waiting))
                waiting.clear()
        for touched in reversed(waiting):
            rolls.refresh(kind, touched)
        assert rows(shared_store_settings, shown) == rows(shared_store_settings, counted)

    follow()


def test_refreshes_of_the_same_hours_at_once(store_settings: Settings) -> None:
    """Each thread stores and refreshes; whoever is last has seen everything."""
    rolls = rolls_of(store_settings)

    def store_and_refresh(part: int) -> None:
        for n in range(6):
            minutes = range(part * 6 + n, 180, 24)
            touched = store(store_settings, [reading(1, m, float(m), 0) for m in minutes])
            rolls.refresh("readings", touched)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(store_and_refresh, range(4)))
    assert_right(store_settings)
    assert rows(store_settings, "SELECT sum(points) FROM v_readings_hourly") == [(180,)]


def test_a_rebuild_empties_what_was_deleted(store_settings: Settings) -> None:
    records = [reading(s, m, 1.0, 0) for s in (1, 2) for m in range(0, 300, 60)]
    rolls = rolls_of(store_settings)
    rolls.refresh("readings", store(store_settings, records))
    connect(store_settings).command("DELETE FROM readings WHERE station = 'S2' AND observed_at < '2025-12-31 22:00:00'")
    list(rolls.rebuild("readings", START, START + timedelta(hours=6)))
    shown = "SELECT station, hour, points FROM v_readings_hourly ORDER BY ALL"
    left = "SELECT station, toStartOfHour(observed_at) AS hour, count() FROM readings FINAL GROUP BY ALL ORDER BY ALL"
    assert rows(store_settings, shown) == rows(store_settings, left)
    assert rows(store_settings, "SELECT month, sum(points) FROM v_readings_monthly GROUP BY month")[0][1] == 8


def test_sums_outlive_their_readings(store_settings: Settings) -> None:
    """A late reading of an hour whose readings have expired changes nothing; one of a whole new hour counts."""
    kept = Rollups(store_settings.model_copy(update={"keep_raw_days": 30, "keep_minutes_days": 1}))
    kept.refresh("readings", store(store_settings, [reading(1, m, 1.0, 0) for m in range(0, 60, 10)]))
    connect(store_settings).command("DELETE FROM readings WHERE 1")
    kept.refresh("readings", store(store_settings, [reading(1, 5, 9.0, 0), reading(1, 65, 2.0, 0)]))
    list(kept.rebuild("readings", START, START + timedelta(days=1)))
    sums = rows(store_settings, "SELECT points, total FROM readings_hourly FINAL ORDER BY hour")
    assert sums == [(6, 6.0), (1, 2.0)]
    assert rows(store_settings, "SELECT count() FROM readings_minutely") == [(0,)]
    events = put(store_settings, "cyber_events", [event(1, 1, "a", 1, 0)])
    kept.refresh("cyber_events", events)
    assert rows(store_settings, "SELECT count() FROM cyber_events_hourly") == [(0,)]


def test_the_hour_that_expires_now_keeps_its_sums(store_settings: Settings) -> None:
    """Its readings are gone or about to go: a rebuild must not take that for a deletion."""
    expiring = datetime.now(UTC) - timedelta(days=30)
    hour = expiring.replace(minute=0, second=0, microsecond=0)
    kept = Rollups(store_settings.model_copy(update={"keep_raw_days": 30, "keep_minutes_days": 60}))
    one = msgspec.structs.replace(reading(1, 0, 5.0, 0), observed_at=hour, received_at=datetime.now(UTC))
    Rollups(store_settings.model_copy(update={"keep_minutes_days": 60})).refresh(
        "readings", store(store_settings, [one])
    )
    connect(store_settings).command("DELETE FROM readings WHERE 1")
    list(kept.rebuild("readings", hour - timedelta(days=1), hour + timedelta(days=1)))
    assert rows(store_settings, "SELECT points, total FROM readings_hourly FINAL") == [(1, 5.0)]
    assert rows(store_settings, "SELECT points, total FROM readings_minutely FINAL") == [(1, 5.0)]


def test_the_last_days_are_kept_together_too(store_settings: Settings) -> None:
    now = datetime.now(UTC).replace(minute=30, second=0, microsecond=0) - timedelta(hours=2)
    lately = [
        msgspec.structs.replace(reading(1, 0, v, s), observed_at=now, event_id="x") for v, s in ((1.0, 1), (2.0, 5))
    ]
    rolls = Rollups(store_settings)
    for one in lately:
        rolls.refresh("readings", store(store_settings, [one, reading(2, 0, 1.0, 0)]))
    assert rows(store_settings, "SELECT station, points, total FROM readings_lately FINAL") == [("S1", 1, 2.0)]


def test_a_part_of_a_bucket_is_rebuilt_whole(store_settings: Settings) -> None:
    put(store_settings, "stances", [stance(n, n * 30, "neutral", 0.5, 0) for n in range(40)])
    middle = START + timedelta(hours=3, minutes=7)
    list(rolls_of(store_settings).rebuild("stances", middle, middle + timedelta(minutes=1)))
    assert rows(store_settings, "SELECT sum(posts) FROM v_stances_daily WHERE day = '2026-01-01'") == rows(
        store_settings,
        "SELECT count() FROM stances FINAL WHERE toDate(published_at, 'Asia/Ho_Chi_Minh') = '2026-01-01'",
    )


def test_a_kind_without_a_rollup_cannot_be_rebuilt(store_settings: Settings) -> None:
    with pytest.raises(ConfigurationError, match="no rollup of 'posts', only of readings"):
        list(rolls_of(store_settings).rebuild("posts", START, START + timedelta(days=1)))


def test_more_series_with_longer_names_than_fit_one_request(store_settings: Settings) -> None:
    name = "trạm quan trắc tự động Khu kinh tế Nghi Sơn "
    many = [msgspec.structs.replace(reading(n, 0, float(n), 0), station=f"{name}{n}") for n in range(2100)]
    rolls_of(store_settings).refresh("readings", store(store_settings, many))
    assert_right(store_settings)
