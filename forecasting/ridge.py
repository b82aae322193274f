"""Ridge regressions of the next step on the recent past: on deviations from averages, and on lags.

On a logarithm a step is a growth rate. Linear models, stepped forward period by period; as different views of the past
as the scale, the season and the cleaning allow, so that their median is better than each.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from forecasting.outliers import cleaned
from forecasting.regression import Steps
from forecasting.seasonal import profile, significant
from forecasting.series import Floats

_DECAY = 0.98  # weight of a step relative to the next one
_SPANS = {12: (2, 4, 8, 16, 36)}
_OTHER_SPANS = (2, 4, 8, 16, 32)
_LEAST_ROWS = 8


def by_averages(z: Floats, season: int, horizon: int) -> Floats:
    """Ridge of the steps on deviations from exponential averages, the last step and the season.

    Args:
        z: float array (n,), without gaps.
        season: periods in a season, 1 for none.
        horizon: periods to forecast.
    """
    return _averages_path(z, profile(z, season), season, horizon, decay=_DECAY)


def by_averages_cleaned(z: Floats, season: int, horizon: int) -> Floats:
    """As `by_averages` without outliers, all of the past alike, deseasonalised only where a season shows."""
    z = cleaned(z, season)
    cycle = profile(z, season) if significant(z, season) else np.zeros(season)
    return _averages_path(z, cycle, season, horizon, decay=1.0)


def by_averages_of_values(y: Floats, season: int, horizon: int) -> Floats:
    """As `by_averages` on values in units, averaged over the penalties; seasons multiply where all values are positive.

    Where a season shows it is divided out; nothing else is corrected. Arguments as `by_averages`.
    """
    nothing, count = np.zeros(season), len(y)
    if (y > 0).all() and significant(np.log(y), season):
        index = np.exp(profile(np.log(y), season))[np.arange(count + horizon) % season]
        path = _averages_path(y / index[:count], nothing, season, horizon, decay=_DECAY, averaged=True)
        return np.asarray(path * index[count:])
    cycle = profile(y, season) if significant(y, season) else nothing
    return _averages_path(y, cycle, season, horizon, decay=_DECAY, averaged=True)


def _averages_path(
    z: Floats, cycle: Floats, season: int, horizon: int, *, decay: float, averaged: bool = False
) -> Floats:
    count = len(z)
    cycle = cycle[np.arange(count + horizon) % season]
    level = z - cycle[:count]
    rates = 2.0 / (np.array(_SPANS.get(season, _OTHER_SPANS)) + 1.0)
    averages = _averages(level, rates)
    steps = np.diff(level)
    waves = fourier(np.arange(count + horizon), season)
    rows = np.arange(1, count - 1)
    if len(rows) < _LEAST_ROWS:
        return np.asarray(level[-1] + cycle[count:])
    features = np.column_stack([level[rows, None] - averages[rows], steps[rows - 1], waves[rows + 1]])
    weights = np.power(decay, np.arange(len(rows), dtype=np.float64)[::-1])
    model = Steps(features, steps[rows], weights, averaged=averaged)
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
    """Exponential averages by rate, float array (n, rates), each begun at the first value."""
    columns = [level[0] + lfilter([rate], [1.0, rate - 1.0], level - level[0]) for rate in rates]
    return np.column_stack(columns)
