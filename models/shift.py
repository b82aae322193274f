"""A change of level that lasts: cumulated departures from the usual course (CUSUM), told once with before and after.

Page's statistic (1954) S = max(0, S + z - k), for rises and falls apart. How high it goes before it is at zero again has,
under a steady level, an exponential upper tail whether departures depend on each other or not (Lundberg's bound), which is
what `models.tail` fits: sluggish series need no other threshold than independent ones.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from ioc.records import Severity
from models.base import RAREST, WARM_UP, Score, State, usable
from models.cusum import Side
from models.days import EASE
from models.profile import FadingMeans, Profile, unusual_days
from models.silence import Silence
from models.tail import Tail

CLIP = 2.0  # a departure counts as so many standard deviations at most: a few wild points are no level
LEAST_POINTS = 12  # a level is more than a moment
LEAST_PEAK = 1.0  # of an excursion that says something about the tail
LEAST_PEAKS, PATIENCE = 20, 3  # so many are needed to judge, or three times the warm-up
RATE = 0.01  # of the usual course
SCALE_RATE = 0.002
SETTLED_AFTER = timedelta(hours=24)
CLIP_FROM, CLIP_AT_FIRST, CLIP_LATER = 40, 60.0, 3.0  # what is learnt as usual reaches so many deviations out
TO_DEVIATION = 1.2533  # mean absolute to standard deviation, for a normal law
OFFSET_RATE = 0.005  # what moves more slowly than in 200 points is drift


class Shift:
    """Lasting departures from the usual course of the day; a new level is the usual one as soon as it is decided.

    The course that was learnt is kept through a change: only its level moves, at once where a change was decided, else so
    slowly that a change of twelve points to half a day is not lost in it.

    Args:
        one_in: alert where the statistic goes so high once in so many points.
        warm_up: points, and a day, before departures are cumulated; as many (three times as many where excursions are
            few) before the first score.
    """

    name: ClassVar[str] = "shift"
    label: ClassVar[str] = "đổi mức kéo dài"
    gravest: ClassVar[Severity] = "warning"  # the moment itself is for the other detectors to call
    adapts: ClassVar[bool] = True
    invariant: ClassVar[bool] = True

    def __init__(self, one_in: float = 20_000.0, warm_up: int = WARM_UP) -> None:
        self.one_in, self._warm_up = one_in, warm_up
        self._profile, self._scale = Profile(kinds=3, rate=RATE), FadingMeans(1, SCALE_RATE)
        self._tail, self._silence = Tail(), Silence()
        self._sides = (Side(), Side())  # rises, falls
        self._offset = 0.0  # of the level now against that of the course
        self._points, self._cumulated, self._peaks = 0, 0, 0
        self._first: datetime | None = None
        self._newest: datetime | None = None
        self._last_value = 0.0
        self._smallest_step = 0.0

    def score_one(self, moment: datetime, value: float | None) -> Score | None:
        """See `Detector.score_one`; the score is the larger of the two statistics, in standard deviations."""
        if value is None or not usable(value, moment, self._newest) or not self._ready:
            return None
        expected, z = self._departure(moment, value)
        side = self._sides[z < 0.0]
        strength = side.after(abs(z))
        one_in = self._one_in_of(strength)
        alert = self._decided(side, strength) and not self._silence.holds(self._points, moment)
        parts: dict[str, str | float] = {}
        if alert:
            n = side.n + 1
            parts = {"before": (side.expected + expected) / n, "after": (side.values + value) / n, "points": n}
        width = 2.0 * self._deviation()
        since = side.since or moment
        return Score(strength, expected, expected - width, expected + width, one_in, since, alert, parts)

    def learn_one(self, moment: datetime, value: float | None) -> None:
        """See `Detector.learn_one`."""
        if value is None or not usable(value, moment, self._newest):
            return
        expected, z = self._departure(moment, value)
        if self._settled(moment):
            self._cumulate(moment, value, expected, z)
        self._learn_usual(moment, value, expected)
        self._remember(moment, value)

    def _cumulate(self, moment: datetime, value: float, expected: float, z: float) -> None:
        self._cumulated += 1
        side = self._sides[z < 0.0]
        strength = side.after(abs(z))
        if self._ready and self._decided(side, strength):
            self._settle(side, moment, value, expected)
            return
        for one, sign in zip(self._sides, (1.0, -1.0), strict=True):
            if (peak := one.add(moment, value, expected, sign * z)) > LEAST_PEAK:
                self._tail.learn(peak)
                self._peaks += 1

    @property
    def _ready(self) -> bool:
        least = self._warm_up if self._tail.seen >= LEAST_PEAKS else PATIENCE * self._warm_up
        return self._cumulated >= least

    def _settled(self, moment: datetime) -> bool:
        return self._points >= self._warm_up and self._first is not None and moment - self._first >= SETTLED_AFTER

    def _departure(self, moment: datetime, value: float) -> tuple[float, float]:
        """What is expected, and how many standard deviations off the value is, clipped."""
        expected = self._profile.expected(moment) + self._offset if self._points else value
        ease = EASE if unusual_days(moment) else 1.0
        deviation = self._deviation()
        z = ease * (value - expected) / deviation if deviation > 0.0 else 0.0
        return expected, max(-CLIP, min(CLIP, z))

    def _deviation(self) -> float:
        return max(TO_DEVIATION * self._scale.mean[0], self._smallest_step)

    def _decided(self, side: Side, strength: float) -> bool:
        return side.n + 1 >= LEAST_POINTS and self._one_in_of(strength) >= self.one_in

    def _one_in_of(self, strength: float) -> float:
        """In points: how rare such a peak is among all, times the points it takes to have one."""
        return min(self._tail.one_in(strength) * self._cumulated / max(self._peaks, 1), RAREST)

    def _settle(self, side: Side, moment: datetime, value: float, expected: float) -> None:
        """The new level is the level, told or not."""
        if not self._silence.holds(self._points, moment):
            self._silence.begin(self._points, moment)
        self._offset += (side.values + value - side.expected - expected) / (side.n + 1)
        self._sides = (Side(), Side())

    def _learn_usual(self, moment: datetime, value: float, expected: float) -> None:
        off = value - expected
        if self._points >= CLIP_FROM:
            most = (CLIP_LATER if self._points >= self._warm_up else CLIP_AT_FIRST) * self._deviation()
            off = max(-most, min(most, off))
        self._scale.update(0, abs(off))
        self._profile.learn(moment, expected + off - self._offset)
        if self._points >= self._warm_up:
            self._offset += OFFSET_RATE * off

    def _remember(self, moment: datetime, value: float) -> None:
        step = abs(value - self._last_value) if self._points else 0.0
        if step > 0.0 and not 0.0 < self._smallest_step <= step:
            self._smallest_step = step
        self._first = self._first or moment
        self._newest, self._last_value = moment, value
        self._points += 1

    _KEPT = ("_offset", "_points", "_cumulated", "_peaks", "_first", "_newest", "_last_value", "_smallest_step")

    def to_state(self) -> State:
        """See `Detector.to_state`."""
        state: State = {name.lstrip("_"): getattr(self, name) for name in self._KEPT}
        state |= {"profile": self._profile.to_state(), "scale": self._scale.to_state()}
        state |= {"tail": self._tail.to_state(), "silence": self._silence.to_state()}
        return state | {"sides": [side.to_state() for side in self._sides]}

    def restore(self, state: State) -> None:
        """See `Detector.restore`."""
        for name in self._KEPT:
            setattr(self, name, state[name.lstrip("_")])
        self._profile.restore(state["profile"])
        self._scale.restore(state["scale"])
        self._tail.restore(state["tail"])
        self._silence.restore(state["silence"])
        for side, kept in zip(self._sides, state["sides"], strict=True):
            side.restore(kept)
