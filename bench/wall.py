"""How fast the wall's panels and the views answer, over a province's worth of records, at a tenth of the readings and at all.

The panels' SQL is what Grafana sends; a view is asked for its first thousand rows, of the last day where it has a time.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from clickhouse_connect.driver.client import Client

from bench.report import Tell
from bench.store_fill import Filling
from clickhouse.client import connect
from clickhouse.migrate import prepare
from clickhouse.views import Views
from grafana.preview.macros import expand, span
from grafana.registry import DASHBOARDS, dashboard_json
from ioc.catalog.load import load_catalog
from ioc.packs import utc_now
from ioc.settings import Settings

GOAL_MS = 100.0
_SETTINGS = {"use_query_cache": 0, "use_query_condition_cache": 0, "max_execution_time": 120}
_TIMES = ("minute", "hour", "observed_at", "occurred_at", "published_at", "rejected_at", "day")

# The same question on sums and on raw readings.
ON_RAW = {
    "hourly means of a metric over a day": (
        "SELECT station, hour, mean FROM v_readings_hourly WHERE source = 'env-stations' AND metric = 'pm25' AND hour > now() - INTERVAL 1 DAY",
        "SELECT station, toStartOfHour(observed_at) AS hour, avgIf(value, status = 'ok') AS mean FROM v_readings"
        " WHERE source = 'env-stations' AND metric = 'pm25' AND observed_at > now() - INTERVAL 1 DAY GROUP BY station, hour",
    ),
    "newest value of every series": (
        "SELECT station, metric, value FROM v_reading_latest",
        "SELECT station, metric, argMaxIf(value, observed_at, status = 'ok') FROM v_readings"
        " WHERE observed_at > now() - INTERVAL 1 DAY GROUP BY station, metric",
    ),
    "readings of a day": (
        "SELECT sum(points) FROM v_readings_hourly WHERE hour > now() - INTERVAL 1 DAY",
        "SELECT count() FROM v_readings WHERE observed_at > now() - INTERVAL 1 DAY",
    ),
}


@dataclass(frozen=True)
class Timing:
    """Milliseconds of one query over its runs."""

    p50: float
    p95: float


@dataclass(frozen=True)
class Asked:
    """What was measured: panels at a tenth of the readings (`few`) and at all, views, and ON_RAW's two ways."""

    few: dict[str, Timing]
    panels: dict[str, Timing]
    views: dict[str, Timing]
    raw: dict[str, dict[str, Timing]]


@dataclass(frozen=True)
class Load:
    """What is asked of.

    Attributes:
        rows: readings; rounded up to whole steps of all series.
        series: of readings.
        rate: readings a second over all series, which says how long a time they span.
        others: share of `ROWS` of the other kinds.
        runs: of each query.
    """

    rows: int
    series: int
    rate: float
    others: float = 1.0
    runs: int = 20


