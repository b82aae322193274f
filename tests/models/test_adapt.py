"""Operators' feedback moves the thresholds of statistical detectors, compiled or not, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ioc.errors import ConfigurationError
from ioc.records import Anomaly
from models.bank import Bank
from models.base import RAREST
from models.book import LEAST_FACTOR, MOST_FACTOR, adapted
from models.registry import make
from models.series import Key
from tests.models.test_compiled import KEY, catalog_of, one_by_one, run, wild

STATISTICAL = ("level", "seasonal", "shape")


def found(detector: str, factor: float | None, seed: int = 1) -> list[Anomaly]:
    bank = Bank(catalog_of(detector))
    if factor is not None:
        bank.adapt({KEY: factor})
    return run(bank, wild(seed))


def of(detector: str, anomalies: list[Anomaly]) -> list[Anomaly]:
    return [a for a in anomalies if a.detector == detector]


@pytest.mark.parametrize("detector", STATISTICAL)
def test_a_higher_factor_means_rarer_alerts_and_leaves_the_others_alone(detector: str) -> None:
    shipped, fewer, more = (found(detector, factor) for factor in (None, 64.0, 1 / 8))
    assert found(detector, 1.0) == shipped
    assert len(of(detector, fewer)) <= len(of(detector, shipped)) <= len(of(detector, more))
    assert len(of(detector, fewer)) < len(of(detector, more))
    assert all(a.one_in >= 64.0 * make(detector).one_in for a in of(detector, fewer))
    for untouched in ("stuck", "limits"):
        assert of(untouched, fewer) == of(untouched, shipped) == of(untouched, more)


@pytest.mark.parametrize("detector", STATISTICAL)
@pytest.mark.parametrize("factor", [1 / 8, 3.0, 64.0])
def test_compiled_and_plain_detectors_are_adapted_alike(detector: str, factor: float) -> None:
    plain = one_by_one(detector, wild(2), factor)
    assert [a.event_id for a in found(detector, factor, 2)] == [a.event_id for a in plain]


def test_it_counts_at_once_and_what_is_not_named_is_as_shipped() -> None:
    readings = wild(1)
    bank, shipped = Bank(catalog_of("seasonal")), Bank(catalog_of("seasonal"))
    run(bank, readings[:600])
    run(shipped, readings[:600])
    bank.adapt({KEY: 64.0})
    silenced, told = run(bank, readings[600:1000]), run(shipped, readings[600:1000])
    assert {a.event_id for a in silenced} < {a.event_id for a in told}
    bank.adapt({("another", "series", "altogether"): 2.0})
    rest = of("seasonal", run(bank, readings[1000:]))
    assert min(a.one_in for a in rest) < 64 * make("seasonal").one_in


@pytest.mark.parametrize("detector", [*STATISTICAL, ""])
def test_a_factor_goes_with_its_series_to_another_bank(detector: str) -> None:
    readings = wild(1)
    stays, other, knows_better = (Bank(catalog_of(detector)) for _ in range(3))
    stays.adapt({KEY: 8.0})
    run(stays, readings[:800], 800)
    other.restore(stays.save())
    assert run(other, readings[800:]) == run(stays, readings[800:])
    knows_better.adapt({KEY: 1 / 8})
    knows_better.restore(stays.save())
    assert knows_better.save().column("state") != stays.save().column("state")


def test_a_factor_is_kept_for_a_series_that_has_not_come_yet_and_over_a_rebalance() -> None:
    readings = wild(1)
    bank = Bank(catalog_of("seasonal"))
    bank.adapt({KEY: 16.0})
    expected = run(bank, readings)
    assert expected == found("seasonal", 16.0)
    bank.forget([KEY])
    assert run(bank, readings) == expected
    bank.clear()
    assert run(bank, readings) == expected


def test_factors_are_bounded_and_a_threshold_stays_reachable() -> None:
    assert found("level", 1e9) == found("level", MOST_FACTOR)
    assert found("level", 1e-9) == found("level", LEAST_FACTOR)
    rare = make("level")
    rare.one_in = RAREST / 2
    assert adapted(rare, MOST_FACTOR) == RAREST


@pytest.mark.parametrize("factor", [0.0, -1.0, float("nan")])
def test_a_factor_that_is_no_positive_number_is_refused_as_a_whole(factor: float) -> None:
    bank, key = Bank(catalog_of("level")), ("nguon-la", "TRAM_1", "do_la")
    bank.adapt({key: 5.0})
    other: Key = ("nguon-la", "TRAM_2", "do_la")
    with pytest.raises(ConfigurationError, match=r"nguon-la/TRAM_2/do_la"):
        bank.adapt({key: 2.0, other: factor})
    assert run(bank, wild(3)) == found("level", 5.0, 3)


def test_a_pack_delivered_again_after_a_change_tells_what_it_told() -> None:
    readings = wild(1)
    bank = Bank(catalog_of("seasonal"))
    told = run(bank, readings)
    last = told[-1].observed_at
    bank.adapt({KEY: 64.0})
    again = run(bank, [r for r in readings if r.observed_at > last - timedelta(minutes=1)])
    assert told[-1] in again
