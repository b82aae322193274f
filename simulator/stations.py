"""The automatic stations: five-minute values and the state of their instruments, a day at a time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ioc.catalog.model import Metric, Station
from simulator.chance import Epochs, Floats, between, uniform
from simulator.courses import Times, course, limit_of
from simulator.effects import affected
from simulator.incidents import Incident, Schedule, at
from simulator.kinds import STATIONS
from simulator.province import Province, moment

SLOT_S = 300
SLOTS = 86400 // SLOT_S
OK, CALIBRATING, FAULT = 0, 1, 2

_CALIBRATIONS_A_DAY = 0.5
_FAULTS_A_DAY = 0.2  # of each instrument
_FAULT_SLOTS = (1, 13)
_NOT_CALIBRATED = {"temperature", "humidity", "flow_out"}
_KEPT_DAYS = 6  # of every station


@dataclass(frozen=True)
class Day:
    """One station's UTC day.

    Attributes:
        epochs: Unix seconds of the slots.
        hour: local hour of the slots.
        values: by metric id, rounded as the instrument rounds.
        states: by metric id, OK, CALIBRATING or FAULT.
        incidents: of this station around this day.
    """

    epochs: Epochs
    hour: Floats
    values: dict[str, Floats]
    states: dict[str, NDArray[np.int8]]
    incidents: list[Incident]

    def disturbed(self, first: float, last: float) -> bool:
        """Whether an incident goes on between two moments; then nothing else is staged there."""
        return any(i.start.timestamp() <= last and i.end.timestamp() >= first for i in self.incidents)


class Stations:
    """What the stations of a province measure.

    Whole days are computed at once and kept, so that the same code gives the same bits for history and for now.
    """

    def __init__(self, province: Province, schedule: Schedule) -> None:
        self.source = province.catalog.sources[STATIONS]
        self._metrics = {m.id: m for m in self.source.metrics}
        self._seed, self._schedule = province.seed, schedule
        self.day = lru_cache(maxsize=_KEPT_DAYS * max(1, len(self.source.stations)))(self._day)
        self._by_code = {s.code: s for s in self.source.stations}

    def _day(self, code: str, day: int) -> Day:
        station = self._by_code[code]
        epochs = day * 86400 + SLOT_S * np.arange(SLOTS, dtype=np.int64)
        times = Times.of(epochs, self.source.zone)
        first, last = moment(int(epochs[0])), moment(int(epochs[-1]))
        around = self._schedule.between(first - timedelta(days=1), last + timedelta(days=1), "stations")
        incidents = [i for i in around if i.station == code]
        made = Day(epochs, times.hour, {}, {}, incidents)
        for metric in map(self._metrics.__getitem__, station.metrics):
            made.values[metric.id] = self._values(metric, station, times, incidents)
            made.states[metric.id] = np.zeros(SLOTS, dtype=np.int8)
        self._stage_faults(made, station, day)
        self._stage_calibration(made, station, day)
        return made

    def _values(self, metric: Metric, station: Station, times: Times, incidents: Sequence[Incident]) -> Floats:
        values = course(metric, station, self._seed, times)
        for incident in at(incidents, station.code, metric.id):
            if incident.kind == "stuck":
                values = self._frozen(metric, station, times, values, incident)
            else:
                values = affected(incident, metric.id, times.epochs, values, limit_of(metric))
        return _rounded(values, metric)

    def _frozen(self, metric: Metric, station: Station, times: Times, values: Floats, incident: Incident) -> Floats:
        """From its start on a stuck sensor shows the value of its start, in whichever day that lies."""
        start = np.array([int(incident.start.timestamp())], dtype=np.int64)
        held = _rounded(course(metric, station, self._seed, Times.of(start, self.source.zone)), metric)[0]
        during = (times.epochs >= start[0]) & (times.epochs < incident.end.timestamp())
        frozen: Floats = np.where(during, held, values)
        return frozen

    def _stage_faults(self, made: Day, station: Station, day: int) -> None:
        for metric in station.metrics:
            chance = (self._seed, station.code, metric, "fault", day)
            if uniform(*chance) < _FAULTS_A_DAY:
                length = int(between(*_FAULT_SLOTS, *chance, "length"))
                first = int(between(0, SLOTS - length, *chance, "start"))
                if not made.disturbed(made.epochs[first], made.epochs[first + length - 1]):
                    made.states[metric][first : first + length] = FAULT

    def _stage_calibration(self, made: Day, station: Station, day: int) -> None:
        """Half an hour to an hour of zero and span gas during office hours."""
        chance = (self._seed, station.code, "calibration", day)
        if uniform(*chance) >= _CALIBRATIONS_A_DAY:
            return
        begin = between(8.5, 15.5, *chance, "start")
        during = (made.hour >= begin) & (made.hour < begin + between(0.5, 1.0, *chance, "length"))
        if not during.any() or made.disturbed(made.epochs[during].min(), made.epochs[during].max()):
            return
        span = np.cumsum(during) > during.sum() // 2
        for metric in station.metrics:
            if metric not in _NOT_CALIBRATED:
                made.states[metric][during] = CALIBRATING
                gas = np.where(span, 0.8 * limit_of(self._metrics[metric]), 0.0)
                made.values[metric][during] = _rounded(gas, self._metrics[metric])[during]


def _rounded(values: Floats, metric: Metric) -> Floats:
    low = -math.inf if metric.low is None else metric.low
    high = math.inf if metric.high is None else metric.high
    clipped: Floats = np.clip(values, low, high)
    return clipped.round(metric.decimals)
