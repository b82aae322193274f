"""Whose names count: the agencies valid on a day with those they took over from, or the one that is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

import msgspec

from ioc.catalog.model import Agency, Catalog
from nlp.agencies import AgencyFinder, Mention
from nlp.normalise import fold, readable

_ASKED = 256  # finders of names outside the catalogue that are kept


class Names:
    """The finders of one catalogue, compiled when first needed."""

    def __init__(self, catalog: Catalog) -> None:
        self._agencies = catalog.agencies
        self._catalog = catalog
        self._province = province_of(catalog)
        self._periods: dict[frozenset[tuple[str, str]], AgencyFinder] = {}
        self._asking = lru_cache(_ASKED)(self._make_asking)

    def on(self, day: date) -> AgencyFinder:
        """Names valid on a day; an agency that is no more is found as its first valid successor."""
        agencies = agencies_on(self._catalog, day)
        period = frozenset((a.id, a.name) for a in agencies)
        if period not in self._periods:
            self._periods[period] = AgencyFinder(agencies, self._province)
        return self._periods[period]

    def asking(self, wanted: str | None) -> AgencyFinder:
        """Names of all times, and the wanted agency's if the catalogue does not know it."""
        return self._asking(wanted if wanted not in self._agencies else None)

    def resolve(self, asked: str) -> str:
        """The id of what is asked for by id or by any of its names; what the catalogue does not know is its own id."""
        if asked in self._agencies:
            return asked
        name = fold(readable(asked))
        for agency in self._agencies.values():
            if name in map(fold, (agency.name, agency.short, *agency.aliases)):
                return agency.id
        return asked

    def as_kin(self, wanted: str, mentions: Sequence[Mention]) -> list[Mention]:
        """Where the wanted agency is not named but its predecessor or successor is, that one stands for it."""
        if any(m.agency == wanted for m in mentions):
            return list(mentions)
        kin = {a.id for a in self._agencies.values() if wanted in a.successors}
        kin.update(self._agencies[wanted].successors if wanted in self._agencies else ())
        return [m._replace(agency=wanted) if m.agency in kin else m for m in mentions]

    def _make_asking(self, name: str | None) -> AgencyFinder:
        asked = [Agency(id=name, name=name, short=name)] if name else []
        return AgencyFinder([*asked, *self._agencies.values()], self._province)


def agencies_on(catalog: Catalog, day: date) -> list[Agency]:
    """The agencies valid on a day; those that are no more follow, under the id of their first valid successor."""
    valid = catalog.agencies_on(day)
    gone = [a for a in catalog.agencies.values() if a.valid_to < day]
    heirs = [(a, _heir(catalog.agencies, a, valid, frozenset([a.id]))) for a in gone]
    return [*valid.values(), *(msgspec.structs.replace(a, id=heir) for a, heir in heirs if heir)]


def _heir(agencies: Mapping[str, Agency], gone: Agency, valid: Mapping[str, Agency], seen: frozenset[str]) -> str:
    for name in gone.successors:
        if name in valid:
            return name
        if name in agencies and name not in seen and (heir := _heir(agencies, agencies[name], valid, seen | {name})):
            return heir
    return ""


def province_of(catalog: Catalog) -> str:
    """Our province's name without "Tỉnh" or "Thành phố"; empty if the catalogue names none."""
    names = [a.name for a in catalog.areas if a.level == "province"]
    return names[0].removeprefix("Tỉnh ").removeprefix("Thành phố ") if names else ""
