"""What happens to a pack: decode → store → derive (detect, judge, alert) → roll up and acknowledge, the same for every kind."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

import pyarrow as pa

from ioc import metrics, notify
from ioc.catalog.model import Catalog
from ioc.errors import BrokerUnavailable, Unavailable
from ioc.packs import utc_now
from ioc.records import Record
from ioc.settings import Settings
from streams.agents.batches import batches
from streams.agents.decode import Pack, dead_letter, decoded
from streams.agents.derive import derivers
from streams.agents.patience import Patience
from streams.agents.progress import Place, Progress, committed
from streams.agents.settle import Settlement
from streams.agents.writer import Writer
from streams.packer import packs_of
from streams.topics import partition_of, topic_of

log = logging.getLogger(__name__)

_LAST_SETTLEMENT_S, _SAVE_EVERY_S = 5.0, 300.0
_BATCH_BYTES = 16 << 20  # of packs as they come, in each of the stages


class Deriver(Protocol):
    """Makes records out of a stored pack: anomalies of readings, stances of posts, alerts of both."""

    async def derive(self, batch: pa.RecordBatch) -> Sequence[Record]:
        """Called once a pack, in the partition's order; again after a replay, with the same outcome."""

    async def save(self) -> None:
        """Keep what cannot be made again cheaply; called now and then, and when everything is acknowledged."""

    def reset(self) -> None:
        """Partitions moved: forget what belongs to them."""


class _Stages:
    """While one batch of a kind is examined, the next is stored and the one after it decoded; no more are in memory."""

    def __init__(self) -> None:
        self.decode, self.store, self.derive = asyncio.Lock(), asyncio.Lock(), asyncio.Lock()  # they are fair
        self.room = asyncio.Semaphore(3)


