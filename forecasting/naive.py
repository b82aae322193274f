"""The simple models: last season again, and last season plus the growth over the year before."""

from __future__ import annotations

import numpy as np

from forecasting.series import Floats

_LEAST_OF_GROWTH = 0.5  # growth dies down to half of its median
_STICKIEST = 0.98


def seasonal_naive(z: Floats, season: int, horizon: int) -> Floats:
    """The last season, repeated; float array (horizon,)."""
    return z[len(z) - season + np.arange(horizon) % season] if len(z) >= season else np.full(horizon, z[-1])


def yearly_growth(z: Floats, season: int, horizon: int) -> Floats:
    """Last season plus a growth that decays from its last value to half its median.

    With g = z[t] - z[t - m], G half the median of g and r the lag-1 autocorrelation of g - G:
    z[n + j] = z[n + j - m] + G + (g[n] - G) r^j. A damped trend where there is no season (m = 1).

    Args:
        z: float array (n,), without gaps.
        season: m, periods in a season.
        horizon: periods to forecast.
    """
    if len(z) < season + 3:
        return seasonal_naive(z, season, horizon)
    growth = z[season:] - z[:-season]
    centre = _LEAST_OF_GROWTH * float(np.median(growth))
    around = growth - centre
    stickiness = float(around[1:] @ around[:-1]) / max(float(around[:-1] @ around[:-1]), 1e-12)
    steps = centre + around[-1] * np.clip(stickiness, 0.0, _STICKIEST) ** np.arange(1, horizon + 1)
    path = np.concatenate([z[-season:], np.zeros(horizon)])
    for j in range(horizon):
        path[season + j] = path[j] + steps[j]
    return path[season:]
