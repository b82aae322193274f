"""The usual course of every metric: by hour, week and season, with noise that neighbouring stations share in part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from ioc.catalog.model import Metric, Station
from simulator.chance import Epochs, Floats, Name, between, noise

_YEAR_S = 365.25 * 86400
_MID_JANUARY_S = 14.5 * 86400
_SHARED = 0.75  # weight of the weather or the plant in the noise; the rest is the instrument's own
_SATURDAY, _SUNDAY = 5, 6


@dataclass(frozen=True)
class Course:
    """How a metric usually goes.

    Attributes:
        level: yearly mean in the metric's unit; as a share of the legal limit where `of_limit`.
        winter: relative gain in mid-January, the same loss in mid-July (absolute where `additive`).
        peaks: (hour, width in hours, relative or absolute gain) over the day.
        weekend: factor on Sundays, half of it on Saturdays.
        spread: standard deviation of the noise, relative or absolute.
        additive: absolute gains and normal noise instead of relative gains and lognormal noise.
        weather: whether the province shares the noise, else the station's metrics do.
        of_limit: whether `level` is a share of the metric's upper limit.
    """

    level: float
    winter: float = 0.0
    peaks: tuple[tuple[float, float, float], ...] = ()
    weekend: float = 1.0
    spread: float = 0.1
    additive: bool = False
    weather: bool = False
    of_limit: bool = False


_TRAFFIC = ((7.5, 1.4, 0.35), (19.5, 1.5, 0.4), (14.0, 2.5, -0.15))
_SHIFTS = ((10.0, 3.0, 0.1), (20.0, 2.5, 0.08))
COURSES = {
    "pm25": Course(27.0, 0.4, _TRAFFIC, 0.88, 0.26, weather=True),
    "so2": Course(15.0, 0.25, ((10.0, 3.0, 0.2),), 0.92, 0.24, weather=True),
    "no2": Course(21.0, 0.25, ((7.5, 1.4, 0.55), (19.0, 1.6, 0.6), (14.0, 2.5, -0.2)), 0.8, 0.22, weather=True),
    "o3": Course(55.0, -0.2, ((14.0, 3.0, 0.7),), 1.03, 0.2, weather=True),
    "co": Course(900.0, 0.2, _TRAFFIC, 0.85, 0.2, weather=True),
    "tsp": Course(70.0, 0.3, _TRAFFIC, 0.88, 0.26, weather=True),
    "temperature": Course(24.0, -6.3, ((14.0, 4.0, 4.6), (4.5, 3.0, -1.2)), 1.0, 1.5, additive=True, weather=True),
    "water": Course(27.0, -3.5, ((15.0, 4.0, 0.8),), 1.0, 0.7, additive=True, weather=True),
    "ph": Course(7.2, 0.0, ((10.0, 4.0, 0.05),), 1.0, 0.09, additive=True),
    "cod": Course(0.52, 0.0, _SHIFTS, 0.93, 0.11, of_limit=True),
    "tss": Course(0.42, 0.0, _SHIFTS, 0.94, 0.13, of_limit=True),
    "nh4": Course(0.45, 0.0, _SHIFTS, 0.95, 0.12, of_limit=True),
    "flow_out": Course(180.0, 0.0, ((10.0, 3.5, 0.25), (16.0, 3.0, 0.2), (3.0, 3.0, -0.2)), 0.72, 0.07),
    "do": Course(5.6, 0.08, ((15.0, 3.0, 0.12),), 1.0, 0.06),
}
_UNKNOWN = Course(0.5, spread=0.1, of_limit=True)
_AIR = {"pm25", "pm10", "so2", "no2", "o3", "co", "tsp", "humidity"}


@dataclass(frozen=True)
class Times:
    """Moments with what their course depends on; arrays of one length.

    Attributes:
        epochs: Unix seconds, ascending.
        hour: local, 0 to 24.
        weekday: local, Monday 0.
        season: 1 in mid-January, -1 in mid-July.
    """

    epochs: Epochs
    hour: Floats
    weekday: Epochs
    season: Floats

    @classmethod
    def of(cls, epochs: Epochs, zone: ZoneInfo) -> Times:
        """The offset from UTC is taken once, at the first moment."""
        offset = datetime.fromtimestamp(int(epochs[0]), zone).utcoffset()
        local = epochs + (int(offset.total_seconds()) if offset else 0)
        weekday = (local // 86400 + 3) % 7
        season = np.cos(2 * np.pi * (local - _MID_JANUARY_S) / _YEAR_S)
        return cls(epochs, (local % 86400) / 3600.0, weekday, season)


def course(metric: Metric, station: Station, seed: int, times: Times) -> Floats:
    """Values without incidents and instrument faults, not rounded.

    PM10 follows PM2.5, humidity falls as the temperature rises, water is warmer than the air; all else has a course of
    its own.
    """
    own, code = (seed, station.code, metric.id), station.code
    if metric.id == "pm10":
        ratio = 1.55 + 0.09 * noise(own, times.epochs)
        return _follow(COURSES["pm25"], "pm25", metric, code, seed, times) * ratio + 5.0
    if metric.id == "humidity":
        air = COURSES["temperature"]
        warmth = _follow(air, "temperature", metric, code, seed, times) - air.level - air.winter * times.season
        return np.clip(83.0 - 3.1 * warmth + 2.5 * noise(own, times.epochs), 30.0, 99.5)
    name = "water" if metric.id == "temperature" and not _AIR & set(station.metrics) else metric.id
    return _follow(COURSES.get(name, _UNKNOWN), name, metric, code, seed, times)


def limit_of(metric: Metric) -> float:
    """The metric's upper legal limit, or a third of what is physically possible."""
    highs = [limit.high for limit in metric.limits if limit.high is not None]
    return min(highs) if highs else (metric.high or 3.0) / 3.0


def _follow(shape: Course, name: str, metric: Metric, station: str, seed: int, times: Times) -> Floats:
    level = shape.level * (limit_of(metric) if shape.of_limit else 1.0)
    wobble = _SHARED * noise(_shared(shape, name, station, seed), times.epochs)
    wobble += np.sqrt(1.0 - _SHARED**2) * noise((seed, station, name, "own"), times.epochs)
    bells = sum((gain * _bell(times.hour, hour, width) for hour, width, gain in shape.peaks), np.zeros(len(wobble)))
    if shape.additive:
        shift = between(-0.3, 0.3, seed, station, name, "shift") * shape.spread
        return level + shift + shape.winter * times.season + bells + shape.spread * wobble
    place = between(0.82, 1.18, seed, station, name, "place")
    rest = np.where(times.weekday == _SUNDAY, shape.weekend, 1.0)
    rest = np.where(times.weekday == _SATURDAY, (1.0 + shape.weekend) / 2.0, rest)
    usual = level * place * rest * (1.0 + shape.winter * times.season) * (1.0 + bells)
    drawn: Floats = usual * np.exp(shape.spread * wobble - shape.spread**2 / 2.0)
    return drawn


def _shared(shape: Course, name: str, station: str, seed: int) -> Name:
    if not shape.weather:
        return (seed, station, "plant")
    return (seed, "warmth" if name in {"temperature", "water"} else "dispersion")


def _bell(hour: Floats, centre: float, width: float) -> Floats:
    away = np.abs((hour - centre + 12.0) % 24.0 - 12.0)
    bell: Floats = np.exp(-0.5 * (away / width) ** 2)
    return bell
