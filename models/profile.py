"""What is usual at this time of day and on this kind of day, from river's means.

A cell is an hour of the day on working days or at the weekend. Cells with little behind them lean on the hour over all
days, and that on the level of the series (empirical Bayes shrinkage: n observations weigh against `LEAN` of the parent).
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from river import stats

from models.base import PROVINCE_ZONE, State

LEAN = 6.0
SATURDAY = 5


class FadingMean:
    """A plain mean at first, an exponentially weighted one afterwards: rate max(1/n, rate).

    river's `EWMean` alone would let the first value weigh 36 % after 20 points at rate 0.05; `Mean` has no such bias, and
    hands over to `EWMean` when both move at the same rate.
    """

    __slots__ = ("_plain_until", "_rate", "_stat", "n")

    def __init__(self, rate: float) -> None:
        self._rate, self._plain_until = rate, round(1 / rate)
        self.n = 0
        self._stat: stats.Mean | stats.EWMean = stats.Mean()

    def get(self) -> float:
        """The mean, 0 before the first value."""
        return self._stat.get()  # type: ignore[no-any-return]

    def update(self, value: float) -> None:
        """Take one value in."""
        self.n += 1
        self._stat.update(value)
        if self.n == self._plain_until:
            self._fade(self._stat.get())

    def _fade(self, mean: float) -> None:
        self._stat = stats.EWMean(self._rate)
        self._stat.update(mean)

    def to_state(self) -> State:
        """Plain data."""
        return {"n": self.n, "mean": self.get()}

    def restore(self, state: State) -> None:
        """Take over what `to_state` gave."""
        self.n = state["n"]
        if self.n >= self._plain_until:
            self._fade(state["mean"])
        else:
            self._stat = stats.Mean._from_state(self.n, state["mean"])


class DayProfile:
    """The usual value by hour of the day and working day or weekend; 24 + 48 + 1 means, whatever the length."""

    __slots__ = ("_cells", "_hours", "_level", "_zone")

    def __init__(self, rate: float = 0.05, level_rate: float = 0.01, zone: tzinfo = PROVINCE_ZONE) -> None:
        self._zone = zone
        self._hours = [FadingMean(rate) for _ in range(24)]
        self._cells = [FadingMean(rate) for _ in range(48)]
        self._level = FadingMean(level_rate)

    def expected(self, moment: datetime) -> float:
        """The usual value at this moment."""
        local = moment.astimezone(self._zone)
        hour, cell = self._at(local)
        usual = (hour.n * hour.get() + LEAN * self._level.get()) / (hour.n + LEAN)
        return (cell.n * cell.get() + LEAN * usual) / (cell.n + LEAN)

    def learn(self, moment: datetime, value: float) -> None:
        """Take one value in."""
        hour, cell = self._at(moment.astimezone(self._zone))
        hour.update(value)
        cell.update(value)
        self._level.update(value)

    def _at(self, local: datetime) -> tuple[FadingMean, FadingMean]:
        return self._hours[local.hour], self._cells[local.hour + (24 if local.weekday() >= SATURDAY else 0)]

    def _means(self) -> list[FadingMean]:
        return [*self._hours, *self._cells, self._level]

    def to_state(self) -> State:
        """Plain data."""
        return {"means": [mean.to_state() for mean in self._means()]}

    def restore(self, state: State) -> None:
        """Take over what `to_state` gave."""
        for mean, kept in zip(self._means(), state["means"], strict=True):
            mean.restore(kept)


class Level:
    """The recent level, for series without a daily course."""

    __slots__ = ("_mean",)

    def __init__(self, rate: float = 0.01) -> None:
        self._mean = FadingMean(rate)

    def expected(self, moment: datetime) -> float:
        """The recent level."""
        return self._mean.get()

    def learn(self, moment: datetime, value: float) -> None:
        """Take one value in."""
        self._mean.update(value)

    def to_state(self) -> State:
        """Plain data."""
        return self._mean.to_state()

    def restore(self, state: State) -> None:
        """Take over what `to_state` gave."""
        self._mean.restore(state)
