"""The compiled bank against the detectors one by one, and its states carried away and taken over."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import numpy as np
import pyarrow as pa
import pytest

from ioc.catalog.model import Catalog, Limit, Metric, Source
from ioc.packs import batch_of
from ioc.records import Anomaly, Reading
from models import compiled
from models.bank import Bank
from models.book import adapted
from models.packed import series_in
from models.reasons import Names
from models.registry import detectors_of
from models.series import Point, Series
from tests.models.made import START, packs, reading, times
from tests.models.test_detectors import eventful

NOW = START + timedelta(days=30)
KEY = ("nguon-la", "TRAM_1", "do_la")
LIMITS = [Limit(high=40.0, regulation="QCVN thử", averaging="1h")]
OF = {"level": LIMITS, "seasonal": [], "shape": LIMITS, "": LIMITS}


def catalog_of(detector: str) -> Catalog:
    metric = Metric(id="do_la", name="Đo", names=["x"], units=["mg/L"], detector=detector, limits=OF[detector])
    return Catalog(
        [], [], [], [Source(id="nguon-la", name="N", plan_row="0", agency="a", adapter="x", transport="import", metrics=[metric])]
    )  # fmt: skip


def wild(seed: int, n: int = 2600) -> list[Reading]:
    """Everything at once: events, gaps, irregular and repeated times, absurd values, ten decades."""
    rng = np.random.default_rng(seed)
    moments, series = eventful()
    moments = [*moments, *times(n - len(moments), moments[-1] + timedelta(minutes=5))]
    values = np.concatenate([series, 30 * np.exp(rng.normal(0, 0.3 * (seed % 3), n - len(series)).cumsum())])
    values[rng.integers(0, n, 12)] = rng.choice([1e12, -1e9, np.nan, np.inf, 1e200, 0.0], 12)
    values[rng.integers(300, n, 20)] *= 5.0
    late = [timedelta(seconds=int(s)) for s in rng.choice([0, 0, 0, 7, -7], n)]
    readings = [reading(m + by, float(v)) for m, by, v in zip(moments, late, values, strict=True)]
    return sorted(readings, key=lambda r: r.observed_at)


def one_by_one(detector: str, readings: list[Reading], factor: float = 1.0) -> list[Anomaly]:
    metric = catalog_of(detector).metrics["nguon-la", "do_la"]
    detectors = detectors_of(metric, 300)
    for one in detectors:
        one.one_in = adapted(one, factor)
    series = Series(KEY, detectors, Names.of(KEY, metric, None))
    found: dict[str, Anomaly] = {}
    for r in readings:
        for a in series.take(Point(r.observed_at, r.value or 0.0, r.event_id, r.unit, r.agency, r.area), NOW):
            found.setdefault(a.event_id, a)
    return list(found.values())


def run(bank: Bank, readings: list[Reading], size: int = 100) -> list[Anomaly]:
    return [anomaly for pack in packs(readings, size) for anomaly in bank.process(pack, NOW)]


def assert_same(found: list[Anomaly], expected: list[Anomaly]) -> None:
    assert [(a.event_id, a.since, a.severity, a.reason, a.evidence) for a in found] == [
        (a.event_id, a.since, a.severity, a.reason, a.evidence) for a in expected
    ]
    for ours, theirs in zip(found, expected, strict=True):
        for name in ("value", "expected", "low", "high", "score", "one_in"):
            assert getattr(ours, name) == pytest.approx(getattr(theirs, name), rel=1e-9)


@pytest.mark.parametrize("detector", OF)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_bank_is_the_detectors_one_by_one(detector: str, seed: int) -> None:
    readings = wild(seed)
    expected = one_by_one(detector, readings)
    assert len(expected) >= 3
    assert_same(run(Bank(catalog_of(detector)), readings), expected)


@pytest.mark.parametrize("detector", OF)
@pytest.mark.parametrize("cut", [1, 150, 705, 930, 1150, 2000])
def test_a_saved_series_goes_on_as_if_it_had_never_been_away(detector: str, cut: int) -> None:
    readings = wild(1)
    stays, other = Bank(catalog_of(detector)), Bank(catalog_of(detector))
    run(stays, readings[:cut], cut)
    assert other.restore(stays.save()) == [KEY]
    assert other.unknown(series_in(batch_of(readings[cut:]))) == []
    assert run(other, readings[cut - 60 if cut > 60 else 0 :]) == run(stays, readings[cut - 60 if cut > 60 else 0 :])
    assert other.save().column("newest") == stays.save().column("newest")


@pytest.mark.parametrize("detector", ["shape", "seasonal"])
def test_a_restored_series_is_warmed_with_what_came_later(detector: str) -> None:
    readings = [r for r in wild(2) if r.value is not None and np.isfinite(r.value)]
    stays, other = Bank(catalog_of(detector)), Bank(catalog_of(detector))
    run(stays, readings[:1000])
    other.restore(stays.save([KEY]))
    table = pa.Table.from_batches(packs(readings[500:1400], 10**6))
    other.warm(table)
    run(stays, readings[1000:1400])
    bare = [[msgspec.structs.replace(a, evidence=[]) for a in run(b, readings[1400:])] for b in (other, stays)]
    assert bare[0] == bare[1]


def test_states_that_do_not_fit_are_refused() -> None:
    bank = Bank(catalog_of("shape"))
    run(bank, wild(1)[:600])
    table = bank.save()
    older = table.set_column(4, "version", pa.array([compiled.VERSION - 1]))
    broken = table.set_column(5, "state", pa.array([table.column("state")[0].as_py()[:200]]))
    assert Bank(catalog_of("shape")).restore(older) == []
    assert Bank(catalog_of("shape")).restore(broken) == []
    other = Bank(catalog_of("seasonal"))
    assert other.restore(table) == []
    assert len(other) == 0
    assert bank.save([("a", "b", "c")]).num_rows == 0


def test_a_state_of_shape_is_small() -> None:
    bank = Bank(catalog_of("shape"))
    run(bank, wild(3))
    assert len(bank.save().column("state")[0].as_py()) <= 25_000


def test_a_forgotten_series_begins_anew() -> None:
    bank, readings = Bank(catalog_of("shape")), wild(1)
    run(bank, readings)
    bank.forget([KEY, ("a", "b", "c")])
    assert len(bank) == 0
    assert run(bank, readings) == run(Bank(catalog_of("shape")), readings)
