"""Breach of a regulatory limit: the mean over the regulation's own time against the limit valid on that day."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar, NamedTuple

from ioc.catalog.model import Limit
from ioc.records import Severity
from models.base import PROVINCE_ZONE, Score, State, usable

HOURS = {"instant": 0, "1h": 1, "8h": 8, "24h": 24}  # a yearly mean is no matter for an alert
LEAST_SHARE = 0.75  # of the points a window should hold (TT 10/2021: 9 of 12 five-minute values)
QUIET = timedelta(hours=6)
SLOW = {"8h", "24h"}  # such means stay above long after the air is clean, and waver about the limit …
QUIET_SLOW = timedelta(hours=24)  # … so that one breach is told once a day …
CLEAR = 0.9  # … until the mean was clearly below: 90 % of the limit
GRAVE = 1.5  # so many times the limit breaks the silence after a lesser breach
HIGHEST_RATIO = 1e6


class Window:
    """Mean of the values of the last hours, by a running sum; as many values as fit, twice the expected at most."""

    __slots__ = ("_added", "_sum", "_times", "_values", "capacity", "length")

    def __init__(self, hours: int, cadence: timedelta) -> None:
        self.length = timedelta(hours=hours)
        self.capacity = max(1, round(self.length / cadence))
        self._times: deque[datetime] = deque()
        self._values: deque[float] = deque()
        self._sum = 0.0
        self._added = 0

    def mean_with(self, moment: datetime, value: float) -> float | None:
        """The mean over the window that ends with this point, None with fewer than 75 % of its points."""
        if self.capacity == 1:
            return value
        held, total, oldest = len(self._times) + 1, self._sum, moment - self.length
        for at, old in zip(self._times, self._values, strict=True):
            if at > oldest:
                break
            held, total = held - 1, total - old
        return (total + value) / held if held >= LEAST_SHARE * self.capacity else None

    def push(self, moment: datetime, value: float) -> None:
        """Take a point in and forget what is too old."""
        times, values, oldest = self._times, self._values, moment - self.length
        while times and (times[0] <= oldest or len(times) >= 2 * self.capacity):
            times.popleft()
            self._sum -= values.popleft()
        times.append(moment)
        values.append(value)
        self._sum += value
        self._added += 1
        if self._added % self.capacity == 0:  # now and then anew, so that rounding cannot pile up
            self._sum = math.fsum(values)

    def to_state(self) -> State:
        """Plain data."""
        return {"times": list(self._times), "values": list(self._values), "sum": self._sum, "added": self._added}

    def restore(self, state: State) -> None:
        """Take over what `to_state` gave."""
        self._times, self._values = deque(state["times"]), deque(state["values"])
        self._sum, self._added = state["sum"], state["added"]


class Bound(NamedTuple):
    """A limit with the instants between which it is valid."""

    limit: Limit
    valid_from: datetime
    valid_until: datetime


class Limits:
    """The worst breach of a metric's limits; rarity means nothing here, `one_in` is 0.

    Args:
        limits: of the metric, with the days they are valid on (the province's days).
        every_s: expected seconds between two points.
    """

    name: ClassVar[str] = "limits"
    label: ClassVar[str] = "vượt giới hạn quy chuẩn"
    gravest: ClassVar[Severity] = "critical"
    adapts: ClassVar[bool] = False
    invariant: ClassVar[bool] = False

    def __init__(self, limits: Sequence[Limit] = (), every_s: int = 300) -> None:
        self.one_in = 0.0
        cadence = timedelta(seconds=every_s)
        self._bounds = [_bound(limit) for limit in limits if limit.averaging in HOURS]
        self._windows = {a: Window(HOURS[a], cadence) for a in sorted({b.limit.averaging for b in self._bounds})}
        self._newest: datetime | None = None
        self._since: datetime | None = None
        self._quiet_until: datetime | None = None
        self._told = 0.0  # the ratio that was told last
        self._cleared = True  # whether all means were clearly below since

    def score_one(self, moment: datetime, value: float | None) -> Score | None:
        """See `Detector.score_one`; the score is mean / limit (limit / mean for a lower limit), alert above 1."""
        if value is None or not usable(value, moment, self._newest):
            return None
        worst: Score | None = None
        for bound in self._bounds:
            if bound.valid_from <= moment < bound.valid_until:
                score = self._against(bound.limit, moment, value)
                if score is not None and (worst is None or score.value > worst.value):
                    worst = score
        return worst

    def learn_one(self, moment: datetime, value: float | None) -> None:
        """See `Detector.learn_one`."""
        if value is None or not usable(value, moment, self._newest):
            return
        score = self.score_one(moment, value)
        self._since = score.since if score is not None and score.value > 1.0 else None
        if score is not None:
            self._cleared = self._cleared or score.value < CLEAR
            if score.alert:
                self._quiet_until, self._told, self._cleared = moment + QUIET, score.value, False
        for window in self._windows.values():
            window.push(moment, value)
        self._newest = moment

    def _against(self, limit: Limit, moment: datetime, value: float) -> Score | None:
        mean = self._windows[limit.averaging].mean_with(moment, value)
        if mean is None:
            return None
        ratio, bound = _worst(limit, mean)
        breach = ratio > 1.0
        low = limit.low if limit.low is not None else min(0.0, bound)
        high = limit.high if limit.high is not None else max(bound, mean)
        since = self._since if breach and self._since else moment
        parts: dict[str, str | float] = {}
        if breach:
            parts = {"mean": mean, "limit": bound, "averaging": limit.averaging, "regulation": limit.regulation}
        return Score(
            ratio, bound, low, high, 0.0, since, breach and not self._quiet(moment, ratio, limit.averaging), parts
        )

    def _quiet(self, moment: datetime, ratio: float, averaging: str) -> bool:
        if self._quiet_until is None:
            return False
        until = self._quiet_until
        if averaging in SLOW and not self._cleared:
            until += QUIET_SLOW - QUIET
        return moment < until and not self._told <= GRAVE < ratio

    def to_state(self) -> State:
        """See `Detector.to_state`."""
        windows = {name: window.to_state() for name, window in self._windows.items()}
        own = {"newest": self._newest, "since": self._since, "quiet_until": self._quiet_until, "told": self._told}
        return own | {"cleared": self._cleared, "windows": windows}

    def restore(self, state: State) -> None:
        """See `Detector.restore`; windows of limits that are no longer in the catalogue are dropped."""
        for name, window in state["windows"].items():
            if name in self._windows:
                self._windows[name].restore(window)
        self._newest, self._since = state["newest"], state["since"]
        self._quiet_until, self._told = state["quiet_until"], state["told"]
        self._cleared = state.get("cleared", True)  # not in states of earlier versions


def _bound(limit: Limit) -> Bound:
    valid_from = datetime.combine(limit.valid_from, time(), PROVINCE_ZONE).astimezone(UTC)
    if limit.valid_to == date.max:
        return Bound(limit, valid_from, datetime.max.replace(tzinfo=UTC))
    end = datetime.combine(limit.valid_to + timedelta(days=1), time(), PROVINCE_ZONE)
    return Bound(limit, valid_from, end.astimezone(UTC))


def _worst(limit: Limit, mean: float) -> tuple[float, float]:
    """The breach ratio (above 1 is a breach) and the bound it is against."""
    ratios = []
    if limit.high is not None:
        over = max(mean, 0.0) / limit.high if limit.high > 0 else 2.0 * (mean > limit.high)
        ratios.append((over, limit.high))
    if limit.low is not None:
        under = min(limit.low / mean, HIGHEST_RATIO) if mean > 0 else HIGHEST_RATIO * (mean < limit.low)
        ratios.append((under, limit.low))
    return max(ratios, default=(0.0, 0.0))
