"""The pipeline on a real store: packs become rows once, bad packs become dead letters, a store that is away only delays."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pyarrow as pa
import pytest
from msgspec import structs

from clickhouse.client import connect
from ioc.catalog.load import load_catalog
from ioc.errors import StoreUnavailable
from ioc.packs import batch_of, decode, encode, headers_of, records_of
from ioc.records import Post, Reading, Record, event_id
from ioc.settings import Settings
from streams.agents.pipeline import Pipeline
from streams.agents.progress import Place
from streams.topics import topic_of

NOW = datetime.now(UTC).replace(microsecond=0)


class Message(NamedTuple):
    topic: str
    partition: int
    offset: int
    headers: list[tuple[str, bytes]]
    value: bytes
    key: bytes | None = b"env-stations"
    timestamp: float = NOW.timestamp()


class Event:
    """What the pipeline uses of a Faust event."""

    def __init__(self, message: Message) -> None:
        self.message, self.acked = message, False

    def ack(self) -> None:
        self.acked = True


class Stream:
    """A Faust stream that ends."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._events = events

    def noack(self) -> Stream:
        return self

    async def events(self) -> AsyncIterator[Event]:
        for event in self._events:
            yield event


class Producer:
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes]] = []

    async def send_and_wait(self, topic: str, key: bytes, value: bytes, *_: Any) -> None:
        self.sent.append((topic, value))

    def records(self, kind: str) -> list[Any]:
        return [r for t, v in self.sent if t == topic_of(kind) for r in records_of(decode(v, kind), kind)]


class App:
    """What the pipeline uses of a Faust app and its consumer."""

    def __init__(self) -> None:
        self.producer, self.consumer = Producer(), self
        self.paused: list[tuple[str, int]] = []
        self._committed_offset: dict[tuple[str, int], int] = {}

    def topic_partitions(self, _: str) -> int:
        return 2

    def assignment(self) -> set[Place]:
        return {Place(topic_of(kind), p) for kind in ("readings", "posts") for p in (0, 1)}

    def pause_partitions(self, places: set[Place]) -> None:
        self.paused = sorted(places)

    def resume_partitions(self, places: set[Place]) -> None:
        self.paused = sorted(set(self.paused) - places)


def readings(count: int, start: int = 0, station: str = "TH_NGHISON_KK01", **changes: Any) -> list[Record]:
    return [
        Reading(
            event_id=event_id("test", station, n), received_at=NOW, source="env-stations", station=station, metric="pm25",
            observed_at=NOW - timedelta(minutes=5 * (5000 - n)), unit="µg/Nm3", **({"value": 30.0 + n % 7} | changes),
        )
        for n in range(start, start + count)
    ]  # fmt: skip


def pack(records: Sequence[Record], offset: int, partition: int = 0, kind: str = "readings", **headers: bytes) -> Event:
    told = dict(headers_of(kind, "env-stations", len(records))) | headers
    return Event(Message(topic_of(kind), partition, offset, list(told.items()), encode(batch_of(records))))


async def take(pipeline: Pipeline, kind: str, events: Sequence[Event]) -> None:
    """Run the agent of a kind over these events and no more."""
    await pipeline.agent(kind)(Stream(events))


@pytest.fixture
def pipeline(store_settings: Settings) -> Pipeline:
    return Pipeline(store_settings, load_catalog(), App())


def sent(pipeline: Pipeline, kind: str) -> list[Any]:
    records: list[Any] = pipeline._app.producer.records(kind)
    return records


def count(settings: Settings, sql: str = "count()", table: str = "readings") -> Any:
    return connect(settings).query(f"SELECT {sql} FROM {table}").result_rows[0][0]


async def test_packs_become_rows_with_their_place(pipeline: Pipeline, store_settings: Settings) -> None:
    await take(pipeline, "readings", [pack(readings(10), 7), pack(readings(5, 10), 8)])
    assert count(store_settings) == 15
    rows = connect(store_settings).query("SELECT _partition, _offset, count() FROM readings GROUP BY 1, 2 ORDER BY 2")
    assert rows.result_rows == [(0, 7, 10), (0, 8, 5)]


async def test_a_replay_after_a_reassignment_stores_nothing_twice(pipeline: Pipeline, store_settings: Settings) -> None:
    first = [pack(readings(10), 0), pack(readings(10, 10), 1)]
    await take(pipeline, "readings", first)
    await pipeline.on_partitions_assigned(None, set())
    await take(pipeline, "readings", [*first, pack(readings(10, 20), 2)])
    assert count(store_settings) == 30, "counted without FINAL"


