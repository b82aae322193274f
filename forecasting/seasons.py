"""Seasons that the province decides on, such as school terms and the beach season, as regressors for every frequency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from forecasting.periods import first_day, ordinal
from forecasting.series import Floats
from ioc.catalog.model import Indicator, Season, Span
from ioc.records import Frequency

_DAY = timedelta(days=1)
_WITHIN_YEAR = frozenset({"M", "Q", "Y"})  # whose usual season a model learns by itself


def seasons_of(indicator: Indicator, seasons: Mapping[str, Season]) -> tuple[Season, ...]:
    """The seasons among an indicator's regressors."""
    return tuple(seasons[name] for name in indicator.regressors if name in seasons)


def span_of(season: Season, year: int) -> Span:
    """The season that begins in a year, as decided for it or as usual; 29 February is the 28th where there is none."""
    decided = next((span for span in season.years if span.first.year == year), None)
    if decided:
        return decided
    first = _day(year, season.begins)
    last = _day(year, season.ends)
    return Span(first=first, last=last if last >= first else _day(year + 1, season.ends))


def _day(year: int, month_day: str) -> date:
    month, day = (int(part) for part in month_day.split("-"))
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month + 1, 1) - _DAY


def share(season: Season, number: int, frequency: Frequency) -> float:
    """The share of a period's days that lie in the season, 0 to 1."""
    begin, end = first_day(number, frequency), first_day(number + 1, frequency)
    spans = [span_of(season, year) for year in range(begin.year - 1, end.year + 1)]
    inside = sum(max((min(end, s.last + _DAY) - max(begin, s.first)).days, 0) for s in spans)
    return min(inside / (end - begin).days, 1.0)


def season_regressors(seasons: Sequence[Season], start: int, count: int, frequency: Frequency) -> Floats:
    """Float array (count, seasons): shares of the periods' days in each season, less the usual share.

    For months, quarters and years the usual share is that of the same place in a year without decisions: the usual
    season is part of what every model learns, the regressor says how this year differs. Days and weeks have no such
    season of their own, or only a smooth one; there the share is taken less its mean.
    """
    columns = [_column(season, start, count, frequency) for season in seasons]
    return np.array(columns).T.reshape(count, len(columns))


def _column(season: Season, start: int, count: int, frequency: Frequency) -> list[float]:
    numbers = range(start, start + count)
    shares = [share(season, n, frequency) for n in numbers]
    if frequency in _WITHIN_YEAR:
        usual = Season(id=season.id, name=season.name, begins=season.begins, ends=season.ends)
        common = [share(usual, _in_common_year(n, frequency), frequency) for n in numbers]
        return [s - c for s, c in zip(shares, common, strict=True)]
    mean = float(np.mean(shares)) if shares else 0.0
    return [s - mean for s in shares]


def _in_common_year(number: int, frequency: Frequency) -> int:
    """The same place in 2001, so that a leap day is no deviation."""
    begin = first_day(number, frequency)
    return ordinal(date(2001, begin.month, 1), frequency)
