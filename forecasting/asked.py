"""Reads what a "what if" needs: the pasts of an indicator and its levers, and their forecasts as they were issued."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import numpy as np

from forecasting.changed import Task, tasks
from forecasting.cumulative import reached
from forecasting.intervals import LEVELS
from forecasting.periods import first_day
from forecasting.prepared import history, modelled
from forecasting.series import Series
from forecasting.stored import Query, rows_of
from forecasting.what_if import Ahead, Known, apart
from ioc.catalog.model import Catalog
from ioc.errors import ConfigurationError, NotEnoughHistory


def known(query: Query, catalog: Catalog, indicator: str, now: datetime, area: str = "") -> Known:
    """All that questions about one indicator need.

    Args:
        query: `clickhouse.queries.query` with its client bound.
        catalog: where the indicator has its levers.
        indicator: its id.
        now: aware; periods that are not over are left out.
        area: by default the province.

    Raises:
        ConfigurationError: no such indicator, one without levers, or one that was never forecast.
        NotEnoughHistory: a lever has no values.
        StoreUnavailable: ClickHouse does not answer now.
    """
    entry = catalog.indicators.get(indicator)
    if entry is None:
        raise ConfigurationError(f"no indicator {indicator!r} in the catalogue (indicators.toml)")
    if not entry.levers:
        raise ConfigurationError(f"{indicator!r} has no levers: add levers to its entry in indicators.toml")
    where = area or catalog.province
    task = _task(query, catalog, indicator, where, now)
    ahead = _ahead(query, task)
    if ahead is None:
        raise ConfigurationError(f"{indicator!r} was not forecast yet; run `ioc forecast --indicator {indicator}`")
    levers = {}
    for lever in entry.levers:
        other = _task(query, catalog, lever.indicator, where, now)
        found = _ahead(query, other)
        if found and other.indicator.cumulative:
            found = replace(found, value=apart(found.days, found.value, _base(other, found)))
        levers[lever.indicator] = lever, other.indicator, history(other), found
    return Known(entry, history(task), ahead, _base(task, ahead) if entry.cumulative else 0.0, levers)


def _task(query: Query, catalog: Catalog, indicator: str, area: str, now: datetime) -> Task:
    rows = rows_of(query("indicator_series", {"indicator": indicator}).to_pylist())
    found = tasks(rows, {}, catalog, now, indicator)
    task = next((t for t in found if t.key[1] == area), None) or next((t for t in found if not t.key[1]), None)
    if task is None:
        raise NotEnoughHistory(indicator, 0, 1)
    return task


def _ahead(query: Query, task: Task) -> Ahead | None:
    rows = [
        row for row in query("forecast_ahead", {"indicator": task.key[0]}).to_pylist() if row["area"] == task.key[1]
    ]
    return _from(rows, _next(task.series))


def _base(task: Task, ahead: Ahead) -> float:
    """What the year of the first period ahead has reached, of a series that counts up."""
    series = modelled(task)
    return reached(series) if ahead.days[0].year == series.last.year else 0.0


def _next(series: Series) -> date:
    return first_day(series.start + len(series), series.frequency)


def _from(rows: Sequence[Mapping[str, Any]], first: date) -> Ahead | None:
    """The forecasts from a day on; a period that was skipped before it is none that can still be moved."""
    rows = [row for row in rows if row["period"] >= first]
    if not rows:
        return None
    low, high = (
        {p: np.array([row[f"{end}{round(100 * p)}"] for row in rows]) for p in LEVELS} for end in ("low", "high")
    )
    return Ahead([row["period"] for row in rows], np.array([row["value"] for row in rows]), low, high)