async def test_a_pack_that_was_stored_by_half_is_completed(pipeline: Pipeline, store_settings: Settings) -> None:
    whole = readings(10)
    await take(pipeline, "readings", [pack(whole[:4], 0)])
    await pipeline.on_partitions_assigned(None, set())
    await take(pipeline, "readings", [pack(whole, 0)])
    assert count(store_settings) == 10
    assert count(store_settings, "uniqExact(event_id)") == 10


@pytest.mark.parametrize(
    ("spoil", "field"),
    [
        (lambda e: e._replace(value=b"not arrow at all"), "payload"),
        (lambda e: e._replace(value=b""), "payload"),
        (lambda e: e._replace(value=e.value[:-50]), "payload"),
        (lambda e: e._replace(headers=[("kind", b"readings"), ("source", b"s"), ("count", b"4")]), "count"),
        (lambda e: e._replace(headers=[("kind", b"readings"), ("count", b"many")]), "count"),
        (lambda e: e._replace(headers=[("kind", b"posts")]), "kind"),
        (lambda e: e._replace(value=encode(batch_of([a_post()]))), "schema"),
        (lambda e: e._replace(value=compressed(readings(3))), "payload"),
        (lambda e: e._replace(headers=[("kind", b"readings")], key=b"\xff\xfe"), "key"),
        (lambda e: e._replace(headers=[("source", b"\xff\xfe")]), "headers"),
        (lambda e: e._replace(headers=[("content-type", b"text/csv")]), "content-type"),
        (lambda e: e._replace(headers=[("content-type", b"application/json")]), "payload"),
    ],
)
async def test_bad_packs_are_dead_letters_and_their_neighbours_go_through(
    pipeline: Pipeline, store_settings: Settings, spoil: Any, field: str
) -> None:
    bad = Event(spoil(pack(readings(3, 500), 1).message))
    await take(pipeline, "readings", [pack(readings(4), 0), bad, pack(readings(4, 10), 2)])
    assert count(store_settings) == 8
    (letter,) = sent(pipeline, "dead_letters")
    assert letter.field == field
    assert letter.origin == "ioc.readings/0/1"
    assert letter.raw == bad.message.value


