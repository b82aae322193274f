"""A robust ridge regression of the next step, in closed form.

Every penalty of a grid is solved at once from one eigendecomposition (Hastie, Tibshirani & Friedman, The Elements of
Statistical Learning, 3.4.1), so that fits at every origin of a backtest cost little. Outliers lose weight by Huber's
rule, iterated.
"""

from __future__ import annotations

import numpy as np

from forecasting.series import Floats

_PENALTIES = np.geomspace(1.0, 3000.0, 9)  # columns are standardised
_HUBER = 2.5
_ROUNDS = 3
_DRIFT = 0.7  # the part of the mean step that is believed to go on
_MOST_STEPS = 3.0  # a step never exceeds so many standard deviations of the past steps
_MAD_TO_SD = 1.4826
_TINY = 1e-12


class Steps:
    """A ridge from standardised features to the next step of a series.

    Args:
        features: float array (rows, columns).
        steps: float array (rows,).
        weights: float array (rows,), positive.
        averaged: whether the solutions of all penalties are averaged; otherwise the one that errs least when each row
            in turn is left out is taken.
    """

    def __init__(self, features: Floats, steps: Floats, weights: Floats, *, averaged: bool = False) -> None:
        self._centre, spread = features.mean(axis=0), features.std(axis=0)
        self._spread = np.where(spread > 0, spread, 1.0)
        self._most = _MOST_STEPS * float(steps.std())
        inputs = (features - self._centre) / self._spread
        coefficients, intercept = _robust(inputs, steps, weights, averaged=averaged)
        self._coefficients, self._drift = coefficients, _DRIFT * intercept

    def next(self, features: Floats) -> float:
        """The step that follows a row of features."""
        step = self._drift + float(((features - self._centre) / self._spread) @ self._coefficients)
        return min(max(step, -self._most), self._most)


def _robust(inputs: Floats, steps: Floats, weights: Floats, *, averaged: bool) -> tuple[Floats, float]:
    """Coefficients and intercept after some rounds of reweighting."""
    robust = weights
    for _ in range(_ROUNDS):
        coefficients, intercept = _ridge(inputs, steps, robust, averaged=averaged)
        residuals = np.abs(steps - inputs @ coefficients - intercept)
        noise = float(np.median(residuals)) * _MAD_TO_SD
        robust = weights * np.minimum(1.0, _HUBER * noise / np.maximum(residuals, _TINY)) + 1e-6
    return coefficients, intercept


def _ridge(inputs: Floats, steps: Floats, weights: Floats, *, averaged: bool) -> tuple[Floats, float]:
    total = float(weights.sum())
    mean_input, mean_step = weights @ inputs / total, float(weights @ steps) / total
    root = np.sqrt(weights)
    left, right = (inputs - mean_input) * root[:, None], (steps - mean_step) * root
    values, vectors = np.linalg.eigh(left.T @ left)
    rotated = left @ vectors
    shrunk = np.maximum(values, 0.0)[:, None] + _PENALTIES
    solutions = (rotated.T @ right)[:, None] / shrunk
    if averaged:
        best = solutions.mean(axis=1)
    else:
        leverage = rotated**2 @ (1.0 / shrunk) + (weights / total)[:, None]
        left_out = (right[:, None] - rotated @ solutions) / np.maximum(1.0 - leverage, 1e-6)
        best = solutions[:, int(np.argmin((left_out**2).sum(axis=0)))]
    coefficients = vectors @ best
    return coefficients, mean_step - float(mean_input @ coefficients)
