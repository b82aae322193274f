"""What an indicator did when a lever moved: a Bayesian regression of what is new in one on what is new in the other.

Both series lose Tết, trend and season first (the filter of `forecasting.effects`), so that two series which merely both
grow, or both have a summer, show no effect. The slope in units of standard deviations has the prior N(0, .5²): a short
past is half believed. It is an association of the past, and no proof of a cause.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from forecasting.effects import prewhitened
from forecasting.history import History
from forecasting.seasonal import profile
from forecasting.series import Floats

LEAST = 24  # periods in which all series have something new
_PRIOR_SD = 0.5
_SURE = 0.95


@dataclass(frozen=True)
class Effect:
    """What one unit of a lever, on its modelling scale, does to an indicator on its own.

    Attributes:
        slope: posterior mean.
        sd: posterior standard deviation.
        freedom: of the t distribution of (true − slope) / sd.
        widest: the largest change over a season that the lever's past knows, on its scale.
    """

    slope: float
    sd: float
    freedom: float
    widest: float

    def quantile(self, p: float) -> float:
        """The slope that is not exceeded with probability `p`."""
        return self.slope + self.sd * float(stats.t.ppf(p, self.freedom))

    @property
    def measurable(self) -> bool:
        """Whether no effect at all is less likely than 5 %."""
        return self.quantile((1 - _SURE) / 2) * self.quantile((1 + _SURE) / 2) > 0


def effects(indicator: History, levers: Sequence[tuple[History, int]]) -> list[Effect] | None:
    """The effects of some levers, estimated together.

    Args:
        indicator: its past.
        levers: pasts of the levers and their lags in periods; of the indicator's frequency.

    Returns:
        One a lever; None where fewer than `LEAST` periods say anything.
    """
    begin = max([indicator.start, *(h.start + lag for h, lag in levers)])
    end = min([indicator.end, *(h.end + lag for h, lag in levers)])
    season = indicator.season
    if end - begin - season - 1 < LEAST:
        return None
    columns = np.column_stack([_span(indicator, begin, end), *(_span(h, begin - lag, end - lag) for h, lag in levers)])
    known = [_known(indicator, begin, end), *(_known(h, begin - lag, end - lag) for h, lag in levers)]
    new = prewhitened(columns, season)[np.logical_and.reduce(known)[season + 1 :]]
    if len(new) < LEAST:
        return None
    slopes, sds, freedom = _posterior(new[:, 0], new[:, 1:])
    widest = [_widest(h) for h, _ in levers]
    return [Effect(float(b), float(s), freedom, w) for b, s, w in zip(slopes, sds, widest, strict=True)]


def _posterior(target: Floats, inputs: Floats) -> tuple[Floats, Floats, float]:
    """Slopes, their standard deviations and degrees of freedom, with the noise estimated beside the prior."""
    size = np.maximum(np.sqrt(np.mean(np.square(inputs), axis=0)), 1e-12)
    level = max(math.sqrt(float(np.mean(np.square(target)))), 1e-12)
    x, y = inputs / size, target / level
    freedom = float(len(y) - x.shape[1])
    least = np.linalg.lstsq(x, y, rcond=None)[0]
    noise = float(np.sum(np.square(y - x @ least))) / freedom
    precision = x.T @ x / max(noise, 1e-12) + np.eye(x.shape[1]) / _PRIOR_SD**2
    covariance = np.linalg.inv(precision)
    slopes = covariance @ x.T @ y / max(noise, 1e-12)
    return slopes * level / size, np.sqrt(np.diag(covariance)) * level / size, freedom


def _span(history: History, begin: int, end: int) -> Floats:
    """A past without Tết, without its usual season and without a straight trend, whose traces would fade only slowly."""
    z = history.effect.adjusted
    level = z - profile(z, history.season)[np.arange(len(z)) % history.season]
    straight = np.polynomial.Polynomial.fit(np.arange(len(z)), level, 1)(np.arange(len(z)))
    return np.asarray((level - straight)[begin - history.start : end - history.start])


def _known(history: History, begin: int, end: int) -> NDArray[np.bool_]:
    """Periods that were published, as was the one before: what is new in a period needs both."""
    there = np.isfinite(history.z[begin - history.start : end - history.start])
    return np.asarray(there & np.concatenate([[True], there[:-1]]))


def _widest(history: History) -> float:
    lag = history.season if len(history) > history.season else 1
    return float(np.abs(history.filled[lag:] - history.filled[:-lag]).max(initial=0.0))
