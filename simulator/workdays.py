"""The province's working time: office hours of working days, and the public holidays with their moved days off."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

_YEARS = range(2000, 2061)
_SATURDAY = 5
_MORNING, _MORNING_H = 7.5, 4.0  # 07:30-11:30
_AFTERNOON, _AFTERNOON_H = 13.5, 3.5  # 13:30-17:00
DAY_H = _MORNING_H + _AFTERNOON_H
_CLOSING_S = 17 * 3600


@lru_cache(maxsize=1)
def _holidays() -> dict[date, str]:
    return dict(holidays.country_holidays("VN", years=_YEARS, language="en_US"))


@lru_cache(maxsize=1)
def _working_days() -> list[int]:
    first, last = date(_YEARS[0], 1, 1).toordinal(), date(_YEARS[-1], 12, 31).toordinal()
    return [n for n in range(first, last + 1) if is_working(date.fromordinal(n))]


def is_holiday(day: date) -> bool:
    """Whether a day is a public holiday or a day off in its place."""
    return day in _holidays()


def is_working(day: date) -> bool:
    """Whether offices are open."""
    return day.weekday() < _SATURDAY and not is_holiday(day)


@lru_cache(maxsize=1)
def tet_days() -> tuple[date, ...]:
    """The first days of the lunar years, ascending."""
    return tuple(sorted(day for day, name in _holidays().items() if name == "Lunar New Year"))


def days_from_tet(day: date) -> int:
    """Days since the nearest first day of Tết, negative before it."""
    return min(((day - tet).days for tet in tet_days()), key=abs)


@lru_cache(maxsize=1)
def _midnights() -> list[int]:
    """Unix seconds at which the working days begin."""
    return [int(datetime.combine(date.fromordinal(n), time(), ZONE).timestamp()) for n in _working_days()]


def work_time(epoch: float) -> float:
    """Unix seconds in working days since the calendar's first: 12.5 is in the afternoon of the thirteenth.

    Outside of office hours it rests.
    """
    index = bisect_right(_midnights(), epoch) - 1
    hour = (epoch - _midnights()[index]) / 3600
    worked = min(max(hour - _MORNING, 0.0), _MORNING_H) + min(max(hour - _AFTERNOON, 0.0), _AFTERNOON_H)
    return index + worked / DAY_H


def epoch_of(work: float) -> int:
    """Unix seconds of a working time; the inverse of `work_time`."""
    index = int(work)
    worked = (work - index) * DAY_H
    hour = _MORNING + worked if worked < _MORNING_H else _AFTERNOON + worked - _MORNING_H
    return _midnights()[index] + round(hour * 3600)


def due_epoch(epoch: float, days: int) -> int:
    """17:00 of the working day so many after a moment's own, as due dates are reckoned; Unix seconds.

    A moment on a day off counts from the working day before, so that one day is the next working day.
    """
    return _midnights()[bisect_right(_midnights(), epoch) - 1 + days] + _CLOSING_S
