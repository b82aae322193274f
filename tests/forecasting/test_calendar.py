"""Tết, public holidays and their regressors."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from forecasting.calendar import WINDOWS, day_kind, regressors, shares, tet
from forecasting.periods import ordinal


@pytest.mark.parametrize(
    "day",
    [
        date(2007, 2, 17),  # China's was on the 18th
        date(2015, 2, 19),
        date(2020, 1, 25),
        date(2023, 1, 22),
        date(2024, 2, 10),
        date(2025, 1, 29),
        date(2026, 2, 17),
        date(2027, 2, 6),
    ],
)
def test_tet(day: date) -> None:
    assert tet(day.year) == day


def test_beyond_the_calendar_there_is_no_tet() -> None:
    assert tet(1800) is None
    assert shares(ordinal(date(1800, 1, 1), "M"), "M") == (0.0, 0.0)


@pytest.mark.parametrize("frequency", ["W", "M", "Q"])
def test_a_year_holds_every_window_once(frequency: str) -> None:
    for year in range(2010, 2031):
        numbers = range(ordinal(date(year, 1, 1), frequency), ordinal(date(year, 12, 1), frequency))  # type: ignore[arg-type]
        total = np.sum([shares(n, frequency) for n in numbers], axis=0)  # type: ignore[arg-type]
        assert total == pytest.approx(np.ones(len(WINDOWS)))


def test_shares_of_2024_by_hand() -> None:
    """Tết on 10 February: the window before it is 27 January to 7 February, 5 of its 12 days in January."""
    january, february = (shares(ordinal(date(2024, m, 1), "M"), "M") for m in (1, 2))
    assert january == pytest.approx((5 / 12, 0.0))
    assert february == pytest.approx((7 / 12, 1.0))


def test_monthly_regressors_are_centred_by_month() -> None:
    x = regressors(ordinal(date(1985, 1, 1), "M"), 60 * 12, "M").reshape(60, 12, len(WINDOWS))
    assert np.abs(x.mean(axis=0)).max() < 1e-12
    assert np.abs(x[:, 3:11]).max() == 0.0
    assert np.abs(x[:, :2]).max() > 0.3


def test_quarters_and_years_always_hold_all_of_tet() -> None:
    for frequency in ("Q", "Y"):
        assert not regressors(ordinal(date(2000, 1, 1), frequency), 40, frequency).any()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2024, 2, 10), "tet_off"),
        (date(2024, 2, 15), "tet"),
        (date(2024, 2, 1), "before_tet"),
        (date(2024, 2, 20), ""),
        (date(2026, 9, 2), "holiday"),
        (date(2025, 5, 2), "holiday"),  # a day off in another's place
        (date(2025, 5, 5), ""),
        (date(2024, 12, 31), ""),
    ],
)
def test_kinds_of_days(day: date, kind: str) -> None:
    assert day_kind(day) == kind
