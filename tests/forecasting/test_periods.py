"""Periods and their numbers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.periods import LEAST_AHEAD, first_day, horizon, ordinal
from ioc.records import Frequency

days = st.dates(date(1950, 1, 1), date(2090, 12, 31))
frequencies = st.sampled_from(get_args(Frequency))


@given(days, frequencies)
def test_a_day_lies_in_its_period(day: date, frequency: Frequency) -> None:
    number = ordinal(day, frequency)
    assert first_day(number, frequency) <= day < first_day(number + 1, frequency)
    assert ordinal(first_day(number, frequency), frequency) == number


def test_weeks_begin_on_monday() -> None:
    assert first_day(ordinal(date(2026, 11, 25), "W"), "W") == date(2026, 11, 23)


@given(days, frequencies)
def test_the_horizon_closes_a_year_and_stays_within_the_next(day: date, frequency: Frequency) -> None:
    last = first_day(ordinal(day, frequency), frequency)
    ahead = horizon(last, frequency)
    first = first_day(ordinal(last, frequency) + 1, frequency)
    end = first_day(ordinal(last, frequency) + ahead, frequency)
    assert ahead >= LEAST_AHEAD[frequency]
    assert first_day(ordinal(end, frequency) + 1, frequency).year > first.year  # the year is whole
    assert end.year <= first.year + 1


@pytest.mark.parametrize(
    ("last", "frequency", "ahead"),
    [
        (date(2025, 12, 1), "M", 12),
        (date(2026, 10, 1), "M", 12),
        (date(2026, 7, 1), "Q", 4),
        (date(2026, 1, 31), "D", (date(2026, 12, 31) - date(2026, 1, 31)) // timedelta(days=1)),
        (date(2026, 11, 24), "D", 60),
    ],
)
def test_horizons(last: date, frequency: Frequency, ahead: int) -> None:
    assert horizon(last, frequency) == ahead
