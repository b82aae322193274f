"""`models.stuck` compiled: the same runs over one row of numbers, for the bank."""

from __future__ import annotations

import math

import numpy as np

from models import stuck
from models.base import LARGEST, RAREST, WARM_UP
from models.machine_code import njit

LEAST_POINTS, TIMES_LONGEST = stuck.LEAST_POINTS, stuck.TIMES_LONGEST
LEAST_MS = stuck.LEAST_TIME.total_seconds() * 1000.0
ONE_IN = 1e6
SCALARS = 12
REPEATS_N, REPEATS, LEVEL_N, LEVEL, LOWEST, HIGHEST, LONGEST, RUN, SINCE, ALERTED, VALUE, NEWEST = range(SCALARS)

Row = np.ndarray


@njit()
def begin(s: Row) -> None:
    """Set the numbers of a series that has seen nothing."""
    s[:SCALARS] = 0.0
    s[LONGEST] = 1.0


@njit()
def _one_in(s: Row, run: float) -> float:
    share = (s[REPEATS] * s[REPEATS_N] + 1.0) / (s[REPEATS_N] + 2.0)
    return min(math.exp(min(-math.log(share) * (run - 1.0), 40.0)), RAREST)


@njit()
def take(s: Row, ms: float, value: float, told: Row) -> bool:
    """Score a point and learn it; whether it alerts, and then `told` is the score."""
    known = s[LEVEL_N] > 0.0
    if not (abs(value) < LARGEST and (not known or ms > s[NEWEST])):
        return False
    same = known and value == s[VALUE]
    run, since = (s[RUN] + 1.0, s[SINCE]) if same else (1.0, ms)
    alert = False
    if s[LEVEL_N] >= WARM_UP and run >= LEAST_POINTS and run >= TIMES_LONGEST * s[LONGEST] and s[ALERTED] == 0.0:
        rarity = _one_in(s, run)
        alert = ms - since >= LEAST_MS and rarity >= ONE_IN
        if alert:
            told[0], told[1], told[2], told[3] = run / s[LONGEST], s[LEVEL], s[LOWEST], s[HIGHEST]
            told[4], told[5], told[6], told[7] = rarity, since, run, s[LONGEST]
            s[ALERTED] = 1.0
    if same:
        s[RUN] = run
    else:
        if s[ALERTED] == 0.0:
            s[LONGEST] = max(s[LONGEST], s[RUN])
        s[RUN], s[SINCE], s[ALERTED] = 1.0, ms, 0.0
    if known and s[ALERTED] == 0.0:
        s[REPEATS_N] += 1.0
        s[REPEATS] += ((1.0 if same else 0.0) - s[REPEATS]) / s[REPEATS_N]
    s[LOWEST] = min(s[LOWEST], value) if known else value
    s[HIGHEST] = max(s[HIGHEST], value) if known else value
    s[LEVEL_N] += 1.0
    s[LEVEL] += (value - s[LEVEL]) / s[LEVEL_N]
    s[VALUE], s[NEWEST] = value, ms
    return alert
