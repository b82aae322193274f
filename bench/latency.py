"""From the producer to the queryable row and to the alert's row, at a steady rate; every row and alert is timed."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from clickhouse_connect.driver.client import Client

from bench.history import store_history
from bench.ingest import GROUP
from bench.measure import NotFinished, acknowledged
from bench.report import Tell
from bench.sender import Sender
from bench.servers import WORKER, lab, process
from clickhouse.client import connect
from ioc.packs import utc_now
from streams.topics import topic_of

_TICK_S = 0.05
_SPIKE = 400.0  # a usual value is 20, with a deviation of 1
_LEAD_S, _DRAIN_S, _ALERTS_S = 1.0, 90.0, 3.0  # before, and after, what is measured
_LOOK_S = 0.01


@dataclass
class Seen:
    """What was visible when.

    Attributes:
        offsets: for each partition, moments (Unix seconds) and the highest stored offset at them.
        alerts: identity → seconds from the reading that raised it, as it was first seen.
    """

    offsets: dict[int, list[tuple[float, int]]] = field(default_factory=dict)
    alerts: dict[str, tuple[float, float]] = field(default_factory=dict)


def latency(rate: int, seconds: float, tell: Tell) -> dict[str, Any]:
    """Percentiles of both times in milliseconds, as the JSON line has them.

    Raises:
        NotFinished: the worker ended, or had not stored everything a minute after the load.
    """
    series = max(1, round(rate * _TICK_S))
    spikes = _Spikes(series, round((_LEAD_S + seconds) / _TICK_S), round(_LEAD_S / _TICK_S))
    with lab() as here, here.database("bench_latency") as settings:
        tell(0.0, f"history of {series} series")
        store_history(settings, series)
        log = here.directory / "worker.log"
        with process(settings, WORKER, {here.measured}, log) as worker, contextlib.closing(connect(settings)) as client:
            since = utc_now()
            warm = Sender(settings, series, _TICK_S, spikes.usual)
            warm.start()
            _until_stored(client, since, lambda: series, worker, log)
            warm.stop()
            asyncio.run(acknowledged(settings, GROUP, topic_of("readings")))  # it is awake and has nothing to do
            begin = utc_now() + timedelta(seconds=_LEAD_S)
            end = begin + timedelta(seconds=seconds)
            seen, sender = Seen(), Sender(settings, series, _TICK_S, spikes.values)
            sender.start()
            while utc_now() < end:
                _look(client, seen)
                tell(min(1.0, (utc_now() - since) / (end - since)), f"{rate} records/s")
            sender.stop()
            _until_stored(client, since, lambda: len(warm.sent) + len(sender.sent), worker, log, seen)
            quiet = time.monotonic() + _ALERTS_S  # alerts come a little after the last row
            while time.monotonic() < quiet:
                _look(client, seen)
            result = _result(client, seen, begin, end, rate)
            result["dead_letters"] = client.query("SELECT count() FROM dead_letters").first_row[0]
            return result


class _Spikes:
    """Usual noise, and one spike in each series, spread evenly over the measured ticks."""

    def __init__(self, series: int, ticks: int, first: int) -> None:
        self._random, self._series = np.random.default_rng(3), series
        self._at = np.linspace(first + 1, max(first + 2, ticks - 1), series).astype(int)

    def values(self, tick: int, _moment: datetime) -> Sequence[float]:
        """Of all series at a tick."""
        values = np.array(self.usual(tick, _moment))
        values[self._at == tick] = _SPIKE
        return values.tolist()  # type: ignore[no-any-return]

    def usual(self, _tick: int, _moment: datetime) -> Sequence[float]:
        """Without a spike."""
        return self._random.normal(20, 1, self._series).round(3).tolist()  # type: ignore[no-any-return]


def _until_stored(
    client: Client,
    since: datetime,
    expected: Callable[[], int],
    worker: subprocess.Popen[bytes],
    log: Path,
    seen: Seen | None = None,
) -> None:
    """Return when so many readings are stored; meanwhile note what is seen."""
    sql = "SELECT count() FROM readings WHERE received_at >= {since:DateTime64(3, 'UTC')} AND _topic != ''"
    deadline = time.monotonic() + _DRAIN_S
    while (stored := client.query(sql, parameters={"since": since}).first_row[0]) < expected():
        _look(client, seen or Seen())
        if worker.poll() is not None or time.monotonic() > deadline:
            why = (
                f"the worker {'ended' if worker.poll() is not None else 'is too slow'}: {stored} of {expected()} stored"
            )
            raise NotFinished(f"{why}; its log ends {log.read_text()[-2000:]!r}")


def _look(client: Client, seen: Seen) -> None:
    """Note what is visible now; a row counts from the moment the answer is here."""
    rows = client.query(
        "SELECT _partition, max(_offset) FROM readings WHERE _topic != '' GROUP BY _partition"
    ).result_rows
    now = time.time()
    for partition, offset in rows:
        marks = seen.offsets.setdefault(int(partition), [])
        if not marks or marks[-1][1] < offset:
            marks.append((now, int(offset)))
    alerts = client.query("SELECT event_id, toUnixTimestamp64Milli(raised_at) / 1000 FROM alerts").result_rows
    now = time.time()
    for identity, raised in alerts:
        seen.alerts.setdefault(identity, (raised, now - raised))
    time.sleep(_LOOK_S)


def _result(client: Client, seen: Seen, begin: datetime, end: datetime, rate: int) -> dict[str, Any]:
    rows = _row_latencies(client, seen, begin, end)
    alerts = [taken for raised, taken in seen.alerts.values() if begin.timestamp() <= raised < end.timestamp()]
    values = _percentiles("row", rows) | _percentiles("alert", alerts)
    return {
        "rate": round(len(rows) / (end - begin).total_seconds()), "rate_asked": rate, **values,
        "rows": len(rows), "alerts": len(alerts),
        "goals_met": {
            "row p99 < 1 s": _below(values["row_p99_ms"], 1000), "alert p99 < 2 s": _below(values["alert_p99_ms"], 2000),
        },
    }  # fmt: skip


def _row_latencies(client: Client, seen: Seen, begin: datetime, end: datetime) -> np.ndarray:
    """Seconds for each row: when its offset was first seen, less when it was made."""
    sql = (
        "SELECT _partition, _offset, toUnixTimestamp64Milli(received_at) FROM readings WHERE _topic != ''"
        " AND received_at >= {begin:DateTime64(3, 'UTC')} AND received_at < {end:DateTime64(3, 'UTC')}"
    )
    columns = client.query(sql, parameters={"begin": begin, "end": end}, column_oriented=True).result_columns
    empty: tuple[list[int], ...] = ([], [], [])
    partitions, offsets, made = (np.array(column) for column in columns or empty)
    found = []
    for partition, marks in seen.offsets.items():
        mine = partitions == partition
        moments, highest = np.array(marks).T
        found.append(moments[np.searchsorted(highest, offsets[mine])] - made[mine] / 1000)
    return np.concatenate(found) if found else np.empty(0)


def _percentiles(name: str, seconds: Sequence[float] | np.ndarray) -> dict[str, float | None]:
    return {
        f"{name}_p{share}_ms": round(float(np.percentile(seconds, share)) * 1000, 1) if len(seconds) else None
        for share in (50, 95, 99)
    }


def _below(value: float | None, limit: float) -> bool:
    return value is not None and value < limit
