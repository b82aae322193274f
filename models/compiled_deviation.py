"""`models.deviation` compiled, with what is usual and the shapes: `level`, `seasonal` and `shape` over rows of numbers."""

from __future__ import annotations

import math

import numpy as np

from models import compiled_nearest as nearest
from models import compiled_tail as tail
from models import deviation, silence
from models.base import LARGEST, WARM_UP
from models.days import EASE
from models.machine_code import njit
from models.nearest import OLDEST, WIDTH
from models.profile import HOURS, LEAN, SATURDAY

USUAL_SHARE, CLIP_EXCESSES, BROKEN_BY_POINTS = (
    deviation.USUAL_SHARE,
    deviation.CLIP_EXCESSES,
    deviation.BROKEN_BY_POINTS,
)
BROKEN_BY_S = deviation.BROKEN_BY.total_seconds()
SETTLED_MS = deviation.SETTLED_AFTER.total_seconds() * 1000.0
QUIET_POINTS, QUIET_SHARE, QUIET_LEAST = silence.POINTS, silence.SHARE, silence.AT_LEAST_POINTS
QUIET_MS = silence.AT_MOST.total_seconds() * 1000.0
RATE, LEVEL_RATE = 0.05, 0.01
NEVER = -1.0e300

LEVEL, SEASONAL, SHAPE = 1, 2, 3  # kinds of expectation
TAILS_OF = (0, 1, 1, 3)

# where things are in a row
POINTS, FIRST, NEWEST, LAST_VALUE, SMALLEST, LOWEST, STEP, SINCE, LEAST_UNTIL, QUIET_UNTIL, QUIET_MS_UNTIL, END = range(
    12
)
TAILS = 12
LEVEL_MEAN = TAILS + 3 * tail.SCALARS  # n, mean
HOUR_MEANS = LEVEL_MEAN + 2  # 24 times n, mean
CELLS = HOUR_MEANS + 2 * HOURS  # 7 x 24 times n, mean
SUMS = CELLS + 2 * 7 * HOURS
VALUES = SUMS + 3 * tail.BUCKETS
WIDTHS = (0, SUMS + tail.BUCKETS, SUMS + tail.BUCKETS, VALUES + 2 * nearest.ROOM)

Row = np.ndarray


@njit()
def begin(s: Row) -> None:
    """Set the numbers of a series that has seen nothing."""
    s[:] = 0.0
    s[SINCE] = s[QUIET_MS_UNTIL] = NEVER
    for k in range(3):
        tail.begin(s[TAILS + k * tail.SCALARS : TAILS + (k + 1) * tail.SCALARS])


@njit()
def _update(s: Row, at: int, value: float, rate: float, plain_until: float) -> None:
    s[at] += 1.0
    s[at + 1] += (value - s[at + 1]) * (1.0 / s[at] if s[at] <= plain_until else rate)


@njit()
def _shrunk(s: Row, at: int, parent: float) -> float:
    return (s[at] * s[at + 1] + LEAN * parent) / (s[at] + LEAN)


@njit()
def _goes_on(s: Row, ms: float) -> bool:
    return s[POINTS] > 0.0 and (ms - s[NEWEST]) / 1000.0 < max(BROKEN_BY_S, BROKEN_BY_POINTS * s[STEP])


@njit()
def _silent(s: Row, ms: float) -> bool:
    points = s[POINTS]
    if s[QUIET_MS_UNTIL] == NEVER or points >= s[QUIET_UNTIL]:
        return False
    return points < s[LEAST_UNTIL] or ms < s[QUIET_MS_UNTIL]


@njit()
def _remember(s: Row, ms: float, value: float) -> None:
    points = s[POINTS]
    if points == 0.0:
        s[FIRST], s[LOWEST] = ms, value
    else:
        step = abs(value - s[LAST_VALUE])
        if step > 0.0 and not 0.0 < s[SMALLEST] <= step:
            s[SMALLEST] = step
        s[LOWEST] = min(s[LOWEST], value)
        s[STEP] += ((ms - s[NEWEST]) / 1000.0 - s[STEP]) * max(1.0 / points, 0.05)
    s[NEWEST], s[LAST_VALUE] = ms, value
    s[POINTS] = points + 1.0


