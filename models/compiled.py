"""The compiled loop over a pack: each point of each series scored and learnt, alerts written down.

One implementation in Python that people read and analysts use (`models.shape` and its neighbours), and this one that the
bank runs; tests hold the two to the same scores.
"""

from __future__ import annotations

import numpy as np

from models import compiled_deviation as deviation
from models import compiled_stuck as stuck
from models import compiled_tail as tail
from models.machine_code import njit
from models.nearest import OLDEST

VERSION = 1  # of the layout and the parameters; a state of another version is refused
KINDS = {"level": deviation.LEVEL, "seasonal": deviation.SEASONAL, "shape": deviation.SHAPE}
TOLD = 10  # numbers of an alert: row of the pack, detector (0 the metric's own, 1 stuck), then value to since of `Score` and two parts

Row = np.ndarray


def width_of(kind: int) -> tuple[int, int]:
    """Numbers and counts that a series of this kind takes."""
    return stuck.SCALARS + deviation.WIDTHS[kind], tail.BUCKETS * deviation.TAILS_OF[kind]


@njit()
def begin(kind: int, numbers: Row, counts: Row) -> None:
    """Make the rows of one series those of a series that has seen nothing."""
    counts[:] = 0.0
    stuck.begin(numbers)
    if kind > 0:
        deviation.begin(numbers[stuck.SCALARS :])


@njit()
def take(
    kind: int, numbers: Row, counts: Row, row: Row, ms: Row, values: Row, when: Row, alert_from: Row, told: Row
) -> int:
    """Score and learn the points of a pack whose series are all of one kind.

    Args:
        kind: 1 `level`, 2 `seasonal`, 3 `shape`, each with `stuck`.
        numbers, counts: (series, numbers), (series, counts): what is known of each series.
        row: (points,) which series.
        ms: (points,) float, event times in milliseconds, ascending within a series.
        values: (points,).
        when: (points, 4) local hour, weekday, 1 on days off, 1 around Tết.
        alert_from: (points,) the rarity from which on the metric's own detector tells.
        told: (2 x points, `TOLD`) takes the alerts.

    Returns:
        The number of alerts.
    """
    scratch, found = np.empty(OLDEST), 0
    for i in range(row.shape[0]):
        own, tallies = numbers[row[i]], counts[row[i]]
        known, told_here = own[stuck.SCALARS :], told[found, 2:]
        if deviation.take(kind, known, tallies, ms[i], values[i], when[i], alert_from[i], told_here, scratch):
            told[found, 0], told[found, 1] = i, 0.0
            found += 1
        if stuck.take(own, ms[i], values[i], told[found, 2:]):
            told[found, 0], told[found, 1] = i, 1.0
            found += 1
    return found


def prepare() -> None:
    """Compile, or load what was compiled before; seconds the first time on a machine."""
    kind = deviation.SHAPE
    numbers, counts = width_of(kind)
    known, tallies = np.zeros((1, numbers)), np.zeros((1, counts), np.float32)
    begin(kind, known[0], tallies[0])
    one = np.zeros(1)
    take(
        kind,
        known,
        tallies,
        np.zeros(1, np.int64),
        one,
        one,
        np.zeros((1, 4), np.int64),
        np.full(1, np.inf),
        np.empty((3, TOLD)),
    )
