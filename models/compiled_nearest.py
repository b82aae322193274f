"""`models.nearest` compiled: the distance of the last 8 values to all earlier runs of 8, directly, eight lanes at a time.

Without squares and anchor: a difference of two values loses no digits, equal shapes are at distance 0 exactly, and half
the memory has to be read.
"""

from __future__ import annotations

import math

import numpy as np

from models.machine_code import njit
from models.nearest import NEAREST, OLDEST, SPARE, WIDTH

KEPT = OLDEST + WIDTH - 1
ROOM = KEPT + SPARE

Row = np.ndarray


@njit(fastmath={"contract"}, error_model="numpy")
def _differences(past: Row, shape: Row, apart: Row) -> None:
    a, b, c, d, e, f, g, h = shape[0], shape[1], shape[2], shape[3], shape[4], shape[5], shape[6], shape[7]
    for i in range(apart.shape[0]):
        apart[i] = (
            ((past[i] - a) ** 2 + (past[i + 1] - b) ** 2)
            + ((past[i + 2] - c) ** 2 + (past[i + 3] - d) ** 2)
            + ((past[i + 4] - e) ** 2 + (past[i + 5] - f) ** 2)
            + ((past[i + 6] - g) ** 2 + (past[i + 7] - h) ** 2)
        )


@njit()
def distance(values: Row, end: int, value: float, scratch: Row) -> float:
    """See `Nearest.distance`; `values[:end]` is the memory, `values[end]` free, `scratch` holds `OLDEST` numbers."""
    shapes = min(end - 2 * WIDTH + 2, OLDEST - WIDTH + 1)
    if shapes < NEAREST:
        return math.nan
    values[end] = value
    newest = end - WIDTH + 1
    apart = scratch[:shapes]
    _differences(values[newest - shapes - WIDTH + 1 : newest], values[newest : end + 1], apart)
    first = second = third = math.inf
    for i in range(shapes):
        d = apart[i]
        if d < third:
            if d < first:
                first, second, third = d, first, second
            elif d < second:
                second, third = d, second
            else:
                third = d
    return (math.sqrt(first / WIDTH) + math.sqrt(second / WIDTH) + math.sqrt(third / WIDTH)) / NEAREST


@njit()
def push(values: Row, end: int, value: float) -> int:
    """Take one value in; gives the new end."""
    if end == ROOM - 1:
        for i in range(KEPT):
            values[i] = values[end - KEPT + i]
        end = KEPT
    values[end] = value
    return end + 1
