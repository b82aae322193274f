"""Series that nobody measured, to learn forecasting from: every kind of course that an indicator may take.

Structural time series (Harvey 1989, Forecasting, Structural Time Series Models and the Kalman Filter): a trend whose
slope wanders or comes back, an echo (AR(1)), a business cycle, a season that changes, noise with heavy tails, outliers,
shifts and bends, with sizes drawn from wide priors in units of the noise (chosen on M1, M3 and Tourism); seen as they
are, through a logarithm, or growing exponentially. What follows the past is what would happen without further
surprises: the mean that a forecast should say, so that a network learns from it faster than from one noisy outcome.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Single = NDArray[np.float32]

_LOGARITHMIC, _EXPONENTIAL = 0.35, 0.5  # of all series: below the first, between the two
_LEAST_SEASONS = 1.5


@dataclass(frozen=True, eq=False)
class Imagined:
    """Series by row.

    Attributes:
        past: float array (series, past).
        known: bool array of that shape; series are as long as what is known at their end.
        ahead: float array (series, ahead), what follows without surprises.
    """

    past: Single
    known: NDArray[np.bool_]
    ahead: Single


class Draw:
    """Draws for many series at once, float arrays (series,) unless said otherwise."""

    def __init__(self, rng: np.random.Generator, count: int) -> None:
        self.rng, self.count = rng, count

    def between(self, low: float, high: float) -> Single:
        """Uniform."""
        return self.rng.uniform(low, high, self.count).astype(np.float32)

    def size(self, low: float, high: float, *, none: float = 0.0) -> Single:
        """Uniform on a logarithm; exactly zero with probability `none`."""
        drawn = np.exp(self.rng.uniform(np.log(low), np.log(high), self.count))
        return np.where(self.having(1.0 - none), drawn, 0.0).astype(np.float32)

    def normal(self, *shape: int) -> Single:
        """Standard normal, float array (series, *shape)."""
        return self.rng.standard_normal((self.count, *shape), dtype=np.float32)

    def having(self, probability: float) -> NDArray[np.bool_]:
        """Whether a series has something."""
        return self.rng.random(self.count) < probability

    def rarely(self, most: float, length: int, *, none: float) -> NDArray[np.bool_]:
        """Bool array (series, length), moments at which something happens, up to `most` of them; `none` as in `size`."""
        rate = np.where(self.having(1.0 - none), self.between(0.0, most), 0.0)
        return self.rng.random((self.count, length), dtype=np.float32) < rate[:, None]


class Trend:
    """A level with a slope that comes back to its usual one, both wandering, with shifts and bends."""

    def __init__(self, draw: Draw, past: int) -> None:
        first = draw.normal() * draw.size(0.005, 2.0)
        self._usual = first * np.where(draw.having(0.5), draw.between(0, 1), 1)
        self._slope = first + draw.normal() * draw.size(0.003, 1.0)
        self._stickiness = np.where(draw.having(0.3), 1, 1 - draw.size(0.004, 0.2)).astype(np.float32)
        self._level = np.zeros(draw.count, np.float32)
        shifts = draw.rarely(0.02, past, none=0.4) * draw.normal(past) * draw.between(2, 12)[:, None]
        bends = draw.rarely(0.03, past, none=0.4) * draw.normal(past) * draw.size(0.01, 0.5)[:, None]
        self._jumps = draw.normal(past) * draw.size(0.01, 2.0, none=0.15)[:, None] + shifts
        self._turns = draw.normal(past) * draw.size(1e-4, 0.3, none=0.3)[:, None] + bends

    def step(self, t: int) -> Single:
        """The level at `t`."""
        self._slope = self._usual + self._stickiness * (self._slope - self._usual) + _at(self._turns, t)
        self._level = self._level + self._slope + _at(self._jumps, t)
        return self._level


class Echo:
    """An AR(1): what happened dies away."""

    def __init__(self, draw: Draw, past: int) -> None:
        self._stays = draw.between(-0.6, 0.95)
        size = draw.size(0.05, 1.5, none=0.4)
        self._value: Single = size * draw.normal()
        self._news = (size * np.sqrt(1 - self._stays**2))[:, None] * draw.normal(past)

    def step(self, t: int) -> Single:
        """The value at `t`."""
        self._value = self._stays * self._value + _at(self._news, t)
        return self._value


class Cycle:
    """A stochastic cycle of 2 to 10 seasons that dies down: boom and bust."""

    def __init__(self, draw: Draw, season: int, past: int) -> None:
        angle = 2 * np.pi / (draw.between(2, 10) * season)
        damping = draw.between(0.9, 0.995)
        size = 3 * draw.size(0.02, 1.0, none=0.5)
        self._turn = damping * np.cos(angle), damping * np.sin(angle)
        self._state = size * draw.normal(), size * draw.normal()
        size *= np.sqrt(1 - damping**2)
        self._news = size[:, None] * draw.normal(past), size[:, None] * draw.normal(past)

    def step(self, t: int) -> Single:
        """The value at `t`."""
        (one, other), (cosine, sine) = self._state, self._turn
        self._state = (
            cosine * one + sine * other + _at(self._news[0], t),
            cosine * other - sine * one + _at(self._news[1], t),
        )
        return self._state[0]


class Season:
    """A season of waves or of single months, each place wandering by itself, the whole growing or shrinking slowly."""

    def __init__(self, draw: Draw, season: int, past: int) -> None:
        angles = 2 * np.pi * np.arange(season) / season
        shape = np.zeros((draw.count, season), np.float32)
        smoothness = draw.between(0, 2)
        for k in range(1, season // 2 + 1):
            waves = draw.normal(2) * (k**-smoothness)[:, None]
            shape += waves[:, :1] * np.cos(k * angles) + waves[:, 1:] * np.sin(k * angles)
        shape = np.where(draw.having(0.35)[:, None], draw.normal(season) ** 3 / 2, shape)  # peaks and dips
        shape -= shape.mean(axis=1, keepdims=True)
        size = draw.size(0.1, 15.0, none=0.2)
        self._now = (size / (shape.std(axis=1) + 1e-6))[:, None] * shape
        self._news = (size * draw.size(0.003, 0.3, none=0.2))[:, None] * draw.normal(past)
        self._growth = draw.normal() * 0.02 / season * draw.having(0.4)
        self._past = past

    def step(self, t: int) -> Single:
        """The deviation at `t`."""
        place = t % self._now.shape[1]
        self._now[:, place] += _at(self._news, t)
        return np.asarray(self._now[:, place] * (1 + self._growth * (t - self._past)), np.float32)


def imagine(rng: np.random.Generator, count: int, season: int, past: int, ahead: int) -> Imagined:
    """Imagine series.

    Args:
        rng: the same state gives the same series.
        count: of series.
        season: periods in a season.
        past: periods of the past, a multiple of the season.
        ahead: periods that follow.
    """
    draw = Draw(rng, count)
    parts = Trend(draw, past), Echo(draw, past), Cycle(draw, season, past), Season(draw, season, past)
    course = np.stack([sum(part.step(t) for part in parts) for t in range(past + ahead)], axis=1)
    course[:, :past] += _noise(draw, past)
    seen = _seen(draw, course, past)
    length = np.where(draw.having(0.5), past, rng.integers(int(_LEAST_SEASONS * season), past + 1, count))
    return Imagined(seen[:, :past], np.arange(past) >= past - length[:, None], seen[:, past:])


def _at(news: Single, t: int) -> Single | float:
    """The surprises at `t`; none after the past."""
    return news[:, t] if t < news.shape[1] else 0.0


def _noise(draw: Draw, past: int) -> Single:
    """Noise of standard deviation one or with heavy tails (Student's t), and now and then an outlier."""
    freedom = np.broadcast_to(draw.between(2.5, 8)[:, None], (draw.count, past))
    tails = np.sqrt(freedom / (2 * draw.rng.standard_gamma(freedom / 2)))
    outliers = draw.rarely(0.03, past, none=0.5) * draw.normal(past) * draw.between(3, 12)[:, None]
    return np.where(draw.having(0.5)[:, None], tails, 1).astype(np.float32) * draw.normal(past) + outliers


def _seen(draw: Draw, course: Single, past: int) -> Single:
    """Some additive courses through a logarithm, as models see indicators, and some growing exponentially."""
    low = course.min(axis=1, keepdims=True)
    spread = course.max(axis=1, keepdims=True) - low + 1e-3
    base = spread * draw.size(0.05, 10.0)[:, None]
    through_logarithm = np.log(course - low + base) * base
    rate = 2 * draw.size(0.05, 1.5)[:, None] / spread
    exponential = np.exp(np.clip((course - course[:, past - 1 : past]) * rate, -6, 3)) / rate
    view = draw.between(0, 1)[:, None]
    return np.where(view < _LOGARITHMIC, through_logarithm, np.where(view < _EXPONENTIAL, exponential, course))
