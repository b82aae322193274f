"""Dossiers: as many as a province has, each on a lawful way through its statuses, due by working days, held up by backlogs."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from ioc.catalog.model import Catalog
from ioc.records import Dossier
from simulator.dossier_way import (
    ACCEPTED,
    FEE,
    IN_PROCESS,
    NEW,
    PROCESSED,
    REFUSED,
    RETURNED,
    SUPPLEMENT,
    WITHDRAWN,
    Step,
)
from simulator.dossier_wire import over_http, payload, reports
from simulator.dossiers import A_WORKING_DAY, HISTORY, LONGEST
from simulator.kinds import DOSSIERS
from simulator.people import person
from simulator.procedures import counters
from simulator.province import Province
from simulator.workdays import ZONE, due_epoch, is_working
from simulator.world import World, build
from tests.simulator.conftest import Parsed

NEXT = {
    NEW: {ACCEPTED, REFUSED, WITHDRAWN},
    ACCEPTED: {IN_PROCESS},
    IN_PROCESS: {SUPPLEMENT, FEE, PROCESSED},
    SUPPLEMENT: {IN_PROCESS},
    FEE: {IN_PROCESS},
    PROCESSED: {RETURNED},
    REFUSED: set(),
    WITHDRAWN: set(),
    RETURNED: set(),
}


@pytest.fixture(scope="module")
def history(world: World, origin: datetime) -> list[Step]:
    return world.dossiers.between(origin - HISTORY, origin)


@pytest.fixture(scope="module")
def ways(world: World, origin: datetime) -> dict[str, list[Step]]:
    """All statuses of the dossiers submitted in three weeks, whenever they are reached."""
    found: dict[str, list[Step]] = {}
    for step in world.dossiers.between(origin - HISTORY, origin + LONGEST):
        if step.dossier.submitted_at < (origin - HISTORY + timedelta(days=21)).timestamp():
            found.setdefault(step.dossier.code, []).append(step)
    return found


def day_of(epoch: int) -> date:
    return datetime.fromtimestamp(epoch, ZONE).date()


def test_a_working_day_brings_about_seven_hundred(history: list[Step]) -> None:
    by_day = Counter(day_of(s.dossier.submitted_at) for s in history if s.status == NEW)
    working = [n for day, n in by_day.items() if is_working(day) and day != max(by_day) and day != min(by_day)]
    assert 0.85 * A_WORKING_DAY < sum(working) / len(working) < 1.15 * A_WORKING_DAY
    assert max(n for day, n in by_day.items() if not is_working(day)) < 0.3 * A_WORKING_DAY


def test_every_agency_with_a_counter_takes_part(history: list[Step], catalog: Catalog, origin: datetime) -> None:
    expected = {counter.id for counter in counters(catalog, origin.date())}
    assert {s.dossier.counter.id for s in history} == expected
    assert len(expected) >= 10
    for counter in counters(catalog, origin.date()):
        assert 0.005 <= counter.share <= 0.3
    assert sum(c.share for c in counters(catalog, origin.date())) == pytest.approx(1.0)
    assert len({s.dossier.procedure.code for s in history}) > 40


def test_offices_work_in_office_hours(history: list[Step]) -> None:
    for step in history:
        if step.status != NEW and step.at != step.dossier.submitted_at:
            at = datetime.fromtimestamp(step.at, ZONE)
            after_hours = at.hour >= 17 and step.at - step.dossier.submitted_at > 600 and at.minute > 2
            assert is_working(at.date()), step
            assert not after_hours, step


def test_statuses_follow_each_other_lawfully(ways: dict[str, list[Step]]) -> None:
    assert len(ways) > 9_000
    for code, way in ways.items():
        assert way[0].status == NEW, code
        for before, after in pairwise(way):
            assert after.status in NEXT[before.status], code
            assert after.at > before.at, "two statuses at one moment could not be put in order"
        assert way[-1].status in {RETURNED, REFUSED, WITHDRAWN, SUPPLEMENT}, code
        assert way[-1].at - way[0].at < LONGEST.total_seconds()


def test_every_way_is_taken(ways: dict[str, list[Step]]) -> None:
    ends = Counter(way[-1].status for way in ways.values())
    assert 0.93 < ends[RETURNED] / len(ways) < 0.99
    assert min(ends[REFUSED], ends[WITHDRAWN], ends[SUPPLEMENT]) > 30
    assert sum(any(s.status == FEE for s in way) for way in ways.values()) > 1000


def test_due_dates_are_working_days_after_acceptance(ways: dict[str, list[Step]]) -> None:
    for way in ways.values():
        accepted = next((s for s in way if s.status == ACCEPTED), None)
        if accepted is None:
            assert all(s.due_at is None for s in way)
            continue
        assert accepted.due_at == due_epoch(accepted.at, accepted.dossier.procedure.days)
        for before, after in pairwise(way[1:]):
            assert after.due_at is not None
            waited = before.status == SUPPLEMENT
            assert (after.due_at > accepted.due_at) if waited else (after.due_at == before.due_at)


def test_most_are_on_time_some_late_some_overdue(ways: dict[str, list[Step]], world: World, origin: datetime) -> None:
    held = {i.station for i in world.schedule.between(origin - HISTORY, origin + LONGEST, "backlogs")}
    done = [way[-1] for way in ways.values() if way[-1].finished_at and way[-1].dossier.counter.id not in held]
    late = sum(s.finished_at > s.due_at for s in done if s.finished_at and s.due_at)
    assert 0.01 < late / len(done) < 0.12


def test_a_backlog_stops_its_agency_and_no_other(history: list[Step], world: World, origin: datetime) -> None:
    backlog = next(
        i for i in world.schedule.between(origin - timedelta(days=7), origin, "backlogs") if i.end > origin > i.start
    )
    moving = {IN_PROCESS, SUPPLEMENT, FEE, PROCESSED, RETURNED}
    inside = [s for s in history if s.status in moving and backlog.start.timestamp() <= s.at]
    assert not [s for s in inside if s.dossier.counter.id == backlog.station]
    assert {s.dossier.counter.id for s in inside} == {s.dossier.counter.id for s in history} - {backlog.station}
    assert [s for s in history if s.dossier.counter.id == backlog.station and s.at > backlog.start.timestamp()]
    overdue = _overdue_share(history, origin)
    assert overdue[backlog.station] > 3 * max(v for k, v in overdue.items() if k != backlog.station)


def _overdue_share(history: list[Step], now: datetime) -> dict[str, float]:
    last = {step.dossier.code: step for step in history}
    open_ = [s for s in last.values() if s.status in {ACCEPTED, IN_PROCESS}]
    total = Counter(s.dossier.counter.id for s in open_)
    late = Counter(s.dossier.counter.id for s in open_ if s.due_at and s.due_at < now.timestamp())
    return {agency: late[agency] / total[agency] for agency in total}


def test_after_a_backlog_everything_moves_again(world: World, origin: datetime) -> None:
    backlog = next(i for i in world.schedule.between(origin, origin, "backlogs"))
    steps = world.dossiers.between(backlog.end, backlog.end + timedelta(days=2))
    worked_off = [s for s in steps if s.dossier.counter.id == backlog.station and s.status in {PROCESSED, RETURNED}]
    assert len(worked_off) > 40


def test_windows_add_up(world: World, origin: datetime) -> None:
    begin = origin - timedelta(days=2)
    cuts = [begin + timedelta(seconds=s) for s in range(0, 2 * 86400, 7919)] + [origin]
    parts = [s for a, b in pairwise(cuts) for s in world.dossiers.between(a, b)]
    assert parts == world.dossiers.between(begin, origin)


def test_another_world_of_the_same_province_has_the_same_dossiers(
    world: World, catalog: Catalog, origin: datetime
) -> None:
    other = build(Province(36, origin, catalog))
    begin, end = origin - timedelta(days=23), origin - timedelta(days=22, hours=15)
    steps = other.dossiers.between(begin, end)
    assert len(steps) > 1000
    assert steps == world.dossiers.between(begin, end)
    assert other.dossiers.received(date(2025, 3, 4)) == world.dossiers.received(date(2025, 3, 4))


def test_tet_is_quiet(world: World) -> None:
    assert world.dossiers.received(date(2026, 2, 17)) < 60
    assert world.dossiers.received(date(2026, 2, 11)) < 0.75 * world.dossiers.received(date(2026, 3, 11))


def test_every_call_parses_and_loses_the_people(
    history: list[Step], catalog: Catalog, parsed: Parsed, origin: datetime
) -> None:
    sent = over_http(history)
    body = payload(sent[-4000:], catalog)
    for member in ("ho_ten", "cccd", "dien_thoai", "email", "dia_chi"):
        assert body.count(f'"{member}":"'.encode()) == 4000
    records = parsed(DOSSIERS, body, "POST", origin)
    assert len(records) == 4000
    for record, step in zip(records, sent[-4000:], strict=True):
        assert isinstance(record, Dossier)
        assert (record.dossier_code, record.status, record.agency) == (
            step.dossier.code,
            step.status,
            step.dossier.counter.id,
        )
        assert record.status_at.timestamp() == step.at
        assert record.due_at is None if step.due_at is None else record.due_at.timestamp() == step.due_at  # type: ignore[union-attr]
        assert step.finished_at is None or record.finished_at.timestamp() == step.finished_at  # type: ignore[union-attr]
        assert record.area in catalog.areas_on(origin.date())
        assert person(step.dossier.person)["ho_ten"] not in repr(record)
    assert len({r.event_id for r in records}) == 4000
    assert {r.channel for r in records if isinstance(r, Dossier)} == {"online", "direct", "postal"}
    assert {r.service_level for r in records if isinstance(r, Dossier)} == {"full", "partial"}


def test_an_empty_call_parses_to_nothing(catalog: Catalog, parsed: Parsed, origin: datetime) -> None:
    assert parsed(DOSSIERS, payload([], catalog), "POST", origin) == []


def test_reports_carry_exactly_what_is_not_called_in(
    world: World, history: list[Step], catalog: Catalog, parsed: Parsed, origin: datetime
) -> None:
    files = reports(world.dossiers, catalog, origin - HISTORY, origin)
    records = [r for f in files for r in parsed(DOSSIERS, f.content, f.name, f.at)]
    assert len(files) > 30
    assert all(b"ho_ten" in f.content for f in files)
    last = max(f.at for f in files)
    silent = [s for s in history if s.dossier.counter.way == "csv" and s.at <= last.timestamp()]
    assert len(over_http(history)) + len([s for s in history if s.dossier.counter.way == "csv"]) == len(history)
    told = Counter((r.dossier_code, r.status, r.status_at.timestamp()) for r in records if isinstance(r, Dossier))
    # the first report of all also tells what happened in the half day before
    assert set(told) >= {(s.dossier.code, s.status, float(s.at)) for s in silent}
    assert max(told.values()) == 1
