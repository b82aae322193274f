"""The season of a series by the classical decomposition, and gaps filled by it."""

from __future__ import annotations

import numpy as np

from forecasting.series import Floats

_ROUNDS = 3  # each fills by a season that the gaps before it distorted less
_LEAST_SEASONS = 3
_NINETY = 1.645  # standard deviations
_RECENT = 10  # seasons that the profile is taken from: what people did long ago says little about today


def profile(z: Floats, season: int) -> Floats:
    """Additive seasonal deviations by position in the season, float array (season,), sum zero.

    Classical decomposition: means by position of the deviations from a centred moving average over one season
    (Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3.4). Zeros if there are not two full seasons.

    Args:
        z: float array (n,) without gaps; position 0 of the profile is that of ``z[0]``.
        season: periods in a season, 1 for none.
    """
    begin = max(len(z) - _RECENT * season, 0) // season * season
    recent = z[begin:]
    if season == 1 or len(recent) < 2 * season + 1:
        return np.zeros(season)
    kernel = np.ones(season) if season % 2 else np.concatenate([[0.5], np.ones(season - 1), [0.5]])
    trend = np.convolve(recent, kernel / season, "valid")
    offset = len(kernel) // 2
    deviations = recent[offset : offset + len(trend)] - trend
    positions = (np.arange(len(trend)) + offset) % season
    sums = np.bincount(positions, deviations, season)
    means = np.asarray(sums / np.maximum(np.bincount(positions, minlength=season), 1))
    return np.asarray(means - means.mean())


def significant(z: Floats, season: int) -> bool:
    """Whether a season shows: the autocorrelation at its length is beyond chance at 90 %, the test of the M4 competition.

    Args:
        z: float array (n,), without gaps; less than three seasons show nothing.
        season: periods in a season.
    """
    away = z - z.mean()
    total = float(away @ away)
    if season == 1 or len(z) < _LEAST_SEASONS * season or total <= 0:
        return False
    r = np.array([away[k:] @ away[: len(z) - k] for k in range(1, season + 1)]) / total
    return bool(r[-1] > _NINETY * np.sqrt((1 + 2 * (r[:-1] ** 2).sum()) / len(z)))


def fill(z: Floats, season: int) -> Floats:
    """Gaps filled by what lies around them plus the season; beyond the first and last value, by the nearest.

    Args:
        z: float array (n,), at least one finite.
        season: periods in a season.
    """
    known = np.flatnonzero(np.isfinite(z))
    if len(known) == len(z):
        return z
    every = np.arange(len(z))
    filled = np.interp(every, known, z[known])
    for _ in range(_ROUNDS if season > 1 else 0):
        cycle = profile(filled, season)[every % season]
        filled = np.where(np.isfinite(z), z, np.interp(every, known, (z - cycle)[known]) + cycle)
    return filled
