"""The Numenta Anomaly Benchmark's score, one pass and no look-ahead (Lavin and Ahmad 2015, arXiv:1510.03336).

A row outside all windows costs, a window counts by its best detected row, early ones more; a perfect detector has 100, one
that says nothing 0. Checked against the published results of twelve detectors to 0.001.
"""

from __future__ import annotations

import csv
import json
import math
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from ioc.errors import ConfigurationError
from models.base import Score
from models.silence import Silence

UNSCORED_SHARE, UNSCORED_ROWS = 0.15, 750
LABELS = Path("labels", "combined_windows.json")


class Costs(NamedTuple):
    """What a hit earns, a false row costs and a missed window costs."""

    hit: float
    false: float
    missed: float


PROFILES = {
    "standard": Costs(1.0, 0.11, 1.0),
    "reward_low_FP": Costs(1.0, 0.22, 1.0),
    "reward_low_FN": Costs(1.0, 0.11, 2.0),
}


class Labelled(NamedTuple):
    """One file with its windows: first and last row of each."""

    name: str
    moments: list[datetime]
    values: list[float]
    windows: list[tuple[int, int]]

    @property
    def first_scored(self) -> int:
        """The first row that counts."""
        return min(int(UNSCORED_SHARE * len(self.values)), UNSCORED_ROWS)


class Trace(NamedTuple):
    """What one pass over one file gave, a row each."""

    scores: np.ndarray
    alerts: list[int]
    seconds: float


class Result(NamedTuple):
    """The benchmark's score, 100 at best, and what is behind it."""

    score: float
    hit: int
    windows: int
    false_rows: int


class Verbs(Protocol):
    """What is measured: river's two verbs; a `Score` is taken by its rarity, a number as it is."""

    def score_one(self, moment: datetime, value: float) -> Score | float | None:
        """Judge a point by what was learnt before it."""

    def learn_one(self, moment: datetime, value: float) -> None:
        """Take the point in."""


def load_benchmark(directory: Path) -> list[Labelled]:
    """All labelled files that are there.

    Args:
        directory: holds data/ and labels/combined_windows.json.

    Raises:
        ConfigurationError: no labels, or none of the labelled files.
    """
    try:
        labels: dict[str, list[list[str]]] = json.loads((directory / LABELS).read_text())
    except OSError as error:
        raise ConfigurationError(f"{directory} is no copy of the benchmark: {error}") from None
    files = [
        _load(directory / "data" / name, name, w) for name, w in labels.items() if (directory / "data" / name).exists()
    ]
    if not files:
        raise ConfigurationError(f"{directory / 'data'} holds none of the labelled files")
    return files


def _load(path: Path, name: str, windows: list[list[str]]) -> Labelled:
    with path.open(newline="") as file:
        rows = [(_moment(row["timestamp"]), float(row["value"])) for row in csv.DictReader(file)]
    at: dict[datetime, int] = {}
    for index, (moment, _) in enumerate(rows):
        at.setdefault(moment, index)  # a duplicate timestamp means its first row
    spans = [(at[_moment(first)], at[_moment(last)]) for first, last in windows]
    return Labelled(name, [moment for moment, _ in rows], [value for _, value in rows], spans)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def trace(make: Callable[[], Verbs], file: Labelled) -> Trace:
    """One pass of one fresh detector over one file; seconds are of this process's CPU."""
    detector, scores, alerts = make(), np.zeros(len(file.values)), []
    began = time.process_time()
    for row, (moment, value) in enumerate(zip(file.moments, file.values, strict=True)):
        score = detector.score_one(moment, value)
        if isinstance(score, Score):
            scores[row] = math.log10(max(score.one_in, 1.0))
            if score.alert:
                alerts.append(row)
        elif score is not None:
            scores[row] = score
        detector.learn_one(moment, value)
    return Trace(scores, alerts, time.process_time() - began)


def alerts_at(scores: np.ndarray, threshold: float, moments: Sequence[datetime]) -> list[int]:
    """The rows that would be told at a threshold, each followed by the silence that all our detectors keep."""
    silence, alerts = Silence(), []
    for row in np.flatnonzero(scores >= threshold).tolist():
        if not silence.holds(row, moments[row]):
            alerts.append(row)
            silence.begin(row, moments[row])
    return alerts


def nab_score(files: Sequence[Labelled], alerts: Sequence[Iterable[int]], profile: Costs) -> Result:
    """The score of all files together, from the rows told in each."""
    raw, hit, false_rows, windows = 0.0, 0, 0, 0
    for file, rows in zip(files, alerts, strict=True):
        scored = [row for row in rows if row >= file.first_scored]
        hits, outside = _hits(file, scored)
        raw += sum(profile.hit * value for value in hits.values())
        raw += sum(profile.false * value for value in outside)
        raw -= profile.missed * (len(file.windows) - len(hits))
        hit, false_rows, windows = hit + len(hits), false_rows + len(outside), windows + len(file.windows)
    null = -profile.missed * windows
    score = 100.0 * (raw - null) / (profile.hit * windows - null) if windows else 0.0
    return Result(score, hit, windows, false_rows)


def _hits(file: Labelled, rows: Iterable[int]) -> tuple[dict[int, float], list[float]]:
    """The best value in each window that was hit, and the value of each row outside."""
    hits: dict[int, float] = {}
    outside = []
    for row in rows:
        index, before = None, None
        for number, (left, right) in enumerate(file.windows):
            if left <= row <= right:
                index = number
            elif right < row:
                before = (left, right)
        if index is not None:
            left, right = file.windows[index]
            value = _sigmoid(-(right - row + 1) / (right - left + 1)) / _sigmoid(-1.0)
            hits[index] = max(hits.get(index, -1.0), value)
        elif before is not None:
            left, right = before
            outside.append(_sigmoid((row - right) / (right - left)))
        else:
            outside.append(-1.0)
    return hits, outside


def _sigmoid(y: float) -> float:
    return -1.0 if y > 3.0 else 2.0 / (1.0 + math.exp(5.0 * y)) - 1.0


def sweep(files: Sequence[Labelled], traces: Sequence[Trace]) -> dict[float, list[list[int]]]:
    """The rows that would be told in each file, by threshold: 300 quantiles of all scores from the top 10 % on."""
    pooled = np.concatenate([t.scores[f.first_scored :] for f, t in zip(files, traces, strict=True)])
    thresholds = np.unique(np.quantile(pooled, 1.0 - np.logspace(-1.0, -4.5, 300)))
    return {
        threshold: [alerts_at(t.scores, threshold, f.moments) for f, t in zip(files, traces, strict=True)]
        for threshold in thresholds[thresholds > 0.0].tolist()
    }


def best_threshold(
    files: Sequence[Labelled], swept: dict[float, list[list[int]]], profile: Costs
) -> tuple[float, Result]:
    """The one threshold for all files that scores highest: an upper bound, found on the labels themselves."""
    results = [(nab_score(files, alerts, profile), threshold) for threshold, alerts in swept.items()]
    result, threshold = max(results, default=(Result(0.0, 0, 0, 0), math.inf))
    return threshold, result
