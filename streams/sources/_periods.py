"""Periods of indicators: how they are written, their first day, and the frequency that their spacing shows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from statistics import median

from ioc.records import Frequency

_SPELLINGS: tuple[tuple[re.Pattern[str], Frequency | None], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE | re.ASCII), frequency)  # type: ignore[misc]
    for pattern, frequency in (
        (r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?:[T ]00:00(?::00)?)?", None),
        (r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})", None),
        (r"(?P<y>\d{4})-W(?P<w>\d\d)", "W"),
        (r"(?P<y>\d{4})[-/](?P<m>\d{1,2})", "M"),
        (r"(?:T|th[aá]ng )?(?P<m>\d{1,2})[-/](?P<y>\d{4})", "M"),
        (r"(?P<y>\d{4})[-/ ]?Q(?P<q>[1-4])", "Q"),
        (r"(?:Q|qu[yý] ?)(?P<q>[1-4])[-/ ](?P<y>\d{4})", "Q"),
        (r"(?:n[aă]m )?(?P<y>\d{4})", "Y"),
    )
)
_LONGEST = 30
_GAPS: tuple[tuple[float, float, Frequency], ...] = (
    (0.5, 1.5, "D"),
    (5, 9, "W"),
    (27, 32, "M"),
    (85, 95, "Q"),
    (360, 370, "Y"),
)


def period(text: str) -> tuple[date, Frequency | None]:
    """The first day that a period's text names, and the frequency if the text itself says it.

    Raises:
        ValueError: no spelling of a period.
    """
    return _period(text.strip()[:_LONGEST])


@lru_cache(maxsize=16384)
def _period(text: str) -> tuple[date, Frequency | None]:
    for pattern, frequency in _SPELLINGS:
        if found := pattern.fullmatch(text):
            parts = {name: int(value) for name, value in found.groupdict().items()}
            if "w" in parts:
                return date.fromisocalendar(parts["y"], parts["w"], 1), frequency
            month = parts["q"] * 3 - 2 if "q" in parts else parts.get("m", 1)
            return date(parts["y"], month, parts.get("d", 1)), frequency
    raise ValueError("not a period")


def first_day(day: date, frequency: Frequency) -> date:
    """The first day of the period that holds `day`."""
    if frequency == "W":
        return day - timedelta(days=min(day.weekday(), day.toordinal() - 1))
    if frequency == "M":
        return day.replace(day=1)
    if frequency == "Q":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(month=1, day=1) if frequency == "Y" else day


def spacing(days: Iterable[date]) -> Frequency | None:
    """The frequency of periods that lie so far apart, None if they show none; gaps in the series do not matter."""
    ordered = sorted(set(days))
    if len(ordered) < 2:
        return None
    gap = median((later - earlier).days for earlier, later in pairwise(ordered))
    return next((frequency for low, high, frequency in _GAPS if low <= gap <= high), None)
