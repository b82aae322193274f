"""Rows become a series: gaps, revisions, what is not over yet, too little."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from forecasting.series import over, series_of
from ioc.errors import NotEnoughHistory
from ioc.records import IndicatorValue, event_id
from tests.forecasting.making import RECEIVED, rows, series


def test_gaps_are_nan_and_order_does_not_matter() -> None:
    found = series_of(reversed(rows([1.0, np.nan, np.nan, 4.0])))
    (one,) = found.values()
    assert one.values.tolist()[0::3] == [1.0, 4.0]
    assert np.isnan(one.values[1:3]).all()
    assert (one.observed, len(one), one.last) == (2, 4, date(2020, 4, 1))
    assert one.periods[1] == date(2020, 2, 1)


@pytest.mark.parametrize("order", [1, -1])
def test_the_latest_received_revision_wins(order: int) -> None:
    later = RECEIVED + timedelta(days=1)
    both = rows([1.0, 2.0, 3.0]) + rows([np.nan, 20.0], received_at=later)
    (one,) = series_of(both[::order]).values()
    assert one.values.tolist() == [1.0, 20.0, 3.0]
    assert one.received_at == later


def test_what_is_no_number_is_a_gap() -> None:
    bad = rows([1.0, 2.0, 3.0, 4.0])
    bad[1] = bad[1]._replace(value=float("nan"))
    bad[2] = bad[2]._replace(value=float("inf"))
    (one,) = series_of(bad).values()
    assert one.observed == 2
    assert not series_of([bad[1]])


def test_indicators_and_areas_are_series_of_their_own() -> None:
    mixed = rows([1.0], area="38") + rows([2.0], area="16531") + rows([3.0], indicator="iip")
    assert list(series_of(mixed)) == [("iip", "38"), ("xuat-khau", "16531"), ("xuat-khau", "38")]


def test_the_catalogue_says_the_frequency_otherwise_most_rows_do() -> None:
    mixed = rows([1.0] * 8, frequency="Q") + rows([2.0] * 24)
    assert series_of(mixed)["xuat-khau", "38"].frequency == "M"
    assert series_of(mixed, {"xuat-khau": "Q"})["xuat-khau", "38"].values.tolist() == [1.0] * 8


def test_records_are_rows() -> None:
    record = IndicatorValue(
        event_id=event_id("x"), received_at=RECEIVED, source="s", indicator="iip", area="38", frequency="M",
        period=date(2026, 1, 15), value=1.0, unit="%",
    )  # fmt: skip
    assert series_of([record])["iip", "38"].periods == [date(2026, 1, 1)]


@pytest.mark.parametrize(
    ("period", "frequency", "now", "whole"),
    [
        (date(2026, 11, 24), "D", datetime(2026, 11, 24, 16, 59, tzinfo=UTC), False),
        (date(2026, 11, 24), "D", datetime(2026, 11, 24, 17, 0, tzinfo=UTC), True),  # midnight in Vietnam
        (date(2026, 11, 1), "M", datetime(2026, 11, 10, tzinfo=UTC), False),
        (date(2026, 11, 1), "M", datetime(2026, 11, 29, tzinfo=UTC), True),
        (date(2026, 10, 1), "Q", datetime(2026, 11, 29, tzinfo=UTC), False),
        (date(2026, 11, 16), "W", datetime(2026, 11, 23, tzinfo=UTC), True),
        (date(2026, 11, 23), "W", datetime(2026, 11, 24, tzinfo=UTC), False),
    ],
)
def test_a_period_that_still_grows_is_left_out(period: date, frequency: str, now: datetime, whole: bool) -> None:
    assert over(period, frequency, now) is whole  # type: ignore[arg-type]
    found = series_of(rows([1.0], period, frequency), now=now)  # type: ignore[arg-type]
    assert bool(found) is whole


def test_too_short() -> None:
    with pytest.raises(NotEnoughHistory) as error:
        series([1.0] * 12 + [np.nan] * 20 + [1.0]).demand()
    assert (error.value.have, error.value.need) == (13, 24)
    series([1.0] * 24).demand()
