"""What Tết and the holidays do to a series: estimated from its past, taken out before and put back after a forecast.

Monthly and weekly data: a robust regression with a prior, since a short history has seen Tết move only a few times.
Daily data: how far each kind of day (`forecasting.calendar.day_kind`) lies from an ordinary day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from forecasting.calendar import WINDOWS, regressors
from forecasting.periods import SEASON
from forecasting.seasonal import fill
from forecasting.series import Floats
from ioc.records import Frequency

# Effects on log y of a period that holds a whole window. Pooled over 59 Vietnamese monthly series (exports, industry,
# public investment, retail), with their spread between series.
PRIOR_MEAN, PRIOR_SD = np.array([-0.03, -0.136]), np.array([0.09, 0.064])
_WEEKS_A_MONTH = 52 / 12
_HUBER = 1.5
_ROUNDS = 10
_MA = 0.6  # of the filter (1-B)(1-B^m) / ((1-.6B)(1-.6B^m)), near the best for most monthly series
_PSEUDO_DAYS = 2.0  # an effect seen on so few days is half believed
_CLOSED = 0.3  # a day with less than this share of its usual level says nothing about the level
_MAD_TO_SD = 1.4826


class Effect(Protocol):
    """A learnt effect of the calendar."""

    @property
    def adjusted(self) -> Floats:
        """The past without it, float array (periods,)."""

    def onto(self, path: Floats) -> Floats:
        """The periods that follow the past, with it."""


@dataclass(frozen=True, eq=False)
class NoEffect:
    """Nothing to take out."""

    adjusted: Floats

    def onto(self, path: Floats) -> Floats:
        """The path itself."""
        return path


@dataclass(frozen=True, eq=False)
class ShareEffect:
    """Additive on the modelling scale, proportional to the shares of Tết's windows in a period."""

    adjusted: Floats
    beta: Floats
    end: int  # number of the first period after the past
    frequency: Frequency

    def onto(self, path: Floats) -> Floats:
        """Add the effects of the periods that follow the past."""
        return np.asarray(path + regressors(self.end, len(path), self.frequency) @ self.beta)


def learn_shares(z: Floats, start: int, frequency: Frequency, *, prior: bool) -> ShareEffect:
    """Estimate the effect of Tết's windows.

    Args:
        z: float array (n,) on the modelling scale, without gaps.
        start: number of the first period.
        frequency: of the periods.
        prior: whether `z` is a logarithm, for which the effect of other series is known; otherwise the prior is
            centred on nothing and as wide as the series' noise.
    """
    x = regressors(start, len(z), frequency)
    season = SEASON[frequency]
    unit = _WEEKS_A_MONTH if frequency == "W" else 1.0
    mean, sd = PRIOR_MEAN * unit, PRIOR_SD * unit
    beta: Floats = mean if prior else np.zeros(len(WINDOWS))
    if np.any(x) and len(z) > season + len(WINDOWS):
        filtered = prewhitened(np.column_stack([z, x]), season)
        target, inputs = filtered[:, 0], filtered[:, 1:]
        beta = _robust(inputs, target, mean, sd) if prior else _robust(inputs, target, beta, sd * _noise(target) / 0.1)
    return ShareEffect(z - x @ beta, beta, start + len(z), frequency)


def prewhitened(columns: Floats, season: int) -> Floats:
    """Float array (n, columns) through the filter that leaves little but noise of most series; the first season + 1 rows go."""
    over, under = np.zeros(season + 2), np.zeros(season + 2)
    over[[0, 1, season, season + 1]] = 1.0, -1.0, -1.0, 1.0
    under[[0, 1, season, season + 1]] = 1.0, -_MA, -_MA, _MA**2
    return np.asarray(lfilter(over, under, columns - columns[0], axis=0))[season + 1 :]


def _noise(residuals: Floats) -> float:
    return max(float(np.median(np.abs(residuals))) * _MAD_TO_SD, 1e-9)


def _robust(x: Floats, y: Floats, mean: Floats, sd: Floats) -> Floats:
    """Huber regression through the origin with a normal prior on its coefficients, by iterated reweighting."""
    beta: Floats = mean
    for _ in range(_ROUNDS):
        residuals = y - x @ beta
        noise = _noise(residuals)
        weights = np.minimum(1.0, _HUBER * noise / np.maximum(np.abs(residuals), 1e-12)) / noise**2
        precision = (x * weights[:, None]).T @ x + np.diag(sd**-2.0)
        beta = np.asarray(np.linalg.solve(precision, (x * weights[:, None]).T @ y + mean * sd**-2.0), dtype=np.float64)
    return beta


@dataclass(frozen=True, eq=False)
class DayEffect:
    """By kind of day: a difference of logarithms, or on other scales a ratio to an ordinary day."""

    adjusted: Floats
    by_kind: dict[str, float]
    ahead: Sequence[str]  # kinds of the days that follow the past
    relative: bool

    def onto(self, path: Floats) -> Floats:
        """Apply the effect of each day's kind."""
        neutral = 0.0 if self.relative else 1.0
        values = np.array([self.by_kind.get(kind, neutral) for kind in self.ahead[: len(path)]])
        return np.asarray(path + values if self.relative else path * values)


def learn_days(z: Floats, kinds: Sequence[str], ahead: Sequence[str], *, relative: bool) -> DayEffect:
    """Estimate what each kind of day does.

    Args:
        z: float array (days,) on the modelling scale, NaN at gaps.
        kinds: of the days of `z`.
        ahead: kinds of as many following days as may be forecast.
        relative: whether `z` is a logarithm.
    """
    special = np.array(kinds)
    season = SEASON["D"]
    usual = fill(np.where(special == "", z, np.nan), season)
    open_days = np.isfinite(z) & ((usual > _CLOSED * np.median(usual)) | relative)
    effects: dict[str, float] = {}
    for kind in sorted(set(kinds) - {""}, key=lambda k: k != "holiday"):
        at = open_days & (special == kind)
        effects[kind] = _effect(z[at], usual[at], effects.get("holiday") if kind == "tet_off" else None, relative)
    if "holiday" in effects:
        effects.setdefault("tet_off", effects["holiday"])  # offices close on both
    adjusted = _undone(z, usual, special, effects, relative)
    return DayEffect(fill(adjusted, season), effects, ahead, relative)


def _effect(z: Floats, usual: Floats, fallback: float | None, relative: bool) -> float:
    neutral = (0.0 if relative else 1.0) if fallback is None else fallback
    if not len(z):
        return neutral
    seen = float(np.median(z - usual)) if relative else float(z.sum() / usual.sum())
    return (len(z) * seen + _PSEUDO_DAYS * neutral) / (len(z) + _PSEUDO_DAYS)


def _undone(z: Floats, usual: Floats, special: NDArray[np.str_], effects: dict[str, float], relative: bool) -> Floats:
    """Days without their effect; NaN where an office was closed, or so nearly that nothing can be told."""
    adjusted = z.copy()
    for kind, effect in effects.items():
        at = special == kind
        adjusted[at] = z[at] - effect if relative else z[at] / max(effect, _CLOSED)
    shut = z - usual < np.log(_CLOSED) if relative else z < _CLOSED * usual
    adjusted[(special != "") & shut] = np.nan
    return adjusted
