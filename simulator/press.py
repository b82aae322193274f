"""The simulated newsrooms: which article appears when, where and about whom, a pure function of the province."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache

import msgspec

from ioc.catalog.model import Agency, Source
from simulator.chance import between, pick, uniform, weighted
from simulator.incidents import Incident, Schedule
from simulator.province import Province, moment
from simulator.templates import Stance, Template, about, newsworthy, templates
from simulator.workdays import ZONE

CELL_S = 480  # at most one ordinary article every eight minutes
_DAY, _DAY_RATE, _NIGHT_RATE = range(6, 22), 0.85, 0.12
_WAVE_RATE = 0.7  # articles of a wave a cell, times its strength, by day
_STANCES: tuple[Stance, ...] = ("negative", "neutral", "positive", "none")
_SHARES = (0.2, 0.43, 0.27, 0.1)
_LAST = "w"  # marks the articles of a wave in their ids


class Article(msgspec.Struct, frozen=True):
    """One article.

    Attributes:
        id: unique over all outlets; part of its address.
        at: when it was published, UTC.
        outlet: source id.
        stance: what its author meant, for scoring.
        agency: id, empty for none.
        title, lead, body: plain text.
    """

    id: str
    at: datetime
    outlet: str
    stance: Stance
    agency: str
    title: str
    lead: str
    body: tuple[str, ...]


class Press:
    """All articles of a province's newsrooms: its catalogue's simulated sources with the adapter ``press``."""

    def __init__(self, province: Province, schedule: Schedule) -> None:
        self._province, self._schedule = province, schedule
        sources = province.catalog.sources.values()
        self.outlets: list[Source] = [s for s in sources if s.adapter == "press" and s.simulated]
        self._ordinary = lru_cache(maxsize=4096)(self._ordinary_of)
        self._places = lru_cache(maxsize=16)(self._places_of)

    def between(self, after: datetime, until: datetime) -> list[Article]:
        """Articles published in (after, until], oldest first."""
        waves = self._schedule.between(after, until, "press")
        cells = range(int(after.timestamp()) // CELL_S, int(until.timestamp()) // CELL_S + 1)
        found = [article for cell in cells for article in self._of(cell, waves)]
        return sorted((a for a in found if after < a.at <= until), key=lambda a: (a.at, a.id))

    def article(self, id_: str) -> Article | None:
        """The article of an id, None where there is none."""
        try:
            begin = moment(int(id_.removesuffix(_LAST)) * CELL_S)
        except (ValueError, OverflowError, OSError):
            return None
        if not self.outlets:
            return None
        found = self.between(begin - timedelta(seconds=1), begin + timedelta(seconds=CELL_S))
        return next((article for article in found if article.id == id_), None)

    def _of(self, cell: int, waves: list[Incident]) -> Iterator[Article]:
        if not self.outlets:
            return
        if article := self._ordinary(cell):
            yield article
        chance, begin = (self._province.seed, "wave", cell), moment(cell * CELL_S)
        for wave in waves:
            if wave.start <= begin < wave.end and uniform(*chance) < _WAVE_RATE * wave.strength * _rate(begin):
                agency = self._province.catalog.agencies[wave.station]
                yield self._written(f"{cell}{_LAST}", pick(about(agency.id, "negative"), *chance, "template"), agency)

    def _ordinary_of(self, cell: int) -> Article | None:
        chance, begin = (self._province.seed, "article", cell), moment(cell * CELL_S)
        if uniform(*chance) >= _rate(begin):
            return None
        stance = weighted(_STANCES, _SHARES, uniform(*chance, "stance"))
        agencies = newsworthy(self._province.catalog, begin.astimezone(ZONE).date())
        if stance == "none" or not agencies:
            template = pick([t for t in templates() if t.stance == "none"], *chance, "template")
            return self._written(str(cell), template, None)
        agency = agencies[pick(list(agencies), *chance, "agency")]
        return self._written(str(cell), pick(about(agency.id, stance), *chance, "template"), agency)

    def _places_of(self, day: date) -> list[str]:
        areas = self._province.catalog.areas_on(day).values()
        return sorted(area.name for area in areas if area.level in {"ward", "commune"}) or ["Thanh Hóa"]

    def _written(self, id_: str, template: Template, agency: Agency | None) -> Article:
        chance = (self._province.seed, "text", id_)
        at = moment(int(id_.removesuffix(_LAST)) * CELL_S + int(between(0, CELL_S - 5, *chance, "second")))
        slots = self._slots(at.astimezone(ZONE), chance)
        if agency:
            slots |= {"agency": agency.name, "short": agency.short}
        return Article(
            id=id_,
            at=at,
            outlet=pick(self.outlets, *chance, "outlet").id,
            stance=template.stance,
            agency=agency.id if agency else "",
            title=pick(template.titles, *chance, "title").format(**slots),
            lead=template.lead.format(**slots),
            body=tuple(sentence.format(**slots) for sentence in template.body),
        )

    def _slots(self, local: datetime, chance: tuple[object, ...]) -> dict[str, str]:
        def number(low: int, high: int, name: str) -> str:
            return str(int(between(low, high + 1, *chance, name)))

        place, place2 = (pick(self._places(local.date()), *chance, name) for name in ("place", "place2"))
        return {
            "place": place[0].lower() + place[1:],
            "Place": place,
            "place2": place2[0].lower() + place2[1:],
            "n": number(3, 48, "n"),
            "m": number(60, 950, "m"),
            "pct": number(71, 98, "pct"),
            "low": number(21, 58, "low"),
            "money": number(12, 480, "money"),
            "days": number(3, 21, "days"),
            "doc": f"{number(101, 4999, 'doc')}/TB-UBND",
            "date": f"{local:%-d/%-m}",
            "month": str(local.month),
        }


def _rate(begin: datetime) -> float:
    return _DAY_RATE if begin.astimezone(ZONE).hour in _DAY else _NIGHT_RATE
