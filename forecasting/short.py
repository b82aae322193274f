"""A band for series too short to learn from: last season or the last value again, as wide as so little knowledge is.

The step between periods has a scaled inverse-χ² prior, so its posterior predictive is Student's t (Gelman et al., Bayesian
Data Analysis, 3.2): with no step seen the width is the prior's, with many it is the series' own.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

from forecasting.history import History
from forecasting.intervals import LEVELS, Bands
from forecasting.naive import seasonal_naive

_USUAL_STEP = 0.25  # relative, between periods of a series nobody has seen; over Vietnamese monthly indicators
_WORTH = 3.0  # steps that the usual one weighs


def band(history: History, ahead: int) -> Bands | None:
    """Forecasts in units; None where no value is known.

    Args:
        history: any; gaps are bridged.
        ahead: periods.
    """
    known = np.isfinite(history.z)
    if not known.any():
        return None
    z, season = history.filled, history.season
    lag = season if season > 1 and len(z) > season else 1
    path = seasonal_naive(z, lag, ahead)
    both = known[lag:] & known[:-lag]
    steps = (z[lag:] - z[:-lag])[both]
    usual = _USUAL_STEP * _unit(history)
    freedom = len(steps) + _WORTH
    sd = math.sqrt((float(steps @ steps) + _WORTH * usual**2) / freedom)
    reach = sd * np.sqrt((np.arange(ahead) // lag) + 1.0)
    ends = {p: reach * float(stats.t.ppf((1 + p) / 2, freedom)) for p in LEVELS}
    scale = history.scale
    low = {p: scale.back(path - width) for p, width in ends.items()}
    high = {p: scale.back(path + width) for p, width in ends.items()}
    return Bands(scale.back(path), low, high)


def _unit(history: History) -> float:
    """What a relative step of one is on the modelling scale."""
    if history.scale.relative:
        return 1.0
    size = float(np.nanmean(np.abs(history.z)))
    return max(size / 2 if history.scale.name == "sqrt" else size, 1e-9)
