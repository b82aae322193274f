"""Every query of docs/cookbook.md runs, read-only and in time, and finds something in the sample province."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import clickhouse_connect
import msgspec
import pyarrow.parquet as pq
import pytest

from clickhouse.client import connect
from clickhouse.sink import Store
from ioc.catalog.load import load_catalog
from ioc.packs import group_by_kind, utc_now
from ioc.records import Anomaly, Dossier, IndicatorValue, Reading, Record
from ioc.settings import Settings
from tests.clickhouse.samples import table_of
from tests.conftest import fresh_database
from tests.grafana.province import everything, fill, reading

NOW = utc_now()
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PAGE = (Path(__file__).parents[2] / "docs" / "cookbook.md").read_text(encoding="utf-8")
_SECTION = re.compile(r"^## (\d+)(.*?)(?=^## )", re.M | re.S)
_BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.S)
READ_ONLY = {"readonly": 1, "max_execution_time": 20}

# The example of QĐ 1459/QĐ-TCMT: PM2.5 by the hour, newest first, whose Nowcast is 20.3 and AQI 41.
NOWCAST = [20.6, 19.6, 22.4, 20.3, 16.5, 19.0, 16.5, 19.5, 23.5, 20.5, 24.7, 26.9]


def recipes() -> list[tuple[str, str]]:
    """Number and SQL, in the order of the page."""
    return [
        (number, sql)
        for number, text in _SECTION.findall(PAGE)
        for language, sql in _BLOCK.findall(text)
        if language == "sql"
    ]


def sql_of(number: int) -> list[str]:
    return [sql for found, sql in recipes() if found == str(number)]


def block(language: str) -> str:
    [text] = [str(found) for tag, found in _BLOCK.findall(PAGE) if tag == language]
    return text


@pytest.fixture(scope="module")
def province(clickhouse_server: Settings) -> Iterator[Settings]:
    """The sample province, after a past of its own: what was corrected, came late, or is told of old units."""
    for settings in fresh_database(clickhouse_server):
        store = Store(settings)
        for kind, records in group_by_kind(past()).items():
            store.insert(kind, table_of(records))
        store.close()
        fill(settings, load_catalog(None), NOW)
        yield settings


def past() -> Iterator[Record]:
    """Before the sample province."""
    province = list(everything(load_catalog(None), NOW))
    yield from earlier_values([r for r in province if isinstance(r, IndicatorValue)])
    found = {a.event_id: a for a in province if isinstance(a, Anomaly)}
    anomaly = next(a for a in found.values() if a.metric == "pm25")
    yield msgspec.structs.replace(anomaly, event_id="with-evidence", evidence=evidence(province, anomaly))
    dossier = next(r for r in province if isinstance(r, Dossier) and r.finished_at)
    of_2025 = {"submitted_at": datetime(2025, 5, 6, 2, tzinfo=NOW.tzinfo), "status_at": NOW - 500 * DAY}
    yield msgspec.structs.replace(dossier, event_id="old", dossier_code="H56.00-250506-0001", area="382", **of_2025)
    for hours, value in enumerate(NOWCAST):
        at = (NOW - hours * HOUR).replace(minute=0, second=1)
        yield reading("TH_VIDU_KK99", "pm25", at, value, NOW)
    at = (NOW - 8 * DAY).replace(minute=5)
    yield reading("TH_VIDU_KK99", "so2", at, 20.0, at + HOUR)
    yield reading("TH_VIDU_KK99", "so2", at + HOUR / 4, 80.0, NOW - HOUR)


def earlier_values(values: list[IndicatorValue]) -> Iterator[IndicatorValue]:
    """The last values as first told, five days ago; two of them are revised today."""
    of_iip = [v for v in values if v.indicator == "iip"]
    for value in of_iip[-6:]:
        change = 1.5 if value in of_iip[-2:] else 0
        yield msgspec.structs.replace(value, value=value.value - change, received_at=NOW - 5 * DAY)


def evidence(province: list[Record], anomaly: Anomaly) -> list[str]:
    rows = [
        r for r in province if isinstance(r, Reading) and (r.station, r.metric) == (anomaly.station, anomaly.metric)
    ]
    return [r.event_id for r in rows if anomaly.since <= r.observed_at <= anomaly.observed_at]


def ask(settings: Settings, sql: str) -> list[dict[str, Any]]:
    return list(connect(settings).query(sql, settings=READ_ONLY).named_results())


def test_there_are_recipes_for_the_questions_that_were_asked() -> None:
    assert len({number for number, _ in recipes()}) >= 25
    assert [n for n, _ in _SECTION.findall(PAGE)] == [str(n + 1) for n in range(len(_SECTION.findall(PAGE)))]


@pytest.mark.parametrize("sql", [pytest.param(sql, id=f"{number}-{sql[:40]}") for number, sql in recipes()])
def test_every_query_runs_read_only_and_finds_something(province: Settings, sql: str) -> None:
    assert ask(province, sql)


def test_overdue_dossiers_are_as_many_as_the_dossiers_say(province: Settings) -> None:
    [(count,)] = connect(province).query("SELECT count() FROM v_dossiers_current WHERE state = 'overdue'").result_rows
    assert sum(row["overdue"] for row in ask(province, *sql_of(1))) == count > 0


def test_the_nowcast_is_the_decisions_own_example(province: Settings) -> None:
    found = {row["station"]: (row["pm25_nowcast"], row["vn_aqi"]) for row in ask(province, *sql_of(6))}
    assert found["TH_VIDU_KK99"] == (20.3, 41)


def test_evidence_leads_to_the_readings_themselves(province: Settings) -> None:
    rows = ask(province, *sql_of(8))
    assert {(row["unit"], row["_topic"]) for row in rows} == {("µg/Nm3", "ioc.test")}
    assert len(rows) > 1


def test_a_dossier_of_before_the_reform_is_of_its_town(province: Settings) -> None:
    units = {(row["level"], row["unit"]): row["dossiers"] for row in ask(province, *sql_of(20))}
    assert units[("district", "Thành phố Sầm Sơn")] == 1
    assert units[("ward", "Phường Hạc Thành")] > 1


def test_units_are_counted_as_on_their_day(province: Settings) -> None:
    units = {(str(row["day"]), row["level"]): row["units"] for row in ask(province, *sql_of(19))}
    assert ("2025-07-01", "district") not in units
    assert units[("2025-07-01", "commune")] + units[("2025-07-01", "ward")] == 166


def test_as_it_was_known(province: Settings) -> None:
    """The wall showed six values, two were revised since, and an hour has a reading that came late."""
    said, changed, late = (ask(province, sql) for sql in sql_of(30))
    assert len(said) == 6
    assert [(row["change"], round(row["says"] - row["said"], 6)) for row in changed] == [("đã điều chỉnh", 1.5)] * 2
    assert [(r["metric"], r["points_then"], r["points_now"], r["mean_then"], r["mean_now"]) for r in late] == [
        ("so2", 1, 2, 20.0, 50.0)
    ]


def test_nothing_on_the_page_can_write(province: Settings) -> None:
    """The settings of these tests are those that refuse it."""
    with pytest.raises(clickhouse_connect.driver.exceptions.DatabaseError, match="READONLY"):
        ask(province, "INSERT INTO posts (event_id) VALUES ('x')")


def test_curl_brings_parquet_and_csv(province: Settings, tmp_path: Path) -> None:
    script = _here(block("sh"), province)
    subprocess.run(["bash", "-euc", script], cwd=tmp_path, check=True, timeout=60)
    assert pq.read_table(tmp_path / "hourly.parquet").num_rows > 100
    head, *lines = (tmp_path / "overdue.csv").read_text(encoding="utf-8").splitlines()
    assert head.startswith('"agency","agency_name"')
    assert lines


def test_python_brings_a_frame(province: Settings) -> None:
    script = _here(block("python"), province) + "assert len(wide) > 20 and 'Không khí KKT Nghi Sơn' in wide.columns\n"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert "mean" in done.stdout


def _here(text: str, settings: Settings) -> str:
    """The page's address is the default; the test's server has another."""
    port = urlsplit(settings.clickhouse_url).port
    moved = text.replace(":8123", f":{port}").replace("port=8123", f"port={port}")
    return moved.replace("database=ioc", f"database={settings.database}").replace('"ioc"', f'"{settings.database}"')
