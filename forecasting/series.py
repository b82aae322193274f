"""Series of indicator values on a regular grid of periods, made from rows that repeat, revise and skip."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from forecasting.periods import first_day, first_days, ordinal
from ioc.errors import NotEnoughHistory
from ioc.records import Frequency

Floats = NDArray[np.float64]
Key = tuple[str, str]  # indicator, area

NEED: dict[Frequency, int] = {"D": 42, "W": 78, "M": 24, "Q": 12, "Y": 8}  # observed periods that a forecast needs
_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_EARLY = timedelta(days=7)  # a month's figures come out on its 29th (ND 94/2016), not weeks before it ends


class Value(Protocol):
    """What a row must say; an `ioc.records.IndicatorValue` does."""

    @property
    def indicator(self) -> str: ...  # noqa: D102
    @property
    def area(self) -> str: ...  # noqa: D102
    @property
    def frequency(self) -> Frequency: ...  # noqa: D102
    @property
    def period(self) -> date: ...  # noqa: D102
    @property
    def value(self) -> float: ...  # noqa: D102
    @property
    def unit(self) -> str: ...  # noqa: D102
    @property
    def received_at(self) -> datetime: ...  # noqa: D102


@dataclass(frozen=True, eq=False)
class Series:
    """One indicator in one area.

    Attributes:
        start: number of the first period (`forecasting.periods.ordinal`).
        values: float array (periods,), NaN where nothing was published; the first and the last are there.
        received_at: when the newest of its rows came.
    """

    indicator: str
    area: str
    frequency: Frequency
    unit: str
    start: int
    values: Floats
    received_at: datetime

    def __len__(self) -> int:
        return len(self.values)

    @property
    def key(self) -> Key:
        """Indicator and area."""
        return self.indicator, self.area

    @property
    def observed(self) -> int:
        """How many periods have a value."""
        return int(np.isfinite(self.values).sum())

    @property
    def last(self) -> date:
        """First day of the last period with a value."""
        return first_day(self.start + len(self) - 1, self.frequency)

    @property
    def periods(self) -> list[date]:
        """First days of all periods, gaps included."""
        return self.days_after(0, len(self))

    def days_after(self, begin: int, count: int) -> list[date]:
        """First days of `count` periods from position `begin` on, which may lie beyond the end."""
        return first_days(range(self.start + begin, self.start + begin + count), self.frequency)

    def demand(self) -> None:
        """Check that a forecast makes sense.

        Raises:
            NotEnoughHistory: fewer observed periods than `NEED`.
        """
        if self.observed < NEED[self.frequency]:
            raise NotEnoughHistory("/".join(filter(None, self.key)), self.observed, NEED[self.frequency])


def series_of(
    values: Iterable[Value], frequencies: dict[str, Frequency] | None = None, now: datetime | None = None
) -> dict[Key, Series]:
    """Group rows into series, in the order of their keys.

    The latest received row of a period wins; values that are no finite numbers are gaps.

    Args:
        values: rows in any order.
        frequencies: of indicators in the catalogue; rows of another frequency are left out. For other indicators
            the frequency with most rows is taken.
        now: if given, periods that are not over yet are left out, since their value still grows.
    """
    rows: dict[Key, list[Value]] = {}
    for value in values:
        if math.isfinite(value.value):
            rows.setdefault((value.indicator, value.area), []).append(value)
    found = {}
    for key in sorted(rows):
        frequency = (frequencies or {}).get(key[0]) or Counter(r.frequency for r in rows[key]).most_common(1)[0][0]
        if used := [
            r for r in rows[key] if r.frequency == frequency and (now is None or over(r.period, frequency, now))
        ]:
            found[key] = _series(key, frequency, used)
    return found


def over(period: date, frequency: Frequency, now: datetime) -> bool:
    """Whether a period's value can be whole: days when they are over, longer periods from a week before their end."""
    end = first_day(ordinal(period, frequency) + 1, frequency)
    today = now.astimezone(_ZONE).date()
    return today >= (end if frequency in {"D", "W"} else end - _EARLY)


def _series(key: Key, frequency: Frequency, rows: list[Value]) -> Series:
    latest: dict[int, Value] = {}
    for row in sorted(rows, key=lambda r: r.received_at):
        latest[ordinal(row.period, frequency)] = row
    start, end = min(latest), max(latest)
    values = np.full(end - start + 1, np.nan)
    for number, row in latest.items():
        values[number - start] = row.value
    newest = max(rows, key=lambda r: r.received_at)
    return Series(*key, frequency, newest.unit, start, values, newest.received_at)
