"""Working time: only office hours of working days count, and due dates skip days off."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.workdays import ZONE, days_from_tet, due_epoch, epoch_of, is_working, work_time


def local(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp()


def test_days_off() -> None:
    assert is_working(date(2026, 11, 25))
    assert not is_working(date(2026, 11, 28))  # Saturday
    assert not is_working(date(2026, 9, 2))  # National Day
    assert not is_working(date(2026, 2, 17))  # Tết
    assert not is_working(date(2025, 5, 2))  # a day off moved by decree


def test_tet() -> None:
    assert days_from_tet(date(2026, 2, 17)) == 0
    assert days_from_tet(date(2026, 2, 10)) == -7
    assert days_from_tet(date(2025, 2, 5)) == 7


@pytest.mark.parametrize(
    ("begin", "end", "days"),
    [
        ("2026-11-26 07:30", "2026-11-26 17:00", 1.0),
        ("2026-11-26 11:30", "2026-11-26 13:30", 0.0),
        ("2026-11-27 17:00", "2026-11-30 07:30", 0.0),  # a weekend
        ("2026-11-27 15:30", "2026-11-30 09:00", 3.0 / 7.5),
        ("2026-02-13 17:00", "2026-02-23 07:30", 0.0),  # all of Tết
    ],
)
def test_working_time_between(begin: str, end: str, days: float) -> None:
    assert work_time(local(end)) - work_time(local(begin)) == pytest.approx(days, abs=1e-9)


@given(st.floats(4000, 8000))
def test_working_time_and_epoch_are_inverse(work: float) -> None:
    moment = datetime.fromtimestamp(epoch_of(work), ZONE)
    assert is_working(moment.date())
    assert timedelta(hours=7.5) <= moment - moment.replace(hour=0, minute=0, second=0) <= timedelta(hours=17)
    assert work_time(epoch_of(work)) == pytest.approx(work, abs=1 / 27_000)  # half a second of a working day


@given(st.floats(4000, 8000), st.floats(0, 50))
def test_working_time_never_runs_backwards(work: float, more: float) -> None:
    assert epoch_of(work) <= epoch_of(work + more)


@pytest.mark.parametrize(
    ("at", "days", "due"),
    [
        ("2026-11-26 09:00", 5, "2026-12-03 17:00"),  # a weekend in between
        ("2026-11-28 09:00", 1, "2026-11-30 17:00"),  # handed in on a Saturday
        ("2026-02-13 16:59", 1, "2026-02-23 17:00"),  # over Tết
    ],
)
def test_due_dates_count_working_days(at: str, days: int, due: str) -> None:
    assert due_epoch(local(at), days) == local(due)
