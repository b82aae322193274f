"""Operators mark alerts of a noisy series false: the next ones come only when rarer, and a replay finds what was found."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from msgspec import structs

from clickhouse.client import connect
from clickhouse.connection import Connection
from clickhouse.sink import Store
from clickhouse.verdicts import Subject, anomaly_named, verdict_on
from ioc.catalog.model import Catalog
from ioc.errors import StoreUnavailable
from ioc.packs import batch_of
from ioc.records import Anomaly, Judgement, Record
from ioc.settings import Settings
from models.bank import Bank
from models.registry import make
from streams.agents.detect import Detect
from streams.agents.feedback import STEP, Feedback
from streams.agents.pipeline import Pipeline
from streams.packer import Packer
from streams.publish import Message as Outgoing
from streams.topics import topic_of
from tests.clickhouse.samples import table_of
from tests.models.made import START, reading, times, values
from tests.models.test_compiled import KEY, catalog_of
from tests.streams.conftest import Broker
from tests.streams.test_pipeline import App, Event, Message, Stream

POINTS, JUDGED_AT = 6000, 4000
THRESHOLD = make("seasonal").one_in


def noisy() -> list[Record]:
    """A daily course with a bump every eight hours: most are no news to those who know the place."""
    course = np.array(values(POINTS, 5))
    at = np.arange(2000, POINTS, 100)
    course[at] += np.random.default_rng(5).choice([14.0, 15.0, 18.0, 40.0], len(at))
    made = (reading(moment, float(value)) for moment, value in zip(times(POINTS), course, strict=True))
    return [structs.replace(r, received_at=r.observed_at) for r in made]


READINGS = noisy()
THEN = READINGS[JUDGED_AT].received_at - timedelta(minutes=4)  # type: ignore[attr-defined]  # when people judge


class Worker:
    """A worker's pipeline between the embedded broker and ClickHouse; its clock is that of the packs."""

    def __init__(self, settings: Settings, catalog: Catalog, broker: Broker) -> None:
        self._app, self._broker = App(), broker
        self._app.producer = self  # type: ignore[assignment]
        self._pipeline = Pipeline(settings, catalog, self._app)
        self._next: dict[tuple[str, int], int] = {}
        self.now = START
        detect = self._pipeline._derivers["readings"]
        assert isinstance(detect, Detect)
        self.feedback = detect._feedback = Feedback(settings, lambda: self.now)

    async def send_and_wait(
        self, topic: str, key: bytes, value: bytes, partition: int, _: Any, headers: list[tuple[str, bytes]]
    ) -> None:
        await self._broker.publisher.deliver([Outgoing(topic, partition, key, value, headers)])

    async def work(self) -> None:
        """Until nothing is left on the broker."""
        for kind in ("readings", "verdicts", "anomalies"):
            for partition in (0, 1):
                for event in self._new(topic_of(kind), partition):
                    await self._pipeline.agent(kind)(Stream([event]))

    def _new(self, topic: str, partition: int) -> list[Event]:
        first = self._next.get((topic, partition), 0)
        rows = self._broker.log.read(topic, partition, first, max_records=10_000, max_bytes=1 << 30)
        self._next[topic, partition] = first + len(rows)
        return [Event(Message(topic, partition, row.offset, row.headers, row.value or b"", row.key)) for row in rows]


class Centre:
    """The broker, the store, and people."""

    def __init__(self, settings: Settings, broker: Broker) -> None:
        self.settings, self.broker = settings, broker
        self.packer = Packer(broker.publisher, pack_records=250, linger_s=0.0)
        self.worker = Worker(settings, catalog_of("seasonal"), broker)

    async def receive(self, records: Sequence[Record]) -> None:
        """Pack after pack, each looked at when it comes."""
        for at in range(0, len(records), 250):
            pack = records[at : at + 250]
            await self.packer.put(KEY[0], pack)
            self.worker.now = max(r.received_at for r in pack) + STEP
            await self.worker.work()

    async def mark(self, anomalies: Sequence[Anomaly], verdict: Judgement, now: datetime) -> None:
        for anomaly in anomalies:
            subject = anomaly_named(Connection(self.settings), anomaly.event_id)
            await self.packer.put(subject.source, [verdict_on(subject, verdict, by="lan", now=now)])
        await self.worker.work()

    def told(self) -> list[Anomaly]:
        """Of the seasonal detector, each once, as they are on the broker."""
        found = {r.event_id: r for r in self.broker.records("anomalies") if isinstance(r, Anomaly)}
        return sorted((a for a in found.values() if a.detector == "seasonal"), key=lambda a: a.observed_at)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in connect(self.settings).query(sql).result_rows]


@pytest.fixture
def centre(store_settings: Settings, broker: Broker) -> Centre:
    return Centre(store_settings, broker)


def after(anomalies: Sequence[Anomaly]) -> list[Anomaly]:
    return [a for a in anomalies if a.observed_at >= READINGS[JUDGED_AT].observed_at]  # type: ignore[attr-defined]


def shipped() -> list[Anomaly]:
    """What is told where nobody says anything."""
    bank = Bank(catalog_of("seasonal"))
    found = [a for at in range(0, POINTS, 250) for a in bank.process(batch_of(READINGS[at : at + 250]), START)]
    return [a for a in found if a.detector == "seasonal"]


