"""What a lever did in the past is found where it is, not where it is not; the band moves by it and grows by what is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pytest

from forecasting.asked import known
from forecasting.history import History
from forecasting.levers import effects
from forecasting.told import told
from forecasting.what_if import Answer, Setting, answer, setting
from ioc.catalog.model import Area, Catalog, Indicator, Lever
from ioc.errors import ConfigurationError, NotEnoughHistory
from tests.forecasting.making import history, indicator, seasonal
from tests.forecasting.test_cumulative import counted

NOW = datetime(2026, 11, 25, tzinfo=UTC)
MONTHS = [date(2019 + n // 12, n % 12 + 1, 1) for n in range(94)]  # until October 2026
AHEAD = [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)]


def driven(
    slope: float, lag: int = 1, count: int = 94, seed: int = 0
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """An indicator and its lever, each with trend, season and noise of its own; the one follows the other's surprises."""
    rng = np.random.default_rng(seed)
    months = np.arange(count + lag)
    surprise = np.cumsum(rng.normal(0, 0.02, count + lag)) + rng.normal(0, 0.06, count + lag)
    lever = 6 + 0.005 * months + 0.3 * np.sin(2 * np.pi * months / 12) + surprise
    own = np.cumsum(rng.normal(0, 0.01, count)) + rng.normal(0, 0.03, count)
    follower = 7 + 0.004 * months[lag:] + 0.2 * np.cos(2 * np.pi * months[lag:] / 12) + slope * surprise[:count] + own
    return np.exp(follower), np.exp(lever[lag:])


def past(values: np.ndarray[Any, Any]) -> History:
    return history(values, start=MONTHS[0])


@pytest.mark.parametrize("slope", [0.0, 0.3, -0.6])
def test_the_slope_is_found_with_its_uncertainty(slope: float) -> None:
    """Of forty pasts the 95 % interval holds the truth in most, and nothing is measured where there is nothing."""
    found = []
    for seed in range(40):
        follower, lever = driven(slope, seed=seed)
        (one,) = effects(past(follower), [(past(lever), 1)]) or []
        found.append((one.quantile(0.025) <= slope <= one.quantile(0.975), one.measurable))
    inside, measured = np.mean(found, axis=0)
    assert inside >= 0.85
    assert measured <= 0.15 if slope == 0 else measured >= 0.8


def test_two_series_that_grow_and_have_a_summer_are_no_effect() -> None:
    (one,) = effects(past(seasonal(94, seed=1)), [(past(seasonal(94, seed=2)), 0)]) or []
    assert not one.measurable


def test_levers_are_told_apart() -> None:
    """Only one of two does something; the other goes with it and gets no credit."""
    follower, lever = driven(0.6, seed=3)
    twin = lever * np.exp(np.random.default_rng(9).normal(0, 0.04, len(lever)))
    real, false = effects(past(follower), [(past(lever), 1), (past(twin), 1)]) or []
    assert real.slope > 2 * abs(false.slope)
    assert not false.measurable


def test_a_short_or_broken_past_measures_nothing() -> None:
    follower, lever = driven(0.5)
    assert effects(past(follower[:36]), [(past(lever[:36]), 1)]) is None
    gaps = np.where(np.arange(94) % 2, np.nan, lever)
    gaps[-1] = lever[-1]
    assert effects(past(follower), [(past(gaps), 1)]) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [("+10%", Setting(0.1, True)), ("-5,5%", Setting(-0.055, True)), ("1500", Setting(1500.0, False)), (" 0 ", Setting(0.0, False))],
)  # fmt: skip
def test_settings(text: str, found: Setting) -> None:
    assert setting(text) == found


@pytest.mark.parametrize("text", ["", "ten", "+10", "-100%", "+2000%", "1e5", "10%%"])
def test_what_is_no_setting(text: str) -> None:
    with pytest.raises(ConfigurationError):
        setting(text)


class Store:
    """The two questions that are asked, answered from series."""

    def __init__(self, series: Mapping[str, np.ndarray[Any, Any]], ahead: Mapping[str, np.ndarray[Any, Any]]) -> None:
        self.series, self.ahead = series, ahead

    def __call__(self, name: str, params: Mapping[str, Any]) -> pa.Table:
        id_ = params["indicator"]
        if name == "indicator_series":
            pairs = zip(MONTHS[: len(self.series.get(id_, []))], self.series.get(id_, []), strict=True)
            rows = [
                {
                    "indicator": id_,
                    "area": "38",
                    "frequency": "M",
                    "period": m,
                    "value": float(v),
                    "unit": "tỷ đồng",
                    "received_at": NOW,
                }
                for m, v in pairs
            ]
            return pa.Table.from_pylist(rows)
        values = zip(AHEAD, self.ahead.get(id_, []), strict=False)
        rows = [
            {
                "area": "38",
                "period": m,
                "value": v,
                "low80": 0.9 * v,
                "high80": 1.1 * v,
                "low95": 0.8 * v,
                "high95": 1.2 * v,
            }
            for m, v in values
        ]
        return pa.Table.from_pylist(rows)


