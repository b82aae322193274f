"""Regulatory limits: averaging, validity, lower limits, silence and escalation."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest

from ioc.catalog.model import Limit
from models.base import Score
from models.limits import QUIET, Limits
from tests.models.made import FIVE_MINUTES, START

INSTANT = Limit(high=100.0, regulation="QCVN thử")
HOURLY = Limit(high=100.0, regulation="QCVN thử", averaging="1h")


def run(
    detector: Limits, values: list[float], start: datetime = START, step: timedelta = FIVE_MINUTES
) -> list[Score | None]:
    scores = []
    for row, value in enumerate(values):
        moment = start + row * step
        scores.append(detector.score_one(moment, value))
        detector.learn_one(moment, value)
    return scores


def alerts(scores: list[Score | None]) -> list[int]:
    return [row for row, score in enumerate(scores) if score is not None and score.alert]


def test_exactly_the_limit_is_no_breach() -> None:
    assert alerts(run(Limits([INSTANT]), [99.9, 100.0])) == []
    assert alerts(run(Limits([INSTANT]), [99.9, 100.1])) == [1]


def test_the_mean_of_the_regulation_counts_not_the_value() -> None:
    scores = run(Limits([HOURLY]), [90.0] * 12 + [150.0, 150.0, 150.0])
    assert alerts(scores) == [14]  # 9 x 90 and 3 x 150 is 105
    breach = scores[14]
    assert breach is not None
    assert breach.parts["mean"] == pytest.approx(105.0)
    assert breach.value == pytest.approx(1.05)
    assert breach.one_in == 0.0


def test_a_mean_needs_three_quarters_of_its_points() -> None:
    scores = run(Limits([HOURLY]), [500.0] * 9)
    assert scores[:8] == [None] * 8
    assert alerts(scores) == [8]
    assert alerts(run(Limits([HOURLY]), [500.0] * 20, step=timedelta(minutes=20))) == []


def test_points_older_than_the_window_are_forgotten() -> None:
    scores = run(Limits([HOURLY]), [500.0] * 12 + [10.0] * 12)
    last = scores[-1]
    assert last is not None
    assert last.value == pytest.approx(0.10)


def test_a_limit_is_valid_from_and_to_days_of_the_province() -> None:
    old = Limit(high=50.0, regulation="cũ", valid_to=date(2025, 12, 31))
    new = Limit(high=45.0, regulation="mới", valid_from=date(2026, 1, 1))
    midnight = datetime(2025, 12, 31, 17, tzinfo=UTC)  # 2026 begins in Thanh Hóa
    before, after = run(Limits([old, new]), [48.0, 48.0], midnight - FIVE_MINUTES)
    assert before is not None
    assert not before.alert
    assert before.expected == 50.0
    assert after is not None
    assert after.alert
    assert after.parts["regulation"] == "mới"
    assert Limits([old]).score_one(midnight, 999.0) is None
    assert Limits([new]).score_one(midnight - FIVE_MINUTES, 999.0) is None


def test_a_lower_limit_is_breached_from_below() -> None:
    acidity = Limit(low=5.5, high=9.0, regulation="QCVN 40")
    low, fine, high = (Limits([acidity]).score_one(START, v) for v in (5.0, 7.0, 9.9))
    assert low is not None
    assert low.alert
    assert low.expected == 5.5
    assert low.value == pytest.approx(1.1)
    assert fine is not None
    assert not fine.alert
    assert (fine.low, fine.high) == (5.5, 9.0)
    assert high is not None
    assert high.alert
    assert high.expected == 9.0


def test_one_breach_is_told_every_six_hours_and_says_since_when() -> None:
    scores = run(Limits([INSTANT]), [50.0, *[120.0] * 200])
    assert alerts(scores) == [1, 1 + QUIET // FIVE_MINUTES, 1 + 2 * (QUIET // FIVE_MINUTES)]
    last = scores[-1]
    assert last is not None
    assert last.since == START + FIVE_MINUTES


def test_a_breach_that_grows_grave_is_told_at_once_and_only_once() -> None:
    assert alerts(run(Limits([INSTANT]), [120.0, 120.0, 160.0, 170.0, 120.0, 170.0])) == [0, 2]


DAILY = Limit(high=50.0, regulation="QCVN thử", averaging="24h")
HOUR = timedelta(hours=1)


def daily(values: list[float]) -> list[int]:
    """Hours of alerts, after a first day far below the limit."""
    detector = Limits([DAILY], every_s=3600)
    return alerts(run(detector, [10.0] * 24 + values, step=HOUR))


def test_a_mean_over_a_day_that_stays_above_is_told_once_a_day() -> None:
    told = daily([80.0] * 90)
    assert [b - a for a, b in itertools.pairwise(told)][1:] == [24] * (len(told) - 2)
    assert 4 <= len(told) <= 5  # the second when it passes 1.5 times the limit


def test_wavering_about_the_limit_is_one_breach() -> None:
    up, waver = [70.0] * 20, [49.0, 53.0] * 24
    told = daily(up + waver)
    assert [b - a for a, b in itertools.pairwise(told)] == [24] * (len(told) - 1)
    again = daily([*up, *[0.0] * 9, *[200.0] * 4])
    assert again == [told[0], told[0] + 14]  # clearly below in between: told again before the day is over


def test_a_breach_that_begins_anew_soon_is_not_told_twice_within_six_hours() -> None:
    assert alerts(run(Limits([INSTANT]), [120.0, 10.0] * 100)) == [0, 72, 144]


def test_several_limits_the_worst_counts() -> None:
    scores = run(Limits([INSTANT, HOURLY]), [130.0] * 12)
    worst = scores[-1]
    assert worst is not None
    assert worst.value == pytest.approx(1.3)
    assert alerts(scores) == [0]


def test_a_yearly_limit_is_not_for_alerts() -> None:
    yearly = Limit(high=1.0, regulation="năm", averaging="year")
    assert Limits([yearly]).score_one(START, 50.0) is None
