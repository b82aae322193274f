"""The stations' files (TT 10/2021/TT-BTNMT, FACTS 1.2): their text, and when they arrive, if at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

import numpy as np

from ioc.catalog.model import Station
from simulator.chance import Epochs, between, pick, uniform, uniforms
from simulator.files import File
from simulator.kinds import STATIONS
from simulator.province import Province, moment
from simulator.stations import FAULT, SLOT_S, SLOTS, Day, Stations

_MISSING, _DOUBLED, _LATE = 0.015, 0.005, 0.003
_OUTAGES_A_DAY = 0.12
_LONGEST_DELAY = timedelta(hours=4)
NEVER = np.iinfo(np.int64).max


class StationFiles:
    """The files of all stations in the order in which they reach the inbox.

    Normally a file comes within half a minute. One in 67 never comes, one in 200 comes twice, one in 333 half an hour
    late; after an outage of the line all waiting files come in one burst. Incidents are not hidden by outages.
    """

    def __init__(self, province: Province, stations: Stations) -> None:
        self._seed, self._stations, self.source = province.seed, stations, stations.source
        self._arrivals = lru_cache(maxsize=256)(self._arrivals_of)
        self._spelling = {s.code: self._spellings(n, s) for n, s in enumerate(self.source.stations)}

    def between(self, after: datetime, until: datetime) -> list[File]:
        """Files that arrive in (after, until], ordered by arrival and station."""
        begin, end = after.timestamp(), until.timestamp()
        days = range(int((after - _LONGEST_DELAY).timestamp()) // 86400, int(end) // 86400 + 1)
        found: list[tuple[int, str, int, int]] = []
        for station in self.source.stations:
            for day in days:
                for arrivals in self._arrivals(station.code, day):
                    slots = np.nonzero((arrivals > begin) & (arrivals <= end))[0]
                    found += [(int(arrivals[slot]), station.code, day, int(slot)) for slot in slots]
        return [self._file(*item) for item in sorted(found)]

    def _arrivals_of(self, code: str, day: int) -> tuple[Epochs, Epochs]:
        """Unix seconds at which the files of a day come, and come again; `NEVER` where they do not."""
        made = self._stations.day(code, day)
        chance = (self._seed, code, "line")
        first = uniforms(chance, day * SLOTS, SLOTS)
        second = uniforms((*chance, "again"), day * SLOTS, SLOTS)
        arrivals = made.epochs + 3 + (27 * first[:, 1]).astype(np.int64)
        calm = np.array([not made.disturbed(e - SLOT_S, e + SLOT_S) for e in made.epochs])
        arrivals[calm & (second[:, 0] < _LATE)] += 1800
        self._hold_back(arrivals, made, (*chance, day))
        again = np.where(second[:, 1] < _DOUBLED, arrivals + 600 + (3000 * second[:, 0]).astype(np.int64), NEVER)
        missing = first[:, 0] < _MISSING
        return np.where(missing, NEVER, arrivals), np.where(missing, NEVER, again)

    def _hold_back(self, arrivals: Epochs, made: Day, chance: tuple[object, ...]) -> None:
        """An outage of the line: its files come right after it, in order."""
        if uniform(*chance) >= _OUTAGES_A_DAY:
            return
        length = int(between(4, 24, *chance, "length"))
        first = int(between(0, SLOTS - length, *chance, "start"))
        if not made.disturbed(made.epochs[first], made.epochs[first + length - 1]):
            arrivals[first : first + length] = made.epochs[first + length - 1] + 40 + np.arange(length)

    def _file(self, at: int, code: str, day: int, slot: int) -> File:
        made, spelling = self._stations.day(code, day), self._spelling[code]
        stamp = datetime.fromtimestamp(int(made.epochs[slot]), self.source.zone).strftime("%Y%m%d%H%M%S")
        lines = []
        for metric, (name, unit, decimals) in spelling.names.items():
            state = made.states[metric][slot]
            value = "" if state == FAULT else f"{made.values[metric][slot]:.{decimals}f}".replace(".", spelling.point)
            lines.append(f"{name}\t{value}\t{unit}\t{stamp}\t{state:02d}{spelling.ending}")
        return File(moment(at), STATIONS, f"{code}_{stamp}.txt", spelling.begin + "".join(lines).encode())

    def _spellings(self, number: int, station: Station) -> _Spelling:
        metrics = {m.id: m for m in self.source.metrics}
        names = {}
        for metric in map(metrics.__getitem__, station.metrics):
            chance = (self._seed, station.code, metric.id)
            names[metric.id] = (
                pick(metric.names, *chance, "name"),
                pick(metric.units, *chance, "unit"),
                metric.decimals,
            )
        return _Spelling(names, *_DIALECTS[number % len(_DIALECTS)])


class _Spelling:
    """How one make of data logger writes: names and units, first bytes, decimal point, line ending."""

    def __init__(
        self, names: dict[str, tuple[str, str, int]], begin: bytes = b"", point: str = ".", ending: str = "\n"
    ) -> None:
        self.names, self.begin, self.point, self.ending = names, begin, point, ending


_DIALECTS: tuple[tuple[bytes, str, str], ...] = (
    (b"", ".", "\n"),
    (b"", ".", "\r\n"),
    (b"\xef\xbb\xbf", ".", "\r\n"),
    (b"", ",", "\n"),
)
