"""What detectors learned follows its series from worker to worker, through a real store, and anomalies stay the same."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from msgspec import structs

from clickhouse.client import connect
from clickhouse.migrate import prepare
from clickhouse.sink import Store
from clickhouse.states import States
from ioc.catalog.load import load_catalog
from ioc.catalog.model import Catalog, Limit, Metric, Source
from ioc.errors import QueryFailed, StoreUnavailable
from ioc.packs import batch_of, utc_now
from ioc.records import Anomaly, Record, event_id
from ioc.settings import Settings
from models import compiled
from models.bank import Bank
from models.series import TOLD, Key
from streams.agents.detect import Detect
from tests.clickhouse.samples import table_of
from tests.models.made import START, reading, times, values
from tests.models.test_compiled import wild
from tests.servers.clickhouse import start_clickhouse, stop_clickhouse

LIMITS = [Limit(high=40.0, regulation="QCVN thử", averaging="1h")]
DETECTORS = {"do_level": "level", "do_seasonal": "seasonal", "do_shape": "shape", "do_khong": ""}
KEYS: list[Key] = [("nguon-la", "TRAM_1", metric) for metric in (*DETECTORS, "chua_biet")]  # the last has the default
HALF = 22  # packs of fifty readings of each series: more than a thousand learned, as many to come

Pack = Sequence[Record]


def catalog() -> Catalog:
    known = [
        Metric(id=name, name="Đo", names=["x"], units=["mg/L"], detector=detector, limits=LIMITS)
        for name, detector in DETECTORS.items()
    ]
    source = Source(
        id="nguon-la", name="N", plan_row="0", agency="a", adapter="x", transport="import", metrics=known, together=[]
    )  # together: see test_together
    return Catalog([], [], [], [source])


def made() -> list[Pack]:
    """Five series full of events in one partition, a pack has fifty readings of each."""
    courses = [
        [structs.replace(r, metric=key[2], event_id=event_id(*key, r.observed_at)) for r in wild(seed)]
        for seed, key in enumerate(KEYS, 1)
    ]
    rows: list[Record] = [r for together in zip(*courses, strict=True) for r in together]
    return [rows[at : at + 250] for at in range(0, len(rows), 250)]


PACKS = made()


def insert(settings: Settings, packs: Sequence[Pack]) -> None:
    Store(settings).insert("readings", table_of([r for pack in packs for r in pack]))


async def run(detect: Detect, packs: Sequence[Pack]) -> list[Anomaly]:
    found = [record for pack in packs for record in await detect.derive(batch_of(pack))]
    return [record for record in found if isinstance(record, Anomaly)]


def outlines(anomalies: Sequence[Anomaly]) -> list[tuple[object, ...]]:
    """All that must not depend on which worker found it; only the evidence reaches no further back than it does."""
    return [
        tuple(value for name, value in structs.asdict(a).items() if name not in {"evidence", "received_at"})
        for a in anomalies
    ]


@pytest.fixture(scope="module")
def whole(filled: Settings) -> list[list[Anomaly]]:
    """What one worker finds that is never interrupted, by pack."""
    detect = Detect(filled, catalog())
    found = [asyncio.run(run(detect, [pack])) for pack in PACKS]
    late = [a for some in found[HALF:] for a in some]
    assert {a.metric for a in late} == {key[2] for key in KEYS}
    assert {a.detector for a in late} == {"level", "seasonal", "shape", "stuck", "limits"}
    return found


def after(whole: list[list[Anomaly]], pack: int = HALF) -> list[tuple[object, ...]]:
    return outlines([a for some in whole[pack:] for a in some])


@pytest.mark.parametrize("saved", [None, 1, HALF - 4, HALF - 1, HALF])
async def test_another_worker_goes_on_as_if_nothing_had_happened(
    stateless: Settings, whole: list[list[Anomaly]], saved: int | None
) -> None:
    first = Detect(stateless, catalog())
    await run(first, PACKS[: saved or HALF])
    if saved is not None:
        await first.save()
        await run(first, PACKS[saved:HALF])
    assert outlines(await run(Detect(stateless, catalog()), PACKS[HALF:])) == after(whole)


async def test_a_state_is_all_that_is_needed_of_what_came_before_it(
    stateless: Settings, store_settings: Settings, whole: list[list[Anomaly]]
) -> None:
    """The history is gone: only states, and what came between them and the pack in hand."""
    first = Detect(stateless, catalog())
    await run(first, PACKS[: HALF - 4])
    await first.save()
    insert(store_settings, PACKS[HALF - 4 :])
    without = await run(Detect(store_settings, catalog()), PACKS[HALF:])
    assert outlines(without) != after(whole), "else this test could not fail"
    States(store_settings).save(States(stateless).load(KEYS))
    assert outlines(await run(Detect(store_settings, catalog()), PACKS[HALF:])) == after(whole)


async def test_a_slow_series_learns_more_than_the_last_month(store_settings: Settings) -> None:
    course = values(1500, seed=4)
    course[1350], course[1450] = 150.0, 190.0
    hours = zip(times(1500, step=timedelta(hours=1)), course, strict=True)
    rows: list[Record] = [reading(moment, value) for moment, value in hours]
    packs = [rows[at : at + 50] for at in range(0, 1500, 50)]
    insert(store_settings, packs)
    expected = await run(Detect(store_settings, catalog()), packs)
    found = await run(Detect(store_settings, catalog()), packs[26:])
    assert len(found) > 1
    assert outlines(found) == outlines([a for a in expected if a.observed_at >= START + timedelta(hours=1300)])


async def test_right_after_its_state_a_series_has_its_evidence_too(
    stateless: Settings, whole: list[list[Anomaly]]
) -> None:
    first = Detect(stateless, catalog())
    await run(first, PACKS[:HALF])
    await first.save()
    found = await run(Detect(stateless, catalog()), PACKS[HALF:])
    assert [a.evidence for a in found] == [a.evidence for some in whole[HALF:] for a in some]


@pytest.mark.parametrize("same_worker", [True, False])
@pytest.mark.parametrize(("saved", "acknowledged"), [(HALF + 3, HALF), (len(PACKS), 10)])
async def test_packs_that_come_again_after_a_newer_save_find_the_same(
    stateless: Settings, whole: list[list[Anomaly]], saved: int, acknowledged: int, same_worker: bool
) -> None:
    first = Detect(stateless, catalog())
    await run(first, PACKS[:saved])
    await first.save()
    first.reset()
    again = first if same_worker else Detect(stateless, catalog())
    assert outlines(await run(again, PACKS[acknowledged:])) == after(whole, acknowledged)
    told = Counter(a.metric for some in whole[10:] for a in some)
    assert max(told.values()) > TOLD, "else states remember all that was told, and this proves little"


async def test_a_rebalance_forgets_what_was_not_saved(stateless: Settings) -> None:
    """Another worker may have gone on with our series: what we know of them must not be kept over theirs."""
    detect = Detect(stateless, catalog())
    await run(detect, PACKS[:2])
    detect.reset()
    await detect.save()
    assert States(stateless).load(KEYS).num_rows == 0


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("version", compiled.VERSION + 1),
        ("state", b""),
        ("state", b"\xff" * 200),
        ("state", b"\x00\x01\x00\x00no zstd frame"),
    ],
)
async def test_a_state_that_is_no_good_is_no_harm(
    stateless: Settings, whole: list[list[Anomaly]], column: str, value: object
) -> None:
    first, states = Detect(stateless, catalog()), States(stateless)
    await run(first, PACKS[: HALF - 1])
    await first.save()
    good = states.load(KEYS)
    at = good.schema.get_field_index(column)
    values = [value, *good.column(column).to_pylist()[1:]]  # of one series; its neighbours have theirs
    states.save(good.set_column(at, good.schema.field(at), pa.array(values, good.schema.field(at).type)))
    assert outlines(await run(Detect(stateless, catalog()), PACKS[HALF:])) == after(whole)


def taken_at(settings: Settings) -> dict[str, object]:
    return dict(connect(settings).query("SELECT metric, taken_at FROM detector_states FINAL").result_rows)


async def test_only_what_changed_is_saved(stateless: Settings) -> None:
    detect = Detect(stateless, catalog())
    await run(detect, PACKS[:1])
    await detect.save()
    before = taken_at(stateless)
    await run(detect, [[r for r in PACKS[1] if getattr(r, "metric", "") == "do_shape"]])
    await detect.save()
    between = taken_at(stateless)
    assert before.keys() == {key[2] for key in KEYS}
    assert {metric for metric in before if between[metric] != before[metric]} == {"do_shape"}
    await detect.save()
    assert taken_at(stateless) == between


async def test_saving_beside_the_work_disturbs_neither(stateless: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every state that is kept is that of a moment between two packs."""
    monkeypatch.setattr("streams.agents.detect.AT_ONCE", 2)
    monkeypatch.setattr("streams.agents.detect.utc_now", lambda: START)
    first, done, kept = Detect(stateless, catalog()), asyncio.Event(), list[pa.Table]()
    save = first._states.save

    def seen(table: pa.Table) -> None:
        kept.append(table)
        save(table)

    monkeypatch.setattr(first._states, "save", seen)

    async def work() -> list[Anomaly]:
        found = await run(first, PACKS)
        done.set()
        return found

    async def keep() -> None:
        while not done.is_set():
            await asyncio.gather(first.save(), first.save())
        await first.save()

    usual_s = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        found, _ = await asyncio.gather(work(), keep())
    finally:
        sys.setswitchinterval(usual_s)
    alone, states, expected = Bank(catalog()), list[dict[str, object]](), list[Anomaly]()
    for pack in PACKS:
        expected += alone.process(batch_of(pack), START)
        states += alone.save().to_pylist()
    assert [structs.replace(a, cause="") for a in found] == expected  # causes: see test_causes
    assert sum(table.num_rows for table in kept) > len(KEYS), "saved while the work went on"
    assert all(state in states for table in kept for state in table.to_pylist())
    assert sorted(States(stateless).load(KEYS).column("state").to_pylist()) == sorted(
        alone.save().column("state").to_pylist()
    )