class Pipeline:
    """Owns the writer and the derivers of one worker."""

    def __init__(self, settings: Settings, catalog: Catalog, app: Any) -> None:
        self._settings, self._catalog, self._app = settings, catalog, app
        self.patience, self.progress = Patience(app), Progress()
        self.settlement = Settlement(settings, self.patience)
        self._writer = Writer(settings)
        self._derivers: dict[str, Deriver] = derivers(settings, catalog)
        self._expected: dict[Place, int] = {}  # the next offset to be decoded, of partitions that had one

    async def on_partitions_assigned(self, _app: Any, assigned: set[Any], **_: Any) -> None:
        """Partitions may come from another worker: what we remember of them is void."""
        self._writer.reset()
        self._expected.clear()
        self.settlement.forget()
        for deriver in self._derivers.values():
            deriver.reset()
        self.progress.assigned(Place(*tp) for tp in assigned)
        metrics.ASSIGNED.set(len(assigned))
        log.info("assigned %d partitions", len(assigned))
        notify.ready()

    async def on_before_shutdown(self, _app: Any, **_: Any) -> None:
        """Acknowledge what is stored, so that the next start has nothing to look up; not for long, if the store is away."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.settlement.settle_all(), _LAST_SETTLEMENT_S)
            await asyncio.wait_for(self._save(), _LAST_SETTLEMENT_S)

    async def keep_saving(self) -> None:
        """Keep what derivers have learnt, now and then until cancelled."""
        while True:
            await asyncio.sleep(_SAVE_EVERY_S)
            await self._save()

    async def _save(self) -> None:
        await asyncio.gather(*(deriver.save() for deriver in self._derivers.values()))

    def agent(self, kind: str) -> Callable[[Any], Awaitable[None]]:
        """The agent function of one kind."""
        most = max(1, self._settings.insert_rows // self._settings.pack_records)
        within_s = max(self._settings.insert_linger_ms, 1) / 1000

        async def store(stream: Any) -> None:
            stages = _Stages()
            async with asyncio.TaskGroup() as group:
                async for events in batches(stream, most=most, most_bytes=_BATCH_BYTES, within_s=within_s):
                    await stages.room.acquire()
                    group.create_task(self._process(kind, events, stages))

        return store

    async def _process(self, kind: str, events: Sequence[Any], stages: _Stages) -> None:
        """Decode, store, examine and settle a batch; in each stage batches go in their order."""
        try:
            async with stages.decode:
                messages = [event.message for event in events]
                packs = await asyncio.to_thread(decoded, kind, messages, self._catalog, utc_now())
                self._tell_gaps(packs)
            async with stages.store:
                stored = await self._store(kind, packs)
            async with stages.derive:
                await self._derive(kind, packs, stored)
                _count(kind, packs)
                for message in messages:
                    self.progress.done(Place(message.topic, message.partition), message.offset, message.timestamp)
                await self.settlement.add(kind, events, [pack.batch for pack in packs if pack.batch is not None])
        finally:
            stages.room.release()

    async def _store(self, kind: str, packs: Sequence[Pack]) -> list[Pack]:
        """The packs that ClickHouse has taken."""
        stored = [pack for pack in packs if pack.batch is not None]
        refused = await self.patience.of(topic_of(kind), self._writer.write, kind, stored)
        for index, error in refused.items():
            stored[index].letters.append(dead_letter(stored[index], "", str(error), utc_now()))
        return [pack for index, pack in enumerate(stored) if index not in refused]

    async def _derive(self, kind: str, packs: Sequence[Pack], stored: Sequence[Pack]) -> None:
        """Send what follows from these packs."""
        derived: list[Record] = [letter for pack in packs for letter in pack.letters]
        if deriver := self._derivers.get(kind):
            for pack in stored:
                derived += await self._derived(deriver, pack)
        if derived:
            await self.patience.of(topic_of(kind), self._send, derived)

    def _tell_gaps(self, packs: Sequence[Pack]) -> None:
        """Offsets that the broker deleted before we read them are lost: that must not pass in silence."""
        for pack in packs:
            place = Place(pack.topic, pack.partition)
            due = self._due(place)
            self._expected[place] = pack.offset + 1
            if due is not None and pack.offset > due:
                reason = (
                    f"the broker no longer holds the offsets {due} to {pack.offset - 1}: deleted before they were read"
                )
                metrics.LOST_OFFSETS.labels(pack.topic).inc(pack.offset - due)
                log.error("%s: %s", pack.place, reason)
                pack.letters.append(dead_letter(pack, "offset", reason, utc_now(), b""))

    def _due(self, place: Place) -> int | None:
        """The next offset that should come, None where the group has never been."""
        if place in self._expected:
            return self._expected[place]
        position = self.progress.position(place)
        return committed(self._app, place) if position is None else position

    async def _derived(self, deriver: Deriver, pack: Pack) -> Sequence[Record]:
        """What is made out of a stored pack; a fault in the making costs this pack its anomalies, not the worker its life."""
        try:
            with metrics.DERIVE_SECONDS.labels(type(deriver).__name__).time():
                records: Sequence[Record] = await self.patience.of(pack.topic, deriver.derive, pack.batch)
        except Exception as error:
            log.exception("%s: %s failed", pack.place, type(deriver).__name__)
            reason = f"stored, but not examined: {error!r}"
            return [dead_letter(pack, type(deriver).__name__, reason, utc_now())]
        return records

    async def _send(self, records: Sequence[Record]) -> None:
        groups: dict[tuple[str, str, int], list[Record]] = {}
        for record in records:
            partitions = self._app.consumer.topic_partitions(topic_of(record.kind)) or self._settings.partitions
            key = (record.kind, getattr(record, "source", "ioc"), partition_of(record, partitions))
            groups.setdefault(key, []).append(record)
        producer = self._app.producer
        try:
            for m in packs_of(groups, self._settings.pack_records):
                await producer.send_and_wait(m.topic, m.key, m.value, m.partition, None, m.headers)
        except Unavailable:
            raise
        except (
            Exception
        ) as error:  # the drivers' own errors: whatever they are, the pack must go out before it is acknowledged
            raise BrokerUnavailable(f"the broker did not take derived records: {error!r}") from error


def _count(kind: str, packs: Sequence[Pack]) -> None:
    metrics.PACKS.labels(kind).inc(len(packs))
    metrics.RECORDS.labels(kind).inc(sum(pack.batch.num_rows for pack in packs if pack.batch is not None))
    for pack in packs:
        for letter in pack.letters:
            metrics.rejected(kind, letter.field)
