"""A small network that learnt to forecast from imagined series (`forecasting.imagined`), run in plain NumPy.

Given the past, it answers what the many processes that could have made it would do next, on the average: Bayes' answer
under that prior, learnt once (`forecasting.training`) instead of computed for every series (Müller et al. 2022,
Transformers Can Do Bayesian Inference; here a residual perceptron). No series of the province or of anybody is in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecasting.naive import seasonal_naive
from forecasting.series import Floats

Single = NDArray[np.float32]
WEIGHTS = Path(__file__).with_name("weights") / "months.npz"
SEASON, PAST, AHEAD = 12, 96, 24  # what it knows: months; how many it looks at, how many it forecasts at once
BLOCKS = 3

_FAR = 10.0  # sizes; what lies beyond comes nearer by a logarithm
_STILL = 1e-9  # a series that moves less than so much of its level stands still
_LEAST = 18  # months


def answer(weights: Mapping[str, Any], inputs: Any) -> Any:
    """What the network says; the same lines run on arrays of NumPy and, in training, of JAX.

    Args:
        weights: as `Network.weights`.
        inputs: float array (series, 2 `PAST`).
    """
    inner = _positive(inputs @ weights["enter"] + weights["enter_bias"])
    for k in range(BLOCKS):
        inner = inner + _positive(inner @ weights[f"widen{k}"] + weights[f"widen{k}_bias"]) @ weights[f"narrow{k}"]
    return inner @ weights["leave"] + weights["leave_bias"] + inputs @ weights["skip"]


def _positive(values: Any) -> Any:
    return (values + abs(values)) / 2


@dataclass(frozen=True, eq=False)
class Network:
    """A residual perceptron.

    Attributes:
        weights: float arrays by name: ``enter`` (2 `PAST`, width), ``widen*`` and ``narrow*`` (width, width) of each
            block, ``leave`` (width, `AHEAD`), ``skip`` (2 `PAST`, `AHEAD`), and their ``*_bias``.
    """

    weights: Mapping[str, Single]

    def __call__(self, inputs: Single) -> Single:
        """Paths, float array (series, `AHEAD`), in sizes from the centre; `inputs` as `Normalised.inputs`."""
        return np.asarray(answer(self.weights, inputs), np.float32)

    def path(self, z: Floats, horizon: int) -> Floats:
        """Forecast one series; farther than it looks at once it goes on from its own forecast.

        Args:
            z: float array (n,), without gaps; of fewer than 18 months: the seasonal naive.
            horizon: months.
        """
        if len(z) < _LEAST:
            return seasonal_naive(z, SEASON, horizon)
        known = z
        while len(known) < len(z) + horizon:
            known = np.concatenate([known, self._once(known)])
        return known[len(z) : len(z) + horizon]

    def _once(self, z: Floats) -> Floats:
        seen = z[-PAST:]
        past, known = np.zeros((1, PAST)), np.zeros((1, PAST), np.bool_)
        past[0, PAST - len(seen) :], known[0, PAST - len(seen) :] = seen, True
        normal = normalised(past, known)
        return np.asarray(self(normal.inputs)[0] * normal.size[0] + normal.centre[0], np.float64)


@dataclass(frozen=True, eq=False)
class Normalised:
    """Pasts in a form that does not depend on their unit.

    Attributes:
        inputs: float array (series, 2 `PAST`): values in sizes from the centre, 0 where none is known; then whether one is.
        centre: float array (series,), the mean of the last season.
        size: float array (series,), geometric mean of the mean absolute differences of neighbours and of a season.
    """

    inputs: Single
    centre: Floats
    size: Floats


def normalised(past: Floats | Single, known: NDArray[np.bool_]) -> Normalised:
    """Normalise pasts that end at their last column.

    Args:
        past: float array (series, `PAST`).
        known: which of its values there are, all from some column on, at least of the last season and one more.
    """
    centre = past[:, -SEASON:].mean(axis=1)
    size = np.maximum(np.sqrt(_moves(past, known, 1) * _moves(past, known, SEASON)), _STILL * np.abs(centre))
    size = np.where(size > 0, size, 1.0)
    away = np.where(known, (past - centre[:, None]) / size[:, None], 0.0)
    far = np.maximum(np.abs(away), _FAR)
    away = np.where(np.abs(away) > _FAR, np.sign(away) * _FAR * (1.0 + np.log(far / _FAR)), away)
    return Normalised(np.concatenate([away, known], axis=1).astype(np.float32), centre, size)


def _moves(past: Floats | Single, known: NDArray[np.bool_], lag: int) -> Floats:
    """Mean absolute difference over `lag` periods, float array (series,)."""
    both = known[:, lag:] & known[:, :-lag]
    moves = np.abs(past[:, lag:] - past[:, :-lag])
    return np.asarray((moves * both).sum(axis=1) / np.maximum(both.sum(axis=1), 1))


@cache
def network() -> Network:
    """The network that ships."""
    with np.load(WEIGHTS) as file:
        return Network({name: file[name].astype(np.float32) for name in file.files})


def learnt(z: Floats, season: int, horizon: int) -> Floats:
    """The path of the network, for series with a season of 12 months; float array (horizon,)."""
    if season != SEASON:
        raise ValueError(f"the network knows a season of {SEASON} periods, not {season}")
    return network().path(z, horizon)