async def test_a_takeover_that_fails_half_way_leaves_no_gap(stateless: Settings, whole: list[list[Anomaly]]) -> None:
    first, client = Detect(stateless, catalog()), connect(stateless)
    await run(first, PACKS[: HALF - 4])
    await first.save()
    other = Detect(stateless, catalog())
    client.command("RENAME TABLE readings TO readings_away")  # states can be read, what came after them cannot
    try:
        with pytest.raises(QueryFailed):
            await other.derive(batch_of(PACKS[HALF]))
    finally:
        client.command("RENAME TABLE readings_away TO readings")
    assert outlines(await run(other, PACKS[HALF:])) == after(whole)


async def test_a_pack_without_measured_values_asks_for_nothing(stateless: Settings) -> None:
    faulty: list[Record] = [structs.replace(r, status="fault") for r in PACKS[0]]
    detect = Detect(stateless, catalog())
    assert await run(detect, [faulty]) == []
    await detect.save()
    assert States(stateless).load(KEYS).num_rows == 0


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[tuple[Settings, list[subprocess.Popen[str]]]]:
    """A ClickHouse that the test may stop and start."""
    process, settings = start_clickhouse(tmp_path)
    running = [process]
    prepare(settings, load_catalog(None), utc_now())
    yield settings, running
    for process in running:
        stop_clickhouse(process)


async def test_a_store_that_is_away_delays_saving_and_taking_over(
    own_server: tuple[Settings, list[subprocess.Popen[str]]],
    whole: list[list[Anomaly]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings, running = own_server
    insert(settings, PACKS)
    first, other = Detect(settings, catalog()), Detect(settings, catalog())
    await run(first, PACKS[:HALF])
    stop_clickhouse(running.pop())
    with caplog.at_level(logging.WARNING):
        await first.save()
    assert "could not be kept" in caplog.text
    with pytest.raises(StoreUnavailable):
        await other.derive(batch_of(PACKS[HALF]))
    running.append(start_clickhouse(settings.data_dir, settings.clickhouse_port)[0])
    await first.save()
    assert States(settings).load(KEYS).num_rows == len(KEYS)
    assert outlines(await run(other, PACKS[HALF:])) == after(whole)
