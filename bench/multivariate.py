"""`ioc bench multivariate`: several sensors together, on experiments of one machine, beside peers from the same run.

Read in order, a row at a time; the first 400 rows of an experiment are normal and may be learnt from, the rest is scored.
J = 1 - false alarms - missed counts; F1 rewards whoever calls everything abnormal.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ioc.errors import ConfigurationError
from models.joint import ABNORMAL, Joint

LEARNT = 400  # rows of each experiment that are normal
_LABELS = ("anomaly", "changepoint")


class Experiment(NamedTuple):
    """One file.

    Attributes:
        group: its folder.
        name: group and file, without the ending.
        sensors: names of the columns.
        moments: of the rows, UTC, ascending.
        values: (rows, sensors), NaN where missing.
        abnormal: (rows,) labels.
    """

    group: str
    name: str
    sensors: list[str]
    moments: list[datetime]
    values: np.ndarray
    abnormal: np.ndarray


class Verdicts(NamedTuple):
    """What one detector says of one experiment: (rows,) scores, whether they are alarms, and the sensor named."""

    scores: np.ndarray
    alarms: np.ndarray
    sensors: list[str]


Judge = Callable[[Experiment], Verdicts]


def load(data: Path) -> list[Experiment]:
    """All experiments below a folder, by group and name.

    Raises:
        ConfigurationError: there is none, or a file is none.
    """
    files = sorted(data.rglob("*.csv"), key=lambda path: (path.parent.name, len(path.stem), path.stem))
    if not files:
        raise ConfigurationError(f"--data {data}: no CSV files below it; give a folder with one folder a group")
    return [_experiment(path) for path in files]


def ours(experiment: Experiment) -> Verdicts:
    """The detector as shipped."""
    detector, rows = Joint(len(experiment.sensors), warm_up=LEARNT), len(experiment.values)
    scores, sensors = np.zeros(rows), [""] * rows
    for row, (moment, values) in enumerate(zip(experiment.moments, experiment.values, strict=True)):
        found = detector.score_one(moment, values)
        if found is not None:
            scores[row], sensors[row] = found.value, experiment.sensors[found.sensor]
        detector.learn_one(moment, values)
    return Verdicts(scores, scores >= ABNORMAL, sensors)


def measured(judge: Judge, experiments: Sequence[Experiment]) -> tuple[dict[str, Any], list[Verdicts]]:
    """Run a detector over all experiments; rows a second of CPU time."""
    began = time.process_time()
    verdicts = [judge(experiment) for experiment in experiments]
    seconds = time.process_time() - began
    groups = {
        group: shares([(e, v) for e, v in zip(experiments, verdicts, strict=True) if e.group == group])
        for group in dict.fromkeys(e.group for e in experiments)
    }
    total = shares(list(zip(experiments, verdicts, strict=True)))
    rows = sum(len(experiment.values) for experiment in experiments)
    return {**total, "rows_per_s": round(rows / max(seconds, 1e-9)), "groups": groups}, verdicts


def shares(found: Sequence[tuple[Experiment, Verdicts]]) -> dict[str, float]:
    """J, false alarms, missed and F1 over the scored rows of some experiments."""
    abnormal = np.concatenate([e.abnormal[LEARNT:] for e, _ in found])
    alarms = np.concatenate([v.alarms[LEARNT:] for _, v in found])
    false, missed = int((alarms & ~abnormal).sum()), int((~alarms & abnormal).sum())
    hit, normal = int((alarms & abnormal).sum()), int((~abnormal).sum())
    false_share, missed_share = false / max(normal, 1), missed / max(hit + missed, 1)
    numbers = {
        "j": 1.0 - false_share - missed_share, "false_alarms": false_share, "missed": missed_share,
        "f1": 2 * hit / max(2 * hit + false + missed, 1),
    }  # fmt: skip
    return {name: round(number, 4) for name, number in numbers.items()}


def multivariate(data: Path, peers: Mapping[str, Judge], scores: Path | None = None) -> dict[str, Any]:
    """Measure ours and the peers.

    Args:
        data: holds CSV files `datetime;sensors…;anomaly;changepoint`, a folder a group.
        peers: by name.
        scores: folder for a CSV an experiment: datetime, score, alarm, sensor.

    Raises:
        ConfigurationError: see `load`.
    """
    experiments = load(data)
    result, verdicts = measured(ours, experiments)
    if scores is not None:
        for experiment, verdict in zip(experiments, verdicts, strict=True):
            _write(scores / f"{experiment.name}.csv", experiment, verdict)
    return {**result, "peers": {name: measured(peer, experiments)[0] for name, peer in peers.items()}}


def table(result: Mapping[str, Any]) -> list[list[str]]:
    """For people: ours by group and in total, then the peers in total."""
    ours_by = [(f"ours: {group}", one) for group, one in result["groups"].items()]
    lines = [*ours_by, ("ours, all", result), *result["peers"].items()]
    return [
        [name, *(f"{one[key]:.3f}" for key in ("j", "false_alarms", "missed", "f1")), f"{one.get('rows_per_s', '')}"]
        for name, one in lines
    ]


def _experiment(path: Path) -> Experiment:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, delimiter=";")
    sensors = [name for name in header[1:] if name not in _LABELS]
    if "anomaly" not in header or not sensors or len(rows) <= LEARNT:
        raise ConfigurationError(
            f"{path}: expected datetime;sensors…;anomaly;changepoint and more than {LEARNT} rows; "
            f"the columns are {', '.join(header)}, the rows {len(rows)}"
        )
    at, label = [header.index(name) for name in sensors], header.index("anomaly")
    try:
        values = np.array([[float(row[i]) if row[i] else np.nan for i in at] for row in rows])
        moments = [datetime.fromisoformat(row[0]).replace(tzinfo=UTC) for row in rows]
        abnormal = np.array([float(row[label] or 0) > 0.5 for row in rows])
    except (ValueError, IndexError) as error:
        raise ConfigurationError(f"{path}: {error}; one row is no row of this table") from error
    return Experiment(path.parent.name, f"{path.parent.name}/{path.stem}", sensors, moments, values, abnormal)


def _write(path: Path, experiment: Experiment, verdicts: Verdicts) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("datetime", "score", "alarm", "sensor"))
        for row in zip(
            experiment.moments, verdicts.scores.round(4), verdicts.alarms.astype(int), verdicts.sensors, strict=True
        ):
            out.writerow((row[0].isoformat(sep=" ")[:19], *row[1:]))
