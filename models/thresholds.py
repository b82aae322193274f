"""From the false alarms a week that people will bear to the rarity a detector alerts at, at the cadence of the series.

Rarities are of single points, and neighbouring ones are alike: how many points lie between two false alarms was measured
on clean series, see `bench/false_alarms.py`, which prints it again. Between two alarms lies the silence after the first, too.
"""

from __future__ import annotations

import math
from itertools import pairwise

from models.base import RAREST, Detector
from models.drift import BLOCK
from models.silence import AT_LEAST_POINTS, AT_MOST

WEEK_S = 604_800
CADENCE_S = 300  # that the shipped thresholds are for
LEAST_ONE_IN = 20.0  # a point of the usual band is no event, whatever people will bear

Curve = tuple[tuple[float, float], ...]

# by detector: one in so many points, and how many points lie between two false alarms beside the silence; the mean over
# independent, sluggish, Poisson and daily series of one, five and sixty minutes
MEASURED: dict[str, Curve] = {
    "shape": ((11.0, 100.0), (45.0, 450.0), (180.0, 2200.0), (720.0, 12_000.0)),
    "seasonal": ((125.0, 300.0), (500.0, 1800.0), (2000.0, 16_500.0)),
    "level": ((125.0, 300.0), (500.0, 2000.0), (2000.0, 21_000.0)),
    "spike": ((312.0, 1100.0), (1250.0, 14_000.0), (5000.0, 130_000.0)),
    "shift": ((1250.0, 1400.0), (5000.0, 6000.0), (20_000.0, 20_000.0), (80_000.0, 90_000.0)),
}


def one_in_for(detector: Detector, wish: float | None, every_s: int) -> float:
    """The threshold of a detector.

    Args:
        detector: a new one, with the threshold it is shipped with.
        wish: false alarms a week; None for no more than the shipped threshold costs on five-minute data: slower series
            keep that threshold and have fewer, faster ones get a higher one.
        every_s: expected seconds between two points.
    """
    curve = MEASURED.get(detector.name)
    if not detector.adapts or (wish is None and every_s >= CADENCE_S):
        return detector.one_in
    if wish is None:
        wish = false_alarms_per_week(detector, CADENCE_S)
    if curve is None:  # `drift` counts blocks of hours, which are independent of each other
        return min(max(_blocks_a_week(every_s) / wish, LEAST_ONE_IN), RAREST)
    between = WEEK_S / every_s / wish - _silent_points(every_s)
    return min(max(_along(tuple((wait, one_in) for one_in, wait in curve), between), LEAST_ONE_IN), RAREST)


def false_alarms_per_week(detector: Detector, every_s: int) -> float:
    """What the threshold of a statistical detector costs on clean data at this cadence."""
    curve = MEASURED.get(detector.name)
    if curve is None:
        return _blocks_a_week(every_s) / detector.one_in
    return WEEK_S / every_s / (_along(curve, detector.one_in) + _silent_points(every_s))


def _blocks_a_week(every_s: int) -> float:
    return WEEK_S / max(every_s, BLOCK.total_seconds())


def _silent_points(every_s: int) -> float:
    """After an alert, of a series that is no longer new."""
    return max(AT_LEAST_POINTS, AT_MOST.total_seconds() / every_s)


def _along(curve: Curve, x: float) -> float:
    """Straight lines between the points in logarithms; beyond them the first and last line go on."""
    x = math.log(max(x, 1.0))
    lines = list(pairwise((math.log(a), math.log(b)) for a, b in curve))
    (x0, y0), (x1, y1) = next((line for line in lines if x <= line[1][0]), lines[-1])
    return math.exp(y0 + (y1 - y0) * (x - x0) / (x1 - x0))
