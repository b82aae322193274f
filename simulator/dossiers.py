"""One-stop dossiers: who submits what and when, for every day a pure function of the province (FACTS 6.1)."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate

import numpy as np

from simulator.chance import generator, key, weighted
from simulator.dossier_way import Dossier, Step, Way, held
from simulator.incidents import Schedule
from simulator.procedures import Counter, counters
from simulator.province import Province
from simulator.workdays import ZONE, days_from_tet, is_holiday

A_WORKING_DAY = 700  # dossiers of the whole province
HISTORY = timedelta(days=30)  # before the first start
LONGEST = timedelta(days=80)  # from the first status to the last

_WEEK = (1.16, 1.05, 1.0, 0.95, 0.84, 0.16, 0.06)
_HOLIDAY = 0.05
_CHANNELS, _CHANNEL_SHARES = ("truc_tuyen", "truc_tiep", "buu_chinh"), (0.62, 0.33, 0.05)
_OFFICE = range(7, 17)
_DRAWS = 16
# Submissions by hour of the day: offices, and online in the evening.
_HOURS = (1, 1, 0, 0, 0, 2, 6, 40, 100, 110, 85, 40, 14, 45, 90, 85, 55, 18, 9, 10, 12, 10, 6, 3)
_HOUR_EDGES = [edge / sum(_HOURS) for edge in accumulate(_HOURS)]


class Dossiers:
    """All dossiers of a province; those submitted more than `HISTORY` before its first start are not told."""

    def __init__(self, province: Province, schedule: Schedule) -> None:
        self._province, self._schedule = province, schedule
        self._begin = province.origin - HISTORY
        self._steps = lru_cache(maxsize=(HISTORY + LONGEST).days + 10)(self._steps_of)

    def between(self, after: datetime, until: datetime) -> list[Step]:
        """Statuses reached in (after, until], in order."""
        day = max(self._begin, after - LONGEST).astimezone(ZONE).date()
        last = until.astimezone(ZONE).date()
        found: list[Step] = []
        while day <= last:
            steps, times = self._steps(day)
            found += steps[bisect_right(times, after.timestamp()) : bisect_right(times, until.timestamp())]
            day += timedelta(days=1)
        return sorted(found, key=_order)

    def received(self, day: date) -> int:
        """Dossiers submitted on a day over all agencies, at any time in the past or future."""
        return sum(self._count(counter, day) for counter in counters(self._province.catalog, day))

    def _count(self, counter: Counter, day: date) -> int:
        usual = min(_HOLIDAY, _WEEK[day.weekday()]) if is_holiday(day) else _WEEK[day.weekday()]
        rate = A_WORKING_DAY * counter.share * usual * _season(day)
        return int(generator(self._province.seed, "received", counter.id, day).poisson(rate))

    def _steps_of(self, day: date) -> tuple[list[Step], list[int]]:
        """Every status that the dossiers of a day will ever reach, in order, and their times."""
        begin = datetime.combine(day, datetime.min.time(), ZONE)
        backlogs = self._schedule.between(begin, begin + LONGEST, "backlogs")
        areas = sorted(c for c, a in self._province.catalog.areas_on(day).items() if a.level in {"ward", "commune"})
        found: list[Step] = []
        for counter in counters(self._province.catalog, day):
            chance = generator(self._province.seed, "dossiers", counter.id, day)
            draws = chance.random((self._count(counter, day), _DRAWS))
            draws = draws[np.argsort(draws[:, 0], kind="stable")]
            stops = [held(backlog) for backlog in backlogs if backlog.station == counter.id]
            for serial, row in enumerate(draws.tolist(), 1):
                dossier = _submitted(counter, begin, serial, row, areas)
                if dossier.submitted_at > self._begin.timestamp():
                    found += Way(dossier, row, stops).walk()
        found.sort(key=_order)
        return found, [step.at for step in found]


def _order(step: Step) -> tuple[int, str, int]:
    return step.at, step.dossier.code, step.status


def _season(day: date) -> float:
    """Fewer dossiers in the weeks around Tết, a little more in summer."""
    away = days_from_tet(day)
    lull = 0.55 if -6 <= away <= 9 else 0.8 if -12 <= away <= 16 else 1.0
    return lull * (1.08 if day.month in {6, 7, 8} else 1.0)


def _submitted(counter: Counter, begin: datetime, serial: int, row: list[float], areas: list[str]) -> Dossier:
    hour = bisect_right(_HOUR_EDGES, row[0])
    low = _HOUR_EDGES[hour - 1] if hour else 0.0
    within = (row[0] - low) / (_HOUR_EDGES[hour] - low)
    procedure = weighted(counter.procedure, counter.weights, row[1])
    return Dossier(
        code=f"000.00.{counter.code}.H56-{begin:%y%m%d}-{serial:04d}",
        procedure=procedure,
        counter=counter,
        channel=weighted(_CHANNELS, _CHANNEL_SHARES, row[2]) if hour in _OFFICE else _CHANNELS[0],
        level="toan_trinh" if key(procedure.code) % 3 else "mot_phan",
        area=areas[int(row[3] * len(areas))] if areas else "",
        submitted_at=int(begin.timestamp() + 3600 * (hour + within)),
        person=int(row[4] * 10**12),
    )
