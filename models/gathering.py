"""The values of a station that were measured at one time, gathered into one vector however they arrive.

A vector is complete when every metric that came for the vector before it is there, or when a later time begins. What comes
for a time that is complete already is late, and left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class Vector(NamedTuple):
    """One complete vector.

    Attributes:
        ms: event time, milliseconds since 1970.
        values: (metrics,), NaN where none came.
        ids: `event_id` of each reading, empty where none came.
        trigger: the event time of the reading that completed it.
    """

    ms: int
    values: np.ndarray
    ids: list[str]
    trigger: int


class Gathering:
    """Of one station.

    Args:
        metrics: how many.

    Attributes:
        newest: time of the newest complete vector, None before the first.
    """

    __slots__ = ("_ids", "_last", "_metrics", "_ms", "_values", "newest")

    def __init__(self, metrics: int) -> None:
        self._metrics = metrics
        self.newest: int | None = None
        self._last = [-1] * metrics  # time of each metric's newest reading, late ones too
        self._ms: int | None = None  # of the vector under way
        self._values, self._ids = np.empty(0), [""]

    def add(self, ms: int, metric: int, value: float, name: str) -> list[Vector] | None:
        """Take one reading in.

        Returns:
            The vectors that it completes, two at most; None for one that is late or there already.
        """
        self._last[metric] = max(self._last[metric], ms)
        under_way = self._ms
        if (self.newest is not None and ms <= self.newest) or (under_way is not None and ms < under_way):
            return None
        found = []
        if under_way is None or ms > under_way:
            if under_way is not None:
                found.append(self._complete(ms))
            self._ms, self._values, self._ids = ms, np.full(self._metrics, np.nan), [""] * self._metrics
        elif self._ids[metric]:
            return None
        self._values[metric], self._ids[metric] = value, name
        if self._is_complete():
            found.append(self._complete(ms))
        return found

    def _is_complete(self) -> bool:
        if self.newest is None:
            return all(self._ids)
        return all(name or last < self.newest for name, last in zip(self._ids, self._last, strict=True))

    def _complete(self, trigger: int) -> Vector:
        assert self._ms is not None  # noqa: S101 - a vector is under way
        vector = Vector(self._ms, self._values, self._ids, trigger)
        self.newest, self._ms = self._ms, None
        return vector

    def to_state(self) -> dict[str, int | Sequence[int] | None]:
        """Plain data; the vector under way is not in it: its readings come again."""
        return {"newest": self.newest, "last": self._last}

    def restore(self, newest: int, last: Sequence[int]) -> None:
        """Take over what `to_state` gave."""
        self.newest, self._last, self._ms = newest, list(last), None
