"""Deviation from what is expected, judged against all deviations of the series so far; one alert, then silence."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import ClassVar, NamedTuple, Protocol

from ioc.records import Severity
from models.base import WARM_UP, Score, State, usable
from models.days import EASE
from models.profile import unusual_days
from models.silence import Silence
from models.tail import Tail

USUAL_SHARE = 0.05  # the band holds 95 % of the past deviations, and a point rarer than that is a strange one
CLIP_EXCESSES = 4.0  # what lies further out is learnt as if it lay there
BROKEN_BY = timedelta(hours=3)  # a gap after which a deviation begins anew …
BROKEN_BY_POINTS = 3  # … or so many usual steps, for series slower than hourly
SETTLED_AFTER = timedelta(hours=24)


class Expectation(Protocol):
    """What a deviation is measured from."""

    def expected(self, moment: datetime) -> float:
        """The usual value at this moment."""

    def learn(self, moment: datetime, value: float) -> None:
        """Take one value in."""

    def to_state(self) -> State:
        """Plain data."""

    def restore(self, state: State) -> None:
        """Take over what `to_state` gave."""


class Judgement(NamedTuple):
    """What `score_one` found about a point, kept for the `learn_one` that follows it.

    Attributes:
        deviation: as it counts: |value - expected| times `ease`.
        ease: 1, less on days when nothing is as usual.
    """

    moment: datetime
    value: float
    expected: float
    deviation: float
    one_in: float
    ease: float


class Deviation:
    """|value - expected| against its own past.

    Args:
        expectation: where the expected value comes from.
        one_in: alert at points rarer than one in so many; 2000 is one false alarm a week on five-minute data at most.
        warm_up: points before the first score; a day must have passed, too.
    """

    gravest: ClassVar[Severity] = "critical"
    adapts: ClassVar[bool] = True
    invariant: ClassVar[bool] = True
    keeps_tet: ClassVar[bool] = True

    def __init__(self, expectation: Expectation, one_in: float = 2000.0, warm_up: int = WARM_UP) -> None:
        self._expectation = expectation
        self.one_in, self._warm_up = one_in, warm_up
        self._tail = Tail()
        self._silence = Silence()
        self._judged: Judgement | None = None
        self._points = 0
        self._first: datetime | None = None
        self._newest: datetime | None = None
        self._last_value = 0.0
        self._smallest_step = 0.0  # resolution of the series; keeps a one-digit flicker from being an event
        self._lowest = 0.0
        self._step = 0.0  # seconds, smoothed
        self._since: datetime | None = None  # start of the deviation that goes on

    def score_one(self, moment: datetime, value: float | None) -> Score | None:
        """See `Detector.score_one`; the score is the deviation in widths of the usual band."""
        if not usable(value, moment, self._newest) or not self._settled(moment):
            return None
        assert value is not None  # noqa: S101 - usable
        self._judged = judged = self._judge(moment, value)
        width = max(self._tail.quantile(USUAL_SHARE), self._smallest_step)
        expected = judged.expected
        reach = width / judged.ease
        low = expected - reach
        if self._lowest >= 0.0:
            low = max(low, 0.0)
        since = self._since if self._since and self._goes_on(moment) else moment
        own, alert = self._own_scale(judged, width), self._alerts(judged)
        return Score(own, expected, low, expected + reach, judged.one_in, since, alert, self._parts() if alert else {})

    def learn_one(self, moment: datetime, value: float | None) -> None:
        """See `Detector.learn_one`; a value far outside is learnt as if at the edge of what was seen."""
        if not usable(value, moment, self._newest):
            return
        assert value is not None  # noqa: S101 - usable
        judged, self._judged = self._judged, None
        if judged is None or judged.moment != moment or judged.value != value:
            judged = self._judge(moment, value)
        if self._settled(moment):
            self._follow(judged)
            reach = max(self._tail.quantile(USUAL_SHARE), self._smallest_step) + CLIP_EXCESSES * self._tail.mean_excess
        else:
            reach = self._tail.most(self._smallest_step)
        learnt = value
        if judged.deviation > reach:
            learnt = judged.expected + math.copysign(reach / judged.ease, value - judged.expected)
        self._tail.learn(judged.deviation, self._smallest_step)
        self._learn_more(judged)
        self._expectation.learn(moment, learnt)
        self._remember(moment, value)

    def _judge(self, moment: datetime, value: float) -> Judgement:
        expected = self._expectation.expected(moment) if self._points else value
        ease = EASE if self.keeps_tet and unusual_days(moment) else 1.0
        deviation = abs(value - expected) * ease
        return Judgement(moment, value, expected, deviation, self._rarity(value, value - expected, ease), ease)

    def _rarity(self, _value: float, residual: float, ease: float) -> float:
        return self._tail.one_in(abs(residual) * ease, self._smallest_step)

    def _own_scale(self, judged: Judgement, width: float) -> float:
        return judged.deviation / width

    def _parts(self) -> dict[str, str | float]:
        return {}

    def _learn_more(self, judged: Judgement) -> None:
        """For detectors that judge by more than the deviation."""

    def _alerts(self, judged: Judgement) -> bool:
        return judged.one_in >= self.one_in and not self._silence.holds(self._points, judged.moment)

    def _settled(self, moment: datetime) -> bool:
        return self._points >= self._warm_up and self._first is not None and moment - self._first >= SETTLED_AFTER

    def _goes_on(self, moment: datetime) -> bool:
        if self._newest is None:
            return False
        gap = (moment - self._newest).total_seconds()
        return gap < max(BROKEN_BY.total_seconds(), BROKEN_BY_POINTS * self._step)

    def _follow(self, judged: Judgement) -> None:
        if judged.one_in * USUAL_SHARE < 1.0:
            self._since = None
        elif self._since is None or not self._goes_on(judged.moment):
            self._since = judged.moment
        if self._alerts(judged):
            self._silence.begin(self._points, judged.moment)

    def _remember(self, moment: datetime, value: float) -> None:
        if self._newest is None:
            self._first, self._lowest = moment, value
        else:
            step = abs(value - self._last_value)
            if step > 0.0 and not 0.0 < self._smallest_step <= step:
                self._smallest_step = step
            self._lowest = min(self._lowest, value)
            self._step += ((moment - self._newest).total_seconds() - self._step) * max(1 / self._points, 0.05)
        self._newest, self._last_value = moment, value
        self._points += 1

    _KEPT = (
        *("_points", "_first", "_newest", "_last_value", "_smallest_step", "_lowest"),
        *("_step", "_since"),
    )

    def to_state(self) -> State:
        """See `Detector.to_state`."""
        own = {name.lstrip("_"): getattr(self, name) for name in self._KEPT}
        parts = (self._tail.to_state(), self._silence.to_state(), self._expectation.to_state())
        return own | dict(zip(("tail", "silence", "expectation"), parts, strict=True))

    def restore(self, state: State) -> None:
        """See `Detector.restore`."""
        for name in self._KEPT:
            setattr(self, name, state[name.lstrip("_")])
        self._tail.restore(state["tail"])
        self._silence.restore(state["silence"])
        self._expectation.restore(state["expectation"])
        self._judged = None
