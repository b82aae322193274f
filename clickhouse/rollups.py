"""Sums by the hour and day that stay equal to a recomputation over ``FINAL``, because that is what they are.

An incremental materialized view counts duplicates, so it is none: whoever has stored records names the buckets they
touched, and those are recomputed as a whole. Recomputing a bucket that nobody touched, or twice, changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clickhouse.connection import Connection
from clickhouse.queries import command
from ioc.errors import ConfigurationError
from ioc.settings import Settings

_MINUTE_MS, _HOUR_MS = 60_000, 3_600_000
_FOREVER = datetime(1900, 1, 1, tzinfo=UTC)  # where nothing expires
_MOST_KEYS = 2000  # a query: their values travel as parameters
_SPARSE = 4  # at most so many buckets are recomputed for one that was touched
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Rollup:
    """What a kind of record is summed up by; ``queries/<recompute>.sql`` says what is summed.

    Attributes:
        recompute: the statement that recomputes, from an instant until another, all combinations of the keys' values.
        keys: columns of the record that no correction changes, for they lead its table's sorting key.
        time: its event time.
        length_ms: how long a bucket is.
        ahead_ms: how far the clock that buckets begin by is ahead of UTC.
        gone: the statement that empties buckets without records, where `recompute` does not.
        expires: records go after `Settings.keep_raw_days`, and their buckets are then left alone.
        expired: the statement for buckets whose records may have expired, where that is another one.
        minutes: the statement that recomputes minutes, and with ``_gone`` the one that empties them; None for no minutes.
    """

    recompute: str
    keys: tuple[str, ...]
    time: str
    length_ms: int = _HOUR_MS
    ahead_ms: int = 0
    gone: str | None = None
    expires: bool = False
    expired: str | None = None
    minutes: str | None = None

    def begin(self, bucket: int) -> datetime:
        """When a bucket begins, aware UTC."""
        return _EPOCH + timedelta(milliseconds=bucket * self.length_ms - self.ahead_ms)

    def begin_of(self, moment: datetime) -> datetime:
        """When the bucket that holds a moment begins."""
        since_epoch = (moment - _EPOCH) // timedelta(milliseconds=1)
        return self.begin((since_epoch + self.ahead_ms) // self.length_ms)


QUERIES = {
    "readings": Rollup(
        *("rollup_readings", ("source", "metric", "station"), "observed_at"),
        gone="rollup_readings_gone",
        expired="rollup_readings_expired",
        minutes="rollup_readings_minutes",
    ),
    "cyber_events": Rollup("rollup_cyber_events", ("event_type",), "occurred_at", expires=True),
    "stances": Rollup("rollup_stances", ("agency",), "published_at", 24 * _HOUR_MS, 7 * _HOUR_MS),
}


def touched(kind: str, batches: Sequence[pa.RecordBatch], minutes: bool = False) -> pa.Table | None:
    """The buckets that the records of these packs lie in, each once.

    One call for many packs costs a tenth of a call for each.

    Args:
        kind: of the records.
        batches: their packs.
        minutes: whether minutes are kept, see `Settings.keep_minutes_days`.

    Returns:
        The keys, bucket (its number since 1970), and for minutes first and last (event times of its records, ms since
        1970); None for kinds without rollups.
    """
    if kind not in QUERIES or not batches:
        return None
    rollup = QUERIES[kind]
    table = pa.Table.from_batches([batch.select([*rollup.keys, rollup.time]) for batch in batches])
    times = table[rollup.time].cast(pa.int64())
    buckets = pa.array((times.to_numpy() + rollup.ahead_ms) // rollup.length_ms, pa.int32())
    table = table.select(list(rollup.keys)).append_column("bucket", buckets)
    if not minutes:
        return _distinct(table, table.column_names)
    table = table.append_column("ms", times)
    found = table.group_by([*rollup.keys, "bucket"], use_threads=False).aggregate([("ms", "min"), ("ms", "max")])
    return found.rename_columns([*rollup.keys, "bucket", "first", "last"])


class Rollups:
    """One a process is enough; threads may share it."""

    def __init__(self, settings: Settings) -> None:
        self._connection = Connection(settings)
        self._raw_days, self._minutes_days = settings.keep_raw_days, settings.keep_minutes_days

    def refresh(self, kind: str, buckets: pa.Table) -> None:
        """Recompute these buckets from what is stored now, and of readings the touched minutes where minutes are kept.

        Args:
            kind: of the records.
            buckets: from `touched`.

        Raises:
            StoreUnavailable: not now; call again.
        """
        rollup = QUERIES[kind]
        kept = _ago(self._raw_days)
        if rollup.expires:
            begins = buckets["bucket"].to_numpy() * np.int64(rollup.length_ms)
            buckets = buckets.filter(pa.array(begins >= (kept - _EPOCH) // timedelta(milliseconds=1)))
        for piece in _pieces(buckets, rollup.keys):
            keys = _distinct(piece, rollup.keys)
            first, last = _span(piece)
            for start in range(0, keys.num_rows, _MOST_KEYS):
                some = keys.slice(start, _MOST_KEYS)
                named = {name: some[name].unique().to_pylist() for name in rollup.keys}
                since, until = rollup.begin(first), rollup.begin(last + 1)
                if rollup.expired and since < kept:
                    self._run(rollup.expired, since, until, {**named, "kept": kept})
                else:
                    self._run(rollup.recompute, since, until, named)
                if rollup.minutes and self._minutes_days:
                    self._run_minutes(rollup.minutes, *_minutes(piece), named)

    def rebuild(self, kind: str, since: datetime, until: datetime) -> Iterator[float]:
        """Recompute every bucket that two instants touch, month by month; yields the share that is done.

        For data that came past the workers: restored, inserted or deleted by hand. Buckets from before raw records
        expire stay as they are where records are missing, for nobody can say how many there were.

        Raises:
            ConfigurationError: this kind has no rollup.
            StoreUnavailable: not now; call again.
        """
        if kind not in QUERIES:
            raise ConfigurationError(f"there is no rollup of {kind!r}, only of {', '.join(QUERIES)}")
        rollup = QUERIES[kind]
        start = first = rollup.begin_of(since)
        last = rollup.begin_of(until - timedelta(milliseconds=1)) + timedelta(milliseconds=rollup.length_ms)
        while start < last:
            end = min(start + timedelta(days=31), last)
            span = {"since": start, "until": end}
            self.refresh(kind, _whole(self._connection.query(f"{rollup.recompute}_buckets", span), rollup))
            self._empty(rollup, start, end)
            start = end
            yield (end - first) / (last - first)

    def _empty(self, rollup: Rollup, since: datetime, until: datetime) -> None:
        """Zeros for buckets whose records were deleted, not for those whose records expired or began to."""
        whole = rollup.begin_of(_ago(self._raw_days)) + timedelta(milliseconds=rollup.length_ms)
        if rollup.gone and until > whole:
            self._run(rollup.gone, max(since, whole), until, {})
        if rollup.minutes and self._minutes_days:
            self._run_minutes(f"{rollup.minutes}_gone", since, until, {})

    def _run_minutes(self, name: str, since: datetime, until: datetime, named: dict[str, Any]) -> None:
        """Of the minutes between two instants those that are kept, and whose readings still are."""
        kept = max(_ago(self._minutes_days), _ago(self._raw_days)).replace(second=0, microsecond=0)
        if until > (whole := kept + timedelta(minutes=1)):
            self._run(name, max(since, whole), until, named)

    def close(self) -> None:
        """Forget the connection."""
        self._connection.close()

    def _run(self, name: str, since: datetime, until: datetime, params: dict[str, Any]) -> None:
        """The version is the server's clock *before* it looks at the records: what saw more is never the older one."""
        with self._connection.answering() as client:
            version = int(client.command("SELECT toUnixTimestamp64Micro(now64(6))"))
            command(client, name, {"since": since, "until": until, "version": version, **params})


