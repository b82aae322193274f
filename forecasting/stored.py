"""Reads from ClickHouse all that forecasts depend on: values, plans, and when each series was last forecast."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pyarrow as pa

from forecasting.predict import VERSION
from forecasting.series import Key, Value
from ioc.records import Frequency


class Row(NamedTuple):
    """One row of ``indicator_series.sql``; a `forecasting.series.Value`."""

    indicator: str
    area: str
    frequency: Frequency
    period: date
    value: float
    unit: str
    received_at: datetime


@dataclass(frozen=True)
class Target:
    """One plan: its value and when it came."""

    value: float
    received_at: datetime


_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

Targets = Mapping[tuple[str, str, int], Target]  # by indicator, area, year
Query = Callable[[str, Mapping[str, Any]], pa.Table]


@dataclass(frozen=True)
class Before:
    """What was said of a year at an earlier time.

    Attributes:
        actual, expected: of the year, then.
        target: the plan of that time.
        periods: forecast and ends of its 80 % band, by first day of the period.
    """

    issued_at: datetime
    year: int
    unit: str
    target: float | None
    actual: float
    expected: float
    periods: Mapping[date, tuple[float, float, float]]


class Doubt(NamedTuple):
    """Why the forecasts of a series are not to be relied on (``v_forecast_health``).

    Attributes:
        state: ``stopped`` if more values than chance allows lay outside the 80 % band, ``worse`` if last year's were nearer.
        periods: how many were compared.
        outside: how many of them lay outside the band.
    """

    state: str
    periods: int
    outside: int


@dataclass(frozen=True)
class Stored:
    """What the store knows.

    Attributes:
        values: of all indicators.
        targets: imported plans.
        issued: when each series was last forecast by this version of the code.
        before: the last word of an earlier month on each series, by whichever version.
        doubts: series whose past forecasts have not held of late.
    """

    values: Sequence[Value]
    targets: Targets
    issued: Mapping[Key, datetime]
    before: Mapping[Key, Before]
    doubts: Mapping[Key, Doubt]


def read(query: Query, now: datetime, indicator: str = "") -> Stored:
    """Everything that forecasts depend on.

    Args:
        query: `clickhouse.queries.query` with its client bound.
        now: aware; earlier months end before its month in Vietnam.
        indicator: only this one.

    Raises:
        StoreUnavailable: ClickHouse does not answer now.
    """
    only = {"indicator": indicator}
    issued = query("indicator_issued", only).to_pylist()  # first: what arrives meanwhile then counts as new
    rows = query("indicator_series", only).to_pylist()
    plans = query("indicator_targets", only).to_pylist()
    month = now.astimezone(_ZONE).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    said = query("indicator_before", {**only, "before": month.astimezone(UTC)}).to_pylist()
    doubts = query("forecast_doubts", only).to_pylist()
    return Stored(
        rows_of(rows),
        {(p["indicator"], p["area"], p["year"]): Target(p["target"], _utc(p["received_at"])) for p in plans},
        {(i["indicator"], i["area"]): _utc(i["issued_at"]) for i in issued if i["model"].endswith(f"@{VERSION}")},
        _before(said),
        {(d["indicator"], d["area"]): Doubt(d["state"], d["periods"], d["outside"]) for d in doubts},
    )


def rows_of(found: Sequence[Mapping[str, Any]]) -> list[Row]:
    """The rows of ``indicator_series.sql``."""
    return [Row(**{**row, "received_at": _utc(row["received_at"])}) for row in found]


def _before(rows: Sequence[Mapping[str, Any]]) -> dict[Key, Before]:
    """One of the rows of each series says all but the periods."""
    periods: dict[Key, dict[date, tuple[float, float, float]]] = {}
    last: dict[Key, Mapping[str, Any]] = {}
    for row in rows:
        key = row["indicator"], row["area"]
        last[key] = row
        periods.setdefault(key, {})[row["period"]] = (row["value"], row["low80"], row["high80"])
    whole = ("year", "unit", "target", "actual", "expected")
    return {
        key: Before(issued_at=_utc(row["issued_at"]), periods=periods[key], **{name: row[name] for name in whole})
        for key, row in last.items()
    }


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
