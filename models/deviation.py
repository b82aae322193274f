"""Deviation from what is expected, judged against all deviations of the series so far; one alert, then silence."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Protocol

from models.base import Score, State, usable
from models.tail import Tail

USUAL_SHARE = 0.05  # the band holds 95 % of the past deviations
CLIP_EXCESSES = 4.0  # what lies further out is learnt as if it lay there
QUIET_POINTS, QUIET_SHARE = 50, 0.035  # silence after an alert, in points and as a share of the points seen …
QUIET_AT_MOST = timedelta(hours=24)  # … but never longer than a day
BROKEN_BY = timedelta(hours=3)  # a gap after which a deviation begins anew
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


class Deviation:
    """|value - expected| against its own past.

    Args:
        expectation: where the expected value comes from.
        one_in: alert at points rarer than one in so many; 2000 is one false alarm a week on five-minute data at most.
        warm_up: points before the first score; a day must have passed, too.
    """

    def __init__(self, expectation: Expectation, one_in: float = 2000.0, warm_up: int = 200) -> None:
        self._expectation = expectation
        self._one_in, self._warm_up = one_in, warm_up
        self._tail = Tail()
        self._points = 0
        self.late = 0
        self._first: datetime | None = None
        self._newest: datetime | None = None
        self._last_value = 0.0
        self._smallest_step = 0.0  # resolution of the series; keeps a one-digit flicker from being an event
        self._lowest = 0.0
        self._since: datetime | None = None  # start of the deviation that goes on
        self._quiet_points = 0
        self._quiet_until: datetime | None = None

    def score_one(self, moment: datetime, value: float | None) -> Score | None:
        """See `Detector.score_one`; the score is the deviation in widths of the usual band."""
        if not usable(value, moment, self._newest) or not self._settled(moment):
            return None
        assert value is not None  # noqa: S101 - usable
        expected = self._expectation.expected(moment)
        deviation = abs(value - expected)
        one_in = self._tail.one_in(deviation, self._smallest_step)
        width = max(self._tail.quantile(USUAL_SHARE), self._smallest_step)
        low = expected - width
        if self._lowest >= 0.0:
            low = max(low, 0.0)
        since = self._since if self._since and self._goes_on(moment) else moment
        alert = one_in >= self._one_in and not self._quiet(moment)
        return Score(deviation / width, expected, low, expected + width, one_in, since, alert)

    def learn_one(self, moment: datetime, value: float | None) -> None:
        """See `Detector.learn_one`; a value far outside is learnt as if at the edge of what was seen."""
        if not usable(value, moment, self._newest):
            self.late += value is not None and self._newest is not None and moment <= self._newest
            return
        assert value is not None  # noqa: S101 - usable
        expected = self._expectation.expected(moment) if self._points else value
        deviation = abs(value - expected)
        learnt = value
        if self._settled(moment):
            self._follow(moment, deviation)
            reach = max(self._tail.quantile(USUAL_SHARE), self._smallest_step) + CLIP_EXCESSES * self._tail.mean_excess
            learnt = expected + math.copysign(min(deviation, reach), value - expected)
        self._tail.learn(deviation)
        self._expectation.learn(moment, learnt)
        self._remember(moment, value)

    def _settled(self, moment: datetime) -> bool:
        return self._points >= self._warm_up and self._first is not None and moment - self._first >= SETTLED_AFTER

    def _quiet(self, moment: datetime) -> bool:
        return self._quiet_until is not None and moment < self._quiet_until and self._points < self._quiet_points

    def _goes_on(self, moment: datetime) -> bool:
        return self._newest is not None and moment - self._newest < BROKEN_BY

    def _follow(self, moment: datetime, deviation: float) -> None:
        if deviation <= max(self._tail.quantile(USUAL_SHARE), self._smallest_step):
            self._since = None
        elif self._since is None or not self._goes_on(moment):
            self._since = moment
        if self._tail.one_in(deviation, self._smallest_step) >= self._one_in and not self._quiet(moment):
            self._quiet_points = self._points + max(QUIET_POINTS, int(QUIET_SHARE * self._points))
            self._quiet_until = moment + QUIET_AT_MOST

    def _remember(self, moment: datetime, value: float) -> None:
        step = abs(value - self._last_value)
        if self._points and step > 0.0:
            self._smallest_step = min(self._smallest_step or step, step)
        self._lowest = min(self._lowest, value) if self._points else value
        self._first = self._first or moment
        self._newest, self._last_value = moment, value
        self._points += 1

    _KEPT = (
        *("_points", "late", "_first", "_newest", "_last_value", "_smallest_step", "_lowest"),
        *("_since", "_quiet_points", "_quiet_until"),
    )

    def to_state(self) -> State:
        """See `Detector.to_state`."""
        own = {name.lstrip("_"): getattr(self, name) for name in self._KEPT}
        return own | {"tail": self._tail.to_state(), "expectation": self._expectation.to_state()}

    def restore(self, state: State) -> None:
        """See `Detector.restore`."""
        for name in self._KEPT:
            setattr(self, name, state[name.lstrip("_")])
        self._tail.restore(state["tail"])
        self._expectation.restore(state["expectation"])
