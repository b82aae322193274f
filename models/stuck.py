"""A stuck sensor: one value repeated for longer than chance and the series' own past allow."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import ClassVar

from river import stats

from ioc.records import Severity
from models.base import RAREST, WARM_UP, Score, State, usable

TIMES_LONGEST = 3  # a run must be this many times the longest so far
LEAST_POINTS = 24
LEAST_TIME = timedelta(hours=2)


class Stuck:
    """Runs of one value; with p the share of points that repeat the one before, a run of n is as rare as p^(n-1).

    Args:
        one_in: alert at runs rarer than one in so many.
        warm_up: points before the first score.
    """

    name: ClassVar[str] = "stuck"
    label: ClassVar[str] = "giá trị đứng yên"
    gravest: ClassVar[Severity] = "warning"  # a broken instrument is nobody's emergency
    adapts: ClassVar[bool] = False
    invariant: ClassVar[bool] = True

    def __init__(self, one_in: float = 1e6, warm_up: int = WARM_UP) -> None:
        self.one_in, self._warm_up = one_in, warm_up
        self._repeats = stats.Mean()  # share of points equal to the one before
        self._lowest, self._highest = stats.Min(), stats.Max()
        self._level = stats.Mean()
        self._longest = 1  # longest run that ended without an alert
        self._run = 0
        self._run_since: datetime | None = None
        self._alerted = False
        self._value: float | None = None
        self._newest: datetime | None = None

    def score_one(self, moment: datetime, value: float | None) -> Score | None:
        """See `Detector.score_one`; the score is the run's length in multiples of the longest run so far."""
        if not usable(value, moment, self._newest) or self._level.n < self._warm_up:
            return None
        run, since = (self._run + 1, self._run_since or moment) if value == self._value else (1, moment)
        one_in = self._one_in_of(run)
        parts: dict[str, str | float] = {"run": run, "longest": self._longest} if run >= LEAST_POINTS else {}
        level, low, high = self._level.get(), self._lowest.get(), self._highest.get()
        return Score(run / self._longest, level, low, high, one_in, since, self._alerts(run, since, moment), parts)

    def learn_one(self, moment: datetime, value: float | None) -> None:
        """See `Detector.learn_one`; a run that was an alert does not become the longest usual one."""
        if value is None or not usable(value, moment, self._newest):
            return
        same = value == self._value
        if same:
            run, since = self._run + 1, self._run_since or moment
            if self._level.n >= self._warm_up and self._alerts(run, since, moment):
                self._alerted = True
            self._run = run
        else:
            if not self._alerted:
                self._longest = max(self._longest, self._run)
            self._run, self._run_since, self._alerted = 1, moment, False
        if self._newest is not None and not self._alerted:
            self._repeats.update(float(same))
        self._value, self._newest = value, moment
        for stat in (self._level, self._lowest, self._highest):
            stat.update(value)

    def _alerts(self, run: int, since: datetime, moment: datetime) -> bool:
        """Whether a run of this length is told; once a run."""
        if run < LEAST_POINTS or run < TIMES_LONGEST * self._longest or self._alerted:
            return False
        return moment - since >= LEAST_TIME and self._one_in_of(run) >= self.one_in

    def _one_in_of(self, run: int) -> float:
        n = self._repeats.n
        share = (self._repeats.get() * n + 1.0) / (n + 2.0)  # Laplace's rule: never 0 or 1
        return float(min(math.exp(min(-math.log(share) * (run - 1), 40.0)), RAREST))

    def to_state(self) -> State:
        """See `Detector.to_state`."""
        return {
            "repeats": [self._repeats.n, self._repeats.get()],
            "level": [self._level.n, self._level.get()],
            "range": [self._lowest.get(), self._highest.get()] if self._run else [],
            "longest": self._longest,
            "run": self._run,
            "run_since": self._run_since,
            "alerted": self._alerted,
            "value": self._value,
            "newest": self._newest,
        }

    def restore(self, state: State) -> None:
        """See `Detector.restore`."""
        self._repeats = stats.Mean._from_state(*state["repeats"])
        self._level = stats.Mean._from_state(*state["level"])
        self._lowest, self._highest = stats.Min(), stats.Max()
        for bound in state["range"]:
            self._lowest.update(bound)
            self._highest.update(bound)
        self._longest, self._run, self._run_since = state["longest"], state["run"], state["run_since"]
        self._alerted, self._newest, self._value = state["alerted"], state["newest"], state["value"]
