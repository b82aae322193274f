"""Every view can be asked as of a time: now it says what the view says, before a correction what was said then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from clickhouse import rollups
from clickhouse.client import connect
from clickhouse.sink import Store
from clickhouse.views import Views
from ioc.catalog.load import load_catalog
from ioc.packs import group_by_kind, utc_now
from ioc.records import Record
from ioc.settings import Settings
from tests.clickhouse.samples import sample, table_of
from tests.conftest import fresh_database
from tests.grafana.province import fill

NOW = utc_now()
VIEWS = Views()
TIMED = [name for name in VIEWS.order if VIEWS.timed(name) and not VIEWS[name].recomputes]
CLOCKED = {"age_s", "silent_s", "silent_h", "lasted_min"}  # count the seconds until they are asked


def ask(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connect(settings).query(sql).result_rows]


def insert(settings: Settings, *records: Record) -> None:
    for kind, group in group_by_kind(records).items():
        Store(settings).insert(kind, table_of(group))


@pytest.fixture(scope="module")
def province(clickhouse_server: Settings) -> Iterator[Settings]:
    """The whole province with its sums; none of its sums is of a bucket that still fills."""
    for settings in fresh_database(clickhouse_server):
        fill(settings, load_catalog(None), NOW)
        yield settings


@pytest.mark.parametrize("view", TIMED)
def test_as_of_now_a_view_says_what_it_says(province: Settings, view: str) -> None:
    columns = ", ".join(name for (name, *_) in ask(province, f"DESCRIBE {view}") if name not in CLOCKED)
    until = "as_of = toDateTime64('2100-01-01 00:00:00', 3, 'UTC')" if view not in _CLOCKED_VIEWS else _soon()
    now = ask(province, f"SELECT {columns} FROM {view}")
    then = ask(province, f"SELECT {columns} FROM {view}_at({until})")
    assert now
    assert [list(row) for row in ordered(then)] == [approximate(row) for row in ordered(now)]


def ordered(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Sorted by all that is no float, then roughly by what is."""
    rows = sorted(rows, key=lambda row: repr([f"{x:.3g}" for x in row if isinstance(x, float)]))
    return sorted(rows, key=lambda row: repr([x for x in row if not isinstance(x, float)]))


def approximate(row: tuple[Any, ...]) -> list[Any]:
    """Sums of floats differ in their last digits with the order of their parts."""
    return [pytest.approx(x, rel=1e-9) if isinstance(x, float) else x for x in row]


def _soon() -> str:
    """The clock, not `NOW`: that is when this file was read, which in a long run is a while ago."""
    return f"as_of = toDateTime64('{utc_now() + timedelta(seconds=1):%Y-%m-%d %H:%M:%S}', 3, 'UTC')"


_CLOCKED_VIEWS = {name for name in TIMED if "{moment}" in VIEWS[name].select} | {
    "v_dossiers_by_agency", "v_tasks_by_agency", "v_field_reports_by_agency", "v_vessel_silence", "v_dossiers_overdue",
}  # fmt: skip


@pytest.mark.parametrize("view", TIMED)
def test_before_anything_was_received_nothing_was_known(province: Settings, view: str) -> None:
    [(count,)] = ask(province, f"SELECT count() FROM {view}_at(as_of = '2020-01-01 00:00:00')")
    known_without_records = {"v_source_freshness", "v_targets"}  # both also speak of what the catalogue says
    assert bool(count) == (view in known_without_records)


def revised(record: Record, received_at: datetime, **changes: Any) -> Record:
    return msgspec.structs.replace(record, received_at=received_at, **changes)


def test_a_revised_indicator_is_shown_as_it_was_before_the_revision(store_settings: Settings) -> None:
    """Also after ClickHouse has merged the first version away, and however often it is sent again."""
    first = sample("indicator_values", 1, indicator="iip", value=100.0, received_at=NOW - timedelta(days=3))
    second = revised(first, NOW - timedelta(days=1), value=107.5)
    again = revised(second, NOW)
    for record in (first, second, again):
        insert(store_settings, record)
    client = connect(store_settings)
    for table in ("indicator_values", "indicator_values_history"):
        client.command(f"OPTIMIZE TABLE {table} FINAL")
    assert ask(store_settings, "SELECT value FROM v_indicator_values") == [(107.5,)]

    def value_on(days_ago: float) -> list[tuple[Any, ...]]:
        moment = f"{NOW - timedelta(days=days_ago):%Y-%m-%d %H:%M:%S}"
        return ask(store_settings, f"SELECT value FROM v_indicator_values_at(as_of = '{moment}')")

    assert [value_on(days) for days in (4, 2, 0.5, -1)] == [[], [(100.0,)], [(107.5,)], [(107.5,)]]


def test_a_value_corrected_and_corrected_back_on_another_day(store_settings: Settings) -> None:
    first = sample("indicator_values", 2, indicator="cpi", value=1.0, received_at=NOW - timedelta(days=6))
    insert(store_settings, first)
    insert(store_settings, revised(first, NOW - timedelta(days=4), value=2.0))
    insert(store_settings, revised(first, NOW - timedelta(days=2), value=1.0))
    shown = [
        ask(store_settings, f"SELECT value FROM v_indicator_values_at(as_of = '{NOW - timedelta(days=d):%Y-%m-%d}')")
        for d in (5, 3, 0)
    ]
    assert shown == [[(1.0,)], [(2.0,)], [(1.0,)]]


def test_a_dossier_was_in_time_before_it_was_overdue(store_settings: Settings) -> None:
    due = NOW - timedelta(hours=5)
    insert(store_settings, sample("dossiers", 1, status=2, due_at=due, finished_at=None, status_at=NOW - timedelta(days=2), received_at=NOW - timedelta(days=2)))  # fmt: skip
    assert ask(store_settings, "SELECT state FROM v_dossiers_current") == [("overdue",)]
    before = f"{due - timedelta(hours=1):%Y-%m-%d %H:%M:%S}"
    assert ask(store_settings, f"SELECT state FROM v_dossiers_current_at(as_of = '{before}')") == [("in_progress",)]


def test_late_readings_were_not_in_the_sums_before_they_came(store_settings: Settings) -> None:
    hour = (NOW - timedelta(hours=30)).replace(minute=0)
    at_once = sample("readings", 1, observed_at=hour, value=10.0, status="ok", received_at=hour + timedelta(minutes=1))
    late = sample("readings", 2, station=at_once.station, metric=at_once.metric, source=at_once.source, observed_at=hour + timedelta(minutes=5),
        value=30.0, status="ok", received_at=hour + timedelta(hours=20))  # type: ignore[attr-defined]  # fmt: skip
    insert(store_settings, at_once, late)
    list(rollups.Rollups(store_settings).rebuild("readings", hour, hour + timedelta(hours=1)))
    assert ask(store_settings, "SELECT mean FROM v_readings_hourly") == [(20.0,)]
    between = f"{hour + timedelta(hours=10):%Y-%m-%d %H:%M:%S}"
    assert ask(store_settings, f"SELECT mean FROM v_readings_hourly_at(as_of = '{between}')") == [(10.0,)]