async def test_what_is_marked_false_comes_only_when_rarer_and_a_replay_finds_the_same(centre: Centre) -> None:
    await centre.receive(READINGS[:JUDGED_AT])
    await centre.mark(centre.told()[-3:], "false", THEN)
    assert centre.ask("SELECT verdict, verdict_by FROM v_anomalies WHERE verdict != ''") == 3 * [("false", "lan")]
    judged = "SELECT sum(false_ones), sum(marked), max(precision) FROM v_anomaly_precision WHERE marked > 0"
    assert centre.ask(judged) == [(3, 3, 0.0)]

    await centre.receive(READINGS[JUDGED_AT:])
    told, usual = after(centre.told()), after(shipped())
    assert min(a.one_in for a in told) >= 3.9 * THRESHOLD  # fourfold, less what the first days took of it
    assert 0 < len(told) < len(usual)
    assert min(a.one_in for a in usual) < 3.9 * THRESHOLD, "else this proves nothing"

    await centre.mark(told, "false", centre.worker.now)
    again, whole = Worker(centre.settings, catalog_of("seasonal"), centre.broker), centre.broker.records("anomalies")
    again.now = centre.worker.now + timedelta(days=1)  # what was said since the packs were received changes nothing
    await again.work()
    found = centre.broker.records("anomalies")[len(whole) :]
    assert {r.event_id for r in found} == {r.event_id for r in whole}


async def test_a_reset_takes_effect_at_once(centre: Centre) -> None:
    feedback = centre.worker.feedback
    await centre.receive(READINGS[:JUDGED_AT])
    await centre.mark(centre.told()[-3:], "false", THEN)
    centre.worker.now = THEN + timedelta(minutes=5)
    assert feedback.factors(batch_of([received(THEN + timedelta(minutes=3))])) == {KEY: pytest.approx(4, rel=0.01)}
    subject = Subject(*KEY, observed_at=THEN)
    await centre.packer.put(KEY[0], [verdict_on(subject, "reset", by="lan", now=THEN + timedelta(minutes=6))])
    await centre.worker.work()
    centre.worker.now = THEN + timedelta(minutes=9)
    assert feedback.factors(batch_of([received(THEN + timedelta(minutes=8))])) == {}


def received(moment: datetime) -> Record:
    return structs.replace(reading(moment, 1.0), received_at=moment)


def false(n: int, at: datetime) -> Record:
    subject = Subject(*KEY, observed_at=at, anomaly=f"a{n}", detector="seasonal")
    return verdict_on(subject, "false", by="lan", now=at)


def feedback_at(settings: Settings, moment: datetime) -> Feedback:
    return Feedback(settings, lambda: moment)


def test_a_verdict_counts_from_the_minute_after_it_was_received(store_settings: Settings) -> None:
    Store(store_settings).insert("verdicts", table_of([false(1, START + timedelta(seconds=30))]))
    feedback = feedback_at(store_settings, START + timedelta(hours=1))
    seen = [feedback.factors(batch_of([received(START + timedelta(seconds=s))])) for s in (29, 119, 120, 3000)]
    assert [bool(factors) for factors in seen] == [False, False, True, True]
    assert feedback.factors(batch_of([received(START + timedelta(seconds=125))])) is seen[2]


def test_the_store_is_asked_about_once_a_minute(store_settings: Settings) -> None:
    clock = [START]
    feedback = Feedback(store_settings, lambda: clock[0])
    asked, store = list[str](), feedback._store
    query = store.query
    store.query = lambda name, params=None: asked.append(name) or query(name, params)  # type: ignore[method-assign,func-returns-value]
    for seconds in range(0, 600, 5):
        clock[0] = START + timedelta(seconds=seconds)
        feedback.factors(batch_of([received(clock[0])]))
    assert 9 <= len(asked) <= 11


def test_without_a_store_what_was_read_last_counts(store_settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    nowhere = Connection(store_settings.model_copy(update={"clickhouse": "http://127.0.0.1:9"}))
    Store(store_settings).insert("verdicts", table_of([false(1, START)]))
    clock = [START + timedelta(minutes=5)]
    feedback = Feedback(store_settings, lambda: clock[0])
    store, feedback._store = feedback._store, nowhere
    with pytest.raises(StoreUnavailable):
        feedback.factors(batch_of([received(clock[0])]))
    feedback._store = store
    known = feedback.factors(batch_of([received(clock[0])]))
    assert known[KEY] == pytest.approx(2, rel=0.01)
    feedback._store, clock[0] = nowhere, START + timedelta(hours=1)
    with caplog.at_level(logging.WARNING):
        assert feedback.factors(batch_of([received(clock[0])])) == {KEY: pytest.approx(known[KEY], rel=0.01)}
    assert "those read last still count" in caplog.text


def test_a_pack_without_readings_asks_nobody() -> None:
    nowhere = Settings(clickhouse="http://127.0.0.1:9")
    assert feedback_at(nowhere, START).factors(batch_of([received(START)]).slice(0, 0)) == {}
