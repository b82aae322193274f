"""The bank of detectors: one set for each series, packs of readings in, anomalies out."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ioc.catalog.model import Catalog
from ioc.records import Anomaly
from models.reasons import Names
from models.registry import detectors_of
from models.series import Key, Point, Series

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Bank:
    """Owns the detectors of all series of one worker.

    Only readings with status "ok" and a value are scored and learnt. Within a pack the points of a series count in the
    order of their event times; a point not newer than the newest taken is late, and ignored.

    Args:
        catalog: says which detectors and limits a metric has, and what people call it.
        most_series: beyond so many the longest untouched are forgotten; when they come again they are `unknown` again.
            A series takes about 20 kB, 35 kB with limits over 24 hours, 85 kB with the detector `shape`.

    Raises:
        ConfigurationError: the catalogue names a detector that does not exist.
    """

    def __init__(self, catalog: Catalog, most_series: int = 50_000) -> None:
        self._catalog, self._most_series = catalog, most_series
        self._series: OrderedDict[Key, Series] = OrderedDict()
        for metric in catalog.metrics.values():
            detectors_of(metric)

    def __len__(self) -> int:
        return len(self._series)

    def clear(self) -> None:
        """Partitions moved: another worker may have gone on with our series."""
        self._series = OrderedDict()

    def unknown(self, batch: pa.RecordBatch) -> Sequence[Key]:
        """The series of a pack that were not warmed up yet, each once."""
        batch = _usable(batch)
        keys = dict.fromkeys(_keys(batch))
        return [key for key in keys if (series := self._series.get(key)) is None or not series.warmed]

    def warm(self, series: Key, times: Sequence[datetime], values: Sequence[float]) -> None:
        """Start a series with its history.

        Args:
            series: source, station, metric.
            times: aware, ascending, all before the readings that will be processed next.
            values: in the metric's unit.
        """
        fresh = self._new(series)
        fresh.warm(times, values)
        self._series[series] = fresh

    def process(self, batch: pa.RecordBatch, now: datetime) -> list[Anomaly]:
        """Score the readings of a pack, then learn them.

        Args:
            batch: readings (`ioc.packs.arrow_schema`), in the partition's order.
            now: becomes `received_at`.

        Returns:
            The anomalies found, each once. A pack processed again gives the same ones.
        """
        found: dict[str, Anomaly] = {}
        book, touched = self._series, set()
        for key, point in _points(_usable(batch)):
            series = book.get(key)
            if series is None:
                series = book[key] = self._new(key)
            touched.add(key)
            for anomaly in series.take(point, now):
                found.setdefault(anomaly.event_id, anomaly)
        self._forget_idle(book, touched)
        return list(found.values())

    def _new(self, key: Key) -> Series:
        source_id, station_code, metric_id = key
        source = self._catalog.sources.get(source_id)
        metric = self._catalog.metrics.get((source_id, metric_id))
        station = self._catalog.stations.get(station_code)
        detectors = detectors_of(metric, source.every_s if source else 300)
        return Series(key, detectors, Names.of(key, metric, station))

    def _forget_idle(self, book: OrderedDict[Key, Series], touched: set[Key]) -> None:
        for key in touched:
            book.move_to_end(key)
        while len(book) > max(self._most_series, len(touched)):
            book.popitem(last=False)


def _usable(batch: pa.RecordBatch) -> pa.RecordBatch:
    ok = pc.and_(pc.equal(batch.column("status"), "ok"), pc.is_valid(batch.column("value")))
    return batch if pc.all(ok).as_py() else batch.filter(ok)


def _keys(batch: pa.RecordBatch) -> Iterator[Key]:
    return zip(*(batch.column(name).to_pylist() for name in ("source", "station", "metric")), strict=True)


def _points(batch: pa.RecordBatch) -> Iterator[tuple[Key, Point]]:
    """The points of a batch by event time; equal times in the batch's order."""
    stamps = batch.column("observed_at").cast(pa.int64()).to_numpy()
    if (stamps[1:] < stamps[:-1]).any():
        batch = batch.take(pa.array(np.argsort(stamps, kind="stable")))
        stamps = np.sort(stamps)
    moments: dict[int, datetime] = {stamp: _EPOCH + timedelta(milliseconds=stamp) for stamp in set(stamps.tolist())}
    names = ("value", "event_id", "unit", "agency", "area")
    columns = (batch.column(name).to_pylist() for name in names)
    times = [moments[stamp] for stamp in stamps.tolist()]
    return zip(_keys(batch), map(Point._make, zip(times, *columns, strict=True)), strict=True)
