"""Exponential smoothing of three families, the only place that knows statsforecast.

Complex exponential smoothing (Svetunkov, Kourentzes & Ord 2022), STL with a smoothed trend (Cleveland et al. 1990), and
the mean of simple, Holt's and damped smoothing (Comb), which in the M4 competition was among the best for days.
Its import takes seconds, so it waits until a series is forecast.
"""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING

import numpy as np

from forecasting.naive import seasonal_naive
from forecasting.series import Floats

if TYPE_CHECKING:
    from statsforecast.models import MSTL, AutoCES, AutoETS

log = logging.getLogger(__name__)

_MOST_POINTS = 1000  # what lies farther back tells nothing that is worth its time
_LEVEL = 30.0  # standard deviations; complex smoothing depends on where zero is, so every series is put there
_FLAT = 1e-12  # a series that moves less than so much of its size is constant
_LEAST = 5  # points that any of these models needs


def complex_smoothing(z: Floats, season: int, horizon: int) -> Floats:
    """Complex exponential smoothing, seasonal or not as AICc says; equal for a series in any unit.

    Args:
        z: float array (n,), without gaps.
        season: periods in a season, 1 for none.
        horizon: periods to forecast.
    """
    from statsforecast.models import AutoCES

    length = season if len(z) > 2 * season else 1
    spread = float(z.std()) or 1.0
    moved = (z - z.mean()) / spread + _LEVEL
    return np.asarray((_run(AutoCES(length), moved, season, horizon) - _LEVEL) * spread + z.mean())


def seasonal_trend(y: Floats, season: int, horizon: int) -> Floats:
    """STL's last season on a smoothed trend; a damped smoothing where there is no season. Arguments as above."""
    from statsforecast.models import MSTL, AutoETS

    seasonal = season > 1 and len(y) > 2 * season
    unit = float(np.abs(y).mean()) or 1.0
    return _run(MSTL(season) if seasonal else AutoETS(1, damped=True), y / unit, season, horizon) * unit


def smoothings(z: Floats, season: int, horizon: int) -> Floats:
    """The mean of simple, Holt's and damped smoothing, without season; arguments as above."""
    from statsforecast.models import AutoETS

    models = [AutoETS(1, model="ANN"), AutoETS(1, model="AAN", damped=False), AutoETS(1, model="AAN", damped=True)]
    unit = float(np.abs(z).mean()) or 1.0
    return np.asarray(np.mean([_run(model, z / unit, season, horizon) for model in models], axis=0) * unit)


def _run(model: AutoCES | AutoETS | MSTL, values: Floats, season: int, horizon: int) -> Floats:
    """A model's path; the seasonal naive where it has too little to go by or finds no solution."""
    recent = values[-_MOST_POINTS:]
    if len(recent) >= _LEAST and np.ptp(recent) > _FLAT * float(np.abs(recent).max()):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of optimisers on the way
                path = np.asarray(model.forecast(recent, horizon)["mean"], dtype=np.float64)
            if np.isfinite(path).all():
                return path
        except Exception as error:
            log.debug("%s found nothing: %s", type(model).__name__, error)
    return seasonal_naive(values, season, horizon)
