"""The bank: packs in, anomalies out, the same ones however the readings arrive."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import msgspec
import pyarrow as pa
import pytest

from ioc.catalog.load import load_catalog
from ioc.catalog.model import Catalog, Metric, Source
from ioc.errors import ConfigurationError
from ioc.packs import arrow_schema, batch_of
from ioc.records import Anomaly, Reading, event_id
from models.bank import Bank
from models.packed import series_in
from models.series import EVIDENCE
from tests.models.made import DAY, FIVE_MINUTES, START, packs, reading, times, values

N = 900
NOW = START + timedelta(days=30)
KEY = ("nguon-la", "TRAM_1", "do_la")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The shipped one."""
    return load_catalog()


def eventful(seed: int = 1, station: str = "TRAM_1", **of: str) -> list[Reading]:
    """Three days with a spike and a stuck stretch."""
    series = values(N, seed)
    series[500 + seed] += 70.0
    series[700:760] = [31.4] * 60
    return [reading(m, v, station=station, **of) for m, v in zip(times(N), series, strict=True)]  # type: ignore[arg-type]


def run(bank: Bank, readings: Sequence[Reading], size: int = 500) -> list[Anomaly]:
    return [anomaly for pack in packs(readings, size) for anomaly in bank.process(pack, NOW)]


def history(readings: Sequence[Reading]) -> pa.Table:
    """What ClickHouse would give of them, by series and time."""
    columns = ["source", "station", "metric", "observed_at", "value"]
    table = pa.Table.from_batches(packs(readings, 10**6), arrow_schema("readings")).select(columns)
    return table.sort_by([(name, "ascending") for name in columns[:4]])


def test_anomalies_are_found_with_everything_a_person_needs(catalog: Catalog) -> None:
    readings = eventful()
    found = run(Bank(catalog), readings)
    spike = next(a for a in found if a.observed_at == START + 501 * FIVE_MINUTES)
    assert spike.event_id == event_id(*KEY, spike.observed_at, "shape")
    assert (spike.source, spike.station, spike.metric) == KEY
    assert (spike.value, spike.unit, spike.agency, spike.area) == (readings[501].value, "mg/L", "so-nnmt", "38")
    assert spike.low <= spike.expected <= spike.high < spike.value
    assert spike.received_at == NOW
    assert "TRAM_1" in spike.reason
    assert "mg/L" in spike.reason
    assert any(a.detector == "stuck" for a in found)
    assert batch_of(found).num_rows == len(found)


def test_evidence_is_the_readings_since_it_began(catalog: Catalog) -> None:
    readings = eventful()
    ids = {r.observed_at: r.event_id for r in readings}
    for anomaly in run(Bank(catalog), readings):
        since = [i for moment, i in ids.items() if anomaly.since <= moment <= anomaly.observed_at]
        assert anomaly.evidence == since[-EVIDENCE - 1 :]


def test_history_and_stream_together_find_what_the_stream_alone_finds(catalog: Catalog) -> None:
    readings = eventful()
    whole = run(Bank(catalog), readings)
    for cut in (1, 250, 480, 505, 730):
        bank, before = Bank(catalog), readings[:cut]
        bank.warm(history(before), [KEY])
        rest = run(bank, readings[cut:])
        expected = [a for a in whole if a.observed_at >= readings[cut].observed_at]
        assert [msgspec.structs.replace(a, evidence=[]) for a in rest] == [
            msgspec.structs.replace(a, evidence=[]) for a in expected
        ]


@pytest.mark.parametrize("size", [1, 7, 500, 100_000])
def test_the_size_of_packs_does_not_matter(catalog: Catalog, size: int) -> None:
    readings = eventful()
    assert run(Bank(catalog), readings, size) == run(Bank(catalog), readings, 50)


def test_a_pack_delivered_again_gives_the_same_anomalies(catalog: Catalog) -> None:
    bank = Bank(catalog)
    for pack in packs(eventful(), 300):
        assert bank.process(pack, NOW) == bank.process(pack, NOW + timedelta(hours=1))


def test_a_pack_delivered_again_to_another_worker_gives_the_same_identities(catalog: Catalog) -> None:
    readings = eventful()
    first = run(Bank(catalog), readings)
    other = Bank(catalog)
    run(other, readings[:600])
    other.clear()
    assert other.unknown(series_in(batch_of(readings[450:]))) == [KEY]
    other.warm(history(readings[:450]))
    assert {a.event_id for a in run(other, readings[450:])} == {
        a.event_id for a in first if a.observed_at >= readings[450].observed_at
    }


def test_series_do_not_disturb_each_other(catalog: Catalog) -> None:
    stations = [eventful(seed, f"TRAM_{seed}") for seed in range(1, 5)]
    mixed = [r for together in zip(*stations, strict=True) for r in together]
    alone = [a for readings in stations for a in run(Bank(catalog), readings)]
    by_id = {a.event_id: a for a in run(Bank(catalog), mixed)}
    assert by_id == {a.event_id: a for a in alone}


def test_order_within_a_pack_is_that_of_event_time(catalog: Catalog) -> None:
    readings = eventful()
    shuffled = random.Random(3).sample(readings, len(readings))
    assert run(Bank(catalog), shuffled, N) == run(Bank(catalog), readings, N)


