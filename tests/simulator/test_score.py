"""The arithmetic of scores, on examples done by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from simulator.incidents import Incident
from simulator.score import Found, score

NOON = datetime(2026, 11, 25, 5, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def incident(kind: str, station: str, metric: str, start: float, end: float, *related: str) -> Incident:
    return Incident(f"{kind}-{station}-{start}", kind, "env-stations", station, metric, at(start), at(end), "", related)


PLUME = incident("pm-plume", "A", "pm25", 0, 120, "pm10")
SECOND = incident("pm-plume", "B", "pm25", 0, 120, "pm10")
STUCK = incident("stuck", "A", "cod", 300, 500)


def test_by_hand() -> None:
    anomalies = [
        Found("A", "pm25", at(20)),  # finds PLUME after 20 minutes
        Found("A", "pm10", at(10)),  # … no, after 10: it shows in PM10 too
        Found("A", "pm25", at(149)),  # within the grace after its end
        Found("A", "pm25", at(151)),  # too late: false
        Found("A", "pm25", at(-1)),  # too early: false
        Found("C", "pm25", at(20)),  # nothing happened there: false
        Found("A", "cod", at(420)),  # finds STUCK after two hours
    ]
    told = score([PLUME, SECOND, STUCK], anomalies)
    assert told.kinds["pm-plume"] == (2, 1, 6, 3, 0.5, 0.5, 600.0)
    assert told.kinds["stuck"] == (1, 1, 1, 1, 1.0, 1.0, 7200.0)
    assert told.total == (3, 2, 7, 4, pytest.approx(2 / 3), pytest.approx(4 / 7), 3900.0)
    assert told.missed == [SECOND]
    assert told.false == anomalies[3:6]


def test_an_anomaly_in_two_incidents_finds_both_and_counts_once() -> None:
    longer = incident("so2-plume", "A", "so2", -30, 60, "pm25")
    told = score([PLUME, longer], [Found("A", "pm25", at(5))])
    assert told.total.detected == 2
    assert (told.total.anomalies, told.total.right) == (1, 1)
    assert told.kinds["so2-plume"].delay_s == 35 * 60


def test_nothing_found_and_nothing_there() -> None:
    blind = score([PLUME], [])
    assert blind.total == (1, 0, 0, 0, 0.0, None, None)
    assert blind.missed == [PLUME]
    calm = score([], [Found("A", "pm25", NOON)])
    assert calm.total == (0, 0, 1, 0, None, 0.0, None)
    assert calm.kinds == {}


def test_the_order_of_anomalies_does_not_matter() -> None:
    anomalies = [Found("A", "pm25", at(m)) for m in (90, 15, 40)]
    assert score([PLUME], anomalies).total.delay_s == score([PLUME], anomalies[::-1]).total.delay_s == 900


def test_the_grace_can_be_changed() -> None:
    late = [Found("A", "pm25", at(125))]
    assert score([PLUME], late, timedelta()).total.detected == 0
    assert score([PLUME], late, timedelta(minutes=5)).total.detected == 1
