"""How well detection found the labelled incidents: precision, recall and delay, by kind and over all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple

from simulator.incidents import Incident

GRACE = timedelta(minutes=30)  # an anomaly so long after the end still belongs to the incident


class Found(NamedTuple):
    """One anomaly that the centre reported."""

    station: str
    metric: str
    observed_at: datetime


class KindScore(NamedTuple):
    """Detection of one kind of incident.

    Attributes:
        incidents, detected: how many there were and were found.
        anomalies, right: on the series that this kind shows in: all, and those within an incident of any kind.
        recall: detected / incidents; None without incidents.
        precision: right / anomalies; None without anomalies.
        delay_s: median seconds from an incident's start to its first anomaly, over the detected ones.
    """

    incidents: int
    detected: int
    anomalies: int
    right: int
    recall: float | None
    precision: float | None
    delay_s: float | None


class Score(NamedTuple):
    """Detection of all incidents.

    Attributes:
        total: over all kinds and all anomalies.
        kinds: by kind.
        missed: incidents without an anomaly.
        false: anomalies outside of every incident.
    """

    total: KindScore
    kinds: dict[str, KindScore]
    missed: list[Incident]
    false: list[Found]


def score(labels: Sequence[Incident], anomalies: Iterable[Found], grace: timedelta = GRACE) -> Score:
    """Hold anomalies against labels.

    An anomaly is right if it lies on a series that an incident shows in, from its start to `grace` after its end. An
    incident is detected by its first such anomaly. Pass labels and anomalies of the same sources and time only: an
    incident that nobody could have looked at yet counts as missed.
    """
    found = list(anomalies)
    series: dict[tuple[str, str], list[int]] = {}
    for number, anomaly in enumerate(found):
        series.setdefault((anomaly.station, anomaly.metric), []).append(number)
    first: dict[str, datetime] = {}
    right = [False] * len(found)
    for incident in labels:
        for metric in {incident.metric, *incident.related}:
            for number in series.get((incident.station, metric), ()):
                at = found[number].observed_at
                if incident.start <= at <= incident.end + grace:
                    right[number] = True
                    first[incident.id] = min(first.get(incident.id, at), at)
    kinds = {}
    for kind in sorted({incident.kind for incident in labels}):
        own = [incident for incident in labels if incident.kind == kind]
        metrics = {m for incident in own for m in (incident.metric, *incident.related)}
        kinds[kind] = _summed(own, [r for a, r in zip(found, right, strict=True) if a.metric in metrics], first)
    return Score(
        total=_summed(labels, right, first),
        kinds=kinds,
        missed=[incident for incident in labels if incident.id not in first],
        false=[anomaly for anomaly, is_right in zip(found, right, strict=True) if not is_right],
    )


def _summed(labels: Sequence[Incident], right: Sequence[bool], first: dict[str, datetime]) -> KindScore:
    delays = [(first[i.id] - i.start).total_seconds() for i in labels if i.id in first]
    return KindScore(
        incidents=len(labels),
        detected=len(delays),
        anomalies=len(right),
        right=sum(right),
        recall=len(delays) / len(labels) if labels else None,
        precision=sum(right) / len(right) if right else None,
        delay_s=median(delays) if delays else None,
    )
