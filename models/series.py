"""One series: its detectors, and what it remembers of its last readings and anomalies."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from ioc.records import Anomaly, event_id
from models.base import Detector, Score
from models.reasons import Names, reason
from models.severity import severity_of

EVIDENCE = 20  # readings remembered as evidence
TOLD = 16  # anomalies remembered, for packs that come again

Key = tuple[str, str, str]  # source, station, metric


class Point(NamedTuple):
    """What of a reading matters here."""

    moment: datetime
    value: float
    event_id: str
    unit: str = ""
    agency: str = ""
    area: str = ""


class Series:
    """Owns the detectors of one series.

    Attributes:
        warmed: whether the history in the store has been taken in, or there is none.
        newest: event time of the newest point taken.
    """

    __slots__ = ("_detectors", "_key", "_names", "_readings", "_told", "newest", "warmed")

    def __init__(self, key: Key, detectors: Sequence[Detector], names: Names) -> None:
        self._key, self._detectors, self._names = key, tuple(detectors), names
        self._readings: deque[tuple[datetime, str]] = deque(maxlen=EVIDENCE)
        self._told: deque[Anomaly] = deque(maxlen=TOLD)
        self.newest: datetime | None = None
        self.warmed = False

    def warm(self, times: Sequence[datetime], values: Sequence[float | None]) -> None:
        """Learn history, ascending; nothing is reported."""
        for detector in self._detectors:
            for moment, value in zip(times, values, strict=True):
                detector.learn_one(moment, value)
        self.newest = times[-1] if times else None
        self.warmed = True

    def scores(self, moment: datetime, value: float) -> list[tuple[Detector, Score]]:
        """What each detector that has something to say says of a point; changes nothing."""
        return [(d, score) for d in self._detectors if (score := d.score_one(moment, value)) is not None]

    def take(self, point: Point, now: datetime) -> list[Anomaly]:
        """Score a point, then learn it.

        Returns:
            One anomaly a detector that alerts. For a late point what was told of that moment before: a pack that is
            delivered again is late as a whole, and its anomalies must come out again.
        """
        moment, value = point.moment, point.value
        if self.newest is not None and moment <= self.newest:
            return [told for told in self._told if told.observed_at == moment] if self._told else []
        found = []
        for detector in self._detectors:
            score = detector.score_one(moment, value)
            if score is not None and score.alert:
                found.append(self._anomaly(point, detector, score, now))
            detector.learn_one(moment, value)
        self.newest = moment
        self._readings.append((moment, point.event_id))
        if found:
            self._told.extend(found)
        return found

    def _anomaly(self, point: Point, detector: Detector, score: Score, now: datetime) -> Anomaly:
        source, station, metric = self._key
        names = self._names.measured_in(point.unit)
        behind = [name for moment, name in self._readings if moment >= score.since]
        return Anomaly(
            event_id=event_id(source, station, metric, point.moment, detector.name), received_at=now,
            source=source, station=station, metric=metric, observed_at=point.moment, since=score.since,
            value=point.value, expected=score.expected, low=score.low, high=score.high, unit=point.unit,
            score=score.value, one_in=score.one_in, severity=severity_of(detector, score), detector=detector.name,
            reason=reason(names, point.moment, point.value, detector, score),
            evidence=[*behind, point.event_id], agency=point.agency, area=point.area,
        )  # fmt: skip
