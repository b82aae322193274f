"""The Faust transport over the embedded log, registered as ``sqlite://`` under ``faust.transports``.

What Faust needs of it and does not say (shared DESIGN): `subscribe` returns at once and the assignment runs in its own
task; the generation is set before `on_rebalance_start` and passed on; every message carries it, or streams skip it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar
from zlib import crc32

from faust.transport import base
from faust.transport.consumer import Consumer as BaseConsumer
from faust.transport.producer import Producer as BaseProducer
from faust.types.tuples import TP, ConsumerMessage, RecordMetadata
from yarl import URL

from ioc.errors import BrokerUnavailable
from ioc.settings import load_settings
from streams.embedded.log import Log, Outgoing, Stored

_POLL_S = 0.02
_RETENTION_EVERY_S = 60.0


def open_log(url: URL | str) -> Log:
    """The log a ``sqlite:///…`` URL names, with the limits of the settings."""
    settings = load_settings()
    path = Path(URL(str(url)).path)
    return Log(path, max_bytes=settings.broker_retention_mb << 20, max_age_s=settings.broker_retention_hours * 3600)


class Consumer(BaseConsumer):
    """Reads the partitions of the subscribed topics; the one consuming process of the file."""

    consumer_stopped_errors: ClassVar[tuple[type[BaseException], ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._log = self.transport.log
        self._topics: frozenset[str] = frozenset()
        self._assigned: set[TP] = set()
        self._positions: dict[TP, int] = {}
        self._heads: dict[TP, int] = {}
        self._generation = 0
        self._seen_change: tuple[int, int] | None = None

    async def on_start(self) -> None:
        """Claim the right to consume before anything is read."""
        self._log.claim_consumer()
        await super().on_start()

    async def on_stop(self) -> None:
        """Commit what is acknowledged, then let another process consume."""
        await super().on_stop()
        self._log.release_consumer()

    async def create_topic(self, topic: str, partitions: int, replication: int, **_: Any) -> None:
        """Declare a topic."""
        await asyncio.to_thread(self._log.create_topic, topic, partitions)

    async def subscribe(self, topics: Iterable[str]) -> None:
        """Take the topics; the assignment follows in its own task."""
        self._topics = frozenset(topics)
        self.add_future(self._assign())

    async def _assign(self) -> None:
        for topic in self._topics:
            await self.create_topic(topic, self.app.conf.topic_partitions, 1)
        assigned = {TP(t, p) for t in self._topics for p in range(self._log.partitions(t) or 0)}
        self._generation += 1
        self.app.consumer_generation_id = self._generation
        self.app.on_rebalance_start()
        if self._assigned:
            await self.on_partitions_revoked(self._assigned - assigned)
        self._assigned = assigned
        await self.on_partitions_assigned(assigned, generation_id=self._generation)

    def assignment(self) -> set[TP]:
        """All partitions of the subscribed topics."""
        return self._assigned

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> dict[TP, list[Stored]]:
        wanted = self._assigned if active_partitions is None else active_partitions & self._assigned
        deadline = self.loop.time() + timeout
        while not self.should_stop:
            records = await asyncio.to_thread(self._read_all, list(wanted))
            if records or self.loop.time() >= deadline:
                return records
            await asyncio.sleep(_POLL_S)
        return {}

    def _read_all(self, partitions: list[TP]) -> dict[TP, list[Stored]]:
        change = self._log.change_counter()
        if change != self._seen_change:
            self._seen_change = change
            self._heads = {tp: self._log.next_offset(*tp) for tp in self._assigned}
        found: dict[TP, list[Stored]] = {}
        for tp in partitions:
            position = self._positions.get(tp, 0)
            if position < self._heads.get(tp, 0) and (records := self._log.read(*tp, position)):
                found[tp] = records
                self._positions[tp] = records[-1].offset + 1
        return found

    def _to_message(self, tp: TP, record: Any) -> ConsumerMessage:
        return ConsumerMessage(
            record.topic, record.partition, record.offset, record.timestamp_ms / 1000, 0, record.headers,
            record.key, record.value, None, len(record.key or b""), len(record.value or b""), tp,
            generation_id=self.app.consumer_generation_id,
        )  # fmt: skip

    async def seek_to_committed(self) -> Mapping[TP, int | None]:
        """Go back to what was committed; None where nothing was."""
        offsets: dict[TP, int | None] = {tp: self._log.committed(self.app.conf.id, *tp) for tp in self._assigned}
        for tp, offset in offsets.items():
            self._positions[tp] = offset if offset is not None else self._log.earliest_offset(*tp)
        return offsets

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        try:
            await asyncio.to_thread(self._log.commit, self.app.conf.id, dict(offsets))
        except BrokerUnavailable as error:
            self.log.warning("Commit will be tried again: %s", error)
            return False
        return True

    async def _seek(self, partition: TP, offset: int) -> None:
        self._positions[partition] = offset

    async def seek_wait(self, partitions: Mapping[TP, int]) -> None:
        """Seek several partitions."""
        for tp, offset in partitions.items():
            await self.seek(tp, offset)

    async def seek_to_beginning(self, *partitions: TP) -> None:
        """Seek to the oldest record still there."""
        for tp in partitions:
            await self.seek(tp, self._log.earliest_offset(*tp))

    async def position(self, tp: TP) -> int | None:
        """The next offset to be read."""
        return self._positions.get(tp)

    def highwater(self, tp: TP) -> int:
        """The next offset to be written, as of the last look: asked once a message, so it is cached."""
        return self._heads.get(tp, 0)

    async def earliest_offsets(self, *partitions: TP) -> Mapping[TP, int]:
        """Oldest offsets still there."""
        return {tp: self._log.earliest_offset(*tp) for tp in partitions}

    async def highwaters(self, *partitions: TP) -> Mapping[TP, int]:
        """Next offsets to be written."""
        return {tp: self._log.next_offset(*tp) for tp in partitions}

    def topic_partitions(self, topic: str) -> int | None:
        """How many partitions a topic has."""
        partitions: int | None = self._log.partitions(topic)
        return partitions

    def key_partition(self, topic: str, key: bytes | None, partition: int | None = None) -> int | None:
        """The partition a key goes to."""
        return partition if partition is not None else crc32(key or b"") % (self._log.partitions(topic) or 1)

    def _new_topicpartition(self, topic: str, partition: int) -> TP:
        return TP(topic, partition)

    @BaseConsumer.task
    async def _retention(self) -> None:
        async for _ in self.itertimer(_RETENTION_EVERY_S, name="retention"):
            try:
                await asyncio.to_thread(self._log.apply_retention)
            except BrokerUnavailable as error:
                self.log.warning("Retention will be tried again: %s", error)

    def close(self) -> None:
        """Nothing to close before the transport does."""


class Producer(BaseProducer):
    """Appends to the log; a record is durable when its future is done."""

    async def create_topic(self, topic: str, partitions: int, replication: int, **_: Any) -> None:
        """Declare a topic."""
        await asyncio.to_thread(self.transport.log.create_topic, topic, partitions)

    async def send(  # noqa: PLR0913 - Faust's signature
        self, topic: str, key: bytes | None, value: bytes | None, partition: int | None,
        timestamp: float | None, headers: Any, *, transactional_id: str | None = None,
    ) -> asyncio.Future[RecordMetadata]:  # fmt: skip
        """Append; the future of the answer is already done."""
        pairs = list(headers.items()) if isinstance(headers, Mapping) else list(headers or ())
        outgoing = Outgoing(topic, value, key, pairs, partition)
        ((at_partition, offset),) = await asyncio.to_thread(self.transport.log.append, [outgoing])
        future: asyncio.Future[RecordMetadata] = asyncio.get_running_loop().create_future()
        future.set_result(RecordMetadata(topic, at_partition, TP(topic, at_partition), offset, timestamp, 0))
        return future

    async def send_and_wait(self, *args: Any, **kwargs: Any) -> RecordMetadata:
        """Append and return where."""
        return await (await self.send(*args, **kwargs))

    async def flush(self) -> None:
        """Everything sent is already on disk; only Faust's own buffer may hold something."""
        await self.buffer.flush()

    def key_partition(self, topic: str, key: bytes) -> TP:
        """The partition a key goes to."""
        return TP(topic, crc32(key) % (self.transport.log.partitions(topic) or 1))

    def supports_headers(self) -> bool:
        """Headers travel with the records."""
        return True


class Transport(base.Transport):
    """Faust asks for this class by the URL's scheme."""

    Consumer: ClassVar[type] = Consumer
    Producer: ClassVar[type] = Producer
    default_port = 0
    driver_version = "sqlite"

    _log: Log | None = None

    @property
    def log(self) -> Log:
        """The file, opened when first needed."""
        if self._log is None:
            self._log = open_log(self.url[0])
        return self._log
