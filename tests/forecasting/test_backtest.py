"""Origins, and what is believed after looking back from them."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from forecasting.backtest import LEAST_PAST, Backtest, backtest, choose, origins
from forecasting.candidates import COMBINED
from forecasting.periods import LEAST_AHEAD
from forecasting.series import NEED
from ioc.records import Frequency
from tests.forecasting.making import history, seasonal


@pytest.mark.parametrize("frequency", get_args(Frequency))
def test_every_allowed_history_has_three_origins(frequency: Frequency) -> None:
    for count in range(NEED[frequency], 10 * NEED[frequency]):
        places, horizon = origins(count, frequency)
        assert len(places) >= 3
        assert places == sorted(set(places), reverse=True)
        assert places[0] + horizon == count
        assert min(places) >= LEAST_PAST[frequency]
        assert 1 <= horizon <= LEAST_AHEAD[frequency]


def test_a_long_history_is_looked_at_over_a_whole_year() -> None:
    assert origins(120, "M") == ([108, 102, 96, 90], 12)


def test_the_future_is_not_seen() -> None:
    values = seasonal(60)
    changed = values.copy()
    places, _ = origins(60, "M")
    changed[places[0] :] *= 3.0
    one, other = backtest(history(values)), backtest(history(changed))
    for name, rows in one.forecasts.items():
        assert rows[0].tolist() == other.forecasts[name][0].tolist()
    assert one.actual[0].tolist() != other.actual[0].tolist()


def result(**errors: float) -> Backtest:
    return Backtest([3, 2, 1], np.zeros((3, 4)), {name: np.full((3, 4), error) for name, error in errors.items()})


@pytest.mark.parametrize(
    ("errors", "chosen"),
    [
        ({"seasonal-naive": 1.0, "prophet-tet": 1.0, COMBINED: 1.0}, "seasonal-naive"),  # the simplest of equals
        ({"seasonal-naive": 0.0, "prophet-tet": 0.0, COMBINED: 0.0}, "seasonal-naive"),
        ({"seasonal-naive": 0.9, "prophet-tet": 0.95, COMBINED: 1.0}, COMBINED),  # a small lead is luck
        ({"seasonal-naive": 0.9, "prophet-tet": 0.6, COMBINED: 1.0}, COMBINED),
        ({"seasonal-naive": 0.9, "prophet-tet": 0.4, COMBINED: 1.0}, "prophet-tet"),
        ({"seasonal-naive": 0.3, "prophet-tet": 0.4, COMBINED: 1.0}, "seasonal-naive"),
    ],
)
def test_what_is_chosen(errors: dict[str, float], chosen: str) -> None:
    assert choose(result(**errors)) == chosen
