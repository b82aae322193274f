"""How far is the shape of the last values from every shape in recent memory? Mean distance to the three nearest."""

from __future__ import annotations

import math

import numpy as np

from models.base import State

WIDTH = 8  # values that make a shape
OLDEST = 1500  # a shape is compared with those that end WIDTH to OLDEST points before it
NEAREST = 3  # one alone may be a chance, or an earlier anomaly
SPARE = 256  # points between two moves of the memory to the front of its array

_KEPT = OLDEST + WIDTH - 1  # values before the newest that a comparison reads


class Nearest:
    """Root-mean-square distance of the last 8 values to earlier runs of 8, neither scaled nor centred.

    |a - b|^2 = |a|^2 + |b|^2 - 2 a.b for all b at once is one correlation; the nearest three are then computed directly,
    so that equal shapes are at distance 0 exactly and rounding cannot pile up. Memory: 2 x 1763 numbers, 28 kB.
    """

    __slots__ = ("_anchor", "_end", "_squares", "_values")

    def __init__(self) -> None:
        self._values = np.zeros(_KEPT + SPARE)  # minus the anchor; [_end] is free for the value being judged
        self._squares = np.zeros(_KEPT + SPARE)  # of the shape that ends there
        self._end = 0
        self._anchor = 0.0  # the first value: what is far from zero would lose digits in the squares

    def distance(self, value: float) -> float:
        """Distance of the shape that this value would complete, NaN with fewer than three earlier ones."""
        end = self._end
        shapes = min(end - 2 * WIDTH + 2, OLDEST - WIDTH + 1)
        if shapes < NEAREST:
            return math.nan
        self._values[end] = value - self._anchor
        shape = self._values[end - WIDTH + 1 : end + 1]
        newest = end - WIDTH + 1  # one past where the newest shape to compare with ends
        past = self._values[newest - shapes - WIDTH + 1 : newest]
        apart = np.correlate(past, shape)
        apart *= -2.0
        apart += self._squares[newest - shapes : newest]
        return _mean_of_nearest(apart, past, shape)

    def push(self, value: float) -> None:
        """Take one value in."""
        if self._end == 0:
            self._anchor = value
        elif self._end == len(self._values) - 1:
            self._move()
        end = self._end
        self._values[end] = value - self._anchor
        if end >= WIDTH - 1:
            shape = self._values[end - WIDTH + 1 : end + 1]
            self._squares[end] = shape.dot(shape)
        self._end += 1

    def _move(self) -> None:
        start = self._end - _KEPT
        for row in (self._values, self._squares):
            row[:_KEPT] = row[start : self._end].copy()
        self._end = _KEPT

    def to_state(self) -> State:
        """Plain data."""
        start = max(self._end - _KEPT, 0)
        kept = slice(start, self._end)
        return {
            "anchor": self._anchor, "values": self._values[kept].tolist(), "squares": self._squares[kept].tolist(),
        }  # fmt: skip

    def restore(self, state: State) -> None:
        """Take over what `to_state` gave."""
        self._anchor, self._end = state["anchor"], len(state["values"])
        self._values[: self._end] = state["values"]
        self._squares[: self._end] = state["squares"]


def _mean_of_nearest(apart: np.ndarray, past: np.ndarray, shape: np.ndarray) -> float:
    """Mean distance of the three smallest; three times `argmin` is ten times as fast as a partition here."""
    total = 0.0
    for _ in range(NEAREST):
        at = int(apart.argmin())
        apart[at] = math.inf
        difference = past[at : at + WIDTH] - shape
        total += math.sqrt(difference.dot(difference) / WIDTH)
    return total / NEAREST