def test_late_readings_change_nothing(catalog: Catalog) -> None:
    readings = eventful()
    bank = Bank(catalog)
    found = run(bank, readings[:400])
    assert run(bank, [reading(r.observed_at - timedelta(minutes=1), 999.0) for r in readings[100:300]]) == []
    assert found + run(bank, readings[400:]) == run(Bank(catalog), readings)


def test_only_measured_values_count(catalog: Catalog) -> None:
    readings = eventful()
    noise = [
        reading(START + 505 * FIVE_MINUTES + timedelta(seconds=s), value, status=status)
        for s, (value, status) in enumerate([(9e5, "calibrating"), (9e5, "fault"), (None, "ok"), (None, "fault")], 1)
    ]
    noise.append(reading(START + 506 * FIVE_MINUTES + timedelta(seconds=9), float("nan")))
    disturbed = sorted(readings + noise, key=lambda r: r.observed_at)
    assert run(Bank(catalog), disturbed) == run(Bank(catalog), readings)


def test_unknown_series_are_named_once_until_they_are_warm(catalog: Catalog) -> None:
    bank = Bank(catalog)
    batch = batch_of(
        [reading(START, 1.0, station=s) for s in ("A", "B", "A")] + [reading(START, 1.0, "C", status="fault")]
    )
    keys = series_in(batch)
    assert bank.unknown(keys) == keys == [("nguon-la", s, "do_la") for s in "AB"]
    bank.warm(history([]), keys[:1])
    assert bank.unknown(keys) == keys[1:]
    bank.process(batch, NOW)
    assert bank.unknown(keys) == keys[1:]  # met, but its history was never asked for
    bank.warm(history([reading(START - FIVE_MINUTES, 1.0, "B")]))
    assert bank.unknown(keys) == []
    bank.clear()
    assert bank.unknown(keys) == keys
    assert len(bank) == 0


def test_a_pack_without_measured_values_is_harmless(catalog: Catalog) -> None:
    batch = batch_of([reading(START, None, status="fault")])
    assert series_in(batch) == []
    assert Bank(catalog).process(batch, NOW) == []


def test_idle_series_are_forgotten_and_asked_for_again(catalog: Catalog) -> None:
    bank = Bank(catalog, most_series=10)
    for station in range(25):
        bank.process(batch_of([reading(START, 1.0, f"S{station}"), reading(START, 1.0, "BUSY")]), NOW)
        assert len(bank) <= 10
    bank.warm(history([]), [("nguon-la", "BUSY", "do_la")])
    assert bank.unknown([("nguon-la", s, "do_la") for s in ("S3", "BUSY")]) == [("nguon-la", "S3", "do_la")]


def test_a_pack_larger_than_the_bank_is_processed_whole(catalog: Catalog) -> None:
    bank = Bank(catalog, most_series=3)
    assert bank.process(batch_of([reading(START, 1.0, f"S{n}") for n in range(20)]), NOW) == []
    assert len(bank) == 20


def test_limits_and_names_come_from_the_catalogue(catalog: Catalog) -> None:
    station = next(s for s in catalog.stations.values() if "ph" in s.metrics)
    bank = Bank(catalog)
    readings = [reading(START, 4.0, station.code, "ph", "env-stations")]
    (anomaly,) = bank.process(batch_of(readings), NOW)
    assert anomaly.detector == "limits"
    assert anomaly.reason.startswith("pH 4,00")
    assert f"{station.name}, 07:00 ngày 05/01/2026" in anomaly.reason
    assert anomaly.severity == "warning"
    assert anomaly.one_in == 0.0


@dataclass
class OneMetric:
    """A catalogue of one source with one metric."""

    detector: str

    def build(self) -> Catalog:
        metric = Metric(id="do_la", name="Đo lạ", names=["x"], units=["mg/L"], detector=self.detector)
        source = Source(
            id="nguon-la", name="Nguồn", plan_row="0", agency="a", adapter="x", transport="import", metrics=[metric]
        )
        return Catalog([], [], [], [source])


def test_a_metric_without_detector_is_left_alone() -> None:
    assert run(Bank(OneMetric("").build()), eventful()) == []
    assert run(Bank(OneMetric("level").build()), eventful())


def test_a_misspelt_detector_is_said_at_the_start() -> None:
    with pytest.raises(ConfigurationError, match="saisonal"):
        Bank(OneMetric("saisonal").build())


def test_a_day_of_many_series_keeps_every_one_apart(catalog: Catalog) -> None:
    """Three hundred series of the catalogue's sensors for a day; one of them breaks its limit."""
    metrics = ("pm25", "temperature", "cod")
    readings = [
        reading(moment, 20.0 if (station, metric) != (7, "cod") else 400.0, f"S{station}", metric, "env-stations")
        for moment in times(DAY // 4, step=4 * FIVE_MINUTES)
        for station in range(100)
        for metric in metrics
    ]
    bank = Bank(catalog)
    found = run(bank, readings)
    assert len(bank) == 300
    assert {(a.station, a.metric, a.detector) for a in found} == {("S7", "cod", "limits")}
    assert len(found) == 4  # every six hours
