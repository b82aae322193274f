"""Any series as CSV, a timestamp and a value a row: counters, exported sensors, the files of benchmarks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import PurePosixPath

from ioc.catalog.model import Source
from ioc.errors import BadInput
from ioc.records import Reading, Record, event_id
from streams.sources._table import rows
from streams.sources._text import fold, number, oversized, shown
from streams.sources.base import Arrival, Reject
from streams.sources.times import any_time, plausible, to_utc

_TIME_NAMES = ("timestamp", "time", "datetime", "date", "ds", "observed_at", "thoi_gian", "thoi_diem", "ngay")
_VALUE_NAMES = ("value", "y", "gia_tri", "so_luong", "count")
_HEADERS = {fold(n): "timestamp" for n in _TIME_NAMES} | {fold(n): "value" for n in _VALUE_NAMES}
_NEEDED = [{"timestamp"}, {"value"}]
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}", re.ASCII)


def parse(payload: bytes, source: Source, arrival: Arrival) -> Iterator[Record | Reject]:
    """Readings of the source's first metric; of rows with equal time and different values the first counts.

    The station is ``hints["station"]``, else the file's stem. Times are ISO 8601, ``dd/MM/yyyy HH:mm`` or Unix seconds
    or milliseconds.
    """
    if refused := oversized(payload, source):
        yield refused
        return
    station = arrival.hints.get("station") or PurePosixPath(arrival.origin.replace("\\", "/")).stem or source.id
    seen: dict[datetime, float | None] = {}
    for item in rows(payload, source, _HEADERS, _NEEDED):
        if isinstance(item, Reject):
            yield item
            continue
        cells = item.known()
        try:
            reading = _reading(cells.get("timestamp", ""), cells.get("value", ""), station, source, arrival)
            if seen.setdefault(reading.observed_at, reading.value) != reading.value:
                raise BadInput(source.id, "timestamp", f"{reading.observed_at} is there twice with different values")
        except BadInput as error:
            yield item.reject(error)
        else:
            yield reading


def _reading(time_text: str, value_text: str, station: str, source: Source, arrival: Arrival) -> Reading:
    try:
        observed_at = plausible(_time(time_text, source), "timestamp", source, arrival)
    except (ValueError, OverflowError, OSError):
        raise BadInput(source.id, "timestamp", f"{shown(time_text)} is not a time") from None
    try:
        value = number(value_text)
    except ValueError as error:
        raise BadInput(source.id, "value", f"{shown(value_text)}: {error}") from None
    metric = source.metrics[0]
    if (metric.low is not None and value < metric.low) or (metric.high is not None and value > metric.high):
        raise BadInput(source.id, "value", f"{value:g} {metric.unit} is not physical: {metric.low} to {metric.high}")
    return Reading(
        event_id=event_id(source.id, station, metric.id, observed_at),
        received_at=arrival.received_at,
        source=source.id,
        station=station,
        metric=metric.id,
        observed_at=observed_at,
        value=value,
        unit=metric.unit,
        agency=source.agency,
        raw_time=time_text,
    )


def _time(text: str, source: Source) -> datetime:
    if not _EPOCH.fullmatch(text):
        return any_time(text, source.zone)
    seconds = float(text)
    return to_utc(datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC), source.zone)
