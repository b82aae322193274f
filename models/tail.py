"""How rare is this score? Each series against its own whole past, in a log histogram with an exponential upper tail.

With u the score that a fifth of the past exceeds and m the mean excess over it, P(score >= x) = 0.2 exp(-(x - u) / m)
for x > u (peaks over threshold with an exponential tail: Pickands 1975; shape 0). What lies absurdly far out counts as
nearer, and once, so that one glitch does not blind the series for months.
"""

from __future__ import annotations

import math
from array import array

from models.base import RAREST, State

TAIL_SHARE = 0.2
PER_E = 20  # buckets per factor e: each 5 % wide
LAST = 600  # buckets -600..600 span e^-30..e^30
HALVE_AT = 100_000  # a year of five-minute points; older ones then count half
CLIP_FROM = 40  # points after which the tail is known well enough to say what is the rarest
CLIP_EXCESSES = 60.0  # a score counts at most as so many mean excesses above u …
CLIP_HOLD = 8  # … and of such scores in a row one in so many counts
_START = [math.exp((edge + 1) / PER_E) for edge in range(-LAST, LAST + 1)]


class Tail:
    """Counts of past scores by logarithm; O(1) a point, at most 1201 buckets, allocated over the range that occurs.

    Attributes:
        seen: scores learnt; after `HALVE_AT` of them all counts are halved.
        start: the score u where the tail begins.
        mean_excess: the mean m of what tail scores exceed u by.
    """

    __slots__ = ("_above", "_counts", "_edge", "_excess", "_first", "_hold", "_sums", "mean_excess", "seen", "start")

    def __init__(self) -> None:
        self.seen = 0.0
        self._first = 0  # the bucket that the arrays begin with
        self._counts, self._sums = array("d"), array("d")
        self._edge = -LAST  # the highest bucket below the tail
        self._above = 0.0
        self._excess = 0.0  # sum of the scores in the tail
        self._hold = 0
        self._settle()

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

    def most(self, least_excess: float = 0.0) -> float:
        """What a score counts at most, infinite while too little is known."""
        if self.seen < CLIP_FROM:
            return math.inf
        return self.start + CLIP_EXCESSES * max(self.mean_excess, least_excess)

    def learn(self, score: float, least_excess: float = 0.0) -> None:
        """Count one more score; `least_excess` as in `one_in`."""
        if score > (most := self.most(least_excess)):
            score = most
            self._hold = (self._hold + 1) % CLIP_HOLD
            if self._hold != 1:
                return
        else:
            self._hold = 0
        at = _bucket(score)
        index = at - self._first
        if not 0 <= index < len(self._counts):
            index = self._make_room(at)
        self._counts[index] += 1.0
        self._sums[index] += score
        self.seen += 1.0
        if at > self._edge:
            self._above += 1.0
            self._excess += score
        self._move_edge()
        if self.seen >= HALVE_AT:
            self._halve()
        self._settle()

    def _settle(self) -> None:
        start = self.start = _START[self._edge + LAST]
        above = self._above
        self.mean_excess = max(self._excess / above - start, 0.01 * start) if above > 0.0 else 0.05 * start

    def _make_room(self, at: int) -> int:
        if not self._counts:
            self._first, self._edge = at, at - 1
        before, after = max(self._first - at, 0), max(at - self._first - len(self._counts) + 1, 0)
        self._first -= before
        self._counts = array("d", bytes(8 * before)) + self._counts + array("d", bytes(8 * after))
        self._sums = array("d", bytes(8 * before)) + self._sums + array("d", bytes(8 * after))
        return at - self._first

    def _move_edge(self) -> None:
        limit, counts, sums = TAIL_SHARE * self.seen, self._counts, self._sums
        edge, above, excess, last = self._edge - self._first, self._above, self._excess, len(counts) - 1
        while above > limit and edge < last:
            edge += 1
            above -= counts[edge]
            excess -= sums[edge]
        while edge > 0 and above + counts[edge] <= limit:
            above += counts[edge]
            excess += sums[edge]
            edge -= 1
        self._edge, self._above, self._excess = edge + self._first, above, excess

    def _halve(self) -> None:
        self._counts = array("d", [count / 2 for count in self._counts])
        self._sums = array("d", [total / 2 for total in self._sums])
        self.seen /= 2
        index = max(self._edge + 1 - self._first, 0)
        self._above, self._excess = math.fsum(self._counts[index:]), math.fsum(self._sums[index:])

    def to_state(self) -> State:
        """Plain data."""
        buckets = {"first": self._first, "counts": self._counts.tolist(), "sums": self._sums.tolist()}
        return buckets | {
            "seen": self.seen,
            "edge": self._edge,
            "above": self._above,
            "excess": self._excess,
            "hold": self._hold,
        }

    def restore(self, state: State) -> None:
        """Take over what `to_state` gave."""
        self._first = state["first"]
        self._counts, self._sums = array("d", state["counts"]), array("d", state["sums"])
        self.seen, self._edge, self._above, self._excess = (state[k] for k in ("seen", "edge", "above", "excess"))
        self._hold = state["hold"]
        self._settle()


def _bucket(score: float) -> int:
    if score <= 0.0:
        return -LAST
    return max(-LAST, min(LAST, math.floor(math.log(score) * PER_E)))
