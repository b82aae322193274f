"""TT 10/2021/TT-BTNMT: the TXT file an automatic environment station drops every five minutes (FACTS 1.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import msgspec

from ioc.catalog.model import Metric, Source, Station
from ioc.errors import BadInput
from ioc.records import Reading, Record, Status, event_id
from streams.sources._text import decoded, fold, lines, number, oversized, shown, unit_key
from streams.sources.base import Arrival, Reject
from streams.sources.times import compact, plausible

_FILE_NAME = re.compile(r"(?P<station>.+)_\d{14}(?:\.txt)?", re.IGNORECASE)
_LOOSE = re.compile(
    r"(?P<name>\S.*?) (?:(?P<value>[-+]?[\d.,]+|nan) )?(?:(?P<unit>\S+) )?(?P<time>\d{14}) (?P<status>\d{1,2})",
    re.IGNORECASE,
)
_STATUS: dict[str, Status] = {
    "00": "ok",
    "01": "calibrating",
    "02": "fault",
    "0": "ok",
    "1": "calibrating",
    "2": "fault",
}
_LONGEST = 1000
_MISSING = {"", "-", "nan", "null", "none"}


class _Lookup(msgspec.Struct):
    """The catalogue's spellings of one source, prepared once."""

    source: Source
    stations: dict[str, Station]
    metrics: dict[str, Metric]
    units: dict[str, set[str]]


_lookups: dict[str, _Lookup] = {}


def parse(payload: bytes, source: Source, arrival: Arrival) -> Iterator[Record | Reject]:
    """Readings of one station file; the station is in the file's name (``arrival.origin``), or in ``hints["station"]``.

    A missing unit is taken as the catalogue's; a value that cannot be is dropped, not refused, while the instrument
    says that it calibrates or is at fault.
    """
    if refused := oversized(payload, source):
        yield refused
        return
    lookup = _lookup(source)
    try:
        station = _station(lookup, arrival)
    except BadInput as error:
        yield Reject(error.field, error.reason, payload)
        return
    position, seen = 0, dict[tuple[str, datetime], Reading]()
    for item in lines(payload, source):
        if isinstance(item, Reject):
            yield item
            position = item.position
            continue
        position, line = item
        try:
            reading = _reading(decoded(line, source), lookup, station, arrival)
            first = seen.setdefault((reading.metric, reading.observed_at), reading)
            if first is not reading and (first.value, first.status) != (reading.value, reading.status):
                raise BadInput(source.id, "value", f"{reading.metric} is there twice with different values")
        except BadInput as error:
            yield Reject(error.field, error.reason, line, position)
        else:
            yield reading
    if not position:
        yield Reject("", "the file is empty", payload)


def _lookup(source: Source) -> _Lookup:
    known = _lookups.get(source.id)
    if known is None or known.source is not source:
        known = _lookups[source.id] = _Lookup(
            source,
            {s.code.casefold(): s for s in source.stations},
            {fold(name): m for m in source.metrics for name in (*m.names, m.id)},
            {m.id: {unit_key(u) for u in m.units} | {""} for m in source.metrics},
        )
    return known


def _station(lookup: _Lookup, arrival: Arrival) -> Station:
    code = arrival.hints.get("station", "")
    if not code:
        name = re.split(r"[/\\]", arrival.origin)[-1]
        found = _FILE_NAME.fullmatch(name)
        if not found:
            raise BadInput(lookup.source.id, "file_name", f"{shown(name)} is not <station>_<yyyyMMddHHmmss>.txt")
        code = found["station"]
    station = lookup.stations.get(code.casefold())
    if station is None and lookup.source.unknown_stations == "reject":
        raise BadInput(lookup.source.id, "station", f"unknown station {shown(code)}")
    return station or Station(code=code, name=code)


def _reading(line: str, lookup: _Lookup, station: Station, arrival: Arrival) -> Reading:
    source = lookup.source
    name, value_text, unit, time_text, status_text = _columns(line, source)
    metric = lookup.metrics.get(fold(name))
    if metric is None:
        raise BadInput(source.id, "parameter", f"unknown parameter {shown(name)}")
    if unit_key(unit) not in lookup.units[metric.id]:
        raise BadInput(
            source.id, "unit", f"{shown(unit)} is not a unit of {metric.id}: {', '.join(filter(None, metric.units))}"
        )
    status = _STATUS.get(status_text)
    if status is None:
        raise BadInput(source.id, "status", f"{shown(status_text)} is not 00, 01 or 02")
    observed_at = _time(time_text, source, arrival)
    return Reading(
        event_id=event_id(source.id, station.code, metric.id, observed_at),
        received_at=arrival.received_at,
        source=source.id,
        station=station.code,
        metric=metric.id,
        observed_at=observed_at,
        value=_value(value_text, metric, status, source),
        unit=metric.unit,
        status=status,
        agency=station.agency or source.agency,
        area=station.area,
        raw_time=time_text,
    )


def _columns(line: str, source: Source) -> tuple[str, ...]:
    """Parameter, value, unit, time, status."""
    cells = tuple(cell.strip() for cell in line.split("\t"))
    if len(cells) == 5 and cells[0] and cells[3]:
        return cells
    found = _LOOSE.fullmatch(" ".join(line.split())) if len(line) <= _LONGEST else None
    if not found:
        raise BadInput(
            source.id, "", f"{len(cells)} columns, expected parameter, value, unit, time, status with tabs between"
        )
    return tuple(group or "" for group in found.groups())


def _time(text: str, source: Source, arrival: Arrival) -> datetime:
    try:
        return plausible(compact(text, source.zone), "time", source, arrival)
    except ValueError:
        raise BadInput(source.id, "time", f"{shown(text)} is not a time yyyyMMddHHmmss") from None


def _value(text: str, metric: Metric, status: Status, source: Source) -> float | None:
    try:
        if status != "ok" and text.casefold() in _MISSING:
            return None
        value = number(text)
    except ValueError as error:
        if status != "ok":
            return None
        reason = f"{shown(text)}: {error}" if text else "is empty though the instrument is measuring"
        raise BadInput(source.id, "value", reason) from None
    low, high = metric.low, metric.high
    if (low is not None and value < low) or (high is not None and value > high):
        if status == "ok":
            raise BadInput(source.id, "value", f"{value:g} {metric.unit} is not physical: {low} to {high}")
        return None
    return value
