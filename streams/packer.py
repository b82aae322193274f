"""Collect records from many callers into packs, and give each caller its answer when its records are on the broker."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ioc import metrics
from ioc.errors import BrokerUnavailable
from ioc.packs import batch_of, encode, headers_of
from ioc.records import Record
from streams.publish import MAX_MESSAGE_BYTES, Message, Publisher
from streams.topics import partition_of, topic_of


@dataclass
class _Round:
    """What is sent together, and who waits for it."""

    records: dict[tuple[str, str, int], list[Record]] = field(default_factory=dict)
    count: int = 0
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
    if len(payload) <= MAX_MESSAGE_BYTES // 2 or len(records) == 1:
        yield records, payload
        return
    half = len(records) // 2
    yield from _encoded(records[:half])
    yield from _encoded(records[half:])


class Packer:
    """Sends when `pack_records` are waiting or the first has waited `linger_s`; one round at a time, so order holds."""

    def __init__(self, publisher: Publisher, *, pack_records: int, linger_s: float, max_waiting: int = 100_000) -> None:
        self._publisher, self._pack_records, self._linger_s = publisher, pack_records, linger_s
        self._max_waiting = max_waiting
        self._round: _Round | None = None
        self._sending = asyncio.Lock()
        self._waiting = 0
        self._waiting_of: Counter[str] = Counter()

    @property
    def full(self) -> bool:
        """Whether callers should be told "not now"."""
        return self._waiting >= self._max_waiting

    def crowded_by(self, source: str) -> bool:
        """Whether one source takes half of the room, so that others would find none."""
        return self._waiting_of[source] * 2 >= self._max_waiting

    def _wait(self, source: str, records: int) -> None:
        self._waiting += records
        self._waiting_of[source] += records
        metrics.WAITING.inc(records)

    async def put(self, source: str, records: Sequence[Record]) -> None:
        """Return when the broker holds the records.

        Raises:
            BrokerUnavailable: it does not; nothing of this call may be assumed sent.
        """
        if not records:
            return
        current = self._round = self._round or _Round()
        for record in records:
            partition = partition_of(record, self._publisher.partitions(topic_of(record.kind)))
            current.records.setdefault((record.kind, source, partition), []).append(record)
        current.count += len(records)
        self._wait(source, len(records))
        try:
            if current.sender is None:
                current.sender = asyncio.create_task(self._send(current))  # its own task: a caller may be cancelled
            if current.count >= self._pack_records:
                current.full.set()
            await asyncio.shield(current.done)
        finally:
            self._wait(source, -len(records))

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
