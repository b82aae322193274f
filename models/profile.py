"""What is usual at this time of day and on this kind of day, or on this day of the week.

A cell is an hour of the day on one kind of day. Cells with little behind them lean on the hour over all days, and that
on the level of the series (empirical Bayes shrinkage: n observations weigh against `LEAN` of the parent). Official days off
may have cells of their own, which lean on the weekend's: Tết is no strange week, and the weekend after it no strange one.

The means are flat arrays, not 73 to 193 of river's objects a series (15 to 45 kB); a test holds them against river's.
"""

from __future__ import annotations

from array import array
from datetime import datetime, tzinfo
from functools import lru_cache

from models.base import PROVINCE_ZONE, State
from models.days import around_tet, day_off

LEAN = 6.0
SATURDAY = 5
HOURS = 24


class FadingMeans:
    """Means that are plain at first and exponentially weighted afterwards: rate max(1/n, rate).

    That is river's `Mean` handing over to `EWMean` when both move at the same rate; `EWMean` alone would let the first
    value weigh 36 % after 20 points at rate 0.05.
    """

    __slots__ = ("_plain_until", "_rate", "mean", "n")

    def __init__(self, cells: int, rate: float) -> None:
        self._rate, self._plain_until = rate, round(1 / rate)
        self.n = array("q", bytes(8 * cells))
        self.mean = array("d", bytes(8 * cells))

    def update(self, cell: int, value: float) -> None:
        """Take one value into one cell."""
        n = self.n[cell] = self.n[cell] + 1
        mean = self.mean[cell]
        self.mean[cell] = mean + (value - mean) * (1 / n if n <= self._plain_until else self._rate)

    def shrunk(self, cell: int, parent: float) -> float:
        """The mean of a cell, leaning on its parent while it has little behind it."""
        n = self.n[cell]
        return (n * self.mean[cell] + LEAN * parent) / (n + LEAN)

    def to_state(self) -> State:
        """Plain data."""
        return {"n": self.n.tolist(), "mean": self.mean.tolist()}

    def restore(self, state: State) -> None:
        """Take over what `to_state` gave."""
        self.n, self.mean = array("q", state["n"]), array("d", state["mean"])


class Profile:
    """The usual value by hour and kind of day, whatever the length of the series.

    Args:
        kinds: of days: 2 for working days and weekends, 3 for days off beside them, 7 for each day of the week.
        rate, level_rate: of the cells and hours, and of the level.
        zone: whose hours and days.
    """

    __slots__ = ("_cells", "_hours", "_kinds", "_level", "_zone")

    def __init__(
        self, kinds: int = 2, rate: float = 0.05, level_rate: float = 0.01, zone: tzinfo = PROVINCE_ZONE
    ) -> None:
        self._kinds, self._zone = kinds, zone
        self._hours = FadingMeans(HOURS, rate)
        self._cells = FadingMeans(HOURS * kinds, rate)
        self._level = FadingMeans(1, level_rate)

    def expected(self, moment: datetime) -> float:
        """The usual value at this moment."""
        hour, cell = _cell(moment, self._zone, self._kinds)
        usual = self._hours.shrunk(hour, self._level.mean[0])
        if self._is_off(cell):
            usual = self._cells.shrunk(cell - HOURS, usual)
        return self._cells.shrunk(cell, usual)

    def learn(self, moment: datetime, value: float) -> None:
        """Take one value in."""
        hour, cell = _cell(moment, self._zone, self._kinds)
        if not self._is_off(cell):
            self._hours.update(hour, value)
        self._cells.update(cell, value)
        self._level.update(0, value)

    def _is_off(self, cell: int) -> bool:
        return self._kinds == 3 and cell >= 2 * HOURS

    def to_state(self) -> State:
        """Plain data."""
        return {"hours": self._hours.to_state(), "cells": self._cells.to_state(), "level": self._level.to_state()}

    def restore(self, state: State) -> None:
        """Take over what `to_state` gave."""
        self._hours.restore(state["hours"])
        self._cells.restore(state["cells"])
        self._level.restore(state["level"])


class Level:
    """The recent level, for series without a daily course."""

    __slots__ = ("_mean",)

    def __init__(self, rate: float = 0.01) -> None:
        self._mean = FadingMeans(1, rate)

    def expected(self, moment: datetime) -> float:
        """The recent level."""
        return self._mean.mean[0]

    def learn(self, moment: datetime, value: float) -> None:
        """Take one value in."""
        self._mean.update(0, value)

    def to_state(self) -> State:
        """Plain data."""
        return self._mean.to_state()

    def restore(self, state: State) -> None:
        """Take over what `to_state` gave."""
        self._mean.restore(state)


@lru_cache(maxsize=1024)
def _cell(moment: datetime, zone: tzinfo, kinds: int) -> tuple[int, int]:
    """Hour and cell of a moment; cached because all series of a pack ask for the same few moments."""
    local = moment.astimezone(zone)
    kind = local.weekday() if kinds == 7 else int(local.weekday() >= SATURDAY)
    if kinds == 3 and day_off(local.toordinal()):
        kind = 2
    return local.hour, local.hour + HOURS * kind


@lru_cache(maxsize=1024)
def unusual_days(moment: datetime, zone: tzinfo = PROVINCE_ZONE) -> bool:
    """Whether the moment is around Tết."""
    return around_tet(moment.astimezone(zone).toordinal())
