"""Vietnam's calendar: Tết and the public holidays, as regressors for every frequency.

Days come from the `holidays` package, which follows the Vietnamese lunisolar calendar (Tết of 2007 was on
17 February, a day before China's).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

import holidays
import numpy as np

from forecasting.periods import first_day, ordinal
from forecasting.series import Floats
from ioc.records import Frequency

WINDOWS = {"before_tet": (-14, -3), "tet": (-2, 6)}  # days from the first day of the lunar year, both ends included
_LUNAR, _FIRST = "Lunar New Year", "Lunar New Year"
_YEARS = range(1945, 2101)
_CLIMATE = range(1985, 2045)  # years over which a calendar period's usual share is taken


@lru_cache(maxsize=1)
def _days_off() -> dict[date, str]:
    return dict(holidays.country_holidays("VN", years=_YEARS, language="en_US"))


@lru_cache(maxsize=1)
def _tets() -> dict[int, date]:
    names = ((day, [part.strip() for part in name.split(";")]) for day, name in _days_off().items())
    return {day.year: day for day, parts in names if _FIRST in parts}


def tet(year: int) -> date | None:
    """The first day of the lunar year that begins in `year`; None where the calendar does not reach."""
    return _tets().get(year)


def shares(number: int, frequency: Frequency) -> tuple[float, ...]:
    """Shares of the days of each of `WINDOWS` that fall into a period, 0 to 1."""
    begin, end = first_day(number, frequency), first_day(number + 1, frequency)
    return tuple(_share(begin, end, *window) for window in WINDOWS.values())


def _share(begin: date, end: date, first: int, last: int) -> float:
    total = 0
    for year in range(begin.year, end.year + 1):
        if new_year := tet(year):
            opening, closing = new_year + timedelta(days=first), new_year + timedelta(days=last + 1)
            total += max((min(end, closing) - max(begin, opening)).days, 0)
    return total / (last + 1 - first)


def regressors(start: int, count: int, frequency: Frequency) -> Floats:
    """Float array (count, windows): shares of the windows' days minus their mean for that calendar period.

    Centred, a regressor says only how this year differs from the usual one; the usual effect is part of the season.
    It is zero for quarters and years, which always hold the whole of Tết.
    """
    return np.array([_centred(n, frequency) for n in range(start, start + count)]).reshape(count, len(WINDOWS))


@lru_cache(maxsize=65536)
def _centred(number: int, frequency: Frequency) -> tuple[float, ...]:
    usual = _usual(_place(number, frequency), frequency)
    return tuple(share - mean for share, mean in zip(shares(number, frequency), usual, strict=True))


def _place(number: int, frequency: Frequency) -> int:
    """The place of a period in its year."""
    return number - ordinal(date(first_day(number, frequency).year, 1, 1), frequency)


@lru_cache(maxsize=512)
def _usual(place: int, frequency: Frequency) -> tuple[float, ...]:
    rows = [shares(ordinal(date(year, 1, 1), frequency) + place, frequency) for year in _CLIMATE]
    return tuple(float(mean) for mean in np.mean(rows, axis=0))


@lru_cache(maxsize=65536)
def day_kind(day: date) -> str:
    """What a day is: ``tet_off`` (official days off around Tết), ``tet``, ``before_tet``, ``holiday`` or empty.

    Days off in another's place count as what they are, days off; their one-off names are never used.
    """
    off = _days_off().get(day)
    offset = min(((day - t).days for y in (day.year, day.year + 1) if (t := tet(y))), key=abs, default=9999)
    for kind, (first, last) in WINDOWS.items():
        if first <= offset <= last:
            return f"{kind}_off" if kind == "tet" and off else kind
    return "holiday" if off else ""


def day_kinds(days: Sequence[date]) -> list[str]:
    """The kinds of many days."""
    return [day_kind(day) for day in days]
