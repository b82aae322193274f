"""Series, histories and backtests made by hand, with answers that can be told beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime

import numpy as np

from forecasting.backtest import Backtest
from forecasting.history import History, history_of
from forecasting.job import Memory, Outcome, Targets, outcomes, tasks
from forecasting.periods import first_day, ordinal
from forecasting.scale import Scale
from forecasting.series import Floats, Key, Series, Value
from forecasting.stored import Row
from ioc.catalog.model import Catalog, Indicator
from ioc.records import Frequency

NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
RECEIVED = datetime(2026, 11, 24, tzinfo=UTC)


def rows(
    values: Sequence[float] | Floats,
    start: date = date(2020, 1, 1),
    frequency: Frequency = "M",
    *,
    indicator: str = "xuat-khau",
    area: str = "38",
    received_at: datetime = RECEIVED,
) -> list[Row]:
    """Rows of consecutive periods; NaN makes a gap."""
    first = ordinal(start, frequency)
    days = [first_day(first + n, frequency) for n in range(len(values))]
    return [
        Row(indicator, area, frequency, day, float(value), "triệu USD", received_at)
        for day, value in zip(days, values, strict=True)
        if np.isfinite(value)
    ]


def series(values: Sequence[float] | Floats, start: date = date(2020, 1, 1), frequency: Frequency = "M") -> Series:
    """A series of consecutive periods; NaN is a gap."""
    array = np.asarray(values, dtype=np.float64)
    return Series("xuat-khau", "38", frequency, "triệu USD", ordinal(start, frequency), array, RECEIVED)


def history(
    values: Sequence[float] | Floats,
    scale: Scale | None = None,
    start: date = date(2014, 1, 1),
    frequency: Frequency = "M",
    *,
    tet: bool = False,
) -> History:
    """A history on a scale, by default logarithms."""
    return history_of(series(values, start, frequency), scale or Scale("log", 0.0), tet=tet)


def indicator(**changes: object) -> Indicator:
    """An indicator of which more is better, summed over the year."""
    plain = {
        "id": "xuat-khau",
        "name": "Xuất khẩu",
        "group": 10,
        "unit": "triệu USD",
        "frequency": "M",
        "agency": "so-ct",
    }
    return Indicator(**{**plain, "low": 0.0, "regressors": ["tet"], **changes})  # type: ignore[arg-type]


def seasonal(count: int, *, noise: float = 0.05, seed: int = 3, growth: float = 0.005) -> Floats:
    """Monthly values around 1000 that grow and have a season."""
    months = np.arange(count)
    wave = 0.1 * np.sin(2 * np.pi * months / 12) + growth * months
    return np.asarray(1000.0 * np.exp(wave + np.random.default_rng(seed).normal(0.0, noise, count)))


def backtested(residuals: Floats, forecast: Callable[[int], Floats] = np.zeros) -> Backtest:
    """A backtest of one choice, ``combined``, that erred by `residuals` (origins, horizon) on the modelling scale."""
    paths = np.array([forecast(residuals.shape[1]) for _ in residuals])
    return Backtest(list(range(len(residuals))), paths + residuals, {"combined": paths})


def forecast(
    values: Iterable[Value],
    targets: Targets,
    catalog: Catalog,
    now: datetime,
    only: str | None = None,
    *,
    memory: Memory | None = None,
    issued: Mapping[Key, datetime] | None = None,
) -> Iterator[Outcome]:
    """What the forecaster does, in this process: a series counts as done when the next outcome is asked for."""
    for found in outcomes(tasks(values, targets, catalog, now, only, memory=memory, issued=issued), now):
        yield found
        if memory is not None and not found.again:
            memory.took(found.task)
