"""Store packs in ClickHouse in few, columnar inserts, and drop what a replay brings again.

A pack is acknowledged after its insert. What a crash leaves between the two is delivered again; so for each partition,
from where it was last committed to the highest offset already stored, the rows that are stored are looked up by
identity and dropped (by row, not by offset: an insert that spans months is not atomic). Beyond that offset everything
is new and costs nothing. ReplacingMergeTree by `event_id` stands behind it for files that departments send twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from clickhouse.sink import Store
from ioc import metrics
from ioc.errors import QueryFailed
from ioc.packs import arrow_schema
from ioc.settings import Settings
from streams.agents.decode import Pack

_CODES = frozenset(
    {"source", "station", "metric", "unit", "status", "agency", "area", "outlet", "severity"}
)  # few values


@dataclass
class _Replay:
    """What is already stored of a partition: up to which offset, and which rows."""

    until: int
    stored: pa.Array


class Writer:
    """One a worker; `write` is called by one agent a kind."""

    def __init__(self, settings: Settings) -> None:
        self._store = Store(settings)
        self._replays: dict[tuple[str, int], _Replay | None] = {}

    def reset(self) -> None:
        """Partitions moved: look up again what is stored."""
        self._replays.clear()

    async def write(self, kind: str, packs: Sequence[Pack]) -> dict[int, QueryFailed]:
        """Insert all packs; the indices of those that ClickHouse refuses for what is in them, with its reason.

        Raises:
            StoreUnavailable: ClickHouse does not answer; call again.
        """
        tables = [await asyncio.to_thread(self._new_rows, kind, pack) for pack in packs]
        whole = pa.concat_tables([t for t in tables if t.num_rows] or [_empty(kind)])
        if not whole.num_rows:
            return {}
        try:
            await asyncio.to_thread(self._insert, kind, whole)
        except QueryFailed:
            return await self._one_by_one(kind, tables)
        return {}

    async def _one_by_one(self, kind: str, tables: Sequence[pa.Table]) -> dict[int, QueryFailed]:
        """One bad pack must not take its neighbours with it."""
        refused = {}
        for index, table in enumerate(tables):
            if not table.num_rows:
                continue
            try:
                await asyncio.to_thread(self._insert, kind, table)
            except QueryFailed as error:
                refused[index] = error
        return refused

    def _insert(self, kind: str, table: pa.Table) -> None:
        with metrics.INSERT_SECONDS.labels(kind).time():
            self._store.insert(kind, _coded(table))
        metrics.ROWS.labels(kind).inc(table.num_rows)

    def _new_rows(self, kind: str, pack: Pack) -> pa.Table:
        key = (pack.topic, pack.partition)
        if key not in self._replays:
            self._replays[key] = self._look_up(kind, pack)
        table = pa.Table.from_batches([pack.batch])
        replay = self._replays[key]
        if replay is not None and pack.offset <= replay.until:
            table = table.filter(pc.invert(pc.is_in(table["event_id"], value_set=replay.stored)))
        elif replay is not None:
            self._replays[key] = None
        return _with_place(table, pack)

    def _look_up(self, kind: str, pack: Pack) -> _Replay | None:
        until = self._store.high_water(kind, pack.topic, pack.partition)
        if until is None or until < pack.offset:
            return None
        stored = self._store.stored_ids(kind, pack.topic, pack.partition, pack.offset)
        return _Replay(until, pa.array(sorted(stored), pa.string()))


def _with_place(table: pa.Table, pack: Pack) -> pa.Table:
    rows = table.num_rows
    topic = pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), rows), pa.array([pack.topic]))
    table = table.append_column("_topic", topic)
    table = table.append_column("_partition", pa.repeat(pa.scalar(pack.partition, pa.int32()), rows))
    return table.append_column("_offset", pa.repeat(pa.scalar(pack.offset, pa.int64()), rows))


def _coded(table: pa.Table) -> pa.Table:
    """The same rows with each code as a dictionary: ClickHouse, the slowest on the way, need not build its own row by row."""
    for place, name in enumerate(table.column_names):
        if name in _CODES:
            table = table.set_column(place, name, table.column(place).combine_chunks().dictionary_encode())
    return table


def _empty(kind: str) -> pa.Table:
    return pa.table({f.name: pa.array([], f.type) for f in arrow_schema(kind)})
