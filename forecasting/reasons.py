"""What moves a series, read from Prophet's components and from the year before, for the explanation."""

from __future__ import annotations

from datetime import date

import numpy as np

from forecasting.explain import Reasons
from forecasting.history import History
from forecasting.outlook import Year
from forecasting.prophet_model import Fit
from forecasting.series import Series
from ioc.catalog.model import Indicator
from ioc.records import Frequency

_A_YEAR: dict[Frequency, int] = {"D": 365, "W": 52, "M": 12, "Q": 4, "Y": 1}
_BELIEVABLE = 2.0  # a trend that triples in a year is a jump, not a trend


def reasons_of(series: Series, history: History, indicator: Indicator, year: Year, fit: Fit) -> Reasons:
    """Growth over the same time last year, the trend, and what Tết's moving does to this year's periods.

    Args:
        series: the past in units.
        history: the past on the modelling scale.
        indicator: of the series.
        year: the year in question.
        fit: Prophet on the whole past.
    """
    rate = indicator.aggregate == "mean" and "%" in indicator.unit  # the growth of a percentage confuses people
    same = None if rate or indicator.aggregate == "last" else _same_time(series, year)
    return Reasons(None if rate else _trend(history, fit), _tet(series, history, year, fit), same)


def _same_time(series: Series, year: Year) -> float | None:
    known = np.flatnonzero(np.isfinite(series.values) & np.array([d.year == year.number for d in series.periods]))
    before = known - _A_YEAR[series.frequency]
    if not len(known) or before[0] < 0:
        return None
    then, now = float(series.values[before].sum()), float(series.values[known].sum())
    return now / then - 1 if np.isfinite(then) and then > 0 else None


def _trend(history: History, fit: Fit) -> float | None:
    before, last = (float(v) for v in fit.trend[fit.past - 2 : fit.past])
    periods = _A_YEAR[history.frequency]
    if history.scale.relative:
        growth = float(np.expm1(min((last - before) * periods, 10.0)))
    elif before > 0 and last > 0:
        growth = (2.0 if history.scale.name == "sqrt" else 1.0) * (last - before) * periods / last
    else:
        return None
    return growth if abs(growth) <= _BELIEVABLE else None


def _tet(series: Series, history: History, year: Year, fit: Fit) -> dict[date, float]:
    """Shares by which each period of the year lies above the usual for its place in the calendar."""
    if series.frequency != "M":
        return {}
    days = series.days_after(len(series) - fit.past, len(fit.tet))
    level = 1.0 if history.scale.relative else max(float(np.abs(history.filled).mean()), 1e-9)
    shares = np.expm1(fit.tet) if history.scale.relative else fit.tet / level
    return {day: float(share) for day, share in zip(days, shares, strict=True) if day.year == year.number and share}
