"""Where a year ends: arithmetic on cases that can be checked by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.explain import Position, Reasons, explanation
from forecasting.intervals import Errors
from forecasting.outlook import outlook, position, year_of
from forecasting.scale import Scale
from forecasting.series import Floats, Series
from forecasting.wording import number, percent
from ioc.catalog.model import Indicator
from tests.forecasting.making import NOW, backtested, history, indicator, seasonal, series


def surely() -> Errors:
    """Of a forecast that never erred."""
    return Errors(backtested(np.zeros((5, 12))), "combined", history(np.full(60, 100.0)))


def unsure(scale: Scale | None = None) -> Errors:
    residuals = np.random.default_rng(4).normal(0.0, 0.1, (5, 12))
    return Errors(backtested(residuals), "combined", history(seasonal(60), scale))


def at(values: list[float], ahead: list[float], errors: Errors, target: float | None, **changes: object) -> Position:
    """Months from January 2026 on."""
    past = series(values, date(2026, 1, 1))
    year = year_of(past, np.nan_to_num(past.values, nan=100.0), np.array(ahead))
    return position(past, indicator(**changes), year, errors, target)


TEN = [100.0] * 10
LEFT = [110.0, 120.0, 90.0, 90.0]  # two of this year, two of the next


def test_a_sum() -> None:
    found = at(TEN, LEFT, surely(), 1300.0)
    assert (found.year, found.done, found.left, found.missing) == (2026, 10, 2, 0)
    assert (found.actual, found.remaining, found.expected) == (1000.0, 230.0, 1230.0)
    assert (found.low80, found.high80) == pytest.approx((1230.0, 1230.0))
    assert found.needed == 150.0
    assert found.probability == 0.0


def test_nothing_left_to_be_had_is_no_chance_below_zero() -> None:
    """Exactly nothing may come any more, and something will."""
    assert at(TEN, LEFT, unsure(), 1000.0, direction="down").probability == 0.0
    assert at(TEN, LEFT, unsure(), 1000.0).probability == 1.0


@pytest.mark.parametrize(
    ("target", "direction", "probability"),
    [(1230.0, "up", 1.0), (1230.1, "up", 0.0), (1230.0, "down", 1.0), (1229.9, "down", 0.0), (900.0, "up", 1.0)],
)
def test_a_plan_that_is_met_or_missed_for_sure(target: float, direction: str, probability: float) -> None:
    assert at(TEN, LEFT, surely(), target, direction=direction).probability == probability


def test_a_plan_that_is_already_met_needs_nothing_more() -> None:
    assert at(TEN, LEFT, unsure(), 900.0).needed == 0.0
    assert at(TEN, LEFT, unsure(), 900.0).probability == 1.0
    assert at(TEN, LEFT, unsure(), 900.0, direction="down").probability == 0.0


def test_a_mean() -> None:
    found = at(TEN, LEFT, surely(), 104.0, aggregate="mean")
    assert (found.actual, found.remaining) == (100.0, 115.0)
    assert found.expected == pytest.approx(1230 / 12)
    assert found.needed == pytest.approx((104 * 12 - 1000) / 2)


def test_a_level() -> None:
    found = at(TEN, LEFT, surely(), 119.0, aggregate="last")
    assert (found.actual, found.expected, found.needed) == (100.0, 120.0, 119.0)
    assert at(TEN, LEFT, unsure(), 120.0, aggregate="last").probability == pytest.approx(0.5)


def test_a_year_without_values_yet() -> None:
    past = series([100.0] * 24, date(2024, 1, 1))
    found = position(past, indicator(), year_of(past, past.values, np.full(12, 50.0)), surely(), None)
    assert (found.year, found.done, found.left, found.actual, found.expected) == (2026, 0, 12, 0.0, 600.0)
    assert (found.probability, found.needed) == (None, None)


def test_a_skipped_month_is_estimated_and_said() -> None:
    values = [*TEN[:4], float("nan"), *TEN[5:]]
    found = at(values, LEFT, surely(), 1300.0)
    assert (found.done, found.missing, found.actual, found.expected) == (9, 1, 900.0, 1230.0)
    assert "1 tháng chưa có số liệu được ước tính" in explanation(indicator(), found, Reasons())


def test_a_percentage_never_exceeds_a_hundred() -> None:
    scale = Scale("raw", 0.0, 100.0)
    found = at([99.0] * 10, [99.9, 99.9], unsure(scale), 99.5, aggregate="mean", high=100.0)
    assert found.high80 <= 100.0
    assert at([90.0] * 10, [99.0, 99.0], unsure(scale), 99.0, aggregate="mean", high=100.0).probability == 0.0


@given(st.floats(1001.0, 2000.0), st.floats(1001.0, 2000.0))
def test_a_higher_plan_is_less_likely_and_a_higher_ceiling_more(one: float, other: float) -> None:
    low, high = sorted((one, other))
    up = [at(TEN, LEFT, unsure(), plan).probability for plan in (low, high)]
    down = [at(TEN, LEFT, unsure(), plan, direction="down").probability for plan in (low, high)]
    assert up[0] >= up[1]  # type: ignore[operator]
    assert down[0] <= down[1]  # type: ignore[operator]
    assert up[0] + down[0] == pytest.approx(1.0)  # type: ignore[operator]


def test_the_interval_holds_the_expected_and_shrinks_as_the_year_passes() -> None:
    early = at(TEN[:2], [100.0] * 12, unsure(), None)
    late = at(TEN, [100.0] * 12, unsure(), None)
    assert early.low80 < early.expected < early.high80
    assert late.high80 - late.low80 < 0.5 * (early.high80 - early.low80)


def test_weeks_belong_to_the_year_of_their_monday() -> None:
    weekly = series(np.ones(10), date(2026, 10, 5), "W")
    assert len(year_of(weekly, weekly.values, np.ones(26)).ahead) == 3  # 14, 21 and 28 December
    turn = series(np.ones(60), date(2024, 12, 30), "W")  # to 16 February 2026
    year = year_of(turn, turn.values, np.ones(60))
    assert (year.number, len(year.known)) == (2026, 7)


def record(one: Series, meant: Indicator, ahead: Floats, target: float | None) -> str:
    year = year_of(one, one.values, ahead)
    reasons = Reasons(trend=0.061, tet={date(2026, 2, 1): -0.04}, same_time=0.083)
    found = outlook(one, meant, year, surely(), target, reasons=reasons, now=NOW, model="combined@1")
    assert found.event_id == outlook(
        one, meant, year, surely(), target, reasons=reasons, now=NOW, model="combined@1"
    ).event_id  # fmt: skip
    return found.explanation


def test_the_whole_explanation_up() -> None:
    text = record(series([1000.0] * 10, date(2026, 1, 1)), indicator(decimals=0), np.full(12, 1100.0), 12500.0)
    assert text == (
        "10 tháng đầu năm 2026 là 10.000 triệu USD, bằng 80,0 % kế hoạch năm. So với cùng kỳ năm trước tăng 8,3 %. "
        "Xu hướng tăng 6,1 % một năm. Tết năm 2026 vào ngày 17/02, muộn hơn năm trước 19 ngày, nên tháng 2 thấp hơn "
        "thường lệ khoảng 4 %. Dự kiến 2 tháng còn lại 2.200 triệu USD, cả năm 12.200 triệu USD (nhiều khả năng từ "
        "12.200 đến 12.200). Khả năng đạt kế hoạch 12.500 triệu USD: dưới 1 %. Muốn đạt kế hoạch, mỗi tháng còn lại "
        "cần bình quân 1.250 triệu USD, cao hơn mức dự kiến 13,6 %."
    )


def test_the_explanation_of_a_ceiling() -> None:
    fewer = indicator(decimals=0, direction="down")

    def told(each: float, expected: float) -> str:
        return record(series([each] * 10, date(2026, 1, 1)), fewer, np.full(12, expected), 560.0)

    assert "Khả năng không vượt kế hoạch 560 triệu USD: trên 99 %." in told(50.0, 20.0)
    assert "mỗi tháng còn lại bình quân không quá 30 triệu USD, thấp hơn mức dự kiến 25,0 %." in told(50.0, 40.0)
    assert "Khả năng không vượt kế hoạch 560 triệu USD: dưới 1 %. Đã vượt mức kế hoạch cả năm." in told(60.0, 40.0)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234.5, 1, "1.234,5"),
        (0.0, 0, "0"),
        (-0.01, 1, "0,0"),
        (-1234567.891, 2, "-1.234.567,89"),
        (999.96, 1, "1.000,0"),
    ],
)
def test_numbers_as_vietnamese_people_write_them(value: float, decimals: int, text: str) -> None:
    assert number(value, decimals) == text


def test_percent() -> None:
    assert percent(0.1234) == "12,3 %"