def compressed(records: Sequence[Record]) -> bytes:
    batch, out = batch_of(records), pa.BufferOutputStream()
    with pa.ipc.new_stream(out, batch.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_batch(batch)
    return bytes(out.getvalue().to_pybytes())


def a_post(text: str = "Sở Y tế Thanh Hóa khám bệnh miễn phí.", identity: str = "p1") -> Post:
    return Post(
        event_id=identity, received_at=NOW, source="press-baothanhhoa", outlet="Báo", url="http://localhost/1",
        title="Tin", text=text, published_at=NOW - timedelta(hours=1),
    )  # fmt: skip


async def test_a_spike_is_found_told_and_found_again_the_same_after_a_replay(
    pipeline: Pipeline, store_settings: Settings
) -> None:
    await take(pipeline, "readings", [pack(readings(1000, 3900), 0)])
    spike = pack(readings(1, 4990, value=450.0), 1)
    await take(pipeline, "readings", [spike])
    first = [a for a in sent(pipeline, "anomalies") if a.detector != "limits"]
    assert first
    assert all(a.value == 450.0 and a.reason for a in first)
    pipeline._app.producer.sent.clear()
    await pipeline.on_partitions_assigned(None, set())
    await take(pipeline, "readings", [spike])
    again = [a for a in sent(pipeline, "anomalies") if a.detector != "limits"]
    assert [a.event_id for a in again] == [a.event_id for a in first]


async def test_anomalies_and_criticism_become_one_alert_a_window(pipeline: Pipeline) -> None:
    await take(pipeline, "readings", [pack(readings(1000, 3900), 0), pack(readings(1, 4990, value=450.0), 1)])
    anomalies = sent(pipeline, "anomalies")
    await take(pipeline, "anomalies", [pack(anomalies, 0, kind="anomalies"), pack(anomalies, 1, kind="anomalies")])
    alerts = sent(pipeline, "alerts")
    assert len({a.event_id for a in alerts}) == len({(a.fingerprint, a.raised_at.date()) for a in alerts}) == 1
    assert "Nghi Sơn" in alerts[0].title


async def test_posts_are_judged_with_their_sentence(pipeline: Pipeline) -> None:
    text = "UBND tỉnh phê bình Sở Y tế Thanh Hóa vì thiếu trách nhiệm, để hồ sơ quá hạn kéo dài, gây bức xúc."
    await take(pipeline, "posts", [pack([a_post(text)], 0, kind="posts")])
    stances = {s.agency: s for s in sent(pipeline, "stances")}
    assert stances["so-yte"].stance == "negative"
    assert "Sở Y tế" in stances["so-yte"].evidence


async def test_a_fault_in_a_deriver_costs_the_pack_its_anomalies_and_nothing_else(
    pipeline: Pipeline, store_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: object) -> list[Record]:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(pipeline._derivers["readings"], "derive", broken)
    await take(pipeline, "readings", [pack(readings(3), 0)])
    assert count(store_settings) == 3
    assert "a bug" in sent(pipeline, "dead_letters")[0].reason


async def test_json_rows_of_a_foreign_producer_are_stored_and_the_bad_one_is_told(
    pipeline: Pipeline, store_settings: Settings
) -> None:
    row = {"station": "S1", "metric": "flow", "observed_at": NOW.isoformat(), "value": 3.5, "unit": "m3/s"}
    body = json.dumps([row, row | {"value": "?"}, row | {"station": "S2"}]).encode()
    told = [("content-type", b"application/json; charset=utf-8"), ("source", b"hydro")]
    await take(pipeline, "readings", [Event(Message(topic_of("readings"), 1, 4, told, body, b"S1"))])
    rows = connect(store_settings).query("SELECT source, station, value, _offset FROM readings ORDER BY station")
    assert rows.result_rows == [("hydro", "S1", 3.5, 4), ("hydro", "S2", 3.5, 4)]
    (letter,) = sent(pipeline, "dead_letters")
    assert (letter.source, letter.field, json.loads(letter.raw)["value"]) == ("hydro", "value", "?")


async def test_event_times_ahead_of_the_clock_are_dead_letters_one_by_one(
    pipeline: Pipeline, store_settings: Settings
) -> None:
    good, ahead = readings(3), readings(1, 7, station="TH_BIMSON_KK01")[0]
    far = structs.replace(ahead, observed_at=NOW + timedelta(hours=3))
    near = structs.replace(ahead, observed_at=NOW + timedelta(minutes=5), event_id="near")
    await take(pipeline, "readings", [pack([*good, far, near], 0)])
    assert count(store_settings) == 4
    (letter,) = sent(pipeline, "dead_letters")
    assert letter.field == "observed_at"
    assert letter.source == "env-stations"
    assert json.loads(letter.raw)["event_id"] == ahead.event_id


async def test_a_worker_whose_clock_is_behind_refuses_nothing(
    pipeline: Pipeline, store_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.agents.pipeline.utc_now", lambda: NOW - timedelta(days=2))
    await take(pipeline, "readings", [pack(readings(3, 4990), 0)])
    assert count(store_settings) == 3
    assert not sent(pipeline, "dead_letters")


async def test_offsets_that_the_broker_deleted_unread_are_told(pipeline: Pipeline) -> None:
    pipeline._app._committed_offset[Place(topic_of("readings"), 0)] = 5
    await take(pipeline, "readings", [pack(readings(1), 9), pack(readings(1, 1), 10), pack(readings(1, 2), 12)])
    await take(pipeline, "readings", [pack(readings(1, 3), 13), pack(readings(1, 3), 0, partition=1)])
    letters = sent(pipeline, "dead_letters")
    assert [letter.reason.split("offsets ")[1].split(":")[0] for letter in letters] == ["5 to 8", "11 to 11"]


async def test_packs_are_acknowledged_when_their_sums_are_up_to_date(
    pipeline: Pipeline, store_settings: Settings
) -> None:
    events = [pack(readings(24), 0), pack(readings(24, 12), 1)]
    await take(pipeline, "readings", events)
    assert not any(e.acked for e in events)
    await pipeline.settlement.settle_all()
    assert all(e.acked for e in events)
    assert (
        count(store_settings, "sum(points)", "readings_hourly FINAL")
        == 36
        == count(store_settings, table="readings FINAL")
    )


async def test_a_store_that_is_away_delays_and_loses_nothing(
    pipeline: Pipeline, store_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, failures, paused = pipeline._writer.write, 3, []

    async def away(kind: str, packs: Any) -> Any:
        nonlocal failures, paused
        paused = paused or pipeline._app.paused
        if failures:
            failures -= 1
            raise StoreUnavailable("down", 0.01)
        return await real(kind, packs)

    monkeypatch.setattr(pipeline._writer, "write", away)
    await asyncio.wait_for(take(pipeline, "readings", [pack(readings(6), 0)]), 20)
    assert failures == 0
    assert paused == [(topic_of("readings"), 0), (topic_of("readings"), 1)]
    assert pipeline._app.paused == []
    assert not pipeline.patience.paused
    assert count(store_settings) == 6
