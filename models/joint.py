"""Several sensors of one station together: how far each departs from its level, and from what the others say.

Each sensor's mean over the last points, less the daily course and a slow reference, is its departure. It is looked at twice:
alone, and given the other sensors' departures (the partial regression that the inverse of their shrunk covariance holds).
Each look is measured in its own usual size, the largest counts, and that in *its* own usual size: what drifts while
normal has a wide usual size, so thresholds mean the same at every station. What is abnormal is not learnt.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
import numpy as np

from ioc.records import Severity
from models import compiled_joint as compiled
from models.base import LARGEST, State
from models.course import Course
from models.silence import Silence
from models.tail import Tail

NAME, LABEL = "joint", "nhiều thông số cùng lúc"
GRAVEST: Severity = "warning"  # for people to look at; what breaks limits says so itself
WINDOW = 15  # points in a mean
MEMORY = 200  # points over which reference and usual sizes fade
ABNORMAL = 3.0  # times its usual size
WARM_UP = 400
TOGETHER = 2  # sensors at least: one alone is for the detectors of single series
BEGIN = 4 * WINDOW  # points before departures mean anything, and again before they are clipped
CLIP = 3.0  # usual sizes; what lies further out is learnt as if it lay there
FOLLOW = 10.0  # usual sizes that the reference follows at most
HOLD = 600  # points that an abnormal stretch lasts at most: then it is the new usual
LONG = 2000  # … and usual sizes and the covariance
SHRINK = 0.1  # of the correlations, towards none
REFRESH = 10  # points between two inversions
LEAST_EIGENVALUE = 0.05
RESOLUTION = 1e-9  # of a value: smaller steps are rounding
BROKEN_BY, BROKEN_BY_POINTS = timedelta(hours=3), 3
USUAL_BAND = 2.5  # mean absolute values in the band that is called usual: 95 % of a normal law


class JointScore(msgspec.Struct, frozen=True):
    """How strange the sensors of a station are together.

    Attributes:
        value: largest departure, 1 is usual, abnormal from 3 on.
        sensor: the index of the one that departs most.
        mean, expected, low, high: its mean over the last points, what that was expected to be, and the usual band.
        partners: indices of the sensors that its expectation rests on, weightiest first; empty where it departs from its
            own level.
        sizes: (sensors,) each one's departure in its usual size; NaN where it has nothing to say.
        one_in: as rare as one in so many points.
        since: when the abnormal stretch began.
        alert: whether a person should be told now.
    """

    value: float
    sensor: int
    mean: float
    expected: float
    low: float
    high: float
    partners: list[int]
    sizes: list[float]
    one_in: float
    since: datetime
    alert: bool


class _Look(NamedTuple):
    """What was found about a point, kept for `learn_one`."""

    moment: datetime
    values: np.ndarray
    course: np.ndarray  # (sensors,) the daily course
    residual: np.ndarray  # (sensors,) values less the daily course
    departure: np.ndarray  # (sensors,) 0 where absent
    given: np.ndarray  # (sensors,) departure given the others
    here: np.ndarray  # (sensors,) whether there is enough in the window
    partial: np.ndarray  # (sensors, sensors) what `given` was made with
    renewed: bool  # whether that was made anew
    sizes: np.ndarray  # (2, sensors) both looks in their usual sizes
    place: int  # of the largest among the sizes
    largest: float
    ratio: float


class Joint:
    """One detector for the vectors of one station; see `models.base.Detector` for the verbs, here over several values.

    A sensor without a value in half of the window, or that never moved, says nothing. Memory is `WINDOW` vectors and one
    covariance.

    Args:
        sensors: how many; the order of values is theirs.
        window: points in a mean.
        one_in: alert at points as rare as one in so many, if they are abnormal.
        warm_up: points before the first score.
    """

    def __init__(self, sensors: int, window: int = WINDOW, one_in: float = 2000.0, warm_up: int = WARM_UP) -> None:
        self.one_in, self._sensors, self._size, self._warm_up = one_in, sensors, window, warm_up
        self._course, self._tail, self._silence = Course(sensors), Tail(), Silence()
        self._window = np.full((window, sensors), np.nan)  # residuals, oldest first
        self._last = np.full(sensors, np.nan)
        self._step = np.zeros(sensors)  # the smallest that a sensor ever moved by
        self._reference, self._seen = np.zeros(sensors), np.zeros(sensors)
        self._usual, self._looked = np.zeros((2, sensors)), np.zeros(sensors)
        self._covariance = np.zeros((sensors, sensors))
        self._partial, self._pattern, self._stale_at = np.eye(sensors), b"", 0
        self._ratio, self._rated, self._points, self._held = 0.0, 0, 0, 0
        self._cadence = 0.0  # seconds, smoothed
        self._newest: datetime | None = None
        self._since: datetime | None = None
        self._told = False  # whether the stretch under way was
        self._look: _Look | None = None

    def score_one(self, moment: datetime, values: Sequence[float | None] | np.ndarray) -> JointScore | None:
        """Judge a vector by what was learnt before it; None with too little history, for a late or an empty one."""
        array = _clean(values)
        if not self._usable(moment, array) or self._points < self._warm_up:
            return None
        look = self._look = self._judge(moment, array)
        if look.here.sum() < TOGETHER:
            return None
        which, sensor = divmod(look.place, self._sensors)
        one_in = self._tail.one_in(look.ratio)
        abnormal = look.ratio >= ABNORMAL
        since = self._since if abnormal and self._since and not self._broken(moment) else moment
        mean = look.departure[sensor] + self._reference[sensor] + look.course[sensor]
        surprise = look.departure[sensor] if which == 0 else look.given[sensor]
        usual = max(self._usual[which, sensor], self._step[sensor] / self._size)
        expected, width = mean - surprise, USUAL_BAND * usual * max(self._ratio, 1.0)
        alert = abnormal and self._alerts(look, since == moment)
        return JointScore(
            look.ratio, sensor, float(mean), float(expected), float(expected - width), float(expected + width),
            self._partners(sensor, look) if which else [],
            [float(s) if h else float("nan") for s, h in zip(look.sizes.max(0), look.here, strict=True)],
            one_in, since, bool(alert),
        )  # fmt: skip

    def learn_one(self, moment: datetime, values: Sequence[float | None] | np.ndarray) -> None:
        """Take a vector in; of an abnormal stretch only that it goes on, for `HOLD` points at most."""
        array = _clean(values)
        if not self._usable(moment, array):
            return
        look, self._look = self._look, None
        if look is None or look.moment != moment or look.values.tobytes() != array.tobytes():
            look = self._judge(moment, array)
        self._keep(look)
        if self._held_back(look):
            self._remember(look)
            return
        self._learn_sizes(look)
        self._learn_reference(look)
        self._course.learn(moment, array)
        self._remember(look)

    def _usable(self, moment: datetime, values: np.ndarray) -> bool:
        return bool(np.isfinite(values).any()) and (self._newest is None or moment > self._newest)

    def _broken(self, moment: datetime) -> bool:
        if self._newest is None:
            return False
        return (moment - self._newest).total_seconds() >= max(
            BROKEN_BY.total_seconds(), BROKEN_BY_POINTS * self._cadence
        )

    def _judge(self, moment: datetime, values: np.ndarray) -> _Look:
        course = self._course.at(moment)
        residual = values - course
        departure, given, here = np.empty(self._sensors), np.empty(self._sensors), np.empty(self._sensors, np.bool_)
        judged, sizes = (self._seen > 0) & (self._step > 0), np.empty((2, self._sensors))
        compiled.depart(self._window, residual, self._broken(moment), self._reference, judged, departure, here)
        pattern, least = here.tobytes(), self._step / self._size
        renewed = pattern != self._pattern or self._points >= self._stale_at
        partial = _partial(self._covariance, here) if renewed else self._partial
        place = compiled.measure(departure, here, partial, self._usual, least, given, sizes)
        largest = float(sizes.flat[place])
        ratio = largest / self._ratio if self._ratio > 0 else 0.0
        return _Look(
            moment, values, course, residual, departure, given, here, partial, renewed, sizes, place, largest, ratio
        )

    def _keep(self, look: _Look) -> None:
        """The inverse serves for some points, as long as the same sensors are there."""
        if look.renewed:
            self._partial, self._pattern = look.partial, look.here.tobytes()
            self._stale_at = self._points + REFRESH

    def _alerts(self, look: _Look, begins: bool) -> bool:
        """Whether an abnormal point is rare enough and its stretch not told yet."""
        if (self._told and not begins) or self._silence.holds(self._points, look.moment):
            return False
        return self._tail.one_in(look.ratio) >= self.one_in

    def _partners(self, sensor: int, look: _Look) -> list[int]:
        weights = np.abs(look.partial[sensor]) * self._usual[0]
        weights[sensor] = 0.0
        return [int(i) for i in np.argsort(-weights)[:2] if weights[i] >= weights.max() / 3 > 0.0]

    def _held_back(self, look: _Look) -> bool:
        """Whether a point is abnormal and must not be learnt; tells also when the stretch began, and of the alert."""
        if self._points < self._warm_up or look.ratio < ABNORMAL:
            self._held, self._since = 0, None
            return False
        begins = self._since is None or self._broken(look.moment)
        if self._alerts(look, begins):
            self._silence.begin(self._points, look.moment)
            self._told = True
        elif begins:
            self._told = False
        if begins:
            self._since = look.moment
        self._held += 1
        return self._held <= HOLD

    def _learn_sizes(self, look: _Look) -> None:
        if self._points < BEGIN or not look.here.any():
            return
        known = compiled.learn(
            look.departure, look.given, look.here, self._looked, self._usual, self._step / self._size, self._covariance,
            BEGIN, LONG, CLIP,
        )  # fmt: skip
        if known:
            self._learn_ratio(look)

    def _learn_ratio(self, look: _Look) -> None:
        self._rated += 1
        largest = min(look.largest, CLIP * self._ratio) if self._rated > BEGIN else look.largest
        self._ratio += (largest - self._ratio) / min(self._rated, LONG)
        if self._rated > BEGIN:
            self._tail.learn(look.ratio)

    def _learn_reference(self, look: _Look) -> None:
        reach = FOLLOW * self._size**0.5 * np.maximum(self._usual[0], self._step / self._size)
        compiled.follow(look.residual, self._reference, self._seen, self._looked, reach, BEGIN, MEMORY)

    def _remember(self, look: _Look) -> None:
        broken = self._broken(look.moment)
        compiled.push(self._window, look.residual, broken, look.values, self._last, self._step, RESOLUTION)
        if self._newest is not None:
            gone = (look.moment - self._newest).total_seconds()
            self._cadence += (gone - self._cadence) * max(1 / self._points, 0.05)
        self._newest, self._points = look.moment, self._points + 1

    _ARRAYS = ("window", "last", "step", "reference", "seen", "usual", "looked", "covariance", "partial")
    _SCALARS = ("pattern", "stale_at", "ratio", "rated", "points", "held", "cadence", "newest", "since", "told")

    def to_state(self) -> State:
        """See `models.base.Detector.to_state`."""
        arrays = {name: getattr(self, f"_{name}").tolist() for name in self._ARRAYS}
        scalars = {name: getattr(self, f"_{name}") for name in self._SCALARS}
        parts = {name: getattr(self, f"_{name}").to_state() for name in ("course", "tail", "silence")}
        return arrays | scalars | parts

    def restore(self, state: State) -> None:
        """See `models.base.Detector.restore`."""
        for name in self._ARRAYS:
            setattr(self, f"_{name}", np.array([_nan(v) for v in state[name]], float))
        for name in self._SCALARS:
            setattr(self, f"_{name}", state[name])
        for name in ("course", "tail", "silence"):
            getattr(self, f"_{name}").restore(state[name])
        self._look = None


def _clean(values: Sequence[float | None] | np.ndarray) -> np.ndarray:
    """Floats, NaN where there is no finite one."""
    array = np.array(values, float)
    good = np.abs(array) < LARGEST  # NaN compares as False
    if not good.all():
        array[~good] = np.nan
    return array


def _nan(value: object) -> object:
    """MessagePack keeps NaN, JSON makes it null."""
    if isinstance(value, list):
        return [_nan(v) for v in value]
    return np.nan if value is None else value


def _partial(covariance: np.ndarray, here: np.ndarray) -> np.ndarray:
    """Rows that turn departures into what is left of each given the others.

    With P the inverse of the covariance of the sensors that are there, the residual of sensor j given the others is
    (P w)_j / P_jj (Whittaker 1990, 5.8). The correlations are shrunk towards none, and eigenvalues kept away from 0.
    """
    result = np.eye(len(covariance))
    spread = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    index = np.flatnonzero(here & (spread > 0))
    if len(index) < 2:
        return result
    spread = spread[index]
    correlation = (1.0 - SHRINK) * covariance[np.ix_(index, index)] / np.outer(spread, spread)
    correlation[np.diag_indices(len(index))] = 1.0
    values, vectors = np.linalg.eigh(correlation)
    inverse = (vectors / np.maximum(values, LEAST_EIGENVALUE)) @ vectors.T
    result[np.ix_(index, index)] = inverse / np.diag(inverse)[:, None] * (spread[:, None] / spread[None, :])
    return result
