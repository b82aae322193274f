"""Periods as whole numbers: days, weeks (Monday), months, quarters and years counted from one origin each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ioc.records import Frequency

SEASON: dict[Frequency, int] = {"D": 7, "W": 52, "M": 12, "Q": 4, "Y": 1}  # periods in the shortest strong season
LEAST_AHEAD: dict[Frequency, int] = {"D": 60, "W": 26, "M": 12, "Q": 4, "Y": 2}
_MONDAY = date(1, 1, 1).toordinal()  # 1 January of year 1 was a Monday


def ordinal(day: date, frequency: Frequency) -> int:
    """The number of the period that holds `day`; consecutive periods have consecutive numbers."""
    match frequency:
        case "D":
            return day.toordinal()
        case "W":
            return (day.toordinal() - _MONDAY) // 7
        case "M":
            return day.year * 12 + day.month - 1
        case "Q":
            return day.year * 4 + (day.month - 1) // 3
        case "Y":
            return day.year


def first_day(number: int, frequency: Frequency) -> date:
    """The first day of a period, the inverse of `ordinal`."""
    match frequency:
        case "D":
            return date.fromordinal(number)
        case "W":
            return date.fromordinal(number * 7 + _MONDAY)
        case "M":
            return date(number // 12, number % 12 + 1, 1)
        case "Q":
            return date(number // 4, number % 4 * 3 + 1, 1)
        case "Y":
            return date(number, 1, 1)


def first_days(numbers: Iterable[int], frequency: Frequency) -> list[date]:
    """The first days of many periods."""
    return [first_day(n, frequency) for n in numbers]


def horizon(last: date, frequency: Frequency) -> int:
    """Periods to forecast after `last`: to the end of the year of the first of them, and never less than `LEAST_AHEAD`.

    So a year's outlook is always whole, and no forecast reaches beyond the end of the next calendar year.
    """
    after = ordinal(last, frequency) + 1
    year = first_day(after, frequency).year
    return max(ordinal(date(year, 12, 31), frequency) + 1 - after, LEAST_AHEAD[frequency])
