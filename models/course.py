"""The daily course of several sensors: by how much each hour usually lies above or below the day, learnt a day at a time."""

from __future__ import annotations

import math
from datetime import datetime, tzinfo

import numpy as np

from models.base import PROVINCE_ZONE, State

LEAN = 3.0  # days that weigh against a course of nothing
DAYS = 14  # an hour's mean fades over so many days
HOURS = 24


class Course:
    """What to take off each sensor's value for the time of day.

    A finished hour gives one mean; so seconds and hours between points are the same to it, and a stretch within one day
    has no course. Between the middles of two hours the course is a straight line.

    Args:
        sensors: how many.
        zone: whose hours.
    """

    __slots__ = ("_days", "_hour", "_hours", "_n", "_shape", "_sum", "_zone")

    def __init__(self, sensors: int, zone: tzinfo = PROVINCE_ZONE) -> None:
        self._zone = zone
        self._hours = np.zeros((HOURS, sensors))  # mean of each hour of the day
        self._days = np.zeros((HOURS, sensors))  # finished hours behind it
        self._sum, self._n = np.zeros(sensors), np.zeros(sensors)  # of the hour under way
        self._shape = np.zeros((HOURS, sensors))
        self._hour = -1

    def at(self, moment: datetime) -> np.ndarray:
        """The course at a moment, (sensors,), in the metrics' units; 0 while nothing is known."""
        local = moment.astimezone(self._zone)
        place = (local.hour + local.minute / 60 + local.second / 3600 - 0.5) % HOURS
        first = math.floor(place)
        share = place - first
        result: np.ndarray = (1 - share) * self._shape[first % HOURS] + share * self._shape[(first + 1) % HOURS]
        return result

    def learn(self, moment: datetime, values: np.ndarray) -> None:
        """Take one vector in; NaN where a sensor has none."""
        hour = moment.astimezone(self._zone).hour
        if hour != self._hour:
            self._finish()
            self._hour = hour
        here = np.isfinite(values)
        self._sum[here] += values[here]
        self._n[here] += 1.0

    def _finish(self) -> None:
        here = self._n > 0
        if here.any():
            days = self._days[self._hour] + here
            means = self._sum / np.maximum(self._n, 1)
            rate = here / np.minimum(np.maximum(days, 1), DAYS)
            self._hours[self._hour] += rate * (means - self._hours[self._hour])
            self._days[self._hour] = np.minimum(days, DAYS)
            self._shape = self._against_the_day()
        self._sum[:], self._n[:] = 0.0, 0.0

    def _against_the_day(self) -> np.ndarray:
        """Hours less the mean of the known ones, leaning on 0, (24, sensors)."""
        known = self._days > 0
        level = (self._hours * known).sum(0) / np.maximum(known.sum(0), 1)
        shape: np.ndarray = (self._hours - level) * known * self._days / (self._days + LEAN)
        return shape

    def to_state(self) -> State:
        """Plain data."""
        arrays = {name: getattr(self, f"_{name}").tolist() for name in ("hours", "days", "sum", "n")}
        return arrays | {"hour": self._hour}

    def restore(self, state: State) -> None:
        """Take over what `to_state` gave."""
        for name in ("hours", "days", "sum", "n"):
            setattr(self, f"_{name}", np.array(state[name], float))
        self._hour, self._shape = state["hour"], self._against_the_day()
