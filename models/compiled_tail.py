"""`models.tail` compiled: the same counts and rarities over rows of numbers, for the bank.

A tail is `SCALARS` numbers of a row, `BUCKETS` sums beside them, and as many counts in a row of 32-bit floats, which hold
whole and half counts up to `HALVE_AT` exactly.
"""

from __future__ import annotations

import math

import numpy as np

from models import tail
from models.base import RAREST
from models.machine_code import njit

LAST, PER_E, TAIL_SHARE, HALVE_AT = tail.LAST, tail.PER_E, tail.TAIL_SHARE, tail.HALVE_AT
CLIP_FROM, CLIP_EXCESSES, CLIP_HOLD = tail.CLIP_FROM, tail.CLIP_EXCESSES, tail.CLIP_HOLD
BUCKETS = 2 * LAST + 1
SCALARS = 9
SEEN, EDGE, ABOVE, EXCESS, HOLD, START, MEAN_EXCESS, FIRST, FINAL = range(SCALARS)

Row = np.ndarray


@njit(inline="always")
def _start(edge: float) -> float:
    return math.exp((edge + 1.0) / PER_E)


@njit()
def begin(s: Row) -> None:
    """Set the scalars of a tail that has seen nothing."""
    s[SEEN] = s[ABOVE] = s[EXCESS] = s[HOLD] = 0.0
    s[FIRST], s[FINAL] = 1.0, 0.0
    s[EDGE] = -LAST
    s[START] = _start(s[EDGE])
    s[MEAN_EXCESS] = 0.05 * s[START]


@njit()
def one_in(s: Row, score: float, least_excess: float) -> float:
    """See `Tail.one_in`."""
    start = s[START]
    if score <= start or s[SEEN] == 0.0:
        return 1.0 / (1.0 - (1.0 - TAIL_SHARE) * score / start) if score < start else 1.0 / TAIL_SHARE
    share = (s[ABOVE] + 0.5) / (s[SEEN] + 1.0)
    excess = (score - start) / max(s[MEAN_EXCESS], least_excess)
    return min(math.exp(min(excess, 40.0)) / share, RAREST)


@njit()
def quantile(s: Row, share: float) -> float:
    """See `Tail.quantile`."""
    return s[START] + s[MEAN_EXCESS] * math.log(TAIL_SHARE / share)


@njit()
def most(s: Row, least_excess: float) -> float:
    """See `Tail.most`."""
    if s[SEEN] < CLIP_FROM:
        return math.inf
    return s[START] + CLIP_EXCESSES * max(s[MEAN_EXCESS], least_excess)


@njit()
def learn(s: Row, counts: Row, sums: Row, score: float, least_excess: float) -> None:
    """See `Tail.learn`."""
    limit = most(s, least_excess)
    if score > limit:
        score = limit
        s[HOLD] = (s[HOLD] + 1.0) % CLIP_HOLD
        if s[HOLD] != 1.0:
            return
    else:
        s[HOLD] = 0.0
    at = -LAST if score <= 0.0 else max(-LAST, min(LAST, int(math.floor(math.log(score) * PER_E))))
    if s[FIRST] > s[FINAL]:
        s[FIRST] = s[FINAL] = at
        s[EDGE] = at - 1
    s[FIRST], s[FINAL] = min(s[FIRST], at), max(s[FINAL], at)
    counts[at + LAST] += 1.0
    sums[at + LAST] += score
    s[SEEN] += 1.0
    if at > s[EDGE]:
        s[ABOVE] += 1.0
        s[EXCESS] += score
    _move_edge(s, counts, sums)
    if s[SEEN] >= HALVE_AT:
        _halve(s, counts, sums)
    above, start = s[ABOVE], _start(s[EDGE])
    s[START] = start
    s[MEAN_EXCESS] = max(s[EXCESS] / above - start, 0.01 * start) if above > 0.0 else 0.05 * start


@njit()
def _move_edge(s: Row, counts: Row, sums: Row) -> None:
    limit, above, excess = TAIL_SHARE * s[SEEN], s[ABOVE], s[EXCESS]
    edge, first, final = int(s[EDGE]), int(s[FIRST]), int(s[FINAL])
    while above > limit and edge < final:
        edge += 1
        above -= counts[edge + LAST]
        excess -= sums[edge + LAST]
    while edge > first and above + counts[edge + LAST] <= limit:
        above += counts[edge + LAST]
        excess += sums[edge + LAST]
        edge -= 1
    s[EDGE], s[ABOVE], s[EXCESS] = edge, above, excess


@njit()
def _halve(s: Row, counts: Row, sums: Row) -> None:
    s[SEEN] /= 2.0
    s[ABOVE] = s[EXCESS] = 0.0
    for at in range(int(s[FIRST]) + LAST, int(s[FINAL]) + LAST + 1):
        counts[at] *= 0.5
        sums[at] *= 0.5
        if at - LAST > s[EDGE]:
            s[ABOVE] += counts[at]
            s[EXCESS] += sums[at]
