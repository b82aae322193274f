"""The schedule of incidents: what happens where and when, a pure function of the province; these are the labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from simulator.chance import between, key, pick, uniform
from simulator.kinds import FAMILIES, KINDS, STATIONS, Family, Kind
from simulator.province import Province, moment

_SLOT_S = 300
_LONGEST = timedelta(days=8)

Places = Mapping[str, str]  # Vietnamese name by id


class Incident(msgspec.Struct, frozen=True):
    """One labelled incident; what `incidents.jsonl` holds, a line each.

    Attributes:
        id: unique, stable.
        kind: key of `simulator.kinds.KINDS`.
        source: source id.
        station: station, agency or sensor.
        metric: the series it changes most.
        start, end: first moment and the moment it is over, UTC.
        description: Vietnamese.
        related: metrics of the same station that move with it.
        strength: see `simulator.effects`.
    """

    id: str
    kind: str
    source: str
    station: str
    metric: str
    start: datetime
    end: datetime
    description: str
    related: tuple[str, ...] = ()
    strength: float = 0.0

    def touches(self, metric: str) -> bool:
        """Whether it shows in a metric."""
        return metric == self.metric or metric in self.related


class Schedule:
    """All incidents of a province, past and future.

    Args:
        province: whose.
        places: where kinds without a station can happen, by source id: agencies for dossiers and press, sensors.
    """

    def __init__(self, province: Province, places: Mapping[str, Places]) -> None:
        self._province = province
        self._places = {name: self._places_of(kind, places) for name, kind in KINDS.items()}
        self._halves = {name: self._split(family) for name, family in FAMILIES.items()}
        self._anchored = {name: list(self._anchors(name, family)) for name, family in FAMILIES.items()}

    def between(self, after: datetime, until: datetime, family: str | None = None) -> list[Incident]:
        """Incidents that go on at some moment of [after, until], ordered by start."""
        names = FAMILIES if family is None else (family,)
        found = [i for name in names for i in self._of(name, after, until) if i.start <= until and i.end >= after]
        return sorted(found, key=lambda i: (i.start, i.id))

    def _of(self, name: str, after: datetime, until: datetime) -> Iterator[Incident]:
        yield from self._anchored[name]
        length = FAMILIES[name].block_h * 3600
        for block in range(int((after - _LONGEST).timestamp()) // length, int(until.timestamp()) // length + 1):
            if incident := self._scheduled(name, block):
                yield incident

    def _split(self, family: Family) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """Kinds with their places, for even and for odd blocks: none overlaps another at one place."""
        order = {place: n for n, place in enumerate(dict.fromkeys(p for k in family.kinds for p in self._places[k]))}
        halves: tuple[dict[str, list[str]], dict[str, list[str]]] = ({}, {})
        for kind in family.kinds:
            for place in self._places[kind]:
                halves[order[place] % 2].setdefault(kind, []).append(place)
        return halves

    def _places_of(self, kind: Kind, places: Mapping[str, Places]) -> Places:
        if kind.source != STATIONS:
            return places.get(kind.source, {})
        source = self._province.catalog.sources.get(STATIONS)
        stations = source.stations if source else []
        return {s.code: s.name for s in stations if kind.metric in s.metrics or (not kind.metric and s.metrics)}

    def _scheduled(self, name: str, block: int) -> Incident | None:
        """The incident that begins in a block, if any."""
        family, chance = FAMILIES[name], (self._province.seed, "incident", name, block)
        places = self._halves[name][block % 2]
        if not places:
            return None
        kind = pick(list(places), *chance, "kind")
        place = pick(places[kind], *chance, "place")
        start = moment(block * family.block_h * 3600) + _slots(uniform(*chance, "start") * family.block_h * 3600)
        end = start + _slots(between(*KINDS[kind].hours, *chance, "length") * 3600)
        origin = self._province.origin
        if end > origin - timedelta(hours=family.clean_h) and start < origin + timedelta(hours=family.pause_h):
            return None
        return self._incident(kind, place, start, end)

    def _anchors(self, name: str, family: Family) -> Iterator[Incident]:
        used: set[str] = set()
        for kind, hours, length in family.anchored:
            places = [p for p in self._places[kind] if p not in used] or list(self._places[kind])
            if not places:
                continue
            place = pick(places, self._province.seed, "anchored", name, kind, hours)
            used.add(place)
            start = moment(self._province.origin.timestamp() // _SLOT_S * _SLOT_S) + _slots(hours * 3600)
            yield self._incident(kind, place, start, start + _slots(length * 3600))

    def _incident(self, name: str, place: str, start: datetime, end: datetime) -> Incident:
        kind, metric, related = KINDS[name], KINDS[name].metric, KINDS[name].related
        chance = (self._province.seed, name, place, start)
        if kind.source == STATIONS:
            measured = self._province.catalog.stations[place].metrics
            metric, related = metric or pick(measured, *chance, "metric"), tuple(m for m in related if m in measured)
        return Incident(
            id=f"{name}-{start:%Y%m%d%H%M}-{key(*chance) % 16**6:06x}",
            kind=name,
            source=kind.source,
            station=place,
            metric=metric,
            start=start,
            end=end,
            description=kind.text.format(place=self._places[name][place]),
            related=related,
            strength=round(between(*kind.strength, *chance, "strength"), 3),
        )


def at(incidents: Sequence[Incident], station: str, metric: str) -> list[Incident]:
    """Those that show in one series."""
    return [i for i in incidents if i.station == station and i.touches(metric)]


def _slots(seconds: float) -> timedelta:
    return timedelta(seconds=round(seconds / _SLOT_S) * _SLOT_S)
