"""`ioc bench nab`: a detector and its peers on the Numenta benchmark, one table for people, one object for programs."""

from __future__ import annotations

import csv
import math
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from rich.table import Table

from ioc.catalog.load import load_catalog
from ioc.packs import arrow_schema
from models.bank import Bank
from models.compiled import prepare
from models.evaluation import PROFILES, Labelled, Trace, Verbs, best_threshold, load_benchmark, nab_score, sweep, trace
from models.peers import PEERS
from models.registry import DEFAULT, make

BANK_SERIES, BANK_STEPS, BANK_TIMED_STEPS = 5000, 1700, 10  # past the 1,500 points that shapes are compared with

START_MS = 1_767_571_200_000  # Monday 5 January 2026


class Measured(NamedTuple):
    """One detector over all files."""

    name: str
    traces: list[Trace]
    points_per_s: float
    profiles: dict[str, dict[str, float]]


def bench(data: Path, detector: str = DEFAULT, scores: Path | None = None) -> tuple[dict[str, Any], Table]:
    """Measure a detector and its peers in the same run.

    Returns:
        What the JSON line says, and a table for people.

    Raises:
        ConfigurationError: the folder is no copy of the benchmark, or there is no such detector.
    """
    files = load_benchmark(data)
    ours = measure(detector, partial(make, detector), files, shipped=True)
    peers = [measure(name, peer, files, shipped=False) for name, peer in PEERS.items()]
    if scores is not None:
        _write_scores(scores, files, ours.traces)
    standard = ours.profiles["standard"]
    report = {
        "score_shipped": standard["shipped"],
        "score_best": standard["best"],
        "false_rows": standard["false_rows"],
        "points_per_s": ours.points_per_s,
        "bank_points_per_s": bank_points_per_s(),
        "peers": {peer.name: peer.profiles["standard"]["best"] for peer in peers},
        "profiles": ours.profiles,
    }
    return report, _table([ours, *peers])


def measure(name: str, make_one: Callable[[], Verbs], files: Sequence[Labelled], shipped: bool) -> Measured:
    """One pass over each file; `shipped` adds the detector's own alerts to the best threshold found on the labels."""
    traces = [trace(make_one, file) for file in files]
    swept, profiles = sweep(files, traces), {}
    for key, profile in PROFILES.items():
        threshold, best = best_threshold(files, swept, profile)
        profiles[key] = {"best": round(best.score, 2), "best_threshold": round(threshold, 4)}
        if shipped:
            own = nab_score(files, [t.alerts for t in traces], profile)
            profiles[key] |= {
                "shipped": round(own.score, 2), "hit": own.hit, "windows": own.windows, "false_rows": own.false_rows,
            }  # fmt: skip
        else:
            profiles[key] |= {"hit": best.hit, "windows": best.windows, "false_rows": best.false_rows}
    points, seconds = sum(len(t.scores) for t in traces), sum(t.seconds for t in traces)
    return Measured(name, traces, round(points / seconds), profiles)


def bank_points_per_s() -> int:
    """Points a second and core through `Bank.process`: series unknown to the catalogue, a point of each a pack."""
    prepare()
    bank, now = Bank(load_catalog()), datetime.now(UTC)
    bank.warm(pa.concat_tables([_history(series) for series in range(BANK_SERIES)]))
    packs = [_pack(step) for step in range(BANK_STEPS, BANK_STEPS + BANK_TIMED_STEPS)]
    began = time.process_time()
    for pack in packs:
        bank.process(pack, now)
    return round(BANK_TIMED_STEPS * BANK_SERIES / (time.process_time() - began))


def _course(steps: np.ndarray | int, seed: Sequence[int], size: int) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0.0, 3.0, size)
    return np.round(30.0 + 10.0 * np.sin(np.asarray(steps) * math.tau / 288) + noise, 1)


def _times(steps: np.ndarray) -> pa.Array:
    return pa.array(START_MS + 300_000 * steps, pa.timestamp("ms", "UTC"))


def _history(series: int) -> pa.Table:
    steps = np.arange(BANK_STEPS)
    given = {"source": "bench", "station": f"S{series}", "metric": "bench"}
    columns = {name: pa.array([value]).take(pa.array(np.zeros(BANK_STEPS, int))) for name, value in given.items()}
    columns |= {"observed_at": _times(steps), "value": pa.array(_course(steps, (0, series), BANK_STEPS))}
    return pa.table({name: c.dictionary_encode() if name in given else c for name, c in columns.items()})


def _pack(step: int) -> pa.RecordBatch:
    given: dict[str, Any] = {
        "event_id": [f"S{series}:{step}" for series in range(BANK_SERIES)],
        "station": [f"S{series}" for series in range(BANK_SERIES)],
        "observed_at": _times(np.full(BANK_SERIES, step)),
        "received_at": _times(np.full(BANK_SERIES, step)),
        "value": _course(step, (1, step), BANK_SERIES),
        "status": ["ok"] * BANK_SERIES,
    }
    schema = arrow_schema("readings")
    return pa.RecordBatch.from_arrays(
        [pa.array(given.get(field.name, ["bench"] * BANK_SERIES), type=field.type) for field in schema], schema=schema
    )


def _write_scores(folder: Path, files: Sequence[Labelled], traces: Sequence[Trace]) -> None:
    for file, one in zip(files, traces, strict=True):
        path = folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        alerts = set(one.alerts)
        with path.open("w", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["timestamp", "value", "score", "alert"])
            for row, (moment, value, score) in enumerate(zip(file.moments, file.values, one.scores, strict=True)):
                writer.writerow([f"{moment:%Y-%m-%d %H:%M:%S}", value, f"{score:.4f}", int(row in alerts)])


def _table(measured: Sequence[Measured]) -> Table:
    columns = ("detector", "profile", "shipped", "best", "threshold", "windows", "false rows", "points/s/core")
    table = Table(*columns, title="Numenta Anomaly Benchmark, one pass, no look-ahead")
    for one in measured:
        for profile, found in one.profiles.items():
            shipped = f"{found['shipped']:.1f}" if "shipped" in found else "–"
            hits, false = f"{found['hit']:.0f}/{found['windows']:.0f}", f"{found['false_rows']:.0f}"
            best = (f"{found['best']:.1f}", f"{found['best_threshold']:.3g}")
            table.add_row(one.name, profile, shipped, *best, hits, false, f"{one.points_per_s:,.0f}")
    return table
