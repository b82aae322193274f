"""Intervals and the distribution of a remainder's total."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.intervals import Errors, Total, size
from forecasting.scale import Scale
from tests.forecasting.making import backtested, history, seasonal

LOG = Scale("log", 0.0)


def errors(sd: float = 0.1, *, scale: Scale = LOG, origins: int = 5, seed: int = 1) -> Errors:
    residuals = np.random.default_rng(seed).normal(0.0, sd, (origins, 12)) * np.arange(1, 13) ** 0.3
    return Errors(backtested(residuals), "combined", history(seasonal(120), scale))


@given(st.lists(st.floats(-20, 20), min_size=1, max_size=24), st.sampled_from(["log", "log1p", "sqrt", "raw"]))
@settings(max_examples=60, deadline=None)
def test_intervals_are_nested_widen_and_stay_possible(path: list[float], name: str) -> None:
    scale = Scale(name, 0.0, 100.0)  # type: ignore[arg-type]
    bands = errors(scale=scale).bands(np.array(path))
    inner, outer = (0.8, 0.95)
    ordered = [bands.low[outer], bands.low[inner], bands.value, bands.high[inner], bands.high[outer]]
    assert all((a <= b).all() for a, b in pairwise(ordered))
    assert bands.low[outer].min() >= 0.0
    assert bands.high[outer].max() <= 100.0


def test_width_grows_with_the_horizon() -> None:
    bands = errors(scale=Scale("raw")).bands(np.zeros(24))
    for level in (0.8, 0.95):
        assert (np.diff(bands.high[level] - bands.low[level]) >= 0).all()
    assert bands.high[0.8][-1] > 1.2 * bands.high[0.8][0]


def test_a_series_that_errs_more_gets_wider_intervals() -> None:
    narrow, wide = errors(0.02).bands(np.full(12, 7.0)), errors(0.3).bands(np.full(12, 7.0))
    assert (wide.high[0.8] - wide.low[0.8] > 2 * (narrow.high[0.8] - narrow.low[0.8])).all()


def test_coverage_on_series_that_move_like_their_past() -> None:
    """Random growth around a level: the naive forecast errs as it did before, so 80 and 95 % should be inside."""
    inside: dict[float, list[bool]] = {0.8: [], 0.95: []}
    for seed in range(200):
        z = 7.0 + np.cumsum(np.random.default_rng(seed).normal(0.0, 0.05, 132))
        past = history(np.exp(z[:120]))
        residuals = np.array([z[o : o + 12] - z[o - 1] for o in (108, 102, 96, 90, 84)])
        bands = Errors(backtested(residuals), "combined", past).bands(np.full(12, z[119]))
        for level, seen in inside.items():
            seen.extend(((bands.low[level] <= np.exp(z[120:])) & (np.exp(z[120:]) <= bands.high[level])).tolist())
    assert np.mean(inside[0.8]) == pytest.approx(0.8, abs=0.08)
    assert np.mean(inside[0.95]) == pytest.approx(0.95, abs=0.04)


def test_nothing_is_random() -> None:
    one, other = errors().bands(np.full(12, 7.0)), errors().bands(np.full(12, 7.0))
    assert one.low[0.8].tolist() == other.low[0.8].tolist()


def test_a_constant_series_has_no_width() -> None:
    flat = Errors(backtested(np.zeros((5, 12))), "combined", history(np.full(60, 5.0)))
    assert size(history(np.full(60, 5.0))) == 0.0
    bands = flat.bands(np.full(3, np.log(5.0)))
    assert bands.low[0.95] == pytest.approx(bands.high[0.95])


@given(st.floats(1.0, 1e6), st.floats(1e-3, 1.0), st.floats(1.0, 1e6), st.floats(1.0, 1e6))
def test_a_higher_total_is_less_likely(expected: float, sd: float, one: float, other: float) -> None:
    for total in (Total(expected, 0.0, sd, 8.0), Total(expected, None, sd * expected, 8.0)):
        low, high = sorted((one, other))
        assert total.at_least(low) >= total.at_least(high)
        assert total.at_least(low) == pytest.approx(1.0 - total.at_most(low))
        assert total.at_least(expected) == pytest.approx(0.5)
        assert total.quantile(0.1) <= expected <= total.quantile(0.9)
        assert total.at_least(total.quantile(0.9)) == pytest.approx(0.1, abs=1e-6)


def test_a_total_without_error_is_certain() -> None:
    total = Total(100.0, 0.0, 0.0, 8.0)
    assert (total.at_least(100.0), total.at_most(100.0)) == (1.0, 1.0)
    assert (total.at_least(100.1), total.at_most(99.9)) == (0.0, 0.0)


def test_opposite_errors_cancel_in_a_total() -> None:
    """Errors of +10 % and -10 % in turn: periods err, their sum hardly."""
    shaky = np.tile([0.1, -0.1], (5, 6))
    together = np.full((5, 12), 0.1)
    past = history(seasonal(120, noise=0.02))
    values = np.full(12, 100.0)
    one, other = (Errors(backtested(r), "combined", past).total(values) for r in (shaky, together))
    assert one.sd < 0.6 * other.sd
