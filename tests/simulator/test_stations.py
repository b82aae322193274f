"""The stations' values: plausible by hour, week and season, tied to each other, and changed by the labelled incidents."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

from ioc.catalog.model import Catalog, Metric, Station
from simulator.chance import Floats
from simulator.courses import Times, course, limit_of
from simulator.incidents import Incident
from simulator.kinds import STATIONS
from simulator.stations import CALIBRATING, FAULT, OK
from simulator.world import World

YEAR = 1_767_200_400 + 3600 * np.arange(365 * 24, dtype=np.int64)  # 2026-01-01 00:00 +07:00, hours


@pytest.fixture(scope="module")
def year(catalog: Catalog) -> Times:
    return Times.of(YEAR, catalog.sources[STATIONS].zone)


def usual(catalog: Catalog, year: Times, code: str, metric_id: str) -> Floats:
    station = catalog.stations[code]
    return course(catalog.metrics[STATIONS, metric_id], station, 36, year)


def test_times_are_local(year: Times) -> None:
    assert year.hour[0] == 0.0
    assert year.weekday[0] == 3  # Thursday
    assert year.season[14 * 24] == pytest.approx(1.0, abs=0.001)
    assert year.season[197 * 24] == pytest.approx(-1.0, abs=0.001)


@pytest.mark.parametrize("code", ["TH_NGHISON_KK01", "TH_BIMSON_KK01", "TH_HACTHANH_KK01", "TH_SAMSON_KK01"])
def test_dust_peaks_with_traffic_and_in_winter(catalog: Catalog, year: Times, code: str) -> None:
    pm25 = usual(catalog, year, code, "pm25")
    by_hour = [pm25[(year.hour >= h) & (year.hour < h + 1)].mean() for h in range(24)]
    assert np.mean(by_hour[6:9]) > 1.25 * np.mean(by_hour[1:4])
    assert np.mean(by_hour[18:21]) > 1.25 * np.mean(by_hour[12:16])
    assert pm25[year.season > 0.8].mean() > 1.8 * pm25[year.season < -0.8].mean()
    assert pm25[year.weekday == 6].mean() < 0.95 * pm25[year.weekday < 5].mean()
    assert 12 < pm25.mean() < 45
    assert pm25.min() > 1
    assert np.percentile(pm25, 99.9) < 130


def test_dust_of_both_sizes_goes_together(catalog: Catalog, year: Times) -> None:
    pm25, pm10 = (usual(catalog, year, "TH_HACTHANH_KK01", m) for m in ("pm25", "pm10"))
    assert np.corrcoef(pm25, pm10)[0, 1] > 0.95
    assert (pm10 > pm25).all()
    next_door = usual(catalog, year, "TH_SAMSON_KK01", "pm25")
    assert 0.4 < np.corrcoef(pm25, next_door)[0, 1] < 0.97


def test_humidity_falls_as_the_air_warms(catalog: Catalog, year: Times) -> None:
    temperature, humidity = (usual(catalog, year, "TH_HACTHANH_KK01", m) for m in ("temperature", "humidity"))
    summer = year.season < -0.9
    assert np.corrcoef(temperature[summer], humidity[summer])[0, 1] < -0.8
    assert 26 < temperature[summer].mean() < 33
    assert 14 < temperature[year.season > 0.9].mean() < 21
    assert temperature.min() > 2
    assert temperature.max() < 45
    assert 30 <= humidity.min() <= humidity.max() <= 99.5


@pytest.mark.parametrize("metric", ["cod", "tss", "nh4"])
def test_waste_water_stays_below_its_limit(catalog: Catalog, year: Times, metric: str) -> None:
    for code in ("TH_LEMON_NT01", "TH_HOANGLONG_NT01", "TH_NGHISON_NT01", "TH_BIMSON_NT01"):
        share = usual(catalog, year, code, metric) / limit_of(catalog.metrics[STATIONS, metric])
        assert np.percentile(share, 0.1) > 0.2
        assert np.percentile(share, 99.9) < 0.98


def test_every_metric_of_every_station_is_physical(catalog: Catalog, year: Times) -> None:
    source = catalog.sources[STATIONS]
    for station in source.stations:
        for metric in (catalog.metrics[STATIONS, m] for m in station.metrics):
            values = course(metric, station, 36, year)
            assert np.isfinite(values).all()
            assert metric.low is None or values.min() >= metric.low
            assert metric.high is None or values.max() <= metric.high
            assert 0.01 < values.std() / abs(values.mean()) < 0.9, (station.code, metric.id)


def test_a_metric_nobody_foresaw_gets_a_course(year: Times) -> None:
    metric = Metric(id="chlorine", name="Clo dư", names=["Clo du"], units=["mg/L"], low=0.0, high=3.0)
    values = course(metric, Station(code="X", name="X", metrics=["chlorine"]), 1, year)
    assert 0 < values.min() < values.mean() < values.max() < 3


def test_instruments_calibrate_and_fail_now_and_then(world: World, catalog: Catalog, origin: datetime) -> None:
    assert world.stations
    first = int(origin.timestamp()) // 86400
    states = np.concatenate(
        [
            world.stations._stations.day(s.code, first + n).states[m]
            for s in catalog.sources[STATIONS].stations
            for m in s.metrics
            for n in range(10, 25)
        ]
    )
    assert 0.003 < (states == CALIBRATING).mean() < 0.02
    assert 0.002 < (states == FAULT).mean() < 0.01


def incidents(world: World, origin: datetime, kind: str) -> list[Incident]:
    found = world.schedule.between(origin - timedelta(days=1), origin + timedelta(days=12), "stations")
    return [i for i in found if i.kind == kind]


def series(world: World, code: str, metric: str, first: datetime, last: datetime) -> tuple[Floats, Floats]:
    """Values and states of whole days, cut to [first, last)."""
    assert world.stations
    days = range(int(first.timestamp()) // 86400, int(last.timestamp()) // 86400 + 1)
    made = [world.stations._stations.day(code, day) for day in days]
    epochs, values, states = (
        np.concatenate(parts)
        for parts in ([d.epochs for d in made], [d.values[metric] for d in made], [d.states[metric] for d in made])
    )
    inside = (epochs >= first.timestamp()) & (epochs < last.timestamp())
    return values[inside], states[inside]


@pytest.mark.parametrize(("kind", "least"), [("pm-plume", 90.0), ("so2-plume", 200.0)])
def test_plumes_show_in_the_series(world: World, origin: datetime, kind: str, least: float) -> None:
    for incident in incidents(world, origin, kind):
        values, states = series(world, incident.station, incident.metric, incident.start, incident.end)
        before, _ = series(
            world, incident.station, incident.metric, incident.start - timedelta(hours=1), incident.start
        )
        assert values.max() > before.max() + least
        assert (states == OK).all(), "an incident is not hidden by calibrations or faults"


def test_discharges_break_the_limit(world: World, catalog: Catalog, origin: datetime) -> None:
    found = incidents(world, origin, "discharge")
    assert found
    for incident in found:
        for metric in (incident.metric, *incident.related):
            values, _ = series(world, incident.station, metric, incident.start, incident.end)
            assert np.median(values) > limit_of(catalog.metrics[STATIONS, metric])


def test_acid_waste_water_breaks_the_lower_limit(world: World, origin: datetime) -> None:
    found = incidents(world, origin, "ph-drop")
    assert found
    for incident in found:
        values, _ = series(world, incident.station, "ph", incident.start, incident.end)
        assert values.min() < 5.5


def test_a_stuck_sensor_shows_one_value_across_midnight_too(world: World, origin: datetime) -> None:
    found = incidents(world, origin, "stuck")
    assert any(i.start.date() != i.end.date() for i in found)
    for incident in found:
        values, states = series(world, incident.station, incident.metric, incident.start, incident.end)
        assert len(set(values)) == 1
        assert (states == OK).all()
        after, _ = series(world, incident.station, incident.metric, incident.end, incident.end + timedelta(hours=2))
        assert len(set(after)) > 1
