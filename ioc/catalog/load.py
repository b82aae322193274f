"""Read the catalogue's files into Structs; every error names file, key and line."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from ioc.catalog.check import Fault, faults
from ioc.catalog.check_forecasts import of_forecasts
from ioc.catalog.model import Agency, Area, Catalog, Entry, Indicator, Season, Shock, Source
from ioc.catalog.places import line_of
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
    """Everything wrong at once, for `ioc catalog check`.

    The catalogue is None while an entry cannot be read; what entries say of each other is checked once all can be.
    """
    reader = _Reader(directory or SHIPPED)
    agencies = reader.entries("agencies.toml", "agency", Agency)
    areas = reader.entries("areas.toml", "area", Area)
    indicators = reader.entries("indicators.toml", "indicator", Indicator)
    shocks = reader.optional("shocks.toml", "shock", Shock)
    seasons = reader.optional("seasons.toml", "season", Season)
    sources = reader.sources()
    if reader.errors:
        return None, reader.errors
    reader.add(faults(agencies, areas, indicators, sources))
    reader.add(of_forecasts(indicators, shocks, seasons))
    return Catalog(agencies, areas, indicators, sources, shocks, seasons), reader.errors


class _Reader:
    """The files of one directory, their texts for the lines of errors, and the errors."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._texts: dict[str, str] = {}
        self.errors: list[CatalogError] = []

    def add(self, found: list[Fault]) -> None:
        for file, key, reason in found:
            line = line_of(self._texts.get(file, ""), key)
            self.errors.append(CatalogError(str(self._root / file), key, reason, line))

    def entries(self, file: str, table: str, model: type[E]) -> list[E]:
        """The ``[[table]]`` entries of a file."""
        data = self._read(file)
        self.add([(file, key, f"unknown key; this file holds [[{table}]] entries") for key in data.keys() - {table}])
        rows = data.get(table, [])
        if not isinstance(rows, list):
            self.add([(file, table, f"must be written as [[{table}]], once for each entry")])
            return []
        found = (self._converted(file, f"{table}[{index}]", row, model) for index, row in enumerate(rows))
        return [entry for entry in found if entry]

    def optional(self, file: str, table: str, model: type[E]) -> list[E]:
        """As `entries`, of a file that a province need not have."""
        return self.entries(file, table, model) if (self._root / file).exists() else []

    def sources(self) -> list[Source]:
        """One source a file."""
        files = sorted(f"sources/{path.name}" for path in (self._root / "sources").glob("*.toml"))
        if not files:
            self.add([("sources", "", "there are no sources; a source is one TOML file here")])
        return [source for file in files if (source := self._source(file))]

    def _source(self, file: str) -> Source | None:
        before = len(self.errors)
        data = self._read(file)
        if len(self.errors) > before:
            return None
        source = self._converted(file, "", data, Source)
        if source and f"sources/{source.id}.toml" != file:
            self.add([(file, "id", f"is {source.id!r} but the file is named {file.removeprefix('sources/')!r}")])
        return source

    def _converted(self, file: str, prefix: str, row: Any, model: type[E]) -> E | None:
        try:
            return msgspec.convert(row, model)
        except msgspec.ValidationError as error:
            self.add([(file, *_where(error, prefix))])
            return None

    def _read(self, file: str) -> dict[str, Any]:
        path = self._root / file
        try:
            self._texts[file] = path.read_text(encoding="utf-8")
            return tomllib.loads(self._texts[file])
        except FileNotFoundError:
            self.errors.append(CatalogError(str(path), "", "the file is missing"))
        except OSError as error:
            self.errors.append(CatalogError(str(path), "", f"cannot be read: {error.strerror}"))
        except UnicodeDecodeError as error:
            at = error.object.count(b"\n", 0, error.start) + 1
            self.errors.append(CatalogError(str(path), "", f"is not UTF-8: {error.reason}", at))
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"at line (\d+)", str(error))
            self.errors.append(CatalogError(str(path), "", f"is not TOML: {error}", int(line[1]) if line else None))
        return {}


def _where(error: msgspec.ValidationError, prefix: str) -> tuple[str, str]:
    """Key and reason; msgspec says ``Expected `int`, got `str` - at `$.metrics[2].low` ``, or names the field itself."""
    reason, _, place = str(error).partition(" - at `$")
    key = place.rstrip("`").removeprefix(".")
    if unknown := re.search(r"unknown field `(\w+)`", reason):
        key, reason = f"{key}.{unknown[1]}".removeprefix("."), "unknown key"
    elif missing := re.search(r"missing required field `(\w+)`", reason):
        key, reason = f"{key}.{missing[1]}".removeprefix("."), "is missing"
    return ".".join(part for part in (prefix, key) if part), reason
