"""Two ridge regressions of the next step on the recent past: on deviations from averages, and on lags.

On the modelling scale a step is a growth rate. Both are linear models fitted by scikit-learn, stepped forward
period by period; different views of the past, so that their median is better than either.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import RidgeCV

from forecasting.seasonal import profile
from forecasting.series import Floats

_PENALTIES = np.geomspace(1.0, 3000.0, 9)
_HUBER = 2.5
_ROUNDS = 3
_DRIFT = 0.7  # the part of the mean step that is believed to go on
_MOST_STEPS = 3.0  # a step never exceeds so many standard deviations of the past steps
_DECAY = 0.98  # weight of a step relative to the next one
_SPANS = {12: (2, 4, 8, 16, 36)}
_OTHER_SPANS = (2, 4, 8, 16, 32)
_LEAST_ROWS = 8


class Steps:
    """A robust ridge from standardised features to the next step.

    Args:
        features: float array (rows, columns).
        steps: float array (rows,).
        weights: float array (rows,), positive.
    """

    def __init__(self, features: Floats, steps: Floats, weights: Floats) -> None:
        self._centre, spread = features.mean(axis=0), features.std(axis=0)
        self._spread = np.where(spread > 0, spread, 1.0)
        inputs = (features - self._centre) / self._spread
        self._most = _MOST_STEPS * float(steps.std())
        robust = weights
        for _ in range(_ROUNDS):
            fit = RidgeCV(alphas=_PENALTIES).fit(inputs, steps, sample_weight=robust)
            residuals = np.abs(steps - fit.predict(inputs))
            noise = float(np.median(residuals)) * 1.4826
            robust = weights * np.minimum(1.0, _HUBER * noise / np.maximum(residuals, 1e-12)) + 1e-6
        self._coefficients, self._drift = fit.coef_, _DRIFT * float(fit.intercept_)

    def next(self, features: Floats) -> float:
        """The step that follows a row of features."""
        step = self._drift + float(((features - self._centre) / self._spread) @ self._coefficients)
        return min(max(step, -self._most), self._most)


def by_averages(z: Floats, season: int, horizon: int) -> Floats:
    """Ridge of the steps on deviations from exponential averages, the last step and the season.

    Args:
        z: float array (n,), without gaps.
        season: periods in a season, 1 for none.
        horizon: periods to forecast.
    """
    count = len(z)
    cycle = profile(z, season)[np.arange(count + horizon) % season]
    level = z - cycle[:count]
    rates = 2.0 / (np.array(_SPANS.get(season, _OTHER_SPANS)) + 1.0)
    averages = _averages(level, rates)
    steps = np.diff(level)
    waves = fourier(np.arange(count + horizon), season)
    rows = np.arange(1, count - 1)
    if len(rows) < _LEAST_ROWS:
        return np.asarray(level[-1] + cycle[count:])
    features = np.column_stack([level[rows, None] - averages[rows], steps[rows - 1], waves[rows + 1]])
    model = Steps(features, steps[rows], np.power(_DECAY, np.arange(len(rows), dtype=np.float64)[::-1]))
    path, average, now, step = np.empty(horizon), averages[-1], level[-1], steps[-1]
    for j in range(horizon):
        step = model.next(np.concatenate([now - average, [step], waves[count + j]]))
        now = now + step
        average = average + rates * (now - average)
        path[j] = now
    return path + cycle[count:]


def by_lags(z: Floats, season: int, horizon: int) -> Floats:
    """Ridge of the steps on a season of lagged steps and on the season; arguments as `by_averages`."""
    steps = np.diff(z)
    lags = max(min(season + 1 if season > 1 else 4, len(steps) // 3), 1)
    waves = fourier(np.arange(len(z) + horizon), season)
    rows = np.arange(lags, len(steps))
    if len(rows) < _LEAST_ROWS:
        return np.full(horizon, z[-1])
    features = np.column_stack([*(steps[rows - k] for k in range(1, lags + 1)), waves[rows + 1]])
    model = Steps(features, steps[rows], np.ones(len(rows)))
    known = np.concatenate([steps, np.zeros(horizon)])
    for j in range(len(steps), len(steps) + horizon):
        known[j] = model.next(np.concatenate([known[j - lags : j][::-1], waves[j + 1]]))
    return np.asarray(z[-1] + np.cumsum(known[len(steps) :]))


def fourier(times: NDArray[np.int64], season: int, harmonics: int = 6) -> Floats:
    """Cosines and sines of the season, float array (times, columns); no columns where there is no season."""
    orders = np.arange(1, min(season // 2, harmonics) + 1)
    angles = 2 * np.pi * np.outer(times, orders) / season
    sines = np.sin(angles)[:, orders * 2 < season]  # the sine of the highest order of an even season is zero
    return np.hstack([np.cos(angles), sines])


def _averages(level: Floats, rates: Floats) -> Floats:
    averages = np.empty((len(level), len(rates)))
    now = np.full(len(rates), level[0])
    for t, value in enumerate(level):
        now = now + rates * (value - now)
        averages[t] = now
    return averages
