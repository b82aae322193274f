"""How wrong a forecast may be: conformal intervals by horizon, and the error of a year's remainder.

On the modelling scale the half-width at horizon h is s q h^b: s the size of the series' own movements, q a conformal
quantile of the backtest's errors (the (n+1) quantile of Lei et al. 2018, Distribution-free predictive inference) pooled
over origins and horizons after division by s h^b. A series has few origins, so q and b are shrunk towards what many
other series showed; the more residuals, the less, and the rarer the error, the more. Nothing is drawn at random.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from forecasting.backtest import Backtest
from forecasting.candidates import aimless, by_calendar
from forecasting.history import History
from forecasting.scale import Scale
from forecasting.seasonal import profile
from forecasting.series import Floats
from ioc.records import Frequency

LEVELS = (0.8, 0.95)


@dataclass(frozen=True)
class Usual:
    """What errors of other series of a frequency look like, in units of s.

    Attributes:
        q: quantile of the errors one period ahead, by level.
        power: b, how the error grows with the horizon.
        total_sd: standard deviation of the mean error over a year's remainder, however long.
    """

    q: dict[float, float]
    power: float
    total_sd: float


# Such that intervals hold what they say on the test parts of M1, M3 and Tourism series (M, Q; W and Y near them); days: a weekly season
# with noise around it, and for days without a week a random walk with heavy tails.
USUAL: dict[Frequency, Usual] = {
    "D": Usual({0.8: 1.1, 0.95: 2.0}, 0.35, 0.6),
    "W": Usual({0.8: 0.83, 0.95: 1.72}, 0.3, 0.85),
    "M": Usual({0.8: 0.78, 0.95: 1.67}, 0.3, 0.85),
    "Q": Usual({0.8: 0.9, 0.95: 1.94}, 0.41, 0.9),
    "Y": Usual({0.8: 1.1, 0.95: 2.3}, 0.45, 1.2),
}
TET = Usual({0.8: 0.87, 0.95: 2.0}, 0.3, 0.85)  # months and weeks that Tết moves, from 59 Vietnamese indicators
WALK = Usual({0.8: 0.95, 0.95: 1.7}, 0.5, 0.9)
_WORTH = 2.0  # own residuals beyond a quantile that weigh as much as the other series
_MOST_POWER = 0.7
_TOTAL_WORTH = 5.0  # origins that weigh as much as the other series for the error of a total
_MOST_FREEDOM = 30.0
_TINY = 1e-12
_SAME = 1e-9


@dataclass(frozen=True, eq=False)
class Bands:
    """Forecasts with intervals, float arrays (horizon,) in units."""

    value: Floats
    low: dict[float, Floats]
    high: dict[float, Floats]


@dataclass(frozen=True)
class Total:
    """The distribution of a remainder's total, Student's t on the scale of `spread`.

    Attributes:
        expected: sum of the periods, in units.
        offset: added to the total before the logarithm; None if the error is additive.
        sd: scale of t, of the logarithm or in units.
        freedom: degrees of freedom.
    """

    expected: float
    offset: float | None
    sd: float
    freedom: float

    def quantile(self, p: float) -> float:
        """The total that is not exceeded with probability `p`."""
        shift = self.sd * float(stats.t.ppf(p, self.freedom))
        if self.offset is None:
            return self.expected + shift
        return (self.expected + self.offset) * math.exp(shift) - self.offset

    def at_least(self, total: float) -> float:
        """The probability of `total` or more."""
        return self._beyond(total, float(self.sd <= _TINY))

    def at_most(self, total: float) -> float:
        """The probability of `total` or less."""
        return 1.0 - self._beyond(total, 0.0)

    def _beyond(self, total: float, tie: float) -> float:
        if self.offset is None:
            distance = total - self.expected
        elif total + self.offset <= 0:
            return 1.0
        else:
            distance = math.log((total + self.offset) / max(self.expected + self.offset, _TINY))
        if self.sd <= _TINY:  # a series that never errs: the total is the expected one
            return tie if abs(distance) <= _SAME else float(distance < 0)
        return float(stats.t.sf(distance / self.sd, self.freedom))


class Errors:
    """The errors of one choice on one series.

    Args:
        result: of the backtest.
        name: of the choice.
        history: the whole past.
    """

    def __init__(self, result: Backtest, name: str, history: History) -> None:
        self._scale, self._usual = history.scale, _usual(history)
        self._size = size(history)
        self._actual, self._forecast = result.actual, result.forecasts[name]
        residuals = np.abs(result.residuals(name))
        self._power = _power(residuals, self._usual.power)
        self._q = self._quantiles(residuals)
        self._level = float(np.abs(history.filled).mean())

    def bands(self, path: Floats) -> Bands:
        """Intervals around a path on the modelling scale; nested, widening with the horizon, within the possible."""
        growth = self._size * np.arange(1, len(path) + 1) ** self._power
        low = {p: self._scale.back(path - q * growth) for p, q in self._q.items()}
        high = {p: self._scale.back(path + q * growth) for p, q in self._q.items()}
        return Bands(self._scale.back(path), low, high)

    def total(self, values: Floats) -> Total:
        """The distribution of the sum of the first periods ahead.

        Args:
            values: float array (periods,), their forecasts in units.
        """
        count = len(values)
        offset = _offset(self._scale)
        seen = self._totals(min(count, self._actual.shape[1]), offset)
        usual = (
            self._usual.total_sd * self._size * (2.0 / max(self._level, _TINY) if self._scale.name == "sqrt" else 1.0)
        )
        variance = (float(seen @ seen) + _TOTAL_WORTH * usual**2) / (len(seen) + _TOTAL_WORTH)
        sd = math.sqrt(variance) * (count if offset is None else 1.0)
        freedom = min(len(seen) + _TOTAL_WORTH, _MOST_FREEDOM)
        return Total(float(values.sum()), None if offset is None else offset * count, sd, freedom)

    def units(self) -> Floats:
        """Actual minus forecast at the origins, float array (origins, horizon) in units; NaN where nothing came."""
        return self._scale.back(self._actual) - self._scale.back(self._forecast)

    def at(self, value: float, ahead: int) -> Total:
        """The distribution of one period's value, `ahead` periods from the last known one."""
        wide = self._q[LEVELS[0]] * self._size * ahead**self._power / float(stats.norm.ppf(0.9))
        if self._scale.name == "sqrt":
            wide *= 2.0 / max(self._level, _TINY)
        return Total(value, _offset(self._scale), wide, _MOST_FREEDOM)

    def _totals(self, count: int, offset: float | None) -> Floats:
        """Errors of the first `count` periods' totals at the origins: of their logarithms, or means in units."""
        known = np.isfinite(self._actual[:, :count])
        actual = np.where(known, self._scale.back(self._actual[:, :count]), 0.0)
        forecast = np.where(known, self._scale.back(self._forecast[:, :count]), 0.0)
        rows = known.any(axis=1)
        if offset is None:
            return np.asarray((actual - forecast).sum(axis=1)[rows] / known.sum(axis=1)[rows])
        added = offset * known.sum(axis=1) + _TINY
        return np.asarray(np.log((actual.sum(axis=1) + added) / (forecast.sum(axis=1) + added))[rows])

    def _quantiles(self, residuals: Floats) -> dict[float, float]:
        horizons = np.arange(1, residuals.shape[1] + 1)
        scores = residuals / max(self._size, _TINY) / horizons**self._power
        scores = np.sort(scores[np.isfinite(scores)])
        effective = len(scores) / math.sqrt(len(horizons))  # errors of one origin resemble each other
        found: dict[float, float] = {}
        for level in LEVELS:
            beyond = effective * (1.0 - level)
            weight = beyond / (beyond + _WORTH)
            rank = min(math.ceil((len(scores) + 1) * level), len(scores))
            own = max(float(scores[rank - 1]), 1e-6) if len(scores) else self._usual.q[level]
            q = math.exp(weight * math.log(own) + (1 - weight) * math.log(self._usual.q[level]))
            found[level] = max(q, *found.values()) if found else q
        return found


