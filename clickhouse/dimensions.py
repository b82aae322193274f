"""Write the catalogue's names into the ``dim_…`` tables, so that views and panels speak of stations and agencies by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from ioc.catalog.model import Catalog, Limit, Metric

WINDOW_S = {"instant": 0, "1h": 3600, "8h": 8 * 3600, "24h": 24 * 3600, "year": 365 * 24 * 3600}
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2299, 12, 31)  # what Date32 holds

COLUMNS: dict[str, tuple[str, ...]] = {
    "dim_agencies": ("id", "name", "short", "name_en", "area", "plan_unit", "valid_from", "valid_to"),
    "dim_areas": ("code", "name", "level", "parent", "lat", "lon", "area_km2", "valid_from", "valid_to"),
    "dim_stations": ("source", "code", "name", "area", "agency", "lat", "lon", "metrics"),
    "dim_metrics": (
        *("source", "id", "name", "unit", "decimals"),
        *("limit_low", "limit_high", "regulation", "averaging", "window_s"),
    ),
    "dim_limits": (
        *("source", "metric", "averaging", "valid_from", "valid_to"),
        *("limit_low", "limit_high", "regulation"),
    ),
    "dim_indicators": (
        *("id", "name", "name_en", "group", "unit", "frequency", "agency", "aggregate"),
        *("direction", "decimals", "on_wall", "targets"),
    ),
    "dim_sources": ("id", "name", "name_en", "plan_row", "agency", "transport", "every_s", "simulated", "enabled"),
}


class Inserter(Protocol):
    """The one method of clickhouse-connect's client used here."""

    def insert(self, table: str, data: Sequence[Sequence[Any]], column_names: Sequence[str], database: str) -> Any:
        """Insert rows given as sequences in the order of `column_names`."""


def load_dimensions(client: Inserter, database: str, catalog: Catalog, now: datetime) -> None:
    """Replace the names of the last load; loading the same catalogue again changes nothing people see.

    Args:
        client: a clickhouse-connect client.
        database: where the migrations ran.
        catalog: what to write.
        now: aware UTC; the version of the rows, and the day whose legal limits apply.
    """
    content = {
        "dim_agencies": _agencies(catalog),
        "dim_areas": _areas(catalog),
        "dim_stations": _stations(catalog),
        "dim_metrics": _metrics(catalog, now.date()),
        "dim_limits": _limits(catalog),
        "dim_indicators": _indicators(catalog),
        "dim_sources": _sources(catalog),
    }
    for table, rows in content.items():
        if versioned := [(*row, now) for row in rows]:
            client.insert(table, versioned, column_names=(*COLUMNS[table], "loaded_at"), database=database)


Rows = Iterator[tuple[Any, ...]]


def _agencies(catalog: Catalog) -> Rows:
    for a in catalog.agencies.values():
        yield a.id, a.name, a.short, a.name_en, a.area, a.plan_unit, _day(a.valid_from), _day(a.valid_to)


def _areas(catalog: Catalog) -> Rows:
    for u in catalog.areas:
        yield u.code, u.name, u.level, u.parent, u.lat, u.lon, u.area_km2, _day(u.valid_from), _day(u.valid_to)


def _stations(catalog: Catalog) -> Rows:
    for s in catalog.sources.values():
        for st in s.stations:
            yield s.id, st.code, st.name, st.area, st.agency or s.agency, st.lat, st.lon, st.metrics


def _metrics(catalog: Catalog, day: date) -> Rows:
    for s in catalog.sources.values():
        for m in s.metrics:
            yield s.id, m.id, m.name, m.unit, m.decimals, *_limit_columns(limit_on(m, day))


def _limits(catalog: Catalog) -> Rows:
    for s in catalog.sources.values():
        for m in s.metrics:
            for limit in m.limits:
                days = _day(limit.valid_from), _day(limit.valid_to)
                yield s.id, m.id, limit.averaging, *days, limit.low, limit.high, limit.regulation


def _indicators(catalog: Catalog) -> Rows:
    for i in catalog.indicators.values():
        targets = {int(year): target for year, target in i.targets.items()}
        names = i.id, i.name, i.name_en, i.group, i.unit, i.frequency, i.agency
        aggregate = "cumulative" if i.cumulative else i.aggregate
        yield *names, aggregate, i.direction, i.decimals, i.on_wall, targets


def _sources(catalog: Catalog) -> Rows:
    for s in catalog.sources.values():
        yield s.id, s.name, s.name_en, s.plan_row, s.agency, s.transport, s.every_s, s.simulated, s.enabled


def limit_on(metric: Metric, day: date) -> Limit | None:
    """The legal limit of a metric valid on a day; the first named where several are."""
    return next((limit for limit in metric.limits if limit.valid_from <= day <= limit.valid_to), None)


def _limit_columns(limit: Limit | None) -> tuple[float | None, float | None, str, str, int]:
    if limit is None:
        return None, None, "", "instant", 0
    return limit.low, limit.high, limit.regulation, limit.averaging, WINDOW_S[limit.averaging]


def _day(day: date) -> date:
    return min(max(day, FIRST_DAY), LAST_DAY)
