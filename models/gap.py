"""A gap: the next point came much later than the rhythm of the series, regular or not, lets expect.

It is scored at the point that ends it. What is still absent has no point to be scored: that a source has fallen silent
is told by the rule on its freshness, while it lasts.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from ioc.records import Severity
from models.base import WARM_UP, Score, State, usable
from models.tail import Tail

TYPICAL_RATE = 0.02  # of the smoothed waiting time
LEAST_TIMES = 3.0  # one or two points missing are no gap


class Gap:
    """Waiting times between points, judged against all earlier ones; the tail may be no lighter than one of a chance process.

    A regular series has hardly any spread: there the mean excess counts as one usual waiting time, so that a gap of
    ten waiting times is as rare as one in 40,000 points, as it would be if points came by chance (exponential).

    Args:
        one_in: alert at gaps rarer than one in so many.
        warm_up: points before the first score.
    """

    name: ClassVar[str] = "gap"
    label: ClassVar[str] = "đứt quãng số đo"
    gravest: ClassVar[Severity] = "info"  # over by the time it is seen; the freshness rule calls people while it lasts
    adapts: ClassVar[bool] = False
    invariant: ClassVar[bool] = True

    def __init__(self, one_in: float = 20_000.0, warm_up: int = WARM_UP) -> None:
        self.one_in, self._warm_up = one_in, warm_up
        self._tail = Tail()
        self._points = 0
        self._usual_s = 0.0
        self._newest: datetime | None = None
        self._value = 0.0

    def score_one(self, moment: datetime, value: float | None) -> Score | None:
        """See `Detector.score_one`; the score is the waiting time in usual ones, the band goes from value to value."""
        if value is None or self._newest is None or not usable(value, moment, self._newest):
            return None
        if self._points < self._warm_up:
            return None
        waited = (moment - self._newest).total_seconds()
        one_in, times = self._tail.one_in(waited, self._usual_s), waited / self._usual_s
        alert = one_in >= self.one_in and times >= LEAST_TIMES
        parts: dict[str, str | float] = {"gap_s": waited, "usual_s": self._usual_s} if alert else {}
        low, high = min(value, self._value), max(value, self._value)
        return Score(times, self._value, low, high, one_in, self._newest if alert else moment, alert, parts)

    def learn_one(self, moment: datetime, value: float | None) -> None:
        """See `Detector.learn_one`; one long gap counts as a few usual waiting times in what is usual."""
        if value is None or not usable(value, moment, self._newest):
            return
        if self._newest is not None:
            waited = (moment - self._newest).total_seconds()
            least = self._usual_s or waited
            self._tail.learn(waited, least)
            clipped = min(waited, 5.0 * least)
            self._usual_s += (clipped - self._usual_s) * max(1 / self._points, TYPICAL_RATE)
        self._newest, self._value = moment, value
        self._points += 1

    def to_state(self) -> State:
        """See `Detector.to_state`."""
        own = {"points": self._points, "usual_s": self._usual_s, "newest": self._newest, "value": self._value}
        return own | {"tail": self._tail.to_state()}

    def restore(self, state: State) -> None:
        """See `Detector.restore`."""
        self._points, self._usual_s = state["points"], state["usual_s"]
        self._newest, self._value = state["newest"], state["value"]
        self._tail.restore(state["tail"])
