"""Acknowledge what is stored once the rollups know of it, every second or so for all packs since the last time.

A crash before that delivers the packs again: their rows are found stored, and their buckets are recomputed.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from clickhouse import rollups
from ioc import metrics
from ioc.settings import Settings
from streams.agents.patience import Patience
from streams.topics import topic_of

_MOST_EVENTS, _MOST_BYTES = 5000, 128 << 20  # that wait for their acknowledgement; more wait in the broker
_SHARE = 4  # recomputing may take one part in so many of the time …
_LONGEST_S = 10.0  # … unless the sums would be older than this


@dataclass
class _Waiting:
    events: list[Any] = field(default_factory=list)
    batches: list[pa.RecordBatch] = field(default_factory=list)
    size: int = 0


class Settlement:
    """Of one worker."""

    def __init__(self, settings: Settings, patience: Patience) -> None:
        self._rollups, self._patience = rollups.Rollups(settings), patience
        self._every_s = settings.rollup_every_ms / 1000
        self._minutes = settings.keep_minutes_days > 0
        self._waiting: dict[str, _Waiting] = {}
        self._added = 0  # events, ever
        self._locks: dict[str, asyncio.Lock] = {}

    async def add(self, kind: str, events: Sequence[Any], batches: Sequence[pa.RecordBatch]) -> None:
        """Acknowledge these events when their buckets are recomputed; waits while too much is waiting already."""
        if kind not in rollups.QUERIES or (not batches and kind not in self._waiting):
            _acknowledge(events)
            return
        waiting = self._waiting.setdefault(kind, _Waiting())
        self._added += len(events)
        waiting.events += events
        waiting.batches += batches
        waiting.size += sum(len(event.message.value or b"") for event in events)
        if len(waiting.events) >= _MOST_EVENTS or waiting.size >= _MOST_BYTES:
            await self.settle(kind)

    async def settle(self, kind: str) -> None:
        """Recompute and acknowledge what waits of a kind."""
        async with self._locks.setdefault(kind, asyncio.Lock()):
            waiting = self._waiting.pop(kind, None)
            if waiting is None:
                return
            if waiting.batches:
                await self._patience.of(topic_of(kind), asyncio.to_thread, self._refresh, kind, waiting.batches)
            _acknowledge(waiting.events)

    async def keep_settling(self) -> None:
        """Settle everything now and then until cancelled; less often where it costs much, while more keeps coming."""
        due, before = 0.0, 0
        while True:
            await asyncio.sleep(self._every_s)
            flows, before = self._added != before, self._added
            began = time.monotonic()
            if flows and began < due:
                continue
            await self.settle_all()
            took_s = time.monotonic() - began
            due = time.monotonic() + min(_SHARE * took_s, _LONGEST_S)

    async def settle_all(self) -> None:
        """Settle every kind; kinds do not wait for each other."""
        await asyncio.gather(*(self.settle(kind) for kind in list(self._waiting)))

    def _refresh(self, kind: str, batches: Sequence[pa.RecordBatch]) -> None:
        buckets = rollups.touched(kind, batches, self._minutes)
        if buckets is not None:
            with metrics.ROLLUP_SECONDS.time():
                self._rollups.refresh(kind, buckets)
            metrics.ROLLUP_BUCKETS.inc(buckets.num_rows)

    def forget(self) -> None:
        """Partitions moved: whoever has them now reads these events again."""
        self._waiting.clear()


def _acknowledge(events: Sequence[Any]) -> None:
    for event in events:
        event.ack()
