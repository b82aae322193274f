"""The bank of detectors: one set for each series, packs of readings in, anomalies out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from ioc.catalog.model import Catalog
from ioc.errors import ConfigurationError
from ioc.records import Anomaly, event_id
from models import compiled, saved
from models.base import Detector, Score
from models.book import Book, Entry
from models.packed import Points, by_time, fresh, moment_of, ms_of, points_of, usable
from models.reasons import reason
from models.series import EVIDENCE, Key
from models.severity import severity_of

Alert = tuple[int, int, Score]  # row of the pack, place among the series' detectors, score


class Bank:
    """Owns the detectors of all series of one worker.

    Only readings with status "ok" and a value are scored and learnt. Within a pack the points of a series count in the
    order of their event times; a point not newer than the newest taken is late, and ignored. `shape`, `seasonal` and
    `level` with `stuck` run compiled over all series at once; other detectors are called point by point.

    Args:
        catalog: says which detectors and limits a metric has, and what people call it.
        most_series: beyond so many the longest untouched are forgotten; when they come again they are `unknown` again.
            A series takes about 20 kB, 35 kB with limits over 24 hours, 77 kB with the detector `shape`.

    Raises:
        ConfigurationError: the catalogue names a detector that does not exist.
    """

    def __init__(self, catalog: Catalog, most_series: int = 50_000) -> None:
        self._catalog, self._most_series = catalog, most_series
        self._book, self._packs = Book(catalog), 0
        for source, metric in catalog.metrics:
            self._book.plan(source, metric)

    def __len__(self) -> int:
        return len(self._book.slots)

    def clear(self) -> None:
        """Partitions moved: another worker may have gone on with our series."""
        self._book = Book(self._catalog, self._book.factors)

    def forget(self, keys: Sequence[Key]) -> None:
        """Drop some series; they are `unknown` again."""
        for key in keys:
            self._book.drop(key)

    def unknown(self, series: Sequence[Key]) -> list[Key]:
        """Those of these series that were not warmed up yet."""
        slots, warmed = self._book.slots, self._book.warmed
        return [key for key in series if (slot := slots.get(key)) is None or not warmed[slot]]

    def warm(self, table: pa.Table, series: Sequence[Key] = ()) -> None:
        """Teach series their history; nothing is reported. One that is warm already goes on with what is newer.

        Args:
            table: source, station, metric, observed_at, value; ascending times within each series.
            series: those that are warm afterwards even without rows.
        """
        points, book = points_of(table), self._book
        for key in dict.fromkeys([*points.keys, *series]):
            slot = book.slots.get(key)
            if slot is not None and not book.warmed[slot]:
                book.drop(key)  # met before its history was asked for: begins anew
            slot = book.slot(key)
            book.warmed[slot] = True
        slots = self._slots(points)
        new = fresh(slots, points.ms, book.newest)
        self._compiled(slots, points, new)
        for row in np.flatnonzero(new & book.odd[slots]).tolist():
            for _, detector in book.entry(slots[row]).plain:
                detector.learn_one(moment_of(points.ms[row]), float(points.values[row]))
        np.maximum.at(book.newest, slots, points.ms)

    def process(self, batch: pa.RecordBatch, now: datetime) -> list[Anomaly]:
        """Score the readings of a pack, then learn them.

        Args:
            batch: readings (`ioc.packs.arrow_schema`), in the partition's order.
            now: becomes `received_at`.

        Returns:
            The anomalies found, each once. A pack processed again gives the same ones.
        """
        batch, book = by_time(usable(batch)), self._book
        points = points_of(batch)
        slots = self._slots(points)
        new = fresh(slots, points.ms, book.newest)
        found = {row: list(told) for row, told in self._told_before(slots, points, new)}
        alerts = [*self._compiled(slots, points, new), *self._plain(slots, points, new)]
        for row, place, score in sorted(alerts, key=lambda alert: alert[:2]):
            behind = self._behind(slots, points, new, batch, row)
            anomaly = _anomaly(batch, row, book, book.entry(slots[row]), place, score, behind, now)
            found.setdefault(row, []).append(anomaly)
        for row, _, _ in alerts:
            book.odd[slots[row]] = True
        for row in {alert[0] for alert in alerts}:
            book.entry(slots[row]).told.extend(found[row])
        ids = batch.column("event_id").to_numpy(zero_copy_only=False)
        book.push(slots[new], points.ms[new], ids[new])
        np.maximum.at(book.newest, slots, points.ms)
        self._forget_idle(slots)
        return _once(found)

    def adapt(self, factors: Mapping[Key, float]) -> None:
        """Make series alert more rarely or more often, from the next point on; operators' feedback comes in here.

        The threshold of a series' statistical detectors is that of its metric times its factor: 1 is as shipped, above
        it alerts are fewer. Limits, gaps and stuck sensors are told as ever. `factors` is the whole truth: a series that
        it does not name is at 1 again. One that has not come yet has its factor when it comes; `clear` and `forget` keep
        the factors, and `save` and `restore` carry them to a bank that was not told any for that series.

        Args:
            factors: by series; beyond 1/8 and 64 they count as these.

        Raises:
            ConfigurationError: a factor is no positive number; nothing is changed.
        """
        for key, factor in factors.items():
            if not factor > 0.0:
                raise ConfigurationError(
                    f"factor of {'/'.join(key)} is {factor}: give a positive number, 1 for as shipped"
                )
        before, self._book.factors = self._book.factors, dict(factors)
        for key in before.keys() | factors.keys():
            if before.get(key) != factors.get(key):
                self._book.adapt(key)

    def save(self, keys: Sequence[Key] | None = None) -> pa.Table:
        """The states of some or all series, see `models.saved`; unknown keys and series without points are left out."""
        return saved.save(self._book, list(self._book.slots) if keys is None else keys)

    def restore(self, table: pa.Table) -> list[Key]:
        """Take over saved states.

        Returns:
            The series taken over; those saved by another version or with other detectors are not.
        """
        return saved.restore(self._book, table)

    def _slots(self, points: Points) -> np.ndarray:
        slots: np.ndarray = np.array([self._book.slot(key) for key in points.keys], np.int64)[points.of]
        return slots

    def _compiled(self, slots: np.ndarray, points: Points, new: np.ndarray) -> Iterator[Alert]:
        """Run the compiled detectors at once; the alerts are read afterwards."""
        kinds, written = self._book.kind[slots], []
        for kind, pool in self._book.pools.items():
            rows = np.flatnonzero(new & (kinds == kind))
            if not len(rows):
                continue
            told = np.empty((2 * len(rows) + 1, compiled.TOLD))
            own, ms = self._book.row[slots[rows]], points.ms[rows].astype(np.float64)
            count = compiled.take(
                kind, pool.numbers, pool.counts, own, ms, points.values[rows], points.when[rows],
                self._book.alert_from[slots[rows]], told,
            )  # fmt: skip
            written += [(int(rows[int(line[0])]), int(line[1]), _score(kind, line)) for line in told[:count]]
        return iter(written)

    def _plain(self, slots: np.ndarray, points: Points, new: np.ndarray) -> Iterator[Alert]:
        for row in np.flatnonzero(new & self._book.odd[slots]).tolist():
            moment, value = moment_of(points.ms[row]), float(points.values[row])
            for place, detector in self._book.entry(slots[row]).plain:
                score = detector.score_one(moment, value)
                if score is not None and score.alert:
                    yield row, place, score
                detector.learn_one(moment, value)

    def _told_before(
        self, slots: np.ndarray, points: Points, new: np.ndarray
    ) -> Iterator[tuple[int, Sequence[Anomaly]]]:
        """What was told of late points: a pack delivered again is late as a whole, its anomalies must come out again."""
        for row in np.flatnonzero(~new & self._book.odd[slots]).tolist():
            moment = moment_of(points.ms[row])
            if told := [t for t in self._book.entry(slots[row]).told if t.observed_at == moment]:
                yield row, told

    def _behind(
        self, slots: np.ndarray, points: Points, new: np.ndarray, batch: pa.RecordBatch, row: int
    ) -> list[tuple[int, str]]:
        """The readings of a series before a row of the pack."""
        rows = np.flatnonzero((slots[:row] == slots[row]) & new[:row])[-EVIDENCE:]
        ids = batch.column("event_id")
        here = [(int(points.ms[at]), ids[at].as_py()) for at in rows.tolist()]
        return [*self._book.readings(int(slots[row])), *here][-EVIDENCE:]

    def _forget_idle(self, slots: np.ndarray) -> None:
        self._packs += 1
        book, touched = self._book, np.unique(slots)
        book.touched[touched] = self._packs
        surplus = len(book.slots) - max(self._most_series, len(touched))
        if surplus > 0:
            for key in sorted(book.slots, key=lambda key: int(book.touched[book.slots[key]]))[:surplus]:
                book.drop(key)


def _once(found: dict[int, list[Anomaly]]) -> list[Anomaly]:
    once: dict[str, Anomaly] = {}
    for row in sorted(found):
        for anomaly in found[row]:
            once.setdefault(anomaly.event_id, anomaly)
    return list(once.values())


def _score(kind: int, line: np.ndarray) -> Score:
    value, expected, low, high, one_in, since, first, second = line[2:].tolist()
    parts: dict[str, str | float] = {}
    if line[1] == 1.0:
        parts = {"run": int(first), "longest": int(second)}
    elif kind == compiled.KINDS["shape"]:
        parts = {"shape": int(first), "compared": int(second)}
    return Score(value, expected, low, high, one_in, moment_of(since), alert=True, parts=parts)


def _anomaly(  # noqa: PLR0913, PLR0917 - everything an anomaly says
    batch: pa.RecordBatch, row: int, book: Book, entry: Entry, place: int, score: Score,
    behind: list[tuple[int, str]], now: datetime,
) -> Anomaly:  # fmt: skip
    at = batch.slice(row, 1).to_pylist()[0]
    detector: Detector = entry.plan.detectors[place]
    source, station, metric = entry.key
    since = ms_of(score.since)
    evidence = [name for ms, name in behind if ms >= since] + [at["event_id"]]
    names, moment = book.names(entry.key).measured_in(at["unit"]), at["observed_at"].astimezone(UTC)
    return Anomaly(
        event_id=event_id(source, station, metric, moment, detector.name), received_at=now,
        source=source, station=station, metric=metric, observed_at=moment, since=score.since,
        value=at["value"], expected=score.expected, low=score.low, high=score.high, unit=at["unit"],
        score=score.value, one_in=score.one_in, severity=severity_of(detector, score), detector=detector.name,
        reason=reason(names, moment, at["value"], detector, score),
        evidence=evidence, agency=at["agency"], area=at["area"],
    )  # fmt: skip
