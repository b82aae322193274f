"""Keeps what detectors learned of each series, so that a worker that takes a partition over need not learn anew."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from clickhouse.connection import Connection
from clickhouse.sink import stream_of
from ioc.packs import utc_now
from ioc.settings import Settings

Key = tuple[str, str, str]  # source, station, metric

SCHEMA = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("station", pa.string(), nullable=False),
        pa.field("metric", pa.string(), nullable=False),
        pa.field("newest", pa.timestamp("ms", tz="UTC"), nullable=False),
        pa.field("version", pa.int64(), nullable=False),
        pa.field("state", pa.binary(), nullable=False),
    ]
)
_AT_ONCE = 1000  # series: at ~25 kB each an insert of 25 MB


class States:
    """One a process is enough; threads may share it."""

    def __init__(self, settings: Settings) -> None:
        self._table = f"{settings.database}.detector_states"
        self._connection = Connection(settings)

    def save(self, table: pa.Table) -> None:
        """Keep these states in place of earlier ones of the same series.

        Args:
            table: the columns of `SCHEMA`.

        Raises:
            StoreUnavailable: not now; some may be kept, save them again.
        """
        table = table.select(SCHEMA.names).cast(SCHEMA)
        taken = pa.scalar(utc_now(), pa.timestamp("ms", tz="UTC"))
        for start in range(0, table.num_rows, _AT_ONCE):
            piece = table.slice(start, _AT_ONCE)
            piece = piece.append_column("taken_at", pa.repeat(taken, piece.num_rows))
            with self._connection.answering() as client:
                client.raw_insert(
                    self._table, piece.column_names, stream_of(piece), settings={"async_insert": 0}, fmt="ArrowStream"
                )

    def load(self, keys: Iterable[Key]) -> pa.Table:
        """The latest states of these series; those without one are left out.

        Returns:
            The columns of `SCHEMA`, in no order.

        Raises:
            StoreUnavailable: not now.
        """
        named = list(dict.fromkeys(keys))
        pieces = [self._piece(named[start : start + _AT_ONCE]) for start in range(0, len(named), _AT_ONCE)]
        return pa.concat_tables(pieces) if pieces else SCHEMA.empty_table()

    def close(self) -> None:
        """Forget the connection."""
        self._connection.close()

    def _piece(self, keys: list[Key]) -> pa.Table:
        found = self._connection.query("detector_states", {"keys": keys})
        return found.cast(SCHEMA)
