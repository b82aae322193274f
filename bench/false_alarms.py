"""False alarms a week on clean series, by threshold: what `models.thresholds` was fitted to; `python -m bench.false_alarms`."""

from __future__ import annotations

import math
import sys
from datetime import UTC, datetime, timedelta

import numpy as np

from models import compiled, registry
from models.packed import local_times

START = datetime(2026, 3, 2, tzinfo=UTC)
WEEK_S = 604_800
KINDS = ("white", "sluggish", "counts", "daily")


def clean(kind: str, n: int, every_s: int, rng: np.random.Generator) -> np.ndarray:
    """A series without events, one decimal: independent, autoregressive (0.9), Poisson by day, Gaussian by day."""
    course = np.arange(n) * every_s / 86_400 * math.tau
    if kind == "counts":
        return rng.poisson(30 + 10 * np.sin(course)).astype(float)
    noise = rng.normal(0, 3, n)
    if kind == "sluggish":
        shocks = noise * math.sqrt(1 - 0.81)
        for at in range(1, n):
            noise[at] = 0.9 * noise[at - 1] + shocks[at]
    level = 30 + 10 * np.sin(course) + 4 * np.sin(2 * course) if kind == "daily" else 30.0
    return np.round(level + noise, 1)


def false_alarms(name: str, one_in: float, kind: str, every_s: int, weeks: float, series: int = 3) -> float:
    """Alarms a series and week of one detector at one threshold, from the first point on."""
    n, rng = int(weeks * WEEK_S / every_s), np.random.default_rng(1)
    courses = [clean(kind, n, every_s, rng) for _ in range(series)]
    run = _compiled if name in compiled.KINDS else _plain
    return run(name, one_in, every_s, courses) / (series * weeks)


def _compiled(name: str, one_in: float, every_s: int, courses: list[np.ndarray]) -> int:
    kind, n, alarms = compiled.KINDS[name], len(courses[0]), 0
    numbers, counts = compiled.width_of(kind)
    ms = (START.timestamp() * 1000 + 1000 * every_s * np.arange(n)).astype(np.int64)
    for course in courses:
        known, tallies, told = np.zeros((1, numbers)), np.zeros((1, counts), np.float32), np.empty((2 * n + 1, 10))
        compiled.begin(kind, known[0], tallies[0])
        found = compiled.take(
            kind, known, tallies, np.zeros(n, np.int64), ms.astype(float), course, local_times(ms), np.full(n, one_in), told
        )  # fmt: skip
        alarms += int((told[:found, 1] == 0.0).sum())
    return alarms


def _plain(name: str, one_in: float, every_s: int, courses: list[np.ndarray]) -> int:
    alarms = 0
    for course in courses:
        detector = registry.make(name)
        detector.one_in = one_in
        for row, value in enumerate(course.tolist()):
            moment = START + timedelta(seconds=every_s * row)
            score = detector.score_one(moment, value)
            alarms += score is not None and score.alert
            detector.learn_one(moment, value)
    return alarms


def main() -> None:
    """Print a line for each detector, cadence and threshold: alarms a week by kind of series."""
    for name in sys.argv[1:] or ("shape", "seasonal", "level", "spike", "shift"):
        shipped = registry.make(name).one_in
        for every_s, weeks in ((60, 3), (300, 6), (3600, 40)):
            for factor in (1 / 16, 1 / 4, 1, 4):
                series = 8 if name in compiled.KINDS and name != "shape" else 3
                found = [false_alarms(name, shipped * factor, kind, every_s, weeks, series) for kind in KINDS]
                by_kind = "  ".join(f"{kind} {rate:5.2f}" for kind, rate in zip(KINDS, found, strict=True))
                sys.stdout.write(f"{name:9} every {every_s:5} s  one in {shipped * factor:8.0f}:  {by_kind}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
