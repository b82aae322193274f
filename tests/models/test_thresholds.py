"""What people are asked to bear is about what they get."""

from __future__ import annotations

import numpy as np
import pytest

from bench.false_alarms import KINDS, false_alarms
from ioc.catalog.model import Metric
from models.base import RAREST
from models.registry import detectors_of, make, names
from models.thresholds import CADENCE_S, LEAST_ONE_IN, MEASURED, false_alarms_per_week, one_in_for

STATISTICAL = [name for name in names() if name != "limits" and make(name).adapts]
FIVE_MINUTES, HOUR, DAY = 300, 3600, 86_400


@pytest.mark.parametrize(
    ("wish", "every_s", "weeks"), [(0.5, FIVE_MINUTES, 8), (2.0, FIVE_MINUTES, 4), (0.1, HOUR, 60)]
)
@pytest.mark.parametrize("name", ["seasonal", "level"])
def test_false_alarms_on_clean_series_are_about_as_many_as_wished(
    name: str, wish: float, every_s: int, weeks: int
) -> None:
    one_in = one_in_for(make(name), wish, every_s)
    measured = [false_alarms(name, one_in, kind, every_s, weeks, series=20) for kind in KINDS]
    assert wish / 3 <= float(np.mean(measured)) <= 3 * wish
    assert max(measured) <= 4 * wish


@pytest.mark.parametrize("kind", KINDS)
def test_of_shapes_too(kind: str) -> None:
    one_in = one_in_for(make("shape"), 0.5, HOUR)
    assert 0.5 / 4 <= false_alarms("shape", one_in, kind, HOUR, 40) <= 4 * 0.5


@pytest.mark.parametrize("name", STATISTICAL)
def test_without_a_wish_five_minute_series_have_the_shipped_threshold(name: str) -> None:
    detector = make(name)
    assert one_in_for(detector, None, CADENCE_S) == one_in_for(detector, None, HOUR) == detector.one_in
    assert one_in_for(detector, None, 60) >= detector.one_in
    shipped = false_alarms_per_week(detector, CADENCE_S)
    assert one_in_for(detector, shipped, CADENCE_S) == pytest.approx(detector.one_in)
    assert 0.005 <= shipped <= 1.0


@pytest.mark.parametrize("name", STATISTICAL)
@pytest.mark.parametrize("every_s", [60, FIVE_MINUTES, HOUR, DAY])
def test_who_bears_more_is_told_more_and_the_threshold_stays_a_threshold(name: str, every_s: int) -> None:
    found = [one_in_for(make(name), wish, every_s) for wish in (0.001, 0.01, 0.1, 1.0, 10.0, 100.0)]
    assert found == sorted(found, reverse=True)
    assert found[0] > found[-1] >= LEAST_ONE_IN
    assert found[0] <= RAREST


@pytest.mark.parametrize("name", MEASURED)
def test_slower_series_need_a_lower_threshold_for_as_many_a_week(name: str) -> None:
    found = [one_in_for(make(name), 0.1, every_s) for every_s in (60, FIVE_MINUTES, HOUR, DAY)]
    assert found == sorted(found, reverse=True)
    assert found[0] > 2 * found[1] > 4 * found[2]


def test_a_metric_says_what_people_will_bear_and_only_statistics_listen() -> None:
    metric = Metric(id="m", name="M", names=["m"], units=["u"], beside=["stuck", "gap"], false_alarms_per_week=1.0)
    own, stuck, gap = detectors_of(metric, FIVE_MINUTES)
    assert own.one_in == one_in_for(make("seasonal"), 1.0, FIVE_MINUTES) < make("seasonal").one_in
    assert (stuck.one_in, gap.one_in) == (make("stuck").one_in, make("gap").one_in)