def _usual(history: History) -> Usual:
    if aimless(history):
        return WALK
    return TET if by_calendar(history) and history.frequency in {"M", "W"} else USUAL[history.frequency]


def size(history: History) -> float:
    """The size s of a series' movements: geometric mean of those over a season and of the recent ones within it.

    The first is the mean absolute seasonal difference (the scale of MASE), the second the mean absolute difference of
    the last deseasonalised points (36, or three seasons if that is more). Zero for a constant series.
    """
    z, season = history.filled, history.season
    lag = season if len(z) > season else 1
    seasonal = float(np.abs(z[lag:] - z[:-lag]).mean())
    level = z - profile(z, season)[np.arange(len(z)) % season]
    return math.sqrt(seasonal * float(np.abs(np.diff(level[-max(36, 3 * season) :])).mean()))


def _power(residuals: Floats, usual: float) -> float:
    """Half the usual growth, half that of the own errors from the first to the second half of the horizons."""
    horizons = residuals.shape[1]
    half = horizons // 2
    near, far = residuals[:, :half], residuals[:, half:]
    if half < 2 or not (np.isfinite(near).any() and np.isfinite(far).any()):
        return usual
    ratio = (float(np.nanmean(far)) + _TINY) / (float(np.nanmean(near)) + _TINY)
    own = math.log(ratio) / math.log((half + 1 + horizons) / (1 + half))
    return min(max((own + usual) / 2, 0.0), _MOST_POWER)


def _offset(scale: Scale) -> float | None:
    return {"log": 0.0, "log1p": 1.0, "sqrt": 1.0}.get(scale.name)
