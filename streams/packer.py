"""Collect records from many callers into packs, and give each caller its answer when its records are on the broker."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from ioc import metrics
from ioc.errors import BrokerUnavailable
from ioc.packs import batch_of, encode, headers_of
from ioc.records import Record
from streams.publish import MAX_MESSAGE_BYTES, Message, Publisher
from streams.topics import partition_of, topic_of

_MAX_WAITING_BYTES = 64 << 20  # as records; their packs and the broker's copies take as much again
_PACK_BYTES = MAX_MESSAGE_BYTES // 2

_encode_one = msgspec.msgpack.Encoder().encode


@dataclass
class _Round:
    """What is sent together, and who waits for it."""

    records: dict[tuple[str, str, int], list[Record]] = field(default_factory=dict)
    count: int = 0
    size: int = 0
    done: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    full: asyncio.Event = field(default_factory=asyncio.Event)
    sender: asyncio.Task[None] | None = None


def packs_of(groups: dict[tuple[str, str, int], list[Record]], pack_records: int) -> list[Message]:
    """Messages of at most `pack_records` records of one kind, source and partition, order kept."""
    messages: list[Message] = []
    for (kind, source, partition), records in groups.items():
        for start in range(0, len(records), pack_records):
            for part, payload in _encoded(records[start : start + pack_records]):
                headers = headers_of(kind, source, len(part))
                messages.append(Message(topic_of(kind), partition, source.encode(), payload, headers))
    return messages


def _encoded(records: Sequence[Record]) -> Iterator[tuple[Sequence[Record], bytes]]:
    """Payloads that a broker takes: long texts are halved into more packs."""
    payload = encode(batch_of(records))
    if len(payload) <= _PACK_BYTES or len(records) == 1:
        yield records, payload
        return
    half = len(records) // 2
    yield from _encoded(records[:half])
    yield from _encoded(records[half:])


def bytes_of(records: Sequence[Record]) -> int:
    """How large records are, texts and all: 0.2 µs a record, one at a time, so that nothing is held twice."""
    return sum(map(len, map(_encode_one, records)))


class Packer:
    """Sends when `pack_records` are waiting or the first has waited `linger_s`; one round at a time, so order holds.

    Args:
        publisher: of the broker.
        pack_records: in a pack.
        linger_s: the longest that a record waits for others.
        max_waiting: records that may wait for the broker at once, of all callers …
        max_waiting_bytes: … and their bytes; one call may exceed what is left of either.
    """

    def __init__(
        self, publisher: Publisher, *, pack_records: int, linger_s: float, max_waiting: int = 100_000,
        max_waiting_bytes: int = _MAX_WAITING_BYTES,
    ) -> None:  # fmt: skip
        self._publisher, self._pack_records, self._linger_s = publisher, pack_records, linger_s
        self._max_waiting, self._max_waiting_bytes = max_waiting, max_waiting_bytes
        self._round: _Round | None = None
        self._sending, self._entrance = asyncio.Lock(), asyncio.Lock()
        self._room = asyncio.Event()
        self._room.set()
        self._waiting = self._waiting_bytes = 0
        self._waiting_of: Counter[str] = Counter()
        self._bytes_of: Counter[str] = Counter()

    @property
    def full(self) -> bool:
        """Whether callers should be told "not now"; those who call all the same wait."""
        return self._waiting >= self._max_waiting or self._waiting_bytes >= self._max_waiting_bytes

    def crowded_by(self, source: str) -> bool:
        """Whether one source takes half of the room, so that others would find none."""
        records, size = self._waiting_of[source], self._bytes_of[source]
        return records * 2 >= self._max_waiting or size * 2 >= self._max_waiting_bytes

    def _wait(self, source: str, records: int, size: int) -> None:
        self._waiting += records
        self._waiting_bytes += size
        self._waiting_of[source] += records
        self._bytes_of[source] += size
        metrics.WAITING.inc(records)
        if self.full:
            self._room.clear()
        else:
            self._room.set()

    async def put(self, source: str, records: Sequence[Record]) -> None:
        """Return when the broker holds the records; without room for them, wait for some first.

        Raises:
            BrokerUnavailable: it does not; nothing of this call may be assumed sent.
        """
        if not records:
            return
        size = bytes_of(records)
        async with self._entrance:  # in a row, so that a large call is not overtaken for ever
            await self._room.wait()
            self._wait(source, len(records), size)
        try:
            current = self._join(source, records, size)
            await asyncio.shield(current.done)
        finally:
            self._wait(source, -len(records), -size)

    def _join(self, source: str, records: Sequence[Record], size: int) -> _Round:
        """Add records to the round that collects, and let it go if it is full."""
        current = self._round = self._round or _Round()
        for record in records:
            partition = partition_of(record, self._publisher.partitions(topic_of(record.kind)))
            current.records.setdefault((record.kind, source, partition), []).append(record)
        current.count += len(records)
        current.size += size
        if current.sender is None:
            current.sender = asyncio.create_task(self._send(current))  # its own task: a caller may be cancelled
        if current.count >= self._pack_records or current.size >= _PACK_BYTES:
            current.full.set()
        return current

    async def _send(self, current: _Round) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(current.full.wait(), self._linger_s)
        async with self._sending:  # meanwhile the round goes on collecting
            self._round = None
            try:
                messages = await asyncio.to_thread(packs_of, current.records, self._pack_records)
                await self._publisher.deliver(messages)
            except BaseException as error:
                current.done.set_exception(error if isinstance(error, Exception) else BrokerUnavailable("stopping"))
                if not isinstance(error, Exception):
                    raise
            else:
                current.done.set_result(None)
