"""The fast comparison with all past shapes against the plain double loop."""

from __future__ import annotations

import math

import numpy as np
import pytest

from models.nearest import NEAREST, OLDEST, WIDTH, Nearest


def plain(values: np.ndarray) -> float:
    """Mean of the three smallest distances of the last shape to those that end 8 to 1500 points before."""
    shape, n = values[-WIDTH:], len(values)
    distances = [
        math.sqrt(np.mean((values[n - lag - WIDTH : n - lag] - shape) ** 2))
        for lag in range(WIDTH, OLDEST + 1)
        if n - lag - WIDTH >= 0
    ]
    return float(np.mean(sorted(distances)[:NEAREST])) if len(distances) >= NEAREST else math.nan


@pytest.mark.parametrize(("offset", "scale"), [(0.0, 1.0), (1e9, 1.0), (-5.0, 1e-6), (0.0, 1e12)])
def test_equals_the_plain_double_loop(offset: float, scale: float) -> None:
    rng = np.random.default_rng(1)
    values = offset + scale * rng.normal(0, 1, 4000).cumsum()
    nearest, checked = Nearest(), 0
    for at, value in enumerate(values.tolist()):
        if at < 40 or at % 509 == 0 or at in {1507, 1508, 1762, 1763, 1764, 2020}:
            expected = plain(values[: at + 1])
            assert nearest.distance(value) == pytest.approx(expected, rel=1e-6, nan_ok=True)
            checked += 1
        nearest.push(value)
    assert checked > 40


def test_a_shape_seen_before_is_at_distance_zero_exactly() -> None:
    nearest = Nearest()
    pattern = [0.1, 7.3, 1e6, -3.7, 0.1, 0.2, 55.5, 1 / 3, 9.9, 2.2]
    for value in pattern * 4:
        nearest.push(value)
    assert [nearest.distance(pattern[0])] == [0.0]


def test_a_giant_long_ago_leaves_no_rounding_behind() -> None:
    rng = np.random.default_rng(2)
    values = rng.normal(0, 1, 2000)
    values[300] = 1e14
    nearest = Nearest()
    for value in values.tolist():
        nearest.push(value)
    last = float(rng.normal())
    assert nearest.distance(last) == pytest.approx(plain(np.append(values, last)), rel=1e-9)
