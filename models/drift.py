"""A gradual change: the distribution of departures from the usual course has moved (ADWIN), as with a fouling sensor.

Two windows of means over six hours are watched (`models.window`): of where the values lie, and of how far they scatter. The
usual course is learnt so slowly that it does not follow the drift.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import ClassVar

from ioc.records import Severity
from models.base import RAREST, WARM_UP, Score, State, usable
from models.days import EASE
from models.profile import FadingMeans, Profile, unusual_days
from models.window import Block, Window, mean_of, rarity

BLOCK = timedelta(hours=6)  # so long are departures averaged: neighbouring points are no independent witnesses
CAUTION = 100.0  # measured: steady series are cut at least so many times more rarely than ADWIN's bound says
LEVEL_RATE = 0.05
SLOW = 0.002  # rate of the usual course: of five-minute points 40 days of each hour
CLIP_FROM, CLIP_AT_FIRST, CLIP_LATER = 40, 60.0, 5.0  # what is learnt as usual reaches so many mean departures out
ASPECTS = ("level", "spread")


class Drift:
    """Slow changes of level or scatter, blocks of six hours against all before them that were alike.

    Args:
        one_in: a steady series is cut once in so many blocks; ADWIN's delta is `CAUTION` / one_in.
        warm_up: points before the usual course is known well enough.
    """

    name: ClassVar[str] = "drift"
    label: ClassVar[str] = "trôi dần khỏi nếp thường"
    gravest: ClassVar[Severity] = "warning"  # maintenance, not an emergency
    adapts: ClassVar[bool] = True
    invariant: ClassVar[bool] = True

    def __init__(self, one_in: float = 2000.0, warm_up: int = WARM_UP) -> None:
        self.one_in, self._warm_up = one_in, warm_up
        self._profile, self._scale = Profile(kinds=3, rate=SLOW, level_rate=SLOW), FadingMeans(1, SLOW)
        self._level = FadingMeans(1, LEVEL_RATE)  # of the departures: what has moved does not scatter for it
        self._windows = (Window(), Window())
        self._found: dict[str, str | float] = {}  # to be told with the next point
        self._sums, self._in_block = [0.0] * 4, 0
        self._block_since: datetime | None = None
        self._points = 0
        self._newest: datetime | None = None

    def score_one(self, moment: datetime, value: float | None) -> Score | None:
        """See `Detector.score_one`; the score is how far the blocks of the last day lie from the window, in usual departures."""
        if value is None or not usable(value, moment, self._newest) or self._points < self._warm_up:
            return None
        expected, scale = self._profile.expected(moment), self._scale.mean[0]
        width = 2.5 * scale
        if not self._found:
            return Score(self._far(), expected, expected - width, expected + width, 1.0, moment)
        parts = dict(self._found)
        since, one_in = datetime.fromtimestamp(float(parts.pop("since")), UTC), float(parts.pop("one_in"))
        return Score(self._far(), expected, expected - width, expected + width, one_in, since, alert=True, parts=parts)

    def learn_one(self, moment: datetime, value: float | None) -> None:
        """See `Detector.learn_one`."""
        if value is None or not usable(value, moment, self._newest):
            return
        off = value - self._profile.expected(moment) if self._points else 0.0
        self._found = {}
        if self._points >= self._warm_up:
            if self._block_since is None or moment - self._block_since >= BLOCK:
                self._close_block()
                self._block_since = moment
            counts = off * EASE if unusual_days(moment) else off
            size, scale = abs(counts - self._level.mean[0]), self._scale.mean[0]
            where, how_far = _squashed(counts, scale), _squashed(size, scale)
            for place, part in enumerate((0.5 + 0.5 * where, counts, how_far, size)):
                self._sums[place] += part
            self._in_block += 1
        if self._points >= CLIP_FROM:
            reach = (CLIP_LATER if self._points >= self._warm_up else CLIP_AT_FIRST) * self._scale.mean[0]
            off = max(-reach, min(reach, off))
        self._scale.update(0, abs(off))
        self._level.update(0, off)
        self._profile.learn(moment, self._profile.expected(moment) + off if self._points else value)
        self._newest = moment
        self._points += 1

    def _far(self) -> float:
        """The last day against the whole window of levels, in usual departures."""
        blocks, scale = self._windows[0].blocks, self._scale.mean[0]
        if not blocks or scale == 0.0:
            return 0.0
        last = blocks[-4:]
        return abs(mean_of([b.plain for b in last]) - mean_of([b.plain for b in blocks])) / scale

    def _close_block(self) -> None:
        if self._in_block == 0 or self._block_since is None:
            return
        means, begun = [total / self._in_block for total in self._sums], self._block_since.timestamp()
        points = self._in_block
        self._sums, self._in_block = [0.0] * 4, 0
        for place, (aspect, window) in enumerate(zip(ASPECTS, self._windows, strict=True)):
            before = window.push(Block(means[2 * place], means[2 * place + 1], begun), min(CAUTION / self.one_in, 0.5))
            if before and not self._found:
                self._found = self._told(aspect, before, window.blocks, points)

    def _told(self, aspect: str, before: list[Block], after: list[Block], points: int) -> dict[str, str | float]:
        was, is_now = (mean_of([block.plain for block in blocks]) for blocks in (before, after))
        blocks = max(CAUTION * rarity([b.squashed for b in before], [b.squashed for b in after]), self.one_in)
        one_in = blocks * points
        own: dict[str, str | float] = {"drift": aspect, "before": was, "after": is_now}
        return own | {"since": after[0].begun, "one_in": min(one_in, RAREST)}

    _KEPT = ("_found", "_sums", "_in_block", "_block_since", "_points", "_newest")

    def to_state(self) -> State:
        """See `Detector.to_state`."""
        state: State = {name.lstrip("_"): getattr(self, name) for name in self._KEPT}
        state |= {"sums": list(self._sums), "found": dict(self._found)}
        state |= {"profile": self._profile.to_state(), "scale": self._scale.to_state()}
        state["level"] = self._level.to_state()
        return state | {"windows": [[list(block) for block in window.blocks] for window in self._windows]}

    def restore(self, state: State) -> None:
        """See `Detector.restore`."""
        for name in self._KEPT:
            setattr(self, name, state[name.lstrip("_")])
        self._sums, self._found = list(state["sums"]), dict(state["found"])
        self._profile.restore(state["profile"])
        self._scale.restore(state["scale"])
        self._level.restore(state["level"])
        for window, blocks in zip(self._windows, state["windows"], strict=True):
            window.restore(blocks)


def _squashed(off: float, scale: float) -> float:
    """Between -1 and 1, half of it at the usual departure."""
    return off / (abs(off) + scale) if scale > 0.0 else 0.0
