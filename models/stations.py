"""The bank of stations: the sensors of each looked at together, packs of readings in, anomalies out.

It stands beside `models.bank`, which looks at each series alone; of a station's metrics it takes those that
`Source.together` names. One state a station, kept as that of a series without a metric.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa

from ioc.catalog.model import Catalog, Source
from ioc.records import Anomaly, Severity, event_id
from models import joint
from models.gathering import Gathering, Vector
from models.joint import Joint, JointScore
from models.joint_reasons import joint_reason
from models.packed import by_time, moment_of, ms_of, points_of, usable
from models.reasons import Names
from models.saved import packed, table_of, unpacked
from models.series import EVIDENCE, TOLD, Key
from models.severity import WARNING_FROM

VERSION = 1  # of the state
LONGEST_MEAN = timedelta(hours=2)
LEAST_POINTS = 3
MOST_STATIONS = 10_000

StationKey = tuple[str, str]  # source, station


class Told(NamedTuple):
    """An anomaly, and the event time of the reading on which it was told."""

    trigger: int
    anomaly: Anomaly


class _State(msgspec.Struct, array_like=True):
    """What is kept of a station."""

    metrics: list[str]
    newest: int
    last: list[int]
    detector: dict[str, Any]
    told: list[tuple[int, Anomaly]]
    behind: list[tuple[int, list[str]]]


class Station:
    """The sensors of one station.

    Attributes:
        metrics: their ids, in the order of the vectors.
        warmed: whether history has been taken in, or there is none.
    """

    __slots__ = (
        "_behind",
        "_detector",
        "_gathering",
        "_key",
        "_names",
        "_told",
        "_window",
        "metrics",
        "touched",
        "warmed",
    )

    def __init__(self, key: StationKey, metrics: Sequence[str], window: int, names: Sequence[Names]) -> None:
        self._key, self.metrics, self._names, self._window = key, list(metrics), list(names), window
        self._detector, self._gathering = Joint(len(metrics), window), Gathering(len(metrics))
        self._behind: deque[tuple[int, list[str]]] = deque(maxlen=EVIDENCE)
        self._told: deque[Told] = deque(maxlen=TOLD)
        self.warmed, self.touched = False, 0

    @property
    def newest(self) -> int | None:
        """Time of the newest complete vector, milliseconds since 1970."""
        return self._gathering.newest

    def learn(self, ms: int, metric: int, value: float) -> None:
        """Take history in; nothing is reported."""
        for vector in self._gathering.add(ms, metric, value, "-") or ():
            self._detector.learn_one(moment_of(vector.ms), vector.values)

    def take(self, ms: int, metric: int, value: float, row: Mapping[str, Any], now: datetime) -> list[Anomaly]:
        """Take one reading in, and judge the vectors that it completes.

        Returns:
            What is found; for a reading that comes again what was told on it before.
        """
        completed = self._gathering.add(ms, metric, value, row["event_id"])
        if completed is None:
            return [told.anomaly for told in self._told if told.trigger == ms]
        found = []
        for vector in completed:
            score = self._detector.score_one(moment_of(vector.ms), vector.values)
            self._detector.learn_one(moment_of(vector.ms), vector.values)
            self._behind.append((vector.ms, vector.ids))
            if score is not None and score.alert:
                found.append(self._anomaly(vector, score, row, now))
                self._told.append(Told(vector.trigger, found[-1]))
        return found

    def to_state(self) -> bytes:
        """Everything learnt."""
        assert self.newest is not None  # noqa: S101 - asked only of those with vectors
        last = self._gathering.to_state()["last"]
        state = _State(
            self.metrics, self.newest, list(last) if isinstance(last, list) else [], self._detector.to_state(),
            [(t.trigger, t.anomaly) for t in self._told], list(self._behind),
        )  # fmt: skip
        return packed(state)

    def restore(self, state: _State) -> None:
        """Take over what `to_state` gave."""
        self._detector.restore(state.detector)
        self._gathering.restore(state.newest, state.last)
        self._told.extend(Told(trigger, anomaly) for trigger, anomaly in state.told)
        self._behind.extend((ms, ids) for ms, ids in state.behind)
        self.warmed = True

    def _anomaly(self, vector: Vector, score: JointScore, row: Mapping[str, Any], now: datetime) -> Anomaly:
        (source, station), metric, moment = self._key, self.metrics[score.sensor], moment_of(vector.ms)
        return Anomaly(
            event_id=event_id(source, station, metric, moment, joint.NAME), received_at=now,
            source=source, station=station, metric=metric, observed_at=moment, since=score.since,
            value=score.mean, expected=score.expected, low=score.low, high=score.high,
            unit=self._names[score.sensor].unit.strip(), score=score.value, one_in=score.one_in,
            severity=_severity(score.one_in), detector=joint.NAME,
            reason=joint_reason(self._names, moment, self._window, score), evidence=self._evidence(score),
            agency=row["agency"], area=row["area"],
        )  # fmt: skip

    def _evidence(self, score: JointScore) -> list[str]:
        """The departing sensor's readings since it began, and those of its partners now."""
        since = ms_of(score.since)
        own = [ids[score.sensor] for ms, ids in self._behind if ms >= since]
        others = [self._behind[-1][1][i] for i in score.partners]
        return [name for name in (*own, *others) if name]


