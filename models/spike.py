"""A spike: one point that jumps away from the values around it and is back with the next, as a glitch of an instrument."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median
from typing import ClassVar

from ioc.records import Severity
from models.base import WARM_UP, Score, State, usable
from models.silence import Silence
from models.tail import Tail

NEAR = 9  # values before the suspect whose median is the local level
USUAL_SHARE = 0.05
BROKEN_BY = timedelta(hours=3)  # after a longer pause nothing is known of the local level …
BROKEN_BY_STEPS = 3.0  # … or so many usual steps, for series slower than hourly


class Spike:
    """How far a point stood out on its way up and on its way back; told at the point after it, when it is back.

    With m the median of the nine values before the suspect s, and x the value after it, the height is
    min(|s - m|, |s - x|) - |x - m| where s lies above or below both, else 0: a change of level has none, and half a
    return counts half. Heights are judged against all earlier ones of the series (`models.tail`).

    Args:
        one_in: alert at heights rarer than one in so many.
        warm_up: points before the first score.
    """

    name: ClassVar[str] = "spike"
    label: ClassVar[str] = "vọt rồi trở lại ngay"
    gravest: ClassVar[Severity] = "warning"  # one point that did not last is nobody's emergency
    adapts: ClassVar[bool] = True
    invariant: ClassVar[bool] = True

    def __init__(self, one_in: float = 2000.0, warm_up: int = WARM_UP) -> None:
        self.one_in, self._warm_up = one_in, warm_up
        self._tail, self._silence = Tail(), Silence()
        self._recent: list[float] = []  # the last NEAR + 1 values, the suspect at the end
        self._points = 0
        self._newest: datetime | None = None
        self._smallest_step = 0.0
        self._step = 0.0  # seconds, smoothed

    def score_one(self, moment: datetime, value: float | None) -> Score | None:
        """See `Detector.score_one`; the score is the height in widths of the usual band."""
        if value is None or not usable(value, moment, self._newest) or self._newest is None:
            return None
        if self._points < self._warm_up or not self._judges(moment):
            return None
        level, height = self._height(value)
        width = max(self._tail.quantile(USUAL_SHARE), self._smallest_step)
        one_in, alert = self._tail.one_in(height, self._smallest_step), self._alerts(moment, height)
        parts: dict[str, str | float] = {"spike": self._recent[-1]} if alert else {}
        since = self._newest if alert else moment
        return Score(height / width, level, level - width, level + width, one_in, since, alert, parts)

    def learn_one(self, moment: datetime, value: float | None) -> None:
        """See `Detector.learn_one`."""
        if value is None or not usable(value, moment, self._newest):
            return
        if self._judges(moment):
            _, height = self._height(value)
            if self._points >= self._warm_up and self._alerts(moment, height):
                self._silence.begin(self._points, moment)
            self._tail.learn(height, self._smallest_step)
        if self._newest is not None:
            self._remember(moment, value)
        self._recent = [*self._recent[-NEAR:], value]
        self._newest = moment
        self._points += 1

    def _judges(self, moment: datetime) -> bool:
        return len(self._recent) > NEAR and not self._broken(moment)

    def _broken(self, moment: datetime) -> bool:
        gap = (moment - self._newest).total_seconds() if self._newest else 0.0
        return gap >= max(BROKEN_BY.total_seconds(), BROKEN_BY_STEPS * self._step)

    def _height(self, value: float) -> tuple[float, float]:
        """The local level before the suspect, and how far the suspect stood out."""
        level, suspect = median(self._recent[:-1]), self._recent[-1]
        up, back = suspect - level, suspect - value
        if up * back <= 0.0:
            return level, 0.0
        return level, max(min(abs(up), abs(back)) - abs(value - level), 0.0)

    def _alerts(self, moment: datetime, height: float) -> bool:
        rare = self._tail.one_in(height, self._smallest_step) >= self.one_in
        return rare and not self._silence.holds(self._points, moment)

    def _remember(self, moment: datetime, value: float) -> None:
        if self._broken(moment):
            self._recent = []
        else:
            step = abs(value - self._recent[-1])
            if step > 0.0 and not 0.0 < self._smallest_step <= step:
                self._smallest_step = step
        assert self._newest is not None  # noqa: S101 - there was a point before
        self._step += ((moment - self._newest).total_seconds() - self._step) * max(1 / self._points, 0.05)

    def to_state(self) -> State:
        """See `Detector.to_state`."""
        return {
            "recent": list(self._recent),
            "points": self._points,
            "newest": self._newest,
            "smallest_step": self._smallest_step,
            "step": self._step,
            "tail": self._tail.to_state(),
            "silence": self._silence.to_state(),
        }

    def restore(self, state: State) -> None:
        """See `Detector.restore`."""
        self._recent, self._points, self._newest = list(state["recent"]), state["points"], state["newest"]
        self._smallest_step, self._step = state["smallest_step"], state["step"]
        self._tail.restore(state["tail"])
        self._silence.restore(state["silence"])
