"""Series that count up within a year: what each period added, and the published values put together again."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.backtest import backtest
from forecasting.cumulative import per_period, summed
from forecasting.history import history_of
from forecasting.intervals import Errors
from forecasting.scale import Scale
from forecasting.series import Floats
from ioc.errors import BadInput
from tests.forecasting.making import seasonal, series

NAN = float("nan")


def counted(values: Floats, start: date = date(2020, 1, 1), frequency: str = "M") -> Floats:
    """The values as a department publishes them, from 1 January on."""
    days = series(values, start, frequency).periods  # type: ignore[arg-type]
    totals = values.copy()
    for n in range(1, len(values)):
        if days[n].year == days[n - 1].year:
            totals[n] += totals[n - 1]
    return totals


@pytest.mark.parametrize(("frequency", "count"), [("M", 40), ("Q", 14), ("D", 500), ("W", 120)])
def test_differences_of_sums_are_the_values(frequency: str, count: int) -> None:
    values, start = seasonal(count), date(2020, 1, 6) if frequency == "W" else date(2020, 1, 1)
    found = per_period(series(counted(values, start, frequency), start, frequency))  # type: ignore[arg-type]
    np.testing.assert_allclose(found.values[-count:], values)
    assert not np.isfinite(found.values[:-count]).any()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.one_of(st.floats(0, 1e6), st.just(NAN)), min_size=14, max_size=50),
    st.integers(1, 12),
)
def test_a_years_periods_always_add_up_to_what_was_published(added: list[float], month: int) -> None:
    values = np.array([5.0, *added, 7.0])
    sums = np.where(np.isfinite(values), counted(np.nan_to_num(values), date(2021, month, 1)), np.nan)
    published = series(sums, date(2021, month, 1))
    found = per_period(published)
    assert (found.values[np.isfinite(found.values)] >= 0).all()
    for day, total in zip(published.periods, published.values, strict=True):
        if np.isfinite(total):
            until = [v for d, v in zip(found.periods, found.values, strict=True) if d.year == day.year and d <= day]
            assert np.sum(until) == pytest.approx(total, abs=1e-6 * max(total, 1))


def test_a_skipped_period_gets_its_usual_share() -> None:
    """January is often published with February: the year before says that it is three times as large."""
    values = np.array([30.0, 10, *[20.0] * 10, 60.0, 20, *[40.0] * 10])
    sums = counted(values)
    sums[12] = NAN
    assert per_period(series(sums)).values[12:14] == pytest.approx([60.0, 20.0])


def test_a_series_that_begins_within_a_year_is_spread_from_january() -> None:
    found = per_period(series([60.0, 70, 80, 90, 100, 110, 120, 10, 20], date(2020, 6, 1)))
    assert found.periods[0] == date(2020, 1, 1)
    assert found.values[:7] == pytest.approx([10.0] * 7)


def test_a_later_smaller_value_takes_the_earlier_back() -> None:
    values = np.array([10.0, 20, 45, 40, 50, 60, 70, 80, 90, 100, 110, 120, 10, 20, 30, 40, 50])
    found = per_period(series(values))
    assert found.values[:5] == pytest.approx([10.0, 10.0, 10.0, 10.0, 10.0])
    signed = per_period(series(values), signed=True)
    assert signed.values[2:4] == pytest.approx([25.0, -5.0])


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (seasonal(48, growth=0.0), "thấp hơn kỳ trước trong cùng năm"),
        (np.cumsum(seasonal(48)), "không năm nào trong 3 năm bắt đầu lại"),
    ],
)
def test_what_does_not_count_up_within_years_is_told(values: Floats, says: str) -> None:
    with pytest.raises(BadInput, match=says) as caught:
        per_period(series(values))
    assert "cumulative" in caught.value.reason


def test_forecasts_count_up_from_what_is_reached() -> None:
    values = seasonal(76)  # until April of the seventh year
    apart = per_period(series(counted(values)))
    past = history_of(apart, Scale("log", 0.0), tet=False)
    errors = Errors(backtest(past), "combined", past)
    bands = errors.bands(np.log(np.full(20, 1000.0)))
    found = summed(apart, bands, errors)
    assert found.value[0] == pytest.approx(values[72:].sum() + 1000.0)
    assert found.value[7] == pytest.approx(values[72:].sum() + 8000.0)
    assert found.value[8:] == pytest.approx(1000.0 * np.arange(1, 13))
    order = np.array([found.low[0.95], found.low[0.8], found.value, found.high[0.8], found.high[0.95]])
    assert (np.diff(order, axis=0) >= 0).all()
    assert (found.low[0.95][:8] >= values[72:].sum()).all()
    apart_width = np.cumsum(bands.high[0.8] - bands.low[0.8])[:8]
    assert (found.high[0.8] - found.low[0.8])[7] < apart_width[7]  # errors of months cancel in a total
