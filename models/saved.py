"""States of series as rows of a table: numbers, counts of buckets that are not empty, last readings and anomalies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
import numpy as np
import pyarrow as pa

from ioc.records import Anomaly
from models import compiled, compiled_deviation, compiled_nearest, compiled_stuck
from models.book import NEVER, Book
from models.series import Key

SCHEMA = pa.schema(
    [
        ("source", pa.string()),
        ("station", pa.string()),
        ("metric", pa.string()),
        ("newest", pa.timestamp("ms", "UTC")),
        ("version", pa.int64()),
        ("state", pa.binary()),
    ]
)
Kept = TypeVar("Kept")
LARGEST_STATE = 1 << 20  # bytes unpacked; the largest real one, `limits` over a day of minutes, is a tenth of it


class _Kept(msgspec.Struct, array_like=True):
    """One series; `head` and `memory` are float64, `at`, `counts`, `sums` the buckets that are not empty."""

    detectors: list[str]
    plain: list[dict[str, Any]]
    told: list[Anomaly]
    readings: list[tuple[int, str]]
    head: bytes = b""
    at: bytes = b""
    counts: bytes = b""
    sums: bytes = b""
    memory: bytes = b""
    factor: float = 1.0


_BEFORE_SUMS = compiled_stuck.SCALARS + compiled_deviation.SUMS
_END = compiled_stuck.SCALARS + compiled_deviation.END
_MEMORY = compiled_stuck.SCALARS + compiled_deviation.VALUES
_CODEC = pa.Codec("zstd")


def save(book: Book, keys: Sequence[Key]) -> pa.Table:
    """The states of these series."""
    rows = []
    for key in keys:
        slot = book.slots.get(key)
        if slot is not None and book.newest[slot] != NEVER:
            rows.append((*key, int(book.newest[slot]), compiled.VERSION, _state(book, slot)))
    return table_of(rows)


def table_of(rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    """States as they are kept: source, station, metric, newest (ms), version, state."""
    columns = list(zip(*rows, strict=True)) or [()] * len(SCHEMA)
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, SCHEMA, strict=True)], schema=SCHEMA)


def restore(book: Book, table: pa.Table) -> list[Key]:
    """Take over the states that fit; gives their series."""
    taken = []
    newest = table.column("newest").cast(pa.timestamp("ms", "UTC")).cast(pa.int64()).to_pylist()
    columns = (table.column(name).to_pylist() for name in ("source", "station", "metric", "version", "state"))
    for source, station, metric, version, state, ms in zip(*columns, newest, strict=True):
        key = (source, station, metric)
        kept = unpacked(state, _Kept) if version == compiled.VERSION else None
        if kept is None or kept.detectors != [d.name for d in book.plan(source, metric).detectors]:
            continue
        book.drop(key)
        slot = book.slot(key)
        try:
            _fill(book, slot, kept)
        except (ValueError, KeyError, IndexError, TypeError):
            book.drop(key)  # as if it had not been saved: the series warms up from its history
            continue
        book.newest[slot], book.warmed[slot] = ms, True
        taken.append(key)
    return taken


def _state(book: Book, slot: int) -> bytes:
    entry = book.entry(slot)
    kept = _Kept(
        [d.name for d in entry.plan.detectors],
        [detector.to_state() for _, detector in entry.plain],
        list(entry.told),
        book.readings(slot),
        factor=book.factors.get(entry.key, 1.0),
    )
    if kind := entry.plan.kind:
        pool = book.pools[kind]
        numbers, counts = pool.numbers[entry.row], pool.counts[entry.row]
        at = np.flatnonzero(counts).astype(np.uint16)
        kept.head, kept.at, kept.counts = numbers[:_BEFORE_SUMS].tobytes(), at.tobytes(), counts[at].tobytes()
        kept.sums = numbers[_BEFORE_SUMS:][at].tobytes()
        if kind == compiled.KINDS["shape"]:
            end = int(numbers[_END])
            kept.memory = _memory(numbers)[:, max(end - compiled_nearest.KEPT, 0) : end].tobytes()
    return packed(kept)


def packed(kept: msgspec.Struct) -> bytes:
    """A state as bytes: its length, then compressed."""
    plain = msgspec.msgpack.encode(kept)
    return len(plain).to_bytes(4, "little") + bytes(_CODEC.compress(plain, asbytes=True))


def unpacked(state: bytes, kind: type[Kept]) -> Kept | None:
    """What `packed` was given; None for what is damaged, too large or of another kind."""
    size = int.from_bytes(state[:4], "little")
    if len(state) <= 4 or size > LARGEST_STATE:
        return None
    try:
        return msgspec.msgpack.decode(_CODEC.decompress(state[4:], size, asbytes=True), type=kind)
    except (msgspec.DecodeError, OSError):
        return None


def _fill(book: Book, slot: int, kept: _Kept) -> None:
    entry = book.entry(slot)
    for (_, detector), state in zip(entry.plain, kept.plain, strict=True):
        detector.restore(state)
    if kept.factor != 1.0 and entry.key not in book.factors:
        book.factors[entry.key] = kept.factor
        book.adapt(entry.key)
    entry.told.extend(kept.told)
    if kept.readings:
        moments, ids = zip(*kept.readings, strict=True)
        book.push(np.full(len(ids), slot), np.array(moments), np.array(ids, object))
    book.odd[slot] = bool(entry.plain or entry.told)
    if kind := entry.plan.kind:
        pool = book.pools[kind]
        numbers, counts = pool.numbers[entry.row], pool.counts[entry.row]
        numbers[:_BEFORE_SUMS] = np.frombuffer(kept.head)
        at = np.frombuffer(kept.at, np.uint16)
        counts[at] = np.frombuffer(kept.counts, np.float32)
        numbers[_BEFORE_SUMS:][at] = np.frombuffer(kept.sums)
        if kind == compiled.KINDS["shape"]:
            memory = np.frombuffer(kept.memory).reshape(2, -1)
            _memory(numbers)[:, : memory.shape[1]] = memory
            numbers[_END] = memory.shape[1]


def _memory(numbers: np.ndarray) -> np.ndarray:
    """Values and residuals of a `shape` row, a view (2, room)."""
    return numbers[_MEMORY : _MEMORY + 2 * compiled_nearest.ROOM].reshape(2, -1)
