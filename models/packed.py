"""Columns of a pack as numpy arrays: which series, when in milliseconds and local hour, which value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from models.base import PROVINCE_ZONE
from models.days import around_tet, day_off
from models.series import Key

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
QUARTER_MS, HOUR_MS, DAY_MS = 900_000, 3_600_000, 86_400_000  # no zone is off by less than a quarter of an hour
THURSDAY = 3  # the first day of 1970
FIRST_DAY = date(1970, 1, 1).toordinal()

Columns: TypeAlias = "pa.RecordBatch | pa.Table"


class Points(NamedTuple):
    """Points of a pack.

    Attributes:
        keys: the series that occur.
        of: (points,) index into `keys`.
        ms: (points,) int64.
        values: (points,) float64, NaN where missing.
        when: (points, 4) local hour, weekday, 1 on days off, 1 around Tết.
    """

    keys: list[Key]
    of: np.ndarray
    ms: np.ndarray
    values: np.ndarray
    when: np.ndarray


def usable(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The readings with status "ok" and a value."""
    ok = pc.and_(pc.equal(batch.column("status"), "ok"), pc.is_valid(batch.column("value")))
    return batch if pc.all(ok).as_py() else batch.filter(ok)


def series_in(batch: pa.RecordBatch) -> list[Key]:
    """The series of a pack with usable readings, each once."""
    return keys_of(usable(batch))[0]


def by_time(batch: pa.RecordBatch) -> pa.RecordBatch:
    """In the order of event time; equal times in the batch's order."""
    ms = times_of(batch)
    return batch if (ms[1:] >= ms[:-1]).all() else batch.take(pa.array(np.argsort(ms, kind="stable")))


def points_of(table: Columns) -> Points:
    """The columns that detectors need."""
    keys, of = keys_of(table)
    ms = times_of(table)
    values = _whole(table.column("value")).cast(pa.float64()).to_numpy(zero_copy_only=False)
    return Points(keys, of, ms, values, local_times(ms))


def moment_of(ms: float) -> datetime:
    """The moment so many milliseconds after 1970, UTC."""
    return _EPOCH + timedelta(milliseconds=int(ms))


def ms_of(moment: datetime) -> int:
    """Milliseconds since 1970, to the nearest."""
    return round((moment - _EPOCH) / timedelta(milliseconds=1))


def times_of(table: Columns) -> np.ndarray:
    """Event times, milliseconds since 1970."""
    ms = _whole(table.column("observed_at")).cast(pa.timestamp("ms", "UTC")).cast(pa.int64())
    return np.asarray(ms.to_numpy(zero_copy_only=False))


def keys_of(table: Columns) -> tuple[list[Key], np.ndarray]:
    """The series of a pack in the order of their first rows, and for each row which of them."""
    code, dictionaries = np.zeros(table.num_rows, np.int64), []
    for name in ("source", "station", "metric"):
        column = pc.dictionary_encode(_whole(table.column(name)))
        code = code * max(len(column.dictionary), 1) + column.indices.to_numpy(zero_copy_only=False)
        dictionaries.append(column.dictionary.to_pylist())
    _, first, of = np.unique(code, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return [_decoded(int(one), dictionaries) for one in code[first[order]]], rank[of]


def local_times(ms: np.ndarray) -> np.ndarray:
    """Local hour and weekday of each moment, 1 on days off, 1 around Tết: (points, 4)."""
    quarters, at = np.unique(ms // QUARTER_MS, return_inverse=True)
    local = quarters * QUARTER_MS + np.array([_offset_ms(quarter) for quarter in quarters.tolist()], np.int64)
    days = (local // DAY_MS + FIRST_DAY).tolist()
    when = np.stack(
        [
            local % DAY_MS // HOUR_MS,
            (local // DAY_MS + THURSDAY) % 7,
            np.array([day_off(day) for day in days], np.int64),
            np.array([around_tet(day) for day in days], np.int64),
        ],
        axis=1,
    )
    return np.ascontiguousarray(when[at])


def fresh(slots: np.ndarray, ms: np.ndarray, newest: np.ndarray) -> np.ndarray:
    """Which points are newer than all before them of their series; the times ascend within each."""
    order = np.argsort(slots, kind="stable")
    again = (slots[order][1:] == slots[order][:-1]) & (ms[order][1:] <= ms[order][:-1])
    result: np.ndarray = ms > newest[slots]
    result[order[1:][again]] = False
    return result


def _decoded(code: int, dictionaries: Sequence[list[str]]) -> Key:
    sources, stations, metrics = dictionaries
    rest, metric = divmod(code, len(metrics))
    source, station = divmod(rest, len(stations))
    return sources[source], stations[station], metrics[metric]


@lru_cache(maxsize=100_000)
def _offset_ms(quarter: int) -> int:
    moment = datetime.fromtimestamp(quarter * QUARTER_MS / 1000, UTC)
    offset = moment.astimezone(PROVINCE_ZONE).utcoffset()
    return round(offset.total_seconds() * 1000) if offset is not None else 0


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    if not isinstance(column, pa.ChunkedArray):
        return column
    whole = column.combine_chunks()
    return pa.concat_arrays(whole.chunks) if isinstance(whole, pa.ChunkedArray) else whole