@njit()
def take(
    kind: int, s: Row, counts: Row, ms: float, value: float, when: Row, alert_from: float, told: Row, scratch: Row
) -> bool:
    """Score a point and learn it; whether it alerts, and then `told` is the score.

    Args:
        when: hour, weekday, 1 on days off, 1 around Tết.
        alert_from: the rarity from which on it is told.
    """
    points = s[POINTS]
    if not (abs(value) < LARGEST and (points == 0.0 or ms > s[NEWEST])):
        return False
    hour = HOUR_MEANS + 2 * when[0]
    off, ease, day = False, 1.0, when[1]
    if kind != SHAPE:  # nobody said of which country its series are
        off, ease = when[2] == 1, EASE if when[3] == 1 else 1.0
        day = 2 if off else 1 if day >= SATURDAY else 0
    cell = CELLS + 2 * (when[0] + HOURS * day)
    own = s[TAILS : TAILS + tail.SCALARS]
    smallest, end = s[SMALLEST], int(s[END])
    expected = value
    if points > 0.0:
        expected = s[LEVEL_MEAN + 1]
        if kind != LEVEL:
            expected = _shrunk(s, hour, expected)
            if off:
                expected = _shrunk(s, cell - 2 * HOURS, expected)
            expected = _shrunk(s, cell, expected)
    residual = value - expected
    far = abs(residual) * ease
    near = smallest / math.sqrt(WIDTH)
    raw = rest = math.nan
    if kind == SHAPE:
        raw = nearest.distance(s[VALUES : VALUES + nearest.ROOM], end, value, scratch)
        rest = nearest.distance(s[VALUES + nearest.ROOM : VALUES + 2 * nearest.ROOM], end, residual, scratch)
    first_tail, second_tail = (
        s[TAILS + tail.SCALARS : TAILS + 2 * tail.SCALARS],
        s[TAILS + 2 * tail.SCALARS : LEVEL_MEAN],
    )
    alert = False
    if points >= WARM_UP and ms - s[FIRST] >= SETTLED_MS:
        if kind == SHAPE:
            one_in = 1.0
            if not math.isnan(raw):
                one_in = max(tail.one_in(first_tail, raw, near), tail.one_in(second_tail, rest, near))
        else:
            one_in = tail.one_in(own, far, smallest)
        width = max(tail.quantile(own, USUAL_SHARE), smallest)
        goes_on = _goes_on(s, ms)
        alert = one_in >= alert_from and not _silent(s, ms)
        if alert:
            low = expected - width / ease
            told[0] = math.log10(one_in) if kind == SHAPE else far / width
            told[1], told[2], told[3] = expected, max(low, 0.0) if s[LOWEST] >= 0.0 else low, expected + width / ease
            told[4], told[5] = one_in, s[SINCE] if s[SINCE] != NEVER and goes_on else ms
            told[6], told[7] = WIDTH, min(points, OLDEST)
        if one_in * USUAL_SHARE < 1.0:
            s[SINCE] = NEVER
        elif s[SINCE] == NEVER or not goes_on:
            s[SINCE] = ms
        if alert:
            s[LEAST_UNTIL] = points + QUIET_LEAST
            s[QUIET_UNTIL] = points + max(QUIET_POINTS, int(QUIET_SHARE * points))
            s[QUIET_MS_UNTIL] = ms + QUIET_MS
        reach = width + CLIP_EXCESSES * own[tail.MEAN_EXCESS]
    else:
        reach = tail.most(own, smallest)
    learnt = value
    if far > reach:
        learnt = expected + math.copysign(reach / ease, residual)
    b = tail.BUCKETS
    tail.learn(own, counts[:b], s[SUMS : SUMS + b], far, smallest)
    if kind == SHAPE:
        if not math.isnan(raw):
            tail.learn(first_tail, counts[b : 2 * b], s[SUMS + b : SUMS + 2 * b], raw, near)
            tail.learn(second_tail, counts[2 * b : 3 * b], s[SUMS + 2 * b : SUMS + 3 * b], rest, near)
        nearest.push(s[VALUES : VALUES + nearest.ROOM], end, value)
        s[END] = nearest.push(s[VALUES + nearest.ROOM : VALUES + 2 * nearest.ROOM], end, residual)
    if kind != LEVEL:
        if not off:
            _update(s, hour, learnt, RATE, 20.0)
        _update(s, cell, learnt, RATE, 20.0)
    _update(s, LEVEL_MEAN, learnt, LEVEL_RATE, 100.0)
    _remember(s, ms, value)
    return alert
