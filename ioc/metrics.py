"""Every Prometheus metric of the centre: names, labels and units in one place, counted across all processes of `ioc up`.

`ioc up` names a directory in ``PROMETHEUS_MULTIPROC_DIR`` before its parts start; there each process keeps its numbers
and `exposition` adds them up. Without that variable a process counts for itself. prometheus-client reads the variable
when it is first imported, so a supervisor sets it before it imports this module.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

_DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"  # prometheus-client's own
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_MOST_FIELDS = 200  # what senders call their fields must not make series without end
_OTHER = "other"
_table: list[tuple[str, str, str, str]] = []
_fields: set[str] = set()


def _noted(name: str, kind: str, meaning: str, labels: tuple[str, ...]) -> None:
    _table.append((name, kind, ", ".join(labels) or "–", meaning))


def _counter(name: str, meaning: str, *labels: str) -> Counter:
    _noted(name, "counter", meaning, labels)
    return Counter(name, meaning, labels)


def _histogram(name: str, meaning: str, *labels: str) -> Histogram:
    _noted(name, "histogram", meaning, labels)
    return Histogram(name, meaning, labels, buckets=_SECONDS)


def _gauge(name: str, meaning: str, *labels: str, mode: Literal["livesum", "livemax"] = "livesum") -> Gauge:
    """A gauge over the living processes: what a dead one last said is no longer so."""
    _noted(name, "gauge", meaning, labels)
    return Gauge(name, meaning, labels, multiprocess_mode=mode)


RECORDS = _counter("ioc_records_total", "Records that workers stored.", "kind")
PACKS = _counter("ioc_packs_total", "Packs that workers took from the broker.", "kind")
REJECTS = _counter("ioc_rejects_total", "Records and packs that workers made dead letters of.", "kind", "field")
ROWS = _counter(
    "ioc_rows_inserted_total", "Rows that ClickHouse took; less than the records where a replay came.", "kind"
)
INSERT_SECONDS = _histogram("ioc_insert_seconds", "Time of one insert into ClickHouse.", "kind")
ROLLUP_SECONDS = _histogram("ioc_rollup_refresh_seconds", "Time of one refresh of hourly and daily sums.")
ROLLUP_BUCKETS = _counter("ioc_rollup_buckets_total", "Hours and days of series that were summed anew.")
DERIVE_SECONDS = _histogram("ioc_derive_seconds", "Time to examine one pack.", "deriver")
PAUSES = _counter("ioc_pauses_total", "Times a worker stood still because a server was away.", "topic")
PAUSED = _gauge("ioc_paused_partitions", "Partitions that stand still now.")
LAG = _gauge("ioc_lag_messages", "Messages on the broker that are not stored yet.", "topic")
AGE = _gauge(
    "ioc_oldest_unprocessed_seconds", "Age of the oldest message that waits; 0 without one.", "topic", mode="livemax"
)
ASSIGNED = _gauge("ioc_assigned_partitions", "Partitions that workers hold.")
LOST_OFFSETS = _counter("ioc_lost_offsets_total", "Messages the broker deleted before they were read.", "topic")
WATCHDOG = _counter("ioc_watchdog_firings_total", "Times a worker ended itself because it made no progress.")
TAKEN = _counter("ioc_intake_records_total", "Records taken in and on the broker.", "source")
TURNED_AWAY = _counter("ioc_intake_rejects_total", "Parts of what a source sent that are no records.", "source")
REFUSALS = _counter("ioc_gateway_refusals_total", "HTTP calls that were refused.", "status")
IN_FLIGHT = _gauge("ioc_gateway_body_bytes", "Bytes reserved for the bodies of HTTP calls that are being taken.")
WAITING = _gauge("ioc_packer_waiting_records", "Records that wait to be on the broker.")
RESTARTS = _counter("ioc_part_restarts_total", "Times a part ended by itself and was started again.", "part")
SERIES = _gauge("ioc_detector_series", "Series whose detectors are in memory.")
LEADER = _gauge("ioc_leader", "Processes that do this duty now: 1 is right.", "duty")


def rejected(kind: str, field: str, count: int = 1) -> None:
    """Count dead letters; beyond two hundred fields they are counted as ``other``."""
    if field not in _fields:
        if len(_fields) >= _MOST_FIELDS:
            field = _OTHER
        _fields.add(field)
    REJECTS.labels(kind, field).inc(count)


def exposition() -> tuple[bytes, str]:
    """All metrics as Prometheus reads them, and the content type; reads files, so call it in a thread."""
    if _DIRECTORY not in os.environ:
        return generate_latest(REGISTRY), CONTENT_TYPE_LATEST
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    with _held(Path(os.environ[_DIRECTORY]), fcntl.LOCK_SH):
        return generate_latest(registry), CONTENT_TYPE_LATEST


def process_ended(pid: int) -> None:
    """A process is gone: its gauges are no longer so, its counters stay, added to those of others that are gone."""
    if _DIRECTORY not in os.environ:
        return
    directory = Path(os.environ[_DIRECTORY])
    with contextlib.suppress(OSError), _held(directory, fcntl.LOCK_EX):  # its files stay then, and count all the same
        mark_process_dead(pid)  # type: ignore[no-untyped-call]
        for kind in ("counter", "histogram"):
            _add_up(directory / f"{kind}_{pid}.db", directory / f"{kind}_ended.db")


@contextmanager
def _held(directory: Path, how: int) -> Iterator[None]:
    """Nobody reads numbers while they move from one file to another, or they would be read twice."""
    descriptor = os.open(directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)


def _add_up(dead: Path, ended: Path) -> None:
    """Move the sums of one file into another; histograms are kept a bucket each, so that they too are sums."""
    paths = [path for path in (ended, dead) if path.exists()]
    if dead not in paths:
        return
    draft = ended.with_suffix(".tmp")
    with draft.open("wb") as file:  # the room first: a mapped file that finds the disk full ends the process
        os.posix_fallocate(file.fileno(), 0, sum(path.stat().st_size for path in paths))
    sums = MmapedDict(str(draft))  # type: ignore[no-untyped-call]
    for path in paths:
        for key, value, timestamp, _ in MmapedDict.read_all_values_from_file(str(path)):  # type: ignore[no-untyped-call]
            sums.write_value(key, sums.read_value(key)[0] + value, timestamp)  # type: ignore[no-untyped-call]
    sums.close()  # type: ignore[no-untyped-call]
    draft.replace(ended)
    dead.unlink()


def metrics_table() -> str:
    """Every metric as a Markdown table, for docs/operations.md."""
    rows = ["| metric | type | labels | meaning |", "|---|---|---|---|"]
    rows += [f"| `{name}` | {kind} | {labels} | {meaning} |" for name, kind, labels, meaning in _table]
    return "\n".join(rows) + "\n"
