"""What a series' detectors find in made series, and how rarely they cry wolf on clean ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pytest

from ioc.catalog.model import Metric
from ioc.records import Anomaly
from models.reasons import Names
from models.registry import detectors_of
from models.series import Point, Series
from tests.models.made import DAY, FIVE_MINUTES, KINDS, START, WEEK, times, values

SEASONAL = Metric(id="m", name="M", names=["m"], units=["mg/L"])
METRICS = {"catalogued": SEASONAL, "unknown": None}
HISTORY = 2 * WEEK


def found(metric: Metric | None, series: Sequence[float], step: timedelta = FIVE_MINUTES) -> list[tuple[int, Anomaly]]:
    """The anomalies with the rows they are at."""
    book = Series(("s", "t", "m"), detectors_of(metric), Names("M", "T", 1))
    moments = times(len(series), step=step)
    return [
        (row, anomaly)
        for row, (moment, value) in enumerate(zip(moments, series, strict=True))
        for anomaly in book.take(Point(moment, value, str(row)), START)
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("known", METRICS)
def test_at_most_one_false_alarm_a_week_on_clean_series(known: str, kind: str) -> None:
    """Four weeks of five-minute values, several series; all detectors of a series together."""
    seeds = range(3)
    alarms = [anomaly for seed in seeds for _, anomaly in found(METRICS[known], values(4 * WEEK, seed + 100, kind))]
    assert len(alarms) <= 4 * len(seeds)
    assert sum(a.severity != "info" for a in alarms) <= len(seeds)


@pytest.mark.parametrize("known", METRICS)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_spike_is_found_at_once(known: str, seed: int) -> None:
    series = values(HISTORY + DAY, seed)
    series[HISTORY + 100] += 45.0
    hits = [(row, a) for row, a in found(METRICS[known], series) if HISTORY + 100 <= row < HISTORY + 108]
    assert [row for row, _ in hits] == [HISTORY + 100]
    assert hits[0][1].one_in > 100
    assert hits[0][1].value == series[HISTORY + 100]


@pytest.mark.parametrize("known", METRICS)
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_change_of_level_is_found_within_the_hour_and_told_rarely(known: str, seed: int, sign: int) -> None:
    series = values(HISTORY + 2 * DAY, seed)
    series[HISTORY:] = [v + sign * 25.0 for v in series[HISTORY:]]
    rows = [row for row, _ in found(METRICS[known], series) if row >= HISTORY]
    assert rows[0] < HISTORY + 12
    assert len(rows) <= 6  # two days of it, 576 points


@pytest.mark.parametrize("known", METRICS)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_stuck_sensor_is_found_once(known: str, seed: int) -> None:
    series = values(HISTORY + DAY, seed)
    series[HISTORY + 50 : HISTORY + 200] = [series[HISTORY + 49]] * 150
    stuck = [(row, a) for row, a in found(METRICS[known], series) if a.detector == "stuck"]
    assert len(stuck) == 1
    row, anomaly = stuck[0]
    assert row == HISTORY + 49 + 24  # two hours after the value that stayed
    assert anomaly.since == START + (HISTORY + 49) * FIVE_MINUTES
    assert anomaly.severity == "warning"


def test_a_counter_that_is_zero_every_night_is_not_stuck() -> None:
    rng = np.random.default_rng(1)
    busy = (np.arange(4 * WEEK) % DAY) >= 80
    series = np.where(busy, rng.poisson(40.0, 4 * WEEK), 0).astype(float).tolist()
    assert [a for _, a in found(SEASONAL, series) if a.detector == "stuck"] == []


@pytest.mark.parametrize("known", METRICS)
def test_a_quiet_night_is_no_reason_to_distrust_the_day(known: str) -> None:
    """Zero at night, busy by day, starting at night: the bands are right and nobody is woken twice a week."""
    rng = np.random.default_rng(2)
    course = np.maximum(0.0, 60.0 * np.sin((np.arange(4 * WEEK) % DAY - 80) / DAY * 2 * np.pi))
    series = rng.poisson(course).astype(float).tolist()
    assert len(found(METRICS[known], series)) <= 8


@pytest.mark.parametrize("known", METRICS)
def test_an_anomaly_is_not_learnt_as_normal(known: str) -> None:
    """A day far off, and the day after the expected value is nearly what it was."""
    series = values(HISTORY + 3 * DAY, seed=4)
    clean, dirty = list(series), list(series)
    dirty[HISTORY : HISTORY + DAY] = [v + 300.0 for v in series[HISTORY : HISTORY + DAY]]
    expected = []
    for one in (clean, dirty):
        book = Series(("s", "t", "m"), detectors_of(METRICS[known]), Names("M", "T", 1))
        moments = times(len(one))
        book.warm(moments[: HISTORY + 2 * DAY], one[: HISTORY + 2 * DAY])
        expected.append(book.scores(moments[HISTORY + 2 * DAY], 30.0)[0][1].expected)
    assert abs(expected[1] - expected[0]) < 12.0  # of 300


def test_a_daily_series_is_told_about_too() -> None:
    series = values(500, seed=6)
    series[450] += 60.0
    rows = [row for row, a in found(None, series, step=timedelta(days=1)) if row >= 440]
    assert rows == [450]
