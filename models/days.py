"""Days known years ahead: official days off, and the weeks around Tết, when nothing is as usual."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays

FIRST_OF_TET = "Lunar New Year"
TET_FROM, TET_UNTIL = (
    -7,
    9,
)  # days from the first of the lunar year: the Kitchen Gods' day to the tenth of the first month
EASE = 0.5  # around Tết a departure counts half: bands are twice as wide


@lru_cache(maxsize=16_384)
def day_off(ordinal: int) -> bool:
    """Whether it is an official holiday, or off in the place of one.

    Args:
        ordinal: of the province's day, see `date.toordinal`.
    """
    day = date.fromordinal(ordinal)
    return day in _days_off(day.year)


@lru_cache(maxsize=16_384)
def around_tet(ordinal: int) -> bool:
    """Whether the province prepares for, keeps or comes back from Tết."""
    day = date.fromordinal(ordinal)
    first = _tet(day.year)
    return first is not None and timedelta(TET_FROM) <= day - first <= timedelta(TET_UNTIL)


@lru_cache(maxsize=256)
def _days_off(year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("VN", years=year, language="en_US"))


@lru_cache(maxsize=256)
def _tet(year: int) -> date | None:
    named = (day for day, name in _days_off(year).items() if FIRST_OF_TET in name.split("; "))
    return next((day for day in named if day.year == year), None)
