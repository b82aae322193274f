"""What the catalogue's entries must be to each other: references that exist, ids that are unique, spans that are spans."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ioc.catalog.model import Agency, Area, Indicator, Limit, Metric, Source

Fault = tuple[str, str, str]  # file below the catalogue's directory, dotted key, reason
Found = Iterator[tuple[str, str]]  # key, reason
_YEAR = re.compile(r"(?:19|20|21)\d\d")


def faults(
    agencies: Sequence[Agency], areas: Sequence[Area], indicators: Sequence[Indicator], sources: Sequence[Source]
) -> list[Fault]:
    """Everything wrong between entries, file by file."""
    agency_ids, codes = {a.id for a in agencies}, {a.code for a in areas}
    found = [("agencies.toml", *fault) for fault in _agencies(agencies, codes)]
    found += [("areas.toml", *fault) for fault in _areas(areas, codes)]
    found += [("indicators.toml", *fault) for fault in _indicators(indicators, agency_ids)]
    owners: dict[str, str] = {}
    for source in sources:
        file = f"sources/{source.id}.toml"
        found += [(file, *fault) for fault in _source(source, agency_ids, codes)]
        for index, station in enumerate(source.stations):
            if (owner := owners.setdefault(station.code, source.id)) != source.id:
                found.append((file, f"stations[{index}].code", f"{station.code!r} is a station of {owner} already"))
    return found


def _agencies(agencies: Sequence[Agency], codes: set[str]) -> Found:
    yield from twice("agency", "id", [a.id for a in agencies])
    ids = {a.id for a in agencies}
    for index, agency in enumerate(agencies):
        key = f"agency[{index}]"
        yield from _span(key, agency)
        yield from _unknown(f"{key}.successors", agency.successors, ids, "agency", "agencies.toml")
        yield from _unknown(f"{key}.area", [agency.area], codes, "area", "areas.toml")


def _areas(areas: Sequence[Area], codes: set[str]) -> Found:
    if len({a.code for a in areas if a.level == "province"}) != 1:
        yield "area", "exactly one area must have the level province"
    versions: dict[str, list[tuple[int, Area]]] = {}
    for index, area in enumerate(areas):
        yield from _span(f"area[{index}]", area)
        yield from _unknown(f"area[{index}].parent", [area.parent], codes, "area", "areas.toml")
        versions.setdefault(area.code, []).append((index, area))
    for code, same in versions.items():
        for (_, earlier), (index, later) in combinations(same, 2):
            if earlier.valid_from <= later.valid_to and later.valid_from <= earlier.valid_to:
                yield f"area[{index}].code", f"{code!r} is there twice at the same time"


def _indicators(indicators: Sequence[Indicator], agency_ids: set[str]) -> Found:
    yield from twice("indicator", "id", [i.id for i in indicators])
    for index, indicator in enumerate(indicators):
        key = f"indicator[{index}]"
        yield from _unknown(f"{key}.agency", [indicator.agency], agency_ids, "agency", "agencies.toml")
        yield from _bounds(key, indicator)
        for year in indicator.targets:
            if not _YEAR.fullmatch(year):
                yield f"{key}.targets", f"{year!r} is not a year"


def _source(source: Source, agency_ids: set[str], codes: set[str]) -> Found:
    yield from _unknown("agency", [source.agency], agency_ids, "agency", "agencies.toml")
    try:
        ZoneInfo(source.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield "timezone", f"{source.timezone!r} is not a time zone such as Asia/Ho_Chi_Minh"
    if source.transport == "poll" and not re.match(r"(?:https?://|\{simulator\}/)", source.url):
        yield "url", "a source that is polled needs a url with http:// or https://"
    if source.transport == "folder" and not source.patterns:
        yield "patterns", 'a source with a folder needs file names that it takes, for example ["*.txt"]'
    yield from _unknown("together", source.together or [], {m.id for m in source.metrics}, "metric", "this file")
    yield from _metrics(source.metrics)
    yield from _stations(source, agency_ids, codes)


def _metrics(metrics: Sequence[Metric]) -> Found:
    yield from twice("metrics", "id", [m.id for m in metrics])
    spellings: dict[str, str] = {}
    for index, metric in enumerate(metrics):
        yield from _bounds(f"metrics[{index}]", metric)
        for name in (metric.id, *metric.names):
            if (other := spellings.setdefault(name.casefold(), metric.id)) != metric.id:
                yield f"metrics[{index}].names", f"{name!r} is a spelling of {other} already"
        for number, limit in enumerate(metric.limits):
            key = f"metrics[{index}].limits[{number}]"
            yield from _span(key, limit)
            yield from _bounds(key, limit)
            if limit.low is None and limit.high is None:
                yield f"{key}.high", "a limit needs high, low or both"


def _stations(source: Source, agency_ids: set[str], codes: set[str]) -> Found:
    yield from twice("stations", "code", [s.code.casefold() for s in source.stations])
    metrics = {m.id for m in source.metrics}
    for index, station in enumerate(source.stations):
        key = f"stations[{index}]"
        yield from _unknown(f"{key}.area", [station.area], codes, "area", "areas.toml")
        yield from _unknown(f"{key}.agency", [station.agency], agency_ids, "agency", "agencies.toml")
        yield from _unknown(f"{key}.metrics", station.metrics, metrics, "metric", "this file")
        if (station.lat is None) != (station.lon is None):
            yield f"{key}.lat", "lat and lon go together"


def twice(table: str, key: str, values: Sequence[str]) -> Found:
    """Ids that are there already."""
    for index, value in enumerate(values):
        if value in values[:index]:
            yield f"{table}[{index}].{key}", f"{value!r} is there twice"


def _unknown(key: str, names: Iterable[str], known: set[str], what: str, file: str) -> Found:
    for name in names:
        if name and name not in known:
            yield key, f"no {what} {name!r} in {file}"


def _span(key: str, entry: Agency | Area | Limit) -> Found:
    if entry.valid_to < entry.valid_from:
        yield f"{key}.valid_to", f"{entry.valid_to} is before valid_from {entry.valid_from}"


def _bounds(key: str, entry: Indicator | Metric | Limit) -> Found:
    if entry.low is not None and entry.high is not None and entry.low >= entry.high:
        yield f"{key}.low", f"low {entry.low:g} is not below high {entry.high:g}"
