"""Where the year of an indicator will end against its plan, how sure that is, and what the rest of the year must bring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from forecasting.explain import Position, Reasons, explanation
from forecasting.intervals import Errors, Total
from forecasting.periods import ordinal
from forecasting.series import Floats, Series
from ioc.catalog.model import Indicator
from ioc.records import Outlook, event_id

_LOW, _HIGH = 0.1, 0.9  # ends of the 80 % interval


@dataclass(frozen=True, eq=False)
class Year:
    """The year of the first period to come, cut into what is known, skipped and left.

    Attributes:
        known: values published this year.
        skipped: estimates of the periods that were not published.
        ahead: forecasts of the periods left, at least one.
    """

    number: int
    known: Floats
    skipped: Floats
    ahead: Floats

    @property
    def base(self) -> float:
        """Sum of what is no longer open."""
        return float(self.known.sum() + self.skipped.sum())

    @property
    def periods(self) -> int:
        """Periods of the whole year, as far as the series goes back in it."""
        return len(self.known) + len(self.skipped) + len(self.ahead)


def year_of(series: Series, filled: Floats, values: Floats) -> Year:
    """Cut the year.

    Args:
        series: the past; a series that begins within the year counts from there.
        filled: float array (periods,), the past in units with gaps estimated.
        values: float array (horizon,), the forecast, at least to the end of its first year.
    """
    number = series.days_after(len(series), 1)[0].year
    begin = max(ordinal(date(number, 1, 1), series.frequency) - series.start, 0)
    if series.days_after(begin, 1)[0].year < number:
        begin += 1  # a week that began in the old year
    left = sum(day.year == number for day in series.days_after(len(series), len(values)))
    past = series.values[begin:]
    missing = ~np.isfinite(past)
    return Year(number, past[~missing], filled[begin:][missing], values[:left])


def outlook(  # noqa: PLR0913 - one argument an ingredient
    series: Series,
    indicator: Indicator,
    year: Year,
    errors: Errors,
    target: float | None,
    *,
    reasons: Reasons,
    now: datetime,
    model: str,
) -> Outlook:
    """The outlook record.

    Args:
        series: the past.
        indicator: how periods make a year, and which way is better.
        year: from `year_of`.
        errors: of the model that made the forecast.
        target: the year's plan in the unit of the series, None if there is none.
        reasons: for the explanation.
        now: when this is issued.
        model: name of the model.
    """
    at = position(series, indicator, year, errors, target)
    return Outlook(
        event_id=event_id("outlook", *series.key, year.number, now),
        received_at=now,
        indicator=series.indicator,
        area=series.area,
        year=year.number,
        issued_at=now,
        target=target,
        actual=at.actual,
        expected=at.expected,
        low80=at.low80,
        high80=at.high80,
        probability=at.probability,
        needed_per_period=at.needed,
        unit=series.unit,
        explanation=explanation(indicator, at, reasons),
        model=model,
    )


def position(series: Series, indicator: Indicator, year: Year, errors: Errors, target: float | None) -> Position:
    """All numbers of a year, in the unit of the series."""
    left, last = len(year.ahead), indicator.aggregate == "last"
    open_part = errors.at(float(year.ahead[-1]), left) if last else errors.total(year.ahead)
    base, share = (0.0, 1) if last else (year.base, year.periods if indicator.aggregate == "mean" else 1)
    periods_open = 1 if last else left
    bounds = _bounds(indicator, periods_open)

    def whole(part: float) -> float:
        return (base + min(max(part, bounds[0]), bounds[1])) / share

    need = None if target is None else target * share - base
    per_period = float(year.ahead.mean())
    return Position(
        year=year.number,
        frequency=series.frequency,
        unit=series.unit,
        done=len(year.known),
        missing=len(year.skipped),
        left=left,
        last=series.last,
        actual=_actual(series, indicator, year),
        remaining=float(year.ahead.sum()) if indicator.aggregate == "sum" else per_period,
        per_period=per_period,
        expected=whole(open_part.expected),
        low80=whole(open_part.quantile(_LOW)),
        high80=whole(open_part.quantile(_HIGH)),
        target=target,
        probability=None if need is None else _odds(open_part, need, bounds, up=indicator.direction == "up"),
        needed=None if need is None else _needed(need / periods_open, indicator),
    )


def _actual(series: Series, indicator: Indicator, year: Year) -> float:
    """What is reached so far: a sum, a mean, or the last value, which may be of the year before."""
    if indicator.aggregate == "last":
        return float(series.values[-1])
    if not len(year.known):
        return 0.0
    return float(year.known.sum() if indicator.aggregate == "sum" else year.known.mean())


def _bounds(indicator: Indicator, periods: int) -> tuple[float, float]:
    low = -np.inf if indicator.low is None else indicator.low * periods
    return low, np.inf if indicator.high is None else indicator.high * periods


def _odds(part: Total, need: float, bounds: tuple[float, float], *, up: bool) -> float:
    """The probability that what is left reaches (up) or does not exceed (down) what the plan leaves for it."""
    at_least, at_most = part.at_least(need), part.at_most(need)
    if need <= bounds[0]:
        at_least, at_most = 1.0, at_most if need == bounds[0] else 0.0
    if need >= bounds[1]:
        at_least, at_most = at_least if need == bounds[1] else 0.0, 1.0
    return at_least if up else at_most


def _needed(each: float, indicator: Indicator) -> float:
    """What each period left must bring, not below the possible: a plan that is met needs nothing more."""
    return each if indicator.low is None else max(each, indicator.low)
