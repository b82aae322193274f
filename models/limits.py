"""Breach of a regulatory limit: the mean over the regulation's own time against the limit valid on that day."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import ClassVar

from ioc.catalog.model import Limit
from models.base import PROVINCE_ZONE, Score, State, usable

HOURS = {"instant": 0, "1h": 1, "8h": 8, "24h": 24}  # a yearly mean is no matter for an alert
LEAST_SHARE = 0.75  # of the points a window should hold (TT 10/2021: 9 of 12 five-minute values)
QUIET = timedelta(hours=6)


class Window:
    """Mean of the values of the last hours; as many values as fit, at most a day of them."""

    def __init__(self, hours: int, cadence: timedelta) -> None:
        self.length = timedelta(hours=hours)
        self.capacity = max(1, round(self.length / cadence))
        self.points: deque[tuple[datetime, float]] = deque(maxlen=2 * self.capacity)

    def mean_with(self, moment: datetime, value: float) -> float | None:
        """The mean over the window that ends with this point, None with fewer than 75 % of its points."""
        if self.capacity == 1:
            return value
        kept = [v for t, v in self.points if t > moment - self.length]
        return (sum(kept) + value) / (len(kept) + 1) if len(kept) + 1 >= LEAST_SHARE * self.capacity else None

    def push(self, moment: datetime, value: float) -> None:
        """Take a point in and forget what is too old."""
        self.points.append((moment, value))
        while self.points[0][0] <= moment - self.length and len(self.points) > 1:
            self.points.popleft()


class Limits:
    """The worst breach of a metric's limits; rarity means nothing here, `one_in` is 0.

    Args:
        limits: of the metric, with the days they are valid on (the province's days).
        every_s: expected seconds between two points.
    """

    name: ClassVar[str] = "limits"

    def __init__(self, limits: Sequence[Limit] = (), every_s: int = 300) -> None:
        cadence = timedelta(seconds=every_s)
        self._limits = [limit for limit in limits if limit.averaging in HOURS]
        self._windows = {a: Window(HOURS[a], cadence) for a in sorted({limit.averaging for limit in self._limits})}
        self._newest: datetime | None = None
        self._since: datetime | None = None
        self._quiet_until: datetime | None = None

    def score_one(self, moment: datetime, value: float | None) -> Score | None:
        """See `Detector.score_one`; the score is mean / limit (limit / mean for a lower limit), alert above 1."""
        if not self._limits or value is None or not usable(value, moment, self._newest):
            return None
        day = moment.astimezone(PROVINCE_ZONE).date()
        found = [score for limit in self._limits if (score := self._against(limit, day, moment, value)) is not None]
        return max(found, key=lambda score: score.value, default=None)

    def learn_one(self, moment: datetime, value: float | None) -> None:
        """See `Detector.learn_one`."""
        if value is None or not usable(value, moment, self._newest):
            return
        score = self.score_one(moment, value)
        self._since = score.since if score is not None and score.value > 1.0 else None
        if score is not None and score.alert:
            self._quiet_until = moment + QUIET
        for window in self._windows.values():
            window.push(moment, value)
        self._newest = moment

    def _against(self, limit: Limit, day: date, moment: datetime, value: float) -> Score | None:
        if not limit.valid_from <= day <= limit.valid_to:
            return None
        mean = self._windows[limit.averaging].mean_with(moment, value)
        if mean is None:
            return None
        ratio, bound = _worst(limit, mean)
        breach = ratio > 1.0
        quiet = self._quiet_until is not None and moment < self._quiet_until
        low, high = (
            (limit.low if limit.low is not None else min(0.0, bound)),
            (bound if limit.high is None else limit.high),
        )
        parts: dict[str, str | float] = {
            "mean": mean,
            "limit": bound,
            "averaging": limit.averaging,
            "regulation": limit.regulation,
        }
        since = self._since if breach and self._since else moment
        return Score(ratio, bound, low, high, 0.0, since, breach and not quiet, parts)

    def to_state(self) -> State:
        """See `Detector.to_state`."""
        windows = {name: [list(point) for point in window.points] for name, window in self._windows.items()}
        return {"windows": windows, "newest": self._newest, "since": self._since, "quiet_until": self._quiet_until}

    def restore(self, state: State) -> None:
        """See `Detector.restore`."""
        for name, points in state["windows"].items():
            if name in self._windows:
                self._windows[name].points.extend((t, v) for t, v in points)
        self._newest, self._since, self._quiet_until = state["newest"], state["since"], state["quiet_until"]


def _worst(limit: Limit, mean: float) -> tuple[float, float]:
    """The breach ratio (above 1 is a breach) and the bound it is against."""
    ratios = []
    if limit.high is not None:
        ratios.append((max(mean, 0.0) / limit.high if limit.high > 0 else float(mean > limit.high) * 2.0, limit.high))
    if limit.low is not None:
        ratios.append((min(limit.low / mean, 1e6) if mean > 0 else 1e6 * (mean < limit.low), limit.low))
    return max(ratios, default=(0.0, 0.0))