def catalog(**changes: Any) -> Catalog:
    follower = indicator(id="iip", levers=[Lever(indicator="dau-tu", lag=1)], regressors=[], **changes)
    entries: list[Indicator] = [
        follower,
        indicator(id="dau-tu", name="Đầu tư công", regressors=[]),
        indicator(id="khac"),
    ]
    return Catalog([], [Area(code="38", name="Tỉnh", level="province", lat=0, lon=0)], entries, [])


def ask(slope: float, wanted: str, **changes: Any) -> Answer:
    follower, lever = driven(slope)
    months = counted(follower, MONTHS[0]) if changes.get("cumulative") else follower
    ahead = np.full(4, 1000.0)
    if changes.get("cumulative"):
        ahead = np.array([months[-1] + 1000, months[-1] + 2000, 1000.0, 2000.0])
    store = Store({"iip": months, "dau-tu": lever}, {"iip": ahead, "dau-tu": np.full(4, 500.0)})
    return answer(known(store, catalog(**changes), "iip", NOW), {"dau-tu": setting(wanted)})


def test_the_band_moves_by_the_effect_from_the_lag_on() -> None:
    found = ask(0.5, "+10%")
    (effect,) = found.effects.values()
    assert found.after.value[0] == 1000.0  # what is invested in November shows in December
    assert found.after.value[1:] == pytest.approx(1000.0 * 1.1**effect.slope)
    for p in (0.8, 0.95):
        width = found.after.high[p] - found.after.low[p]
        before = found.before.high[p] - found.before.low[p]
        assert width[0] == pytest.approx(before[0])
        assert (width[1:] > before[1:]).all()  # the effect itself is not known for sure
    assert ask(0.5, "-10%").after.value[1] < 1000.0
    assert ask(0.5, "550").after.value == pytest.approx(found.after.value)
    assert found.year == pytest.approx((2000.0, 1000.0 + 1000.0 * 1.1**effect.slope))


def test_nothing_moved_changes_nothing() -> None:
    found = ask(0.5, "+0%")
    assert found.after.value == pytest.approx(found.before.value)
    assert found.after.low[0.8] == pytest.approx(found.before.low[0.8])


def test_a_lever_without_effect_says_so_plainly() -> None:
    lines = told(ask(0.0, "+10%"))["sentences"]
    assert lines[0].startswith("Chưa đo được tác động của Đầu tư công")
    assert lines[-1] == "Đây là liên hệ trong quá khứ, không chắc là nguyên nhân."
    content = told(ask(0.5, "+10%"))
    assert content["effects"][0]["measurable"]
    assert content["sentences"][0].startswith("Trong quá khứ, Đầu tư công tăng 10 % thì Xuất khẩu thay đổi khoảng")
    assert any("vượt mọi biến động" in line for line in told(ask(0.5, "+900%"))["sentences"])
    msgspec.json.encode(content)


def test_what_counts_up_within_a_year_moves_as_its_months_do() -> None:
    found = ask(0.5, "+10%", cumulative=True)
    (effect,) = found.effects.values()
    added = 1000.0 * (1.1**effect.slope - 1)
    assert found.after.value - found.before.value == pytest.approx([0.0, added, added, 2 * added])


@pytest.mark.parametrize(
    ("name", "series", "ahead", "error"),
    [
        ("khong-co", {}, {}, ConfigurationError),
        ("khac", {"khac": 40}, {}, ConfigurationError),
        ("iip", {}, {}, NotEnoughHistory),
        ("iip", {"iip": 40, "dau-tu": 40}, {}, ConfigurationError),
        ("iip", {"iip": 94}, {"iip": 4}, NotEnoughHistory),
    ],
)
def test_what_is_missing_is_said(
    name: str, series: dict[str, int], ahead: dict[str, int], error: type[Exception]
) -> None:
    store = Store({k: seasonal(n) for k, n in series.items()}, {k: np.full(n, 9.0) for k, n in ahead.items()})
    with pytest.raises(error):
        known(store, catalog(), name, NOW)


def test_a_lever_of_another_indicator_is_told_with_those_there_are() -> None:
    follower, lever = driven(0.5)
    store = Store({"iip": follower, "dau-tu": lever}, {"iip": np.full(4, 1.0)})
    found = known(store, catalog(), "iip", NOW)
    with pytest.raises(ConfigurationError, match="there are: dau-tu"):
        answer(found, {"ban-le": setting("+1%")})
    with pytest.raises(ConfigurationError, match="no forecast to be moved from"):
        answer(found, {"dau-tu": setting("+1%")})
