"""How rare is this score? Each series against its own whole past, in a log histogram with an exponential upper tail.

With u the score that a fifth of the past exceeds and m the mean excess over it, P(score >= x) = 0.2 exp(-(x - u) / m)
for x > u (peaks over threshold with an exponential tail: Pickands 1975; shape 0).
"""

from __future__ import annotations

import math

from models.base import RAREST, State

TAIL_SHARE = 0.2
PER_E = 20  # buckets per factor e: each 5 % wide
LAST = 600  # buckets -600..600 span e^-30..e^30
HALVE_AT = 100_000  # a year of five-minute points; older ones then count half


class Tail:
    """Counts of past scores by logarithm; O(1) a point, at most 1201 buckets."""

    __slots__ = ("_above", "_buckets", "_edge", "_excess", "seen")

    def __init__(self) -> None:
        self.seen = 0.0
        self._buckets: dict[int, tuple[float, float]] = {}  # bucket -> (count, sum of scores)
        self._edge = -LAST  # the highest bucket below the tail
        self._above = 0.0
        self._excess = 0.0  # sum of the scores in the tail

    @property
    def start(self) -> float:
        """The score u where the tail begins."""
        return math.exp((self._edge + 1) / PER_E)

    @property
    def mean_excess(self) -> float:
        """The mean m of what tail scores exceed u by."""
        start = self.start
        return max(self._excess / self._above - start, 0.01 * start) if self._above > 0 else 0.05 * start

    def one_in(self, score: float, least_excess: float = 0.0) -> float:
        """How many points it takes to see such a score once, 1 to `RAREST`.

        Args:
            score: >= 0.
            least_excess: a lower bound for m, for series that hardly ever move.
        """
        start = self.start
        if score <= start or self.seen == 0:
            return 1.0 / (1.0 - (1.0 - TAIL_SHARE) * score / start) if score < start else 1.0 / TAIL_SHARE
        share = (self._above + 0.5) / (self.seen + 1.0)
        excess = (score - start) / max(self.mean_excess, least_excess)
        return min(math.exp(min(excess, 40.0)) / share, RAREST)

    def quantile(self, share: float) -> float:
        """The score that `share` (<= 0.2) of the points exceed."""
        return self.start + self.mean_excess * math.log(TAIL_SHARE / share)

    def learn(self, score: float) -> None:
        """Count one more score."""
        at = _bucket(score)
        count, total = self._buckets.get(at, (0.0, 0.0))
        self._buckets[at] = (count + 1.0, total + score)
        self.seen += 1.0
        if at > self._edge:
            self._above += 1.0
            self._excess += score
        self._move_edge()
        if self.seen >= HALVE_AT:
            self._halve()

    def _move_edge(self) -> None:
        limit, buckets = TAIL_SHARE * self.seen, self._buckets
        while self._above > limit:
            self._edge += 1
            count, total = buckets.get(self._edge, (0.0, 0.0))
            self._above -= count
            self._excess -= total
        while self._edge > -LAST:
            count, total = buckets.get(self._edge, (0.0, 0.0))
            if self._above + count > limit:
                break
            self._above += count
            self._excess += total
            self._edge -= 1

    def _halve(self) -> None:
        self._buckets = {at: (count / 2, total / 2) for at, (count, total) in self._buckets.items()}
        self.seen, self._above, self._excess = self.seen / 2, self._above / 2, self._excess / 2

    def to_state(self) -> State:
        """Plain data."""
        buckets = [[at, count, total] for at, (count, total) in self._buckets.items()]
        return {"seen": self.seen, "buckets": buckets, "edge": self._edge, "above": self._above, "excess": self._excess}

    def restore(self, state: State) -> None:
        """Take over what `to_state` gave."""
        self._buckets = {at: (count, total) for at, count, total in state["buckets"]}
        self.seen, self._edge, self._above, self._excess = (state[k] for k in ("seen", "edge", "above", "excess"))


def _bucket(score: float) -> int:
    if score <= 0.0:
        return -LAST
    return max(-LAST, min(LAST, math.floor(math.log(score) * PER_E)))
