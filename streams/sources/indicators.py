"""Values and yearly plans of indicators as CSV, in the layouts of statisticians, planners and exports (FACTS 7)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import get_args

from ioc.catalog.model import Catalog, Indicator, Source
from ioc.errors import BadInput
from ioc.records import Frequency, IndicatorTarget, IndicatorValue, Record, event_id
from streams.sources._periods import first_day, period, spacing
from streams.sources._table import Row, rows
from streams.sources._text import fold, oversized, shown, unambiguous, unit_key
from streams.sources.base import Arrival, Reject
from streams.sources.times import plausible

_SYNONYMS = {
    "indicator": ("indicator", "id", "code", "chi_tieu", "ma_chi_tieu", "ma"),
    "name": ("name", "name_vi", "ten", "ten_chi_tieu"),
    "period": ("period", "ds", "date", "ky", "thang", "thoi_gian", "ngay"),
    "year": ("year", "nam"),
    "value": ("value", "y", "gia_tri", "thuc_hien"),
    "target": ("target", "plan", "ke_hoach", "muc_tieu"),
    "unit": ("unit", "don_vi", "don_vi_tinh", "dvt"),
    "area": ("area", "province", "dia_ban", "khu_vuc", "ma_dia_ban", "tinh"),
    "frequency": ("frequency", "freq", "tan_suat"),
}
_HEADERS = {fold(name): column for column, names in _SYNONYMS.items() for name in names}
_FREQUENCIES: dict[str, Frequency] = {f: f for f in get_args(Frequency)}
_FREQUENCIES |= {"NGÀY": "D", "TUẦN": "W", "THÁNG": "M", "QUÝ": "Q", "NĂM": "Y"}
_NEEDED = [{"indicator"}, {"value", "target"}, {"period", "year"}]
_ACCEPT = "unknown_indicators"


def parse(payload: bytes, source: Source, arrival: Arrival) -> Iterator[Record | Reject]:
    """Values, targets, or both in one row.

    An indicator outside of the catalogue is taken where ``unknown_indicators = "accept"`` (hint or option); its
    frequency comes from the column, else from the spacing of its periods in this file, and its area from the column or
    the name, else it is empty.
    """
    if refused := oversized(payload, source):
        yield refused
        return
    yield from _Reader(payload, source, arrival).read()


class _Reader:
    """One file: what its rows need to know of each other."""

    def __init__(self, payload: bytes, source: Source, arrival: Arrival) -> None:
        self.payload, self.source, self.arrival = payload, source, arrival
        self.accept = arrival.hints.get(_ACCEPT, source.options.get(_ACCEPT, "reject")) == "accept"
        self.areas = _areas(arrival.catalog)
        self.seen: dict[str, float] = {}

    def read(self) -> Iterator[Record | Reject]:
        for item in self._rows():
            if isinstance(item, Reject):
                yield item
                continue
            try:
                yield from self._records(item.known())
            except BadInput as error:
                yield item.reject(error)

    def _rows(self) -> Iterator[Row | Reject]:
        return rows(self.payload, self.source, _HEADERS, _NEEDED)

    @cached_property
    def spacings(self) -> dict[tuple[str, str], Frequency | None]:
        """Frequencies of the series that neither the catalogue nor a column knows, by (indicator, area)."""
        days: dict[tuple[str, str], set[date]] = {}
        for item in self._rows():
            row = {} if isinstance(item, Reject) else item.known()
            name = row.get("indicator")
            if not name or name in self.arrival.catalog.indicators or row.get("frequency") or "period" not in row:
                continue
            with contextlib.suppress(ValueError):
                days.setdefault((name, row.get("area", "")), set()).add(period(row["period"])[0])
        return {key: spacing(found) for key, found in days.items()}

    def _bad(self, field: str, reason: str) -> BadInput:
        return BadInput(self.source.id, field, reason)

    def _records(self, row: dict[str, str]) -> Iterator[Record]:
        name = row.get("indicator")
        if not name:
            raise self._bad("indicator", "is missing")
        known = self.arrival.catalog.indicators.get(name)
        if known is None and not self.accept:
            raise self._bad("indicator", f"unknown indicator {shown(name)}")
        unit, area = self._unit(row, known), self._area(row, known)
        if not (row.get("value") or row.get("target")):
            raise self._bad("value", "is missing")
        found: list[Record] = []
        if row.get("value"):
            found.append(self._value(row, known, unit, area))
        if row.get("target"):
            found.append(self._target(row, unit, area))
        yield from found

    def _unit(self, row: dict[str, str], known: Indicator | None) -> str:
        unit = row.get("unit", "")
        if known is None:
            return unit
        if unit and unit_key(unit) != unit_key(known.unit):
            raise self._bad("unit", f"{shown(unit)} is not the unit of {known.id}: {known.unit}")
        return known.unit

    def _area(self, row: dict[str, str], known: Indicator | None) -> str:
        told = row.get("area") or self.arrival.hints.get("area") or self.source.options.get("area", "")
        if not told:
            return self.arrival.catalog.province if known else self.areas.get(fold(row.get("name", "")), "")
        area = self.areas.get(fold(told))
        if area is None:
            raise self._bad("area", f"unknown area {shown(told)}")
        return area

    def _number(self, text: str, field: str) -> float:
        try:
            return unambiguous(text)
        except ValueError as error:
            raise self._bad(field, f"{shown(text)}: {error}") from None

    def _value(self, row: dict[str, str], known: Indicator | None, unit: str, area: str) -> IndicatorValue:
        text = row.get("period") or row.get("year", "")
        try:
            day, implied = period(text)
        except ValueError:
            raise self._bad("period", f"{shown(text)} is not a period") from None
        frequency = self._frequency(row, known, implied)
        day = first_day(day, frequency)
        plausible(datetime.combine(day, time(), UTC), "period", self.source, self.arrival)
        value = self._number(row["value"], "value")
        if known and ((known.low is not None and value < known.low) or (known.high is not None and value > known.high)):
            raise self._bad("value", f"{value:g} {unit} cannot be: {known.low} to {known.high}")
        identity = event_id(self.source.id, row["indicator"], area, frequency, day)
        if self.seen.setdefault(identity, value) != value:
            raise self._bad("period", f"{day} is there twice with different values")
        return IndicatorValue(
            event_id=identity,
            received_at=self.arrival.received_at,
            source=self.source.id,
            indicator=row["indicator"],
            area=area,
            frequency=frequency,
            period=day,
            value=value,
            unit=unit,
        )

    def _frequency(self, row: dict[str, str], known: Indicator | None, implied: Frequency | None) -> Frequency:
        given = _FREQUENCIES.get(row.get("frequency", "").upper())
        if row.get("frequency") and given is None:
            raise self._bad("frequency", f"{shown(row['frequency'])} is none of D, W, M, Q, Y")
        if known:
            for other in (given, implied):
                if other not in {None, known.frequency}:
                    raise self._bad("frequency", f"{other}, but {known.id} is published by {known.frequency}")
            return known.frequency
        key = (row["indicator"], row.get("area", ""))
        frequency = given or implied or self.spacings.get(key)
        if frequency is None:
            raise self._bad("frequency", "cannot be told from the periods in this file; add a column frequency")
        return frequency

    def _target(self, row: dict[str, str], unit: str, area: str) -> IndicatorTarget:
        text = row.get("year") or row.get("period", "")
        try:
            year = period(text)[0].replace(month=1, day=1)
        except ValueError:
            raise self._bad("year", f"{shown(text)} is not a year") from None
        if not 1900 <= year.year <= self.arrival.received_at.year + 20:
            raise self._bad("year", f"{year.year} is no year of a plan")
        return IndicatorTarget(
            event_id=event_id(self.source.id, "target", row["indicator"], area, year),
            received_at=self.arrival.received_at,
            source=self.source.id,
            indicator=row["indicator"],
            area=area,
            period=year,
            target=self._number(row["target"], "target"),
            unit=unit,
        )


def _areas(catalog: Catalog) -> dict[str, str]:
    """Area codes by folded code and name, with and without the word for the kind of unit."""
    found: dict[str, str] = {}
    for area in catalog.areas:
        short = (
            area.name.removeprefix("Tỉnh ").removeprefix("Thành phố ").removeprefix("Thị xã ").removeprefix("Huyện ")
        )
        for name in (area.code, area.name, short if area.level in {"province", "district"} else area.name):
            found.setdefault(fold(name), area.code)
    return found
