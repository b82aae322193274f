"""Page's cumulated sum (1954) of one direction: S = max(0, S + z - k), and the excursion from zero that it is on."""

from __future__ import annotations

from datetime import datetime

from models.base import State

ALLOWANCE = 0.5  # k: departures of half a standard deviation are let pass


class Side:
    """The statistic of one direction, and what came since it was last at zero.

    Attributes:
        s, peak: the statistic and its highest value since it was last at zero, in standard deviations.
        n, values, expected: points since then, the sum of their values and of what was expected.
        since: the first of them.
    """

    __slots__ = ("expected", "n", "peak", "s", "since", "values")

    def __init__(self) -> None:
        self.s, self.peak, self.n, self.values, self.expected = 0.0, 0.0, 0, 0.0, 0.0
        self.since: datetime | None = None

    def after(self, z: float) -> float:
        """The statistic after one more departure."""
        return max(0.0, self.s + z - ALLOWANCE)

    def add(self, moment: datetime, value: float, expected: float, z: float) -> float:
        """Take a point in; gives how high the statistic went if it has just come down to zero, else 0."""
        self.s = self.after(z)
        if self.s == 0.0:
            ended, self.peak = self.peak, 0.0
            self.n, self.values, self.expected, self.since = 0, 0.0, 0.0, None
            return ended
        self.peak = max(self.peak, self.s)
        self.n += 1
        self.values += value
        self.expected += expected
        self.since = self.since or moment
        return 0.0

    def to_state(self) -> State:
        """Plain data."""
        return {name: getattr(self, name) for name in self.__slots__}

    def restore(self, state: State) -> None:
        """Take over what `to_state` gave."""
        for name in self.__slots__:
            setattr(self, name, state[name])
