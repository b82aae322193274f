"""The schedule: pure, without overlaps at one place, and with something to see whenever the province is first started."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ioc.catalog.model import Catalog
from simulator.effects import affected, envelope
from simulator.incidents import Incident, Schedule
from simulator.kinds import KINDS, STATIONS
from simulator.province import Province
from simulator.world import World, build

MOMENTS = st.integers(1_704_067_200, 1_893_456_000).map(lambda s: datetime.fromtimestamp(s, UTC))  # 2024 to 2029


@given(origin=MOMENTS, seed=st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_there_is_something_to_see_at_any_first_start(catalog: Catalog, origin: datetime, seed: int) -> None:
    schedule = Schedule(Province(seed, origin, catalog), {})
    last_day = schedule.between(origin - timedelta(days=1), origin, "stations")
    fresh = [i for i in last_day if i.kind == "pm-plume" and origin - timedelta(hours=2) <= i.start <= origin < i.end]
    assert fresh, "a grave plume that has begun within two hours and goes on"
    assert len({i.station for i in last_day if i.kind == "pm-plume"}) >= 2
    assert {"discharge", "stuck", "ph-drop", "so2-plume"} <= {i.kind for i in last_day}
    assert all(i.start.timestamp() % 300 == 0 and i.end.timestamp() % 300 == 0 for i in last_day)


def test_incidents_go_on_every_few_hours(world: World, origin: datetime) -> None:
    live = world.schedule.between(origin + timedelta(hours=2), origin + timedelta(days=20), "stations")
    starts = [i.start for i in live]
    assert len(starts) > 80
    assert max(b - a for a, b in pairwise(starts)) < timedelta(hours=12)
    assert {i.kind for i in live} == {"pm-plume", "so2-plume", "discharge", "ph-drop", "stuck"}  # no oxygen is measured
    for family, kind in (("backlogs", "backlog"), ("press", "press-wave"), ("cyber", "port-scan")):
        found = world.schedule.between(origin, origin + timedelta(days=60), family)
        assert kind in {i.kind for i in found}


def test_no_two_incidents_at_one_place_at_a_time(world: World, origin: datetime) -> None:
    by_place: dict[str, list[Incident]] = {}
    for incident in world.schedule.between(origin - timedelta(days=60), origin + timedelta(days=200)):
        by_place.setdefault(f"{incident.source}/{incident.station}", []).append(incident)
    assert len(by_place) > 20
    for incidents in by_place.values():
        for one, next_ in pairwise(incidents):
            assert one.end <= next_.start, (one, next_)


def test_windows_add_up(world: World, origin: datetime) -> None:
    whole = {i.id for i in world.schedule.between(origin - timedelta(days=10), origin + timedelta(days=10))}
    parts: set[str] = set()
    for n in range(-40, 40):
        begin = origin + timedelta(hours=6 * n)
        parts |= {i.id for i in world.schedule.between(begin, begin + timedelta(hours=6))}
    assert parts == whole


def test_labels_name_what_is_in_the_catalogue(world: World, catalog: Catalog, origin: datetime) -> None:
    for incident in world.schedule.between(origin - timedelta(days=30), origin + timedelta(days=60)):
        assert incident.kind in KINDS
        assert incident.start < incident.end
        assert incident.description
        if incident.source == STATIONS:
            station = catalog.stations[incident.station]
            assert {incident.metric, *incident.related} <= set(station.metrics)
            assert station.name in incident.description
        elif incident.kind in {"backlog", "press-wave"}:
            assert incident.station in catalog.agencies_on(incident.start.date())


def test_a_catalogue_with_oxygen_gets_oxygen_drops(catalog: Catalog, origin: datetime) -> None:
    source = catalog.sources[STATIONS]
    metric = msgspec.structs.replace(
        source.metrics[0], id="do", names=["DO"], units=["mg/L"], low=0.0, high=20.0, limits=[]
    )
    station = msgspec.structs.replace(source.stations[-1], metrics=["do", "ph"])
    river = msgspec.structs.replace(
        source, metrics=[*source.metrics, metric], stations=[*source.stations[:-1], station]
    )
    other = Catalog(list(catalog.agencies.values()), catalog.areas, [], [river])
    world = build(Province(1, origin, other))
    drops = [i for i in world.schedule.between(origin, origin + timedelta(days=30)) if i.kind == "do-drop"]
    assert drops
    assert all(i.station == station.code and i.metric == "do" for i in drops)


def test_an_empty_catalogue_has_no_incidents(origin: datetime) -> None:
    schedule = Schedule(Province(1, origin, Catalog([], [], [], [])), {})
    assert schedule.between(origin - timedelta(days=30), origin + timedelta(days=30)) == []


@pytest.mark.parametrize(
    ("kind", "metric", "usual", "check"),
    [
        ("pm-plume", "pm25", 30.0, lambda v: v > 100),
        ("pm-plume", "pm10", 60.0, lambda v: v > 180),
        ("so2-plume", "so2", 15.0, lambda v: v > 200),
        ("discharge", "cod", 75.0, lambda v: v > 110),
        ("ph-drop", "ph", 7.2, lambda v: v < 5.7),
        ("do-drop", "do", 6.0, lambda v: v < 3.0),
    ],
)
def test_an_effect_is_there_from_start_to_end_only(kind: str, metric: str, usual: float, check) -> None:  # type: ignore[no-untyped-def]
    start = datetime(2026, 11, 25, tzinfo=UTC)
    low, high = KINDS[kind].strength
    incident = Incident(
        "x", kind, STATIONS, "S", metric, start, start + timedelta(hours=2), "", ("pm10",), (low + high) / 2
    )
    epochs = int(start.timestamp()) + 300 * np.arange(-12, 36, dtype=np.int64)
    values = affected(incident, metric, epochs, np.full(len(epochs), usual), 100.0)
    during = (epochs >= start.timestamp()) & (epochs < incident.end.timestamp())
    assert (values[~during] == usual).all()
    assert check(np.median(values[during]))
    assert envelope(incident, epochs).max() == 1.0
