"""Sums by the hour that stay equal to a recomputation over ``FINAL``, because that is what they are.

An incremental materialized view counts duplicates, so it is none: whoever has stored readings names the hours they
touched, and those are recomputed as a whole. Recomputing an hour that nobody touched, or twice, changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clickhouse.connection import Connection
from clickhouse.queries import command
from ioc.settings import Settings

_SERIES = ("source", "metric", "station")
_HOUR_MS = 3_600_000
_MOST_SERIES = 2000  # a query: its list travels as a parameter
_SPARSE = 4  # at most so many hours are recomputed for one that was touched
QUERIES = {"readings": "rollup_readings"}


def touched(kind: str, batches: Sequence[pa.RecordBatch]) -> pa.Table | None:
    """The hours that the records of these packs lie in: source, metric, station, hour (since 1970), each once.

    One call for many packs costs a tenth of a call for each.

    Returns:
        None for kinds without rollups.
    """
    if kind not in QUERIES or not batches:
        return None
    table = pa.Table.from_batches([batch.select([*_SERIES, "observed_at"]) for batch in batches])
    hours = table["observed_at"].cast(pa.int64()).to_numpy() // _HOUR_MS
    table = table.select(list(_SERIES)).append_column("hour", pa.array(hours, pa.int32()))
    return table.group_by([*_SERIES, "hour"], use_threads=False).aggregate([])


class Rollups:
    """One a process is enough."""

    def __init__(self, settings: Settings) -> None:
        self._connection = Connection(settings)

    def refresh(self, kind: str, hours: pa.Table) -> None:
        """Recompute these hours from what is stored now.

        Args:
            kind: of the records.
            hours: from `touched`.

        Raises:
            StoreUnavailable: not now; call again.
        """
        for piece in _pieces(hours):
            series = piece.group_by(list(_SERIES), use_threads=False).aggregate([])
            for start in range(0, series.num_rows, _MOST_SERIES):
                keys = [tuple(row.values()) for row in series.slice(start, _MOST_SERIES).to_pylist()]
                since, until = _span(piece)
                params = {"series": keys, "since": _moment(since), "until": _moment(until)}
                with self._connection.answering() as client:
                    command(client, QUERIES[kind], params)

    def rebuild(self, kind: str, since: datetime, until: datetime) -> Iterator[float]:
        """Recompute everything between two instants, month by month; yields the share that is done.

        For data that came past the workers: restored, or inserted by hand.

        Raises:
            StoreUnavailable: not now; call again.
        """
        start = since
        while start < until:
            end = min(start + timedelta(days=31), until)
            hours = self._connection.query("rollup_hours", {"since": start, "until": end})
            self.refresh(kind, hours)
            start = end
            yield (end - since) / (until - since)


def _pieces(hours: pa.Table) -> Iterator[pa.Table]:
    """Tables of hours that are dense enough to be recomputed as a rectangle of series by hours."""
    if not hours.num_rows:
        return
    since, until = _span(hours)
    series = hours.group_by(list(_SERIES), use_threads=False).aggregate([]).num_rows
    if (until - since) * series <= _SPARSE * hours.num_rows:
        yield hours
        return
    column = hours["hour"].to_numpy()
    distinct = np.unique(column)
    gaps = np.diff(distinct)
    if gaps.size and gaps.max() > 1:
        cut = distinct[int(gaps.argmax())]  # the longest gap is the best place to part late data from the rest
    elif distinct.size > 1:
        cut = distinct[distinct.size // 2 - 1]
    else:
        yield hours
        return
    early = pa.array(column <= cut)
    yield from _pieces(hours.filter(early))
    yield from _pieces(hours.filter(pc.invert(early)))


def _span(hours: pa.Table) -> tuple[int, int]:
    extremes = pc.min_max(hours["hour"])
    return int(extremes["min"].as_py()), int(extremes["max"].as_py()) + 1


def _moment(hour: int) -> datetime:
    return datetime.fromtimestamp(hour * 3600, UTC)
