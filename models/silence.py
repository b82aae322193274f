"""The silence after an alert: one event is told once, and a series that keeps alerting is told ever more rarely."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.base import State

POINTS, SHARE = 50, 0.035  # in points, and as a share of the points seen …
AT_MOST = timedelta(hours=48)  # … but never longer than two days …
AT_LEAST_POINTS = 8  # … except that some points must have come: two days are two points of a daily series


class Silence:
    """max(50, 3.5 % of the points seen) points after an alert, 8 points or two days at most.

    The share comes from the benchmark: without a silence the best standard score fell from 74 to 31, with a fixed 100
    points to 68; the two days cost less than half a point.
    """

    __slots__ = ("_at_least", "_points", "_until")

    def __init__(self) -> None:
        self._at_least = self._points = 0
        self._until: datetime | None = None

    def holds(self, points: int, moment: datetime) -> bool:
        """Whether to be silent at this moment, after so many points."""
        if self._until is None or points >= self._points:
            return False
        return points < self._at_least or moment < self._until

    def begin(self, points: int, moment: datetime) -> None:
        """An alert went out."""
        self._at_least = points + AT_LEAST_POINTS
        self._points = points + max(POINTS, int(SHARE * points))
        self._until = moment + AT_MOST

    def to_state(self) -> State:
        """Plain data."""
        return {"at_least": self._at_least, "points": self._points, "until": self._until}

    def restore(self, state: State) -> None:
        """Take over what `to_state` gave."""
        self._at_least, self._points, self._until = state["at_least"], state["points"], state["until"]