def wall(load: Load, tell: Tell, keep: Path | None = None) -> dict[str, Any]:
    """Fill, ask, fill to the full number, ask again.

    Args:
        load: how much of what.
        tell: of the progress.
        keep: directory of the store, to be looked at afterwards; None for a temporary one.

    Returns:
        See docs/benchmarks.md.
    """
    series, runs = load.series, load.runs
    rows = -(-load.rows // series) * series
    with _store(keep) as settings:
        prepare(settings, load_catalog(None), utc_now())
        filling = Filling(settings, load_catalog(None), utc_now(), series, load.rate)
        for kind in filling.others(load.others):
            tell(0.0, kind)
        tenth = max(rows // 10 // series, 1) * series
        _fill(filling, 0, tenth, rows, tell)
        client = connect(settings)
        few = _ask(client, panel_queries(), runs, tell, "panels at a tenth")
        _fill(filling, tenth, rows - tenth, rows, tell)
        panels = _ask(client, panel_queries(), runs, tell, "panels")
        views = _ask(client, view_queries(client, settings.database), runs, tell, "views")
        raw = {name: _ask(client, {"sums": sums, "raw": raw}, runs, tell, name) for name, (sums, raw) in ON_RAW.items()}
        span_days = {"rows": rows, "series": series, "rate": load.rate, "days": round(rows / load.rate / 86400, 2)}
        return span_days | _result(Asked(few, panels, views, raw)) | _sizes(client)


def panel_queries() -> dict[str, str]:
    """The SQL of every panel of every dashboard, at the range it opens with, each text once."""
    found: dict[str, str] = {}
    for name in DASHBOARDS:
        board = dashboard_json(name)
        over = span(board["time"]["from"], board["time"]["to"], utc_now())
        for panel in (p for outer in board["panels"] for p in (outer, *outer.get("panels", []))):
            for target in panel.get("targets", []):
                sql = expand(target["rawSql"], over)
                if sql not in found.values():
                    found[f"{name}: {panel.get('title', panel['id'])}"] = sql
    return found


def view_queries(client: Client, database: str) -> dict[str, str]:
    """The first thousand rows of every view, of the last day where it has a time."""
    found = {}
    views = Views()
    for name in views.order:
        if views[name].recomputes:
            continue
        columns = [row[0] for row in client.query(f"DESCRIBE {database}.{name}").result_rows]
        moment = next((column for column in _TIMES if column in columns), None)
        where = f" WHERE {moment} > now() - INTERVAL 1 DAY" if moment else ""
        found[name] = f"SELECT * FROM {name}{where} LIMIT 1000"
    return found


@contextmanager
def _store(keep: Path | None) -> Iterator[Settings]:
    from tests.servers.clickhouse import start_clickhouse, stop_clickhouse

    with TemporaryDirectory(prefix="bench-wall-", ignore_cleanup_errors=True) as temporary:
        process, settings = start_clickhouse(keep or Path(temporary))
        try:
            yield settings.model_copy(update={"database": "ioc"})
        finally:
            stop_clickhouse(process)


def _fill(filling: Filling, first: int, rows: int, whole: int, tell: Tell) -> None:
    began = time.monotonic()
    for there in filling.readings(first, rows):
        speed = (there - first) / (time.monotonic() - began)
        tell(there / whole, f"readings, {speed:,.0f} rows/s")
    for what in filling.sum_readings(first + rows):
        tell((first + rows) / whole, what)


def _ask(client: Client, queries: Mapping[str, str], runs: int, tell: Tell, what: str) -> dict[str, Timing]:
    found = {}
    for number, (name, sql) in enumerate(queries.items()):
        tell(number / len(queries), f"{what}: {name}")
        client.raw_query(sql, settings=_SETTINGS, fmt="Native")  # what people see first is the second time
        found[name] = _timing(lambda sql=sql: client.raw_query(sql, settings=_SETTINGS, fmt="Native"), runs)  # type: ignore[misc]
    return found


def _timing(ask: Callable[[], object], runs: int) -> Timing:
    took = []
    for _ in range(runs):
        began = time.perf_counter()
        ask()
        took.append(1000 * (time.perf_counter() - began))
    return Timing(statistics.median(took), sorted(took)[max(round(0.95 * runs) - 1, 0)])


def _result(asked: Asked) -> dict[str, Any]:
    panels, views = asked.panels, asked.views
    slowest, slowest_view = _slowest(panels), _slowest(views)
    growth = max(panels[name].p50 / before.p50 for name, before in asked.few.items() if name in panels)
    return {
        "panels": len(panels),
        "p50_ms": round(statistics.median(t.p50 for t in panels.values()), 1),
        "p95_ms": round(panels[slowest].p95, 1),
        "slowest": slowest,
        "p95_ms_at_a_tenth": round(max(t.p95 for t in asked.few.values()), 1),
        "most_growth": round(growth, 2),
        "views_p50_ms": round(statistics.median(t.p50 for t in views.values()), 1),
        "views_p95_ms": round(views[slowest_view].p95, 1),
        "slowest_view": slowest_view,
        "on_sums_and_raw_ms": {q: [round(t["sums"].p50, 1), round(t["raw"].p50, 1)] for q, t in asked.raw.items()},
        "panel_ms": _listed(panels),
        "view_ms": _listed(views),
        "goals_met": {
            "every panel's p95 < 100 ms": panels[slowest].p95 < GOAL_MS,
            "ten times the readings cost less than ten times as much": growth < 10,
        },
    }


def _slowest(timings: Mapping[str, Timing]) -> str:
    return max(timings, key=lambda name: timings[name].p95)


def _listed(timings: Mapping[str, Timing]) -> dict[str, list[float]]:
    ordered = sorted(timings.items(), key=lambda item: -item[1].p95)
    return {name: [round(t.p50, 1), round(t.p95, 1)] for name, t in ordered}


def _sizes(client: Client) -> dict[str, Any]:
    """Bytes on disk a row of readings, and of every table with enough rows to tell."""
    sql = (
        "SELECT table, round(sum(bytes_on_disk) / sum(rows), 1) FROM system.parts"
        " WHERE active AND database = currentDatabase() AND rows > 0 GROUP BY table HAVING sum(rows) >= 10000 ORDER BY table"
    )
    tables = dict(client.query(sql).result_rows)
    return {"bytes_per_row": tables["readings"], "bytes_per_row_of": tables}
