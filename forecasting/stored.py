"""Reads from ClickHouse all that forecasts depend on: values, plans, and when each series was last forecast."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

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


Targets = Mapping[tuple[str, str, int], Target]  # by indicator, area, year
Query = Callable[[str, Mapping[str, Any]], pa.Table]


@dataclass(frozen=True)
class Stored:
    """What the store knows.

    Attributes:
        values: of all indicators.
        targets: imported plans.
        issued: when each series was last forecast by this version of the code.
    """

    values: Sequence[Value]
    targets: Targets
    issued: Mapping[Key, datetime]


def read(query: Query, indicator: str = "") -> Stored:
    """Everything that forecasts depend on.

    Args:
        query: `clickhouse.queries.query` with its client bound.
        indicator: only this one.

    Raises:
        StoreUnavailable: ClickHouse does not answer now.
    """
    only = {"indicator": indicator}
    issued = query("indicator_issued", only).to_pylist()  # first: what arrives meanwhile then counts as new
    rows = query("indicator_series", only).to_pylist()
    plans = query("indicator_targets", only).to_pylist()
    return Stored(
        [Row(**{**row, "received_at": _utc(row["received_at"])}) for row in rows],
        {(p["indicator"], p["area"], p["year"]): Target(p["target"], _utc(p["received_at"])) for p in plans},
        {(i["indicator"], i["area"]): _utc(i["issued_at"]) for i in issued if i["model"].endswith(f"@{VERSION}")},
    )


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
