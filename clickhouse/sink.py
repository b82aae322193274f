"""Stores whole tables of records in columnar inserts, and tells what of a partition is already stored."""

from __future__ import annotations

import pyarrow as pa

from clickhouse.connection import Connection
from clickhouse.queries import arrow
from ioc.records import KINDS
from ioc.settings import Settings

PLACE = ("_topic", "_partition", "_offset")  # which pack a row came with

_INSERT = {
    "async_insert": 0,  # acknowledged means stored
    # Merging equal keys within the block costs as much as all the rest of an insert; readers say FINAL in any case.
    "optimize_on_insert": 0,
    "max_partitions_per_insert_block": 0,  # a file of twenty years spans more months than ClickHouse's 100
}


class Store:
    """One a process is enough: threads may call it at once, and it connects again after a failure."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._connection = Connection(settings)

    def insert(self, kind: str, table: pa.Table) -> None:
        """Insert all rows at once; when this returns ClickHouse has them.

        Args:
            kind: a kind of record, which is the table's name.
            table: the columns of `ioc.packs.arrow_schema` and of `PLACE`, by name.

        Raises:
            StoreUnavailable: not now; the rows may or may not be stored, insert them again.
            QueryFailed: ClickHouse refuses these rows.
        """
        if not table.num_rows:
            return
        with self._connection.answering() as client:
            client.raw_insert(
                self._table(kind), table.column_names, stream_of(table), settings=_INSERT, fmt="ArrowStream"
            )

    def high_water(self, kind: str, topic: str, partition: int) -> int | None:
        """The highest stored offset of a partition, None if nothing of it is stored.

        Raises:
            StoreUnavailable: not now.
        """
        sql = f"SELECT maxOrNull(_offset) FROM {self._table(kind)} WHERE {_OF_PARTITION}"
        with self._connection.answering() as client:
            value = client.query(sql, parameters={"topic": topic, "partition": partition}).first_row[0]
        return None if value is None else int(value)

    def stored_ids(self, kind: str, topic: str, partition: int, from_offset: int) -> set[str]:
        """Identities of the stored rows of a partition from an offset on.

        Raises:
            StoreUnavailable: not now.
        """
        where = f"{_OF_PARTITION} AND _offset >= {{offset:Int64}}"
        sql = f"SELECT DISTINCT event_id FROM {self._table(kind)} WHERE {where}"
        params = {"topic": topic, "partition": partition, "offset": from_offset}
        with self._connection.answering() as client:
            table = arrow(client, sql, params)
        return set(table["event_id"].to_pylist())

    def close(self) -> None:
        """Forget the connection."""
        self._connection.close()

    def _table(self, kind: str) -> str:
        return f"{self._settings.database}.{KINDS[kind].kind}"


_OF_PARTITION = "_topic = {topic:String} AND _partition = {partition:Int32}"


def stream_of(table: pa.Table) -> bytes:
    """A table as ClickHouse takes it in, format ArrowStream."""
    out = pa.BufferOutputStream()
    with pa.ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table.combine_chunks())  # a hundred small batches cost ClickHouse a fifth more
    return out.getvalue().to_pybytes()  # type: ignore[no-any-return]
