"""A station's sensors meet in the worker: through a real store, over restarts and replays the same anomalies are found."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from clickhouse.states import States
from ioc.catalog.model import Catalog, Metric, Source, Station
from ioc.errors import StoreUnavailable
from ioc.packs import batch_of
from ioc.records import Anomaly, Reading, Record
from ioc.settings import Settings
from streams.agents.detect import Detect
from streams.agents.together import Together
from tests.models.made import reading, times
from tests.models.test_joint import station

METRICS = ("pm25", "pm10", "do_am", "gio")
AT, N = 700, 800  # when the twin leaves its twin, and how many vectors there are
STEPS = 25  # vectors a pack

Pack = Sequence[Record]


def catalog(together: list[str] | None = None) -> Catalog:
    metrics = [Metric(id=m, name=m.upper(), names=[m], units=["mg/L"], detector="level") for m in METRICS]
    source = Source(
        id="nguon-la", name="N", plan_row="0", agency="a", adapter="x", transport="import", metrics=metrics,
        stations=[Station(code="TRAM_1", name="Trạm một")], together=together,
    )  # fmt: skip
    return Catalog([], [], [], [source])


def made() -> list[Pack]:
    """Packs of one station, 25 times each."""
    values = station(1, N)
    values[AT:, 1] -= 12.0
    rows: list[list[Reading]] = [
        [reading(moment, float(v), metric=m) for m, v in zip(METRICS, vector, strict=True)]
        for moment, vector in zip(times(N), values, strict=True)
    ]
    return [[r for vector in rows[at : at + STEPS] for r in vector] for at in range(0, N, STEPS)]


PACKS = made()


def run(detect: Detect, packs: Sequence[Pack]) -> list[Anomaly]:
    found = [record for pack in packs for record in asyncio.run(_derived(detect, pack))]
    return [a for a in found if isinstance(a, Anomaly) and a.detector == "joint"]


async def _derived(detect: Detect, pack: Pack) -> Sequence[Record]:
    return await detect.derive(batch_of(pack))


def outlines(anomalies: Sequence[Anomaly]) -> list[Anomaly]:
    """All but when and with which evidence."""
    return [structs.replace(a, received_at=a.observed_at, evidence=[]) for a in anomalies]


@pytest.fixture(scope="module")
def whole(filled: Settings) -> list[Anomaly]:
    """What one worker finds."""
    found = run(Detect(filled, catalog()), PACKS)
    assert found
    return found


def test_the_sensor_that_departs_is_named_with_what_it_no_longer_follows(whole: list[Anomaly]) -> None:
    first = next(a for a in whole if a.observed_at >= times(N)[AT])
    assert first.observed_at < times(N)[AT + 30]
    assert first.metric in {"pm25", "pm10"}
    assert f"không theo {'PM25' if first.metric == 'pm10' else 'PM10'}" in first.reason
    assert "Trạm một" in first.reason
    assert "hiếm" in first.reason
    known = {r.event_id for pack in PACKS for r in pack}
    assert first.evidence
    assert set(first.evidence) <= known
    assert first.severity in {"info", "warning"}


@pytest.mark.parametrize("saved", [None, 10, 26])
def test_another_worker_goes_on_as_if_nothing_had_happened(
    stateless: Settings, whole: list[Anomaly], saved: int | None
) -> None:
    if saved is not None:
        first = Detect(stateless, catalog())
        run(first, PACKS[:saved])
        asyncio.run(first.save())
        assert States(stateless).load([("nguon-la", "TRAM_1", "")]).num_rows == 1
    begins = PACKS[27][0]
    assert isinstance(begins, Reading)
    after = [a for a in whole if a.observed_at >= begins.observed_at]
    assert after
    assert outlines(run(Detect(stateless, catalog()), PACKS[27:])) == outlines(after)


def test_packs_that_come_again_find_the_same(stateless: Settings, whole: list[Anomaly]) -> None:
    detect = Detect(stateless, catalog())
    run(detect, PACKS)
    again = {a.event_id for a in run(detect, PACKS[20:])}
    begins = PACKS[20][0]
    assert isinstance(begins, Reading)
    assert again == {a.event_id for a in whole if a.observed_at >= begins.observed_at}


def test_parts_of_a_vector_in_packs_of_their_own_make_one_vector(stateless: Settings, whole: list[Anomaly]) -> None:
    apart = [part for pack in PACKS[27:30] for part in _apart(pack)]
    detect = Detect(stateless, catalog())
    run(detect, PACKS[:27])
    seen = {a.event_id for a in run(detect, apart)}
    assert seen
    assert seen == {a.event_id for a in whole if times(N)[27 * STEPS] <= a.observed_at < times(N)[30 * STEPS]}


def _apart(pack: Pack) -> Iterator[Pack]:
    """The wind of each time after the rest of it."""
    rows = [r for r in pack if isinstance(r, Reading)]
    for moment in dict.fromkeys(r.observed_at for r in rows):
        for wind in (False, True):
            yield [r for r in rows if r.observed_at == moment and (r.metric == "gio") is wind]


def test_a_store_that_is_away_costs_no_anomaly(
    stateless: Settings, whole: list[Anomaly], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes away at the worst moment: after the bank of series has taken the pack in."""
    detect = Detect(stateless, catalog())
    take, failures = Together.take, [0]

    def failing(*given: Any) -> list[Anomaly]:
        found = take(*given)
        failures[0] += 1
        if failures[0] % 2:
            raise StoreUnavailable("away", retry_after=0.1)
        return found

    monkeypatch.setattr(Together, "take", failing)
    found = []
    for pack in PACKS:
        with pytest.raises(StoreUnavailable):
            run(detect, [pack])
        found += run(detect, [pack])
    assert {a.event_id for a in found} == {a.event_id for a in whole}


@pytest.mark.parametrize("together", [[], ["pm25"], ["do_am", "gio"]])
def test_the_catalogue_says_which_belong_together(stateless: Settings, together: list[str]) -> None:
    found = run(Detect(stateless, catalog(together)), PACKS)
    assert not [a for a in found if a.metric in {"pm25", "pm10"}]


def test_a_state_with_other_metrics_is_not_taken(stateless: Settings) -> None:
    first = Detect(stateless, catalog(["pm25", "pm10"]))
    run(first, PACKS[:20])
    asyncio.run(first.save())
    later = Detect(stateless, catalog())
    assert outlines(run(later, PACKS[27:])) == outlines(run(Detect(stateless, catalog()), PACKS[27:]))


def test_a_gap_of_days_and_constant_values_are_no_harm(stateless: Settings) -> None:
    flat = [
        reading(moment + timedelta(days=9 * (at > 300)), 1.0, "TRAM_2", metric)
        for at, moment in enumerate(times(600))
        for metric in METRICS
    ]
    assert run(Detect(stateless, catalog()), [flat]) == []
