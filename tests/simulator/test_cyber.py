"""Sensors: every line parses, life is quiet, and the labelled attacks are in the logs of their sensor."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from ioc.records import CyberEvent
from simulator.files import File
from simulator.kinds import SURICATA, SYSLOG
from simulator.world import World
from tests.simulator.conftest import Parsed

HISTORY = timedelta(hours=11)  # holds one attack of each kind


@pytest.fixture(scope="module")
def files(world: World, origin: datetime) -> list[File]:
    return world.cyber.between(origin - HISTORY, origin)


def events(files: list[File], source: str, parsed: Parsed) -> list[CyberEvent]:
    found = [r for f in files if f.source == source for r in parsed(source, f.content, f.name, f.at)]
    return [r for r in found if isinstance(r, CyberEvent)]


def test_every_line_parses_once(files: list[File], parsed: Parsed) -> None:
    assert Counter(f.source for f in files) == {SURICATA: 132, SYSLOG: 132}
    for source, least in ((SURICATA, 1000), (SYSLOG, 200)):
        found = events(files, source, parsed)
        assert len(found) > least
        assert len({e.event_id for e in found}) == len(found)
        assert len({e.sensor for e in found}) > 1
    assert {"dns", "http", "alert", "stats"} == {e.event_type for e in events(files, SURICATA, parsed)}


def test_no_user_name_survives(files: list[File], parsed: Parsed) -> None:
    assert any(b"vanthu" in f.content for f in files)
    assert not any("vanthu" in e.message for e in events(files, SYSLOG, parsed))


@pytest.mark.parametrize(("kind", "source"), [("brute-force", SYSLOG), ("port-scan", SURICATA)])
def test_attacks_are_in_the_logs_of_their_sensor(
    world: World, files: list[File], parsed: Parsed, origin: datetime, kind: str, source: str
) -> None:
    attack = next(i for i in world.schedule.between(origin - HISTORY, origin, "cyber") if i.kind == kind)
    found = events(files, source, parsed)

    def bad(event: CyberEvent) -> bool:
        return event.action == "failed" if kind == "brute-force" else event.event_type == "alert"

    inside = [e for e in found if bad(e) and attack.start <= e.occurred_at < attack.end]
    outside = [e for e in found if bad(e) and not attack.start <= e.occurred_at < attack.end]
    assert Counter(e.sensor for e in inside).most_common(1)[0][0] == attack.station
    minutes = (attack.end - attack.start) / timedelta(minutes=1)
    assert len(inside) / minutes > 10
    assert len(outside) / (HISTORY / timedelta(minutes=1) - minutes) < 0.5


def test_windows_add_up(world: World, origin: datetime) -> None:
    begin = origin - timedelta(hours=6)
    cuts = [begin + timedelta(seconds=s) for s in range(0, 6 * 3600, 1009)] + [origin]
    parts = [f for a, b in pairwise(cuts) for f in world.cyber.between(a, b)]
    assert parts == world.cyber.between(begin, origin)
