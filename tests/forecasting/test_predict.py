"""Promises of the whole choice, on every kind of series: finite, possible, ordered, repeatable, the same in another unit."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from forecasting.predict import VERSION, Prediction, predict
from forecasting.scale import Scale
from forecasting.series import NEED, Floats
from ioc.records import Frequency
from tests.forecasting.making import history, seasonal

LOG = Scale("log", 0.0)
COUNTS = Scale("log1p", 0.0)
DAYS = Scale("sqrt", 0.0)
PERCENT = Scale("raw", 0.0, 100.0)
LOSS = Scale("raw")


def found(
    values: Floats, scale: Scale = LOG, frequency: Frequency = "M", ahead: int = 12, *, tet: bool = False
) -> Prediction:
    return predict(history(values, scale, date(2015, 1, 1), frequency, tet=tet), ahead)


def noise(count: int, seed: int = 4) -> Floats:
    return np.random.default_rng(seed).normal(0.0, 1.0, count)


KINDS: dict[str, tuple[Floats, Scale, Frequency, int, bool]] = {
    "monthly with Tết": (seasonal(90), LOG, "M", 12, True),
    "monthly": (seasonal(90), LOG, "M", 18, False),
    "quarterly": (seasonal(40), LOG, "Q", 8, False),
    "yearly": (seasonal(12), LOG, "Y", 2, False),
    "weekly": (seasonal(120), LOG, "W", 26, False),
    "daily prices": (100.0 * np.exp(np.cumsum(0.01 * noise(200))), LOG, "D", 60, False),
    "daily counts, closed at weekends": (
        np.round((40.0 + 5 * noise(120)) * (np.arange(120) % 7 < 5)),
        DAYS,
        "D",
        60,
        True,
    ),
    "shortest monthly": (seasonal(NEED["M"]), LOG, "M", 12, True),
    "shortest quarterly": (seasonal(NEED["Q"]), LOG, "Q", 4, False),
    "shortest daily": (seasonal(NEED["D"]), LOG, "D", 60, False),
    "zeros": (np.zeros(60), COUNTS, "M", 12, False),
    "rare counts": (np.where(np.arange(60) % 9 == 0, 3.0, 0.0), COUNTS, "M", 12, False),
    "constant": (np.full(60, 5.0), LOG, "M", 12, True),
    "negative": (-50.0 + 10.0 * noise(60), LOSS, "M", 12, False),
    "percentage at its ceiling": (np.minimum(98.0 + noise(60), 100.0), PERCENT, "M", 12, False),
    "a fall to nothing": (np.geomspace(1e6, 1.0, 60), LOG, "M", 12, False),
    "gaps": (np.where(np.arange(90) % 7 == 3, np.nan, seasonal(90)), LOG, "M", 12, False),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_series_gets_what_is_promised(kind: str) -> None:
    values, scale, frequency, ahead, tet = KINDS[kind]
    bands = found(values, scale, frequency, ahead, tet=tet).bands
    ordered = [bands.low[0.95], bands.low[0.8], bands.value, bands.high[0.8], bands.high[0.95]]
    assert all(len(line) == ahead and np.isfinite(line).all() for line in ordered)
    assert all((a <= b + 1e-9).all() for a, b in pairwise(ordered))
    assert scale.low is None or bands.low[0.95].min() >= scale.low
    assert scale.high is None or bands.high[0.95].max() <= scale.high


@pytest.mark.parametrize("kind", ["monthly", "quarterly", "daily prices"])
def test_a_repeat_gives_the_same_numbers(kind: str) -> None:
    values, scale, frequency, ahead, tet = KINDS[kind]
    one, other = (found(values, scale, frequency, ahead, tet=tet) for _ in range(2))
    assert one.name == other.name
    for level in (0.8, 0.95):
        assert one.bands.low[level].tolist() == other.bands.low[level].tolist()
        assert one.bands.high[level].tolist() == other.bands.high[level].tolist()


@pytest.mark.parametrize("kind", ["monthly", "quarterly"])
def test_another_unit_gives_the_same_forecast(kind: str) -> None:
    values, scale, frequency, ahead, tet = KINDS[kind]
    dong, billions = (found(values * unit, scale, frequency, ahead, tet=tet) for unit in (1e6, 1e-3))
    assert dong.name == billions.name
    assert dong.bands.value == pytest.approx(1e9 * billions.bands.value, rel=1e-3)
    assert dong.bands.high[0.95] == pytest.approx(1e9 * billions.bands.high[0.95], rel=1e-2)


def test_a_constant_is_certain() -> None:
    bands = found(np.full(60, 5.0)).bands
    assert bands.value == pytest.approx(np.full(12, 5.0))
    assert bands.high[0.95] == pytest.approx(bands.low[0.95])


def test_the_model_names_its_code() -> None:
    assert found(seasonal(60)).model == f"combined@{VERSION}"
