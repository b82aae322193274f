"""All rooms of a province put together."""

from __future__ import annotations

from dataclasses import dataclass

from simulator import cyber, kinds
from simulator.dossiers import Dossiers
from simulator.incidents import Schedule
from simulator.indicators import Indicators
from simulator.press import Press
from simulator.procedures import counters
from simulator.province import Province
from simulator.stations import Stations
from simulator.templates import newsworthy
from simulator.tt10 import StationFiles
from simulator.workdays import ZONE


@dataclass(frozen=True)
class World:
    """What a province does; `stations` is None where the catalogue has no automatic stations."""

    province: Province
    schedule: Schedule
    stations: StationFiles | None
    dossiers: Dossiers
    press: Press
    indicators: Indicators
    cyber: cyber.Cyber


def build(province: Province) -> World:
    """The rooms of a province, with incidents only where there is someone or something they can happen to."""
    catalog, day = province.catalog, province.origin.astimezone(ZONE).date()
    places = {
        kinds.DOSSIERS: {counter.id: catalog.agencies[counter.id].short for counter in counters(catalog, day)},
        kinds.PRESS: {id_: agency.short for id_, agency in newsworthy(catalog, day).items()},
        kinds.SURICATA: cyber.SENSORS if kinds.SURICATA in catalog.sources else {},
        kinds.SYSLOG: cyber.HOSTS if kinds.SYSLOG in catalog.sources else {},
    }
    schedule = Schedule(province, places)
    has_stations = kinds.STATIONS in catalog.sources
    dossiers = Dossiers(province, schedule)
    return World(
        province=province,
        schedule=schedule,
        stations=StationFiles(province, Stations(province, schedule)) if has_stations else None,
        dossiers=dossiers,
        press=Press(province, schedule),
        indicators=Indicators(province, dossiers.received),
        cyber=cyber.Cyber(province, schedule),
    )