class Stations:
    """Owns the stations of one worker.

    Args:
        catalog: says which metrics belong together, and what people call them.
        most: beyond so many the longest untouched are forgotten. A station takes about 20 kB.
    """

    def __init__(self, catalog: Catalog, most: int = MOST_STATIONS) -> None:
        self._catalog, self._most, self._packs = catalog, most, 0
        self._stations: dict[StationKey, Station] = {}
        self._groups: dict[StationKey, list[str]] = {}

    def __len__(self) -> int:
        return len(self._stations)

    def clear(self) -> None:
        """Partitions moved: another worker may have gone on with our stations."""
        self._stations.clear()

    def forget(self, keys: Sequence[StationKey]) -> None:
        """Drop some stations; they are `unknown` again."""
        for key in keys:
            self._stations.pop(key, None)

    def group(self, key: StationKey) -> list[str]:
        """The metrics of a station that are looked at together; none where these are fewer than two."""
        found = self._groups.get(key)
        if found is None:
            source = self._catalog.sources.get(key[0])
            found = self._groups[key] = _group(source, key[1]) if source else []
        return found

    def together_in(self, series: Iterable[Key]) -> list[StationKey]:
        """The stations of these series with metrics that are looked at together, each once."""
        return list(dict.fromkeys(key[:2] for key in series if key[2] in self.group(key[:2])))

    def unknown(self, stations: Sequence[StationKey]) -> list[StationKey]:
        """Those of these stations that were not warmed up yet."""
        return [key for key in stations if key not in self._stations or not self._stations[key].warmed]

    def warm(self, table: pa.Table, stations: Sequence[StationKey]) -> None:
        """Teach stations their history; nothing is reported. One that is warm already goes on with what is newer.

        Args:
            table: source, station, metric, observed_at, value; in any order.
            stations: those that are warm afterwards even without rows.
        """
        points = points_of(table)
        places = [self._place(key) for key in points.keys]
        for row in np.argsort(points.ms, kind="stable").tolist():
            if place := places[points.of[row]]:
                place[0].learn(int(points.ms[row]), place[1], float(points.values[row]))
        for key in stations:
            self._station(key).warmed = True

    def process(self, batch: pa.RecordBatch, now: datetime) -> list[Anomaly]:
        """Score the vectors that the readings of a pack complete, then learn them.

        Args:
            batch: readings, in the partition's order.
            now: becomes `received_at`.

        Returns:
            The anomalies found, each once. A pack processed again gives the same ones.
        """
        batch = by_time(usable(batch))
        points = points_of(batch)
        places = [self._place(key) for key in points.keys]
        if not any(places):
            return []
        columns = {name: batch.column(name).to_pylist() for name in ("event_id", "agency", "area")}
        self._packs += 1
        found: dict[str, Anomaly] = {}
        for row, at in enumerate(points.of.tolist()):
            if place := places[at]:
                station, metric = place
                station.touched = self._packs
                told = {name: column[row] for name, column in columns.items()}
                for anomaly in station.take(int(points.ms[row]), metric, float(points.values[row]), told, now):
                    found.setdefault(anomaly.event_id, anomaly)
        self._forget_idle()
        return list(found.values())

    def save(self, keys: Sequence[StationKey] | None = None) -> pa.Table:
        """The states of some or all stations; those without a vector are left out."""
        chosen = list(self._stations) if keys is None else [key for key in keys if key in self._stations]
        rows = [
            (*key, "", station.newest, VERSION, station.to_state())
            for key in chosen
            if (station := self._stations[key]).newest is not None
        ]
        return table_of(rows)

    def restore(self, table: pa.Table) -> list[StationKey]:
        """Take over saved states.

        Returns:
            The stations taken over; those saved by another version or with other metrics are not.
        """
        taken = []
        columns = (table.column(name).to_pylist() for name in ("source", "station", "version", "state"))
        for source, code, version, kept in zip(*columns, strict=True):
            key = (source, code)
            state = unpacked(kept, _State) if version == VERSION else None
            if state is None or state.metrics != self.group(key):
                continue
            self.forget([key])
            try:
                self._station(key).restore(state)
            except (ValueError, KeyError, IndexError, TypeError):
                self.forget([key])  # as if it had not been saved: the station warms up from its history
                continue
            taken.append(key)
        return taken

    def _place(self, key: Key) -> tuple[Station, int] | None:
        group = self.group(key[:2])
        return (self._station(key[:2]), group.index(key[2])) if key[2] in group else None

    def _station(self, key: StationKey) -> Station:
        found = self._stations.get(key)
        if found is None:
            source, place = self._catalog.sources[key[0]], self._catalog.stations.get(key[1])
            metrics = self.group(key)
            known = [self._catalog.metrics[key[0], metric] for metric in metrics]
            names = [Names.of((*key, m.id), m, place).measured_in(m.unit) for m in known]
            found = self._stations[key] = Station(key, metrics, window_of(source.every_s), names)
        return found

    def _forget_idle(self) -> None:
        surplus = len(self._stations) - self._most
        if surplus > 0:
            self.forget(sorted(self._stations, key=lambda key: self._stations[key].touched)[:surplus])


def window_of(every_s: int) -> int:
    """Points in a mean: 15, but no more than two hours hold, and 3 at least."""
    return max(LEAST_POINTS, min(joint.WINDOW, int(LONGEST_MEAN.total_seconds()) // every_s))


def _group(source: Source, code: str) -> list[str]:
    named = [m.id for m in source.metrics if m.detector] if source.together is None else source.together
    at_station = next((s.metrics for s in source.stations if s.code == code), [])
    metrics = [metric for metric in named if not at_station or metric in at_station]
    return metrics if len(metrics) > 1 else []


def _severity(one_in: float) -> Severity:
    return joint.GRAVEST if one_in >= WARNING_FROM else "info"