def _ago(days: int) -> datetime:
    """Since when records are kept that are kept for so many days; 0 days are for ever."""
    return datetime.now(UTC) - timedelta(days=days) if days else _FOREVER


def _minutes(piece: pa.Table) -> tuple[datetime, datetime]:
    """From the start of the first touched minute to the end of the last."""
    first = int(pc.min(piece["first"]).as_py()) // _MINUTE_MS
    last = int(pc.max(piece["last"]).as_py()) // _MINUTE_MS
    return _EPOCH + timedelta(minutes=first), _EPOCH + timedelta(minutes=last + 1)


def _whole(buckets: pa.Table, rollup: Rollup) -> pa.Table:
    """Buckets of which any part may have been touched."""
    begin = buckets["bucket"].to_numpy().astype(np.int64) * rollup.length_ms - rollup.ahead_ms
    whole = buckets.append_column("first", pa.array(begin, pa.int64()))
    return whole.append_column("last", pa.array(begin + rollup.length_ms - 1, pa.int64()))


def _distinct(buckets: pa.Table, keys: Sequence[str]) -> pa.Table:
    return buckets.group_by(list(keys), use_threads=False).aggregate([])


def _pieces(buckets: pa.Table, keys: Sequence[str]) -> Iterator[pa.Table]:
    """Tables of buckets that are dense enough to be recomputed as a rectangle of keys by time."""
    if not buckets.num_rows:
        return
    first, last = _span(buckets)
    if (last + 1 - first) * _distinct(buckets, keys).num_rows <= _SPARSE * buckets.num_rows:
        yield buckets
        return
    column = buckets["bucket"].to_numpy()
    distinct = np.unique(column)
    gaps = np.diff(distinct)
    if gaps.size and gaps.max() > 1:
        cut = distinct[int(gaps.argmax())]  # the longest gap is the best place to part late data from the rest
    elif distinct.size > 1:
        cut = distinct[distinct.size // 2 - 1]
    else:
        yield buckets
        return
    early = pa.array(column <= cut)
    yield from _pieces(buckets.filter(early), keys)
    yield from _pieces(buckets.filter(pc.invert(early)), keys)


def _span(buckets: pa.Table) -> tuple[int, int]:
    extremes = pc.min_max(buckets["bucket"])
    return int(extremes["min"].as_py()), int(extremes["max"].as_py())
