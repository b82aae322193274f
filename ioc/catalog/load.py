"""Read and check the catalogue; every error names file, key and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from ioc.catalog.model import Agency, Area, Catalog, Entry, Indicator, Source
from ioc.errors import CatalogError

SHIPPED = Path(__file__).parent

E = TypeVar("E", bound=Entry)


def load_catalog(directory: Path | None = None) -> Catalog:
    """Load the shipped catalogue, or another province's.

    Raises:
        CatalogError: for the first thing wrong.
    """
    catalog, errors = check_catalog(directory)
    if errors:
        raise errors[0]
    assert catalog is not None  # noqa: S101 - no errors means there is one
    return catalog


def check_catalog(directory: Path | None = None) -> tuple[Catalog | None, list[CatalogError]]:
    """Everything wrong at once, for `ioc catalog check`; the catalogue is None if a file cannot be read."""
    root = directory or SHIPPED
    errors: list[CatalogError] = []
    agencies = _entries(root / "agencies.toml", "agency", Agency, errors)
    areas = _entries(root / "areas.toml", "area", Area, errors)
    indicators = _entries(root / "indicators.toml", "indicator", Indicator, errors)
    sources = [s for path in sorted((root / "sources").glob("*.toml")) if (s := _source(path, errors))]
    if errors:
        return None, errors
    catalog = Catalog(agencies, areas, indicators, sources)
    errors.extend(_cross_checks(root, catalog, agencies, areas))
    return catalog, errors


def _read(path: Path, errors: list[CatalogError]) -> tuple[dict[str, Any], str]:
    try:
        text = path.read_text(encoding="utf-8")
        return tomllib.loads(text), text
    except FileNotFoundError:
        errors.append(CatalogError(str(path), "", "the file is missing"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        line = re.search(r"at line (\d+)", str(error))
        errors.append(CatalogError(str(path), "", f"is not TOML: {error}", int(line.group(1)) if line else None))
    return {}, ""


def _entries(path: Path, table: str, model: type[E], errors: list[CatalogError]) -> list[E]:
    data, text = _read(path, errors)
    for key in data.keys() - {table}:
        errors.append(
            CatalogError(
                str(path),
                key,
                f"unknown key; this file holds [[{table}]] entries",
                _line(text, rf"^\s*\[*{re.escape(key)}\b"),
            )
        )
    entries = []
    for index, row in enumerate(data.get(table, [])):
        try:
            entries.append(msgspec.convert(row, model))
        except msgspec.ValidationError as error:
            key, reason = _where(error, f"{table}[{index}]")
            errors.append(CatalogError(str(path), key, reason, _entry_line(text, table, index, key, reason)))
    return entries


def _source(path: Path, errors: list[CatalogError]) -> Source | None:
    before = len(errors)
    data, text = _read(path, errors)
    if len(errors) > before:
        return None
    try:
        source = msgspec.convert(data, Source)
    except msgspec.ValidationError as error:
        key, reason = _where(error, "")
        errors.append(CatalogError(str(path), key, reason, _nested_line(text, key, reason)))
        return None
    if source.id != path.stem:
        errors.append(
            CatalogError(
                str(path), "id", f"is {source.id!r} but the file is named {path.stem!r}", _line(text, r"^id\b")
            )
        )
    return source


def _where(error: msgspec.ValidationError, prefix: str) -> tuple[str, str]:
    """Msgspec says ``Expected `int`, got `str` - at `$.metrics[2].low` ``."""
    reason, _, place = str(error).partition(" - at `$")
    key = place.rstrip("`").removeprefix(".")
    return ".".join(part for part in (prefix, key) if part), reason


def _line(text: str, pattern: str, start: int = 0) -> int | None:
    found = re.compile(pattern, re.MULTILINE).search(text, start)
    return text.count("\n", 0, found.start()) + 1 if found else None


def _offending_key(key: str, reason: str) -> str:
    unknown = re.search(r"unknown field `(\w+)`", reason)
    return unknown.group(1) if unknown else re.split(r"[.\[]", key)[-1].rstrip("]")


def _entry_line(text: str, table: str, index: int, key: str, reason: str) -> int | None:
    starts = [m.start() for m in re.finditer(rf"^\s*\[\[{table}\]\]", text, re.MULTILINE)]
    if index >= len(starts):
        return _line(text, rf"^\s*{re.escape(table)}\b")
    end = starts[index + 1] if index + 1 < len(starts) else len(text)
    name = _offending_key(key.removeprefix(f"{table}[{index}]").lstrip("."), reason)
    found = _line(text[:end], rf"^\s*{re.escape(name)}\s*=", starts[index]) if name else None
    return found or text.count("\n", 0, starts[index]) + 1


def _nested_line(text: str, key: str, reason: str) -> int | None:
    nested = re.match(r"(\w+)\[(\d+)\]", key)
    if nested:
        return _entry_line(text, nested.group(1), int(nested.group(2)), key[nested.end() :].lstrip("."), reason)
    name = _offending_key(key, reason)
    return _line(text, rf"^\s*{re.escape(name)}\s*=") if name else None


def _cross_checks(root: Path, catalog: Catalog, agencies: list[Agency], areas: list[Area]) -> Iterable[CatalogError]:
    yield from _duplicates(root / "agencies.toml", "agency", [a.id for a in agencies])
    yield from _duplicates(root / "areas.toml", "area", [f"{a.code}@{a.valid_from}" for a in areas])
    codes = {a.code for a in areas}
    for area in areas:
        if area.parent and area.parent not in codes:
            yield _cross(root / "areas.toml", area.code, "parent", f"no area {area.parent!r}")
    for agency in agencies:
        for successor in agency.successors:
            if successor not in catalog.agencies:
                yield _cross(root / "agencies.toml", agency.id, "successors", f"no agency {successor!r}")
    for indicator in catalog.indicators.values():
        if indicator.agency not in catalog.agencies:
            yield _cross(root / "indicators.toml", indicator.id, "agency", f"no agency {indicator.agency!r}")
        for year in indicator.targets:
            if not re.fullmatch(r"\d{4}", year):
                yield _cross(root / "indicators.toml", indicator.id, "targets", f"{year!r} is not a year")
    for source in catalog.sources.values():
        yield from _source_checks(root / "sources" / f"{source.id}.toml", source, catalog, codes)


def _source_checks(path: Path, source: Source, catalog: Catalog, codes: set[str]) -> Iterable[CatalogError]:
    if source.agency not in catalog.agencies:
        yield _cross(path, source.id, "agency", f"no agency {source.agency!r} in agencies.toml")
    try:
        ZoneInfo(source.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        yield _cross(path, source.id, "timezone", f"{source.timezone!r} is not a time zone")
    known = {m.id for m in source.metrics}
    yield from _duplicates(path, "metrics", [m.id for m in source.metrics])
    yield from _duplicates(path, "stations", [s.code for s in source.stations])
    for metric in source.metrics:
        if not metric.units:
            yield _cross(path, metric.id, "units", "at least one unit")
        for limit in metric.limits:
            if limit.valid_to < limit.valid_from:
                yield _cross(path, metric.id, "limits", "valid_to is before valid_from")
    for station in source.stations:
        if station.area and station.area not in codes:
            yield _cross(path, station.code, "area", f"no area {station.area!r} in areas.toml")
        for missing in set(station.metrics) - known:
            yield _cross(path, station.code, "metrics", f"no metric {missing!r} in this file")


def _duplicates(path: Path, table: str, ids: list[str]) -> Iterable[CatalogError]:
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            yield _cross(path, name, table, f"{name!r} is there twice")
        seen.add(name)


def _cross(path: Path, entry: str, key: str, reason: str) -> CatalogError:
    text = path.read_text(encoding="utf-8")
    return CatalogError(
        str(path), f"{entry}.{key}", reason, _line(text, rf"=\s*\"{re.escape(entry.partition('@')[0])}\"")
    )
