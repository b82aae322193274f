"""Series that count up from 1 January ("lũy kế từ đầu năm"): differenced before modelling, summed up again after.

A value says what all periods of its year until then were together. So a later, smaller value of the same year is a
correction that takes the earlier, larger one back, and a difference over skipped periods belongs to all of them: it is
spread in proportion to the same periods of other years.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from forecasting.intervals import Bands, Errors
from forecasting.periods import first_day, ordinal
from forecasting.series import Floats, Series
from ioc.errors import BadInput

_MOST_FALLS = 0.25  # of the steps within years: more is no correction but another kind of series
_LEAST_YEARS = 2  # so many New Years must be seen before a series can be said not to begin anew


def per_period(series: Series, *, signed: bool = False) -> Series:
    """What each period added.

    Args:
        series: values from 1 January on.
        signed: a period may take away, so a fall is no correction.

    Returns:
        The series from the January of its first year, whose sums over a year's periods are the published values. Only
        periods before a year's last published value have values, others are gaps.

    Raises:
        BadInput: the values do not count up within years.
    """
    years = _years(series)
    _demand(series, years, signed=signed)
    counted = series.values if signed else _corrected(series.values, years)
    begin = ordinal(date(int(years[0]), 1, 1), series.frequency)
    if first_day(begin, series.frequency).year < years[0]:
        begin += 1  # a week that began in the old year
    start = min(begin, series.start)
    values = np.concatenate([np.full(series.start - start, np.nan), counted])
    whole = replace(series, start=start, values=values)
    return replace(whole, values=_differences(whole, _years(whole)))


def summed(series: Series, bands: Bands, errors: Errors | None) -> Bands:
    """Forecasts of the published, counted-up values.

    Within the current year the interval is that of the total, whose error the backtest saw; of the next year the ends
    add up, which is as wide as errors can make it.

    Args:
        series: what each period added, from `per_period`.
        bands: forecasts of what each period will add.
        errors: of the model that made them; None if nothing is known of them.
    """
    days = series.days_after(len(series), len(bands.value))
    years = np.array([day.year for day in days])
    open_ = years == _years(series)[-1]
    base = reached(series)
    value = _running(bands.value, years) + np.where(open_, base, 0.0)
    low = {p: _running(ends, years) + np.where(open_, base, 0.0) for p, ends in bands.low.items()}
    high = {p: _running(ends, years) + np.where(open_, base, 0.0) for p, ends in bands.high.items()}
    for n in range(int((years == years[0]).sum()) if errors else 0):
        assert errors is not None  # noqa: S101 - or there are no rounds
        total = errors.total(bands.value[: n + 1])
        start = base if open_[n] else 0.0
        for p in bands.low:
            low[p][n] = max(low[p][n], min(start + total.quantile((1 - p) / 2), value[n]))
            high[p][n] = min(high[p][n], max(start + total.quantile((1 + p) / 2), value[n]))
    return Bands(value, low, high)


def reached(series: Series) -> float:
    """What the year of the last value has reached, of a series from `per_period`."""
    return float(np.nansum(series.values[_years(series) == _years(series)[-1]]))


def _running(values: Floats, years: NDArray[np.int64]) -> Floats:
    """Sums from each year's first value on."""
    found = np.empty_like(values)
    for year in np.unique(years):
        found[years == year] = np.cumsum(values[years == year])
    return found


def _years(series: Series) -> NDArray[np.int64]:
    return np.array([day.year for day in series.periods])


def _demand(series: Series, years: NDArray[np.int64], *, signed: bool) -> None:
    known = np.flatnonzero(np.isfinite(series.values))
    steps, same = np.diff(series.values[known]), np.diff(years[known]) == 0
    where = "/".join(filter(None, series.key))
    falls = int((steps[same] < 0).sum())
    if not signed and falls > max(_MOST_FALLS * int(same.sum()), 1):
        raise BadInput(
            where, "value",
            f"khai báo là lũy kế từ đầu năm nhưng {falls} trên {int(same.sum())} kỳ lại thấp hơn kỳ trước trong cùng năm: "
            "sửa số liệu, hoặc bỏ cumulative = true của chỉ tiêu",
        )  # fmt: skip
    places = np.array([_place(day) for day in series.periods])[known]
    turns = steps[~same & (np.diff(places) < 0)]
    if len(turns) >= _LEAST_YEARS and (turns >= 0).all() and (steps > 0).any():
        raise BadInput(
            where, "value",
            f"khai báo là lũy kế từ đầu năm nhưng không năm nào trong {len(turns)} năm bắt đầu lại từ đầu: "
            "sửa số liệu, hoặc bỏ cumulative = true của chỉ tiêu",
        )  # fmt: skip


def _corrected(values: Floats, years: NDArray[np.int64]) -> Floats:
    """Values without those that a later one of the same year took back."""
    kept = values.copy()
    for year in np.unique(years):
        at = np.flatnonzero((years == year) & np.isfinite(values))
        least_after = np.minimum.accumulate(values[at][::-1])[::-1]
        kept[at[values[at] > least_after]] = np.nan
    return kept


def _differences(series: Series, years: NDArray[np.int64]) -> Floats:
    found = np.full(len(series), np.nan)
    spans = []  # begin, end, sum of several periods in one
    for year in np.unique(years):
        at = np.flatnonzero(years == year)
        reached, done = 0.0, int(at[0])
        for n in at[np.isfinite(series.values[at])]:
            added = float(series.values[n]) - reached
            if n == done:
                found[n] = added
            else:
                spans.append((done, int(n) + 1, added))
            reached, done = float(series.values[n]), int(n) + 1
    return _spread(found, spans, np.array([_place(day) for day in series.periods]))


def _spread(found: Floats, spans: list[tuple[int, int, float]], places: NDArray[np.int64]) -> Floats:
    """Sums of several periods given to each by the usual share of its place in the year; evenly where none is known."""
    known, filled = np.isfinite(found), found.copy()
    for begin, end, total in spans:
        same = [found[known & (places == place)] for place in places[begin:end]]
        usual = np.array([float(values.mean()) if len(values) else 0.0 for values in same])
        filled[begin:end] = total * (usual / usual.sum() if (usual > 0).all() else 1.0 / (end - begin))
    return filled


def _place(day: date) -> int:
    return day.month * 100 + day.day
