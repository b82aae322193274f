"""Collect records from many callers into packs, and give each caller its answer when its records are on the broker."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from ioc.packs import batch_of, encode, headers_of
from ioc.records import Record
from streams.publish import Message, Publisher
from streams.topics import partition_of, topic_of


@dataclass
class _Round:
    """What is sent together, and who waits for it."""

    records: dict[tuple[str, str, int], list[Record]] = field(default_factory=dict)
    count: int = 0
    done: asyncio.Future[None] | None = None


def packs_of(groups: dict[tuple[str, str, int], list[Record]], pack_records: int) -> list[Message]:
    """Messages of at most `pack_records` records of one kind, source and partition, order kept."""
    messages = []
    for (kind, source, partition), records in groups.items():
        for start in range(0, len(records), pack_records):
            part = records[start : start + pack_records]
            headers = headers_of(kind, source, len(part))
            messages.append(Message(topic_of(kind), partition, source.encode(), encode(batch_of(part)), headers))
    return messages


class Packer:
    """Sends when `pack_records` are waiting or the first has waited `linger_s`; one round at a time, so order holds."""

    def __init__(self, publisher: Publisher, *, pack_records: int, linger_s: float, max_waiting: int = 100_000) -> None:
        self._publisher, self._pack_records, self._linger_s = publisher, pack_records, linger_s
        self._max_waiting = max_waiting
        self._round = _Round()
        self._sending = asyncio.Lock()
        self._timer: asyncio.Task[None] | None = None
        self._waiting = 0

    @property
    def full(self) -> bool:
        """Whether callers should be told "not now"."""
        return self._waiting >= self._max_waiting

    async def put(self, source: str, records: Sequence[Record]) -> None:
        """Return when the broker holds the records.

        Raises:
            BrokerUnavailable: it does not; nothing of this call may be assumed sent.
        """
        if not records:
            return
        current = self._round
        if current.done is None:
            current.done = asyncio.get_running_loop().create_future()
        for record in records:
            partition = partition_of(record, self._publisher.partitions(topic_of(record.kind)))
            current.records.setdefault((record.kind, source, partition), []).append(record)
        current.count += len(records)
        self._waiting += len(records)
        try:
            if current.count >= self._pack_records:
                await self._send(current)
            elif self._timer is None or self._timer.done():
                self._timer = asyncio.create_task(self._linger(current))
            await asyncio.shield(current.done)
        finally:
            self._waiting -= len(records)

    async def _linger(self, current: _Round) -> None:
        await asyncio.sleep(self._linger_s)
        await self._send(current)

    async def _send(self, current: _Round) -> None:
        async with self._sending:
            if self._round is current:
                self._round = _Round()
            if current.done is None or current.done.done() or not current.records:
                return
            groups, current.records = current.records, {}
            try:
                messages = await asyncio.to_thread(packs_of, groups, self._pack_records)
                await self._publisher.deliver(messages)
            except Exception as error:
                current.done.set_exception(error)
            else:
                current.done.set_result(None)
