"""Days off and Tết are known ahead: they are no strange week, and they do not spoil the weeks after them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from models.bank import Bank
from models.base import PROVINCE_ZONE, Detector
from models.days import TET_FROM, TET_UNTIL, around_tet, day_off
from models.packed import local_times
from models.profile import Profile
from models.seasonal import Seasonal
from tests.models.made import reading
from tests.models.test_compiled import assert_same, catalog_of, one_by_one, run

STEP = timedelta(minutes=15)
FIRST = datetime(2025, 11, 30, 17, tzinfo=UTC)  # Monday 1 December in the province
TET = date(2026, 2, 17)


@pytest.mark.parametrize(
    "day", [date(2026, 1, 1), date(2026, 2, 16), date(2026, 2, 20), date(2026, 4, 30), date(2026, 9, 2)]
)
def test_official_days_off(day: date) -> None:
    assert day_off(day.toordinal())


@pytest.mark.parametrize("day", [date(2026, 2, 15), date(2026, 2, 24), date(2026, 5, 2), date(2026, 12, 25)])
def test_other_days_and_plain_weekends_are_not(day: date) -> None:
    assert not day_off(day.toordinal())


@pytest.mark.parametrize(("first", "year"), [(date(2007, 2, 17), 2007), (date(2024, 2, 10), 2024), (TET, 2026)])
def test_tet_is_vietnams(first: date, year: int) -> None:
    days = [d for d in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()) if around_tet(d)]
    assert [date.fromordinal(days[0]), date.fromordinal(days[-1])] == [
        first + timedelta(TET_FROM),
        first + timedelta(TET_UNTIL),
    ]
    assert len(days) == TET_UNTIL - TET_FROM + 1


def test_the_bank_asks_the_same_calendar() -> None:
    moments = [datetime(2026, 2, 15, 16, 45, tzinfo=UTC) + k * timedelta(hours=6, minutes=15) for k in range(200)]
    when = local_times(np.array([round(m.timestamp() * 1000) for m in moments], np.int64))
    for moment, (hour, weekday, off, tet) in zip(moments, when.tolist(), strict=True):
        local = moment.astimezone(PROVINCE_ZONE)
        assert (hour, weekday) == (local.hour, local.weekday())
        assert (off, tet) == (day_off(local.toordinal()), around_tet(local.toordinal()))


def traffic(weeks: int = 18, seed: int = 1) -> tuple[list[datetime], list[float]]:
    """Vehicles a quarter of an hour: busy on working days, half as many at weekends, a third around Tết, few on its days."""
    rng, moments = np.random.default_rng(seed), [FIRST + k * STEP for k in range(weeks * 7 * 96)]
    mean = []
    for moment in moments:
        local = moment.astimezone(PROVINCE_ZONE)
        day = local.date()
        usual = 20 + 200 * np.exp(-(((local.hour - 8) / 2.5) ** 2)) + 220 * np.exp(-(((local.hour - 17) / 2.5) ** 2))
        share = 0.5 if day.weekday() >= 5 else 1.0
        if date(2026, 2, 14) <= day <= date(2026, 2, 22):
            share = 0.3
        if date(2026, 2, 16) <= day <= date(2026, 2, 19):
            share = 0.15
        mean.append(usual * share)
    return moments, [float(v) for v in rng.poisson(mean)]


class WithoutCalendar(Seasonal):
    """As it was before it knew of Tết; a series of another country."""

    keeps_tet = False

    def __init__(self) -> None:
        super().__init__()
        self._expectation = Profile(kinds=2)


def alerts(detector: Detector, moments: list[datetime], series: list[float]) -> list[date]:
    """The province's days of the alerts."""
    found = []
    for moment, value in zip(moments, series, strict=True):
        score = detector.score_one(moment, value)
        if score is not None and score.alert:
            found.append(moment.astimezone(PROVINCE_ZONE).date())
        detector.learn_one(moment, value)
    return found


def test_tet_costs_fewer_false_alarms_and_real_events_are_still_seen() -> None:
    moments, series = traffic()
    knows, knows_not = alerts(Seasonal(), moments, series), alerts(WithoutCalendar(), moments, series)
    window = [TET + timedelta(days=k) for k in range(TET_FROM, TET_UNTIL + 5)]
    assert sum(day in window for day in knows) * 2 <= sum(day in window for day in knows_not)
    at = moments.index(datetime(2026, 2, 18, 13, tzinfo=UTC))
    series[at : at + 4] = [900.0] * 4
    assert date(2026, 2, 18) in alerts(Seasonal(), moments, series)


def test_the_weekend_after_tet_is_judged_by_weekends() -> None:
    moments, series = traffic()
    after = [(m, v) for m, v in zip(moments, series, strict=True) if m < datetime(2026, 2, 28, tzinfo=UTC)]
    far = []
    for detector in (Seasonal(), WithoutCalendar()):
        for moment, value in after:
            detector.learn_one(moment, value)
        score = detector.score_one(datetime(2026, 2, 28, 10, tzinfo=UTC), 120.0)  # Saturday, 17:00
        assert score is not None
        far.append(abs(score.expected - 120.0))
    assert far[0] < far[1]


def test_the_second_tet_is_known_from_the_first() -> None:
    profile, hour = Profile(kinds=3), timedelta(hours=1)
    moment = datetime(2024, 12, 31, 17, tzinfo=UTC)
    while moment < datetime(2026, 1, 31, 17, tzinfo=UTC):
        local = moment.astimezone(PROVINCE_ZONE)
        off, weekend = day_off(local.toordinal()), local.weekday() >= 5
        profile.learn(moment, 5.0 if off else 50.0 if weekend else 100.0)
        moment += hour
    assert profile.expected(datetime(2026, 2, 17, 5, tzinfo=UTC)) < 30.0
    assert profile.expected(datetime(2026, 2, 22, 5, tzinfo=UTC)) == pytest.approx(50.0, abs=5.0)


@pytest.mark.parametrize("detector", ["seasonal", "level", "shape"])
def test_compiled_detectors_keep_tet_alike(detector: str) -> None:
    moments, series = traffic(weeks=13)
    series[7500:7504] = [900.0] * 4  # within the days of Tết
    readings = [reading(m, v) for m, v in zip(moments[4000:], series[4000:], strict=True)]
    expected = one_by_one(detector, readings)
    assert any(TET - timedelta(3) <= a.observed_at.date() <= TET + timedelta(3) for a in expected)
    assert_same(run(Bank(catalog_of(detector)), readings), expected)
