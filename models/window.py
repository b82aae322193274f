"""The window of blocks that ADWIN believes to be alike, and the blocks before a change.

Bifet and Gavaldà 2007, "Learning from time-changing data with adaptive windowing": a window is cut where the means of its two
parts differ by more than chance allows at the confidence 1 - delta.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from river.drift import ADWIN

MOST_BLOCKS = 256  # two months of six hours; then the older half is forgotten


class Block(NamedTuple):
    """One aspect over a few hours.

    Attributes:
        squashed: mean of the departures, or of their sizes, brought to 0..1, for ADWIN.
        plain: the same in the metric's unit, for people.
        begun: seconds since 1970.
    """

    squashed: float
    plain: float
    begun: float


class Window:
    """The blocks that ADWIN believes to be alike; its state is a function of the blocks alone, so they are all that is kept."""

    def __init__(self) -> None:
        self._adwin: ADWIN | None = None
        self._delta = 0.0
        self.blocks: list[Block] = []

    def push(self, block: Block, delta: float) -> list[Block]:
        """Take a block in; gives the blocks before a change, none where nothing changed.

        ADWIN itself would drop its oldest blocks only, and tell the same change again for weeks: all before it go.
        """
        if self._adwin is None or delta != self._delta:
            self._rebuild(delta)
        assert self._adwin is not None  # noqa: S101 - just built
        self.blocks.append(block)
        self._adwin.update(block.squashed)
        if not self._adwin.drift_detected:
            if len(self.blocks) > MOST_BLOCKS:
                self.blocks = self.blocks[-MOST_BLOCKS // 2 :]
                self._rebuild(delta)
            return []
        at = _likeliest_cut([block.squashed for block in self.blocks])
        before, self.blocks = self.blocks[:at], self.blocks[at:]
        self._rebuild(delta)
        return before

    def _rebuild(self, delta: float) -> None:
        """An ADWIN that has seen these blocks and found no change in them."""
        while True:
            self._delta, self._adwin = delta, ADWIN(delta=delta, clock=1)
            for seen, block in enumerate(self.blocks, 1):
                self._adwin.update(block.squashed)
                if self._adwin.drift_detected:
                    self.blocks = self.blocks[max(seen - round(self._adwin.width), 1) :]
                    break
            else:
                return

    def restore(self, blocks: list[list[float]]) -> None:
        """Take over the blocks of another."""
        self.blocks, self._adwin = [Block(*block) for block in blocks], None


def rarity(before: list[float], after: list[float]) -> float:
    """1 / delta at which ADWIN's bound would just have cut between these two parts.

    The bound is |difference| = sqrt(2 v L / m) + 2 L / (3 m), L = ln(2 ln(n) / delta), m the harmonic sum of the lengths,
    v the variance of the whole (Bifet and Gavaldà 2007, section 3.2).
    """
    whole = [*before, *after]
    n, mean = len(whole), mean_of(whole)
    apart = abs(mean_of(before) - mean_of(after))
    variance = sum((x - mean) ** 2 for x in whole) / n
    m = 1.0 / (1.0 / len(before) + 1.0 / len(after))
    a, b = 2.0 / (3.0 * m), math.sqrt(2.0 * variance / m)
    root = (-b + math.sqrt(b * b + 4.0 * a * apart)) / (2.0 * a)
    return math.exp(min(root * root, 40.0)) / (2.0 * max(math.log(n), 1.0))


def _likeliest_cut(values: list[float]) -> int:
    """Where the two parts differ most, weighted by their lengths."""
    total, n, left, best = sum(values), len(values), 0.0, (0.0, 1)
    for at, value in enumerate(values[:-1], 1):
        left += value
        apart = abs(left / at - (total - left) / (n - at))
        best = max(best, (apart * math.sqrt(at * (n - at)), at))
    return best[1]


def mean_of(values: list[float]) -> float:
    """The plain mean of one value or more."""
    return sum(values) / len(values)
