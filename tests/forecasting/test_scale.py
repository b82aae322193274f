"""Scales: there and back, and which one a series gets."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.kinds import described
from forecasting.scale import Scale, scale_of
from tests.forecasting.making import indicator, series

names = st.sampled_from(["log", "log1p", "sqrt", "raw"])


@given(names, st.lists(st.floats(0.01, 1e9), min_size=1, max_size=20))
def test_there_and_back(name: str, values: list[float]) -> None:
    scale = Scale(name, 0.0)  # type: ignore[arg-type]
    assert scale.back(scale.forward(np.array(values))) == pytest.approx(values, rel=1e-6)


@given(names, st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20))
def test_never_outside_of_the_possible(name: str, z: list[float]) -> None:
    values = Scale(name, 0.0, 100.0).back(np.array(z))  # type: ignore[arg-type]
    assert ((values >= 0.0) & (values <= 100.0)).all()


@pytest.mark.parametrize(
    ("values", "frequency", "changes", "name"),
    [
        ([1.0, 2.0], "M", {}, "log"),
        ([0.0, 2.0], "M", {}, "log1p"),
        ([0.0, 2.0], "D", {}, "sqrt"),
        ([-1.0, 2.0], "M", {"low": None}, "raw"),
        ([50.0, 60.0], "M", {"high": 100.0}, "raw"),
    ],
)
def test_the_scale_of_a_series(values: list[float], frequency: str, changes: dict[str, object], name: str) -> None:
    assert scale_of(series(values, frequency=frequency), indicator(**changes)).name == name  # type: ignore[arg-type]


def test_defaults_of_a_series_that_no_catalogue_knows() -> None:
    counts = described(series([0.0, 1500.0, 2500.0]), None)
    assert (counts.low, counts.high, counts.aggregate, counts.decimals) == (0.0, None, "sum", 0)
    loss = described(series([-1.0, 2.0]), None)
    assert (loss.low, loss.decimals) == (None, 1)


@pytest.mark.parametrize(("values", "high"), [([40.0, 60.0], 100.0), ([90.0, 112.0], None)])
def test_percentages_are_averaged_and_bounded_if_they_ever_were(values: list[float], high: float | None) -> None:
    one = series(values)
    rate = described(type(one)(one.indicator, one.area, "M", "%", one.start, one.values, one.received_at), None)
    assert (rate.aggregate, rate.high) == ("mean", high)
