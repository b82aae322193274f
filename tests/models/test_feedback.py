"""Verdicts move thresholds as promised: never the wrong way, within bounds, slowly, and back again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from ioc.records import Verdict, event_id
from models.feedback import FORGOTTEN, HALF_LIFE, Adaptation, adaptations, factors, latest
from models.series import Key

NOW = datetime(2026, 11, 26, 2, tzinfo=UTC)  # a Thursday
DAY = timedelta(days=1)
KEY: Key = ("s", "A", "pm25")


def said(
    verdict: str, ago: timedelta = timedelta(hours=1), *, key: Key = KEY, detector: str = "seasonal", n: object = 0
) -> Verdict:
    """A verdict on an anomaly of its own."""
    at = NOW - ago
    anomaly = "" if verdict in {"missed", "reset"} else event_id(key, verdict, ago, detector, n)
    return Verdict(
        event_id=event_id("v", key, verdict, ago, detector, n), received_at=at, source=key[0], station=key[1], metric=key[2],
        anomaly=anomaly, detector=detector if anomaly else "", observed_at=at, verdict=verdict, decided_by="lan",
        decided_at=at,
    )  # fmt: skip  # type: ignore[arg-type]


def factor(verdicts: Sequence[Verdict], key: Key = KEY, at: datetime = NOW, **more: Any) -> float:
    return factors(verdicts, at, **more).get(key, 1.0)


ages = st.integers(0, 500 * 24).map(lambda hours: timedelta(hours=hours))
keys = st.sampled_from([KEY, ("s", "B", "pm25"), ("s", "C", "pm25"), ("s", "A", "so2")])
some = st.builds(
    said, st.sampled_from(["true", "false", "unsure", "missed"]), ages, key=keys,
    detector=st.sampled_from(["seasonal", "shape", "stuck"]), n=st.integers(0, 10_000),
)  # fmt: skip
goals = st.floats(0.05, 0.95)


def test_without_verdicts_there_is_nothing_to_adapt():
    assert adaptations([], NOW) == {}
    assert factor([said("unsure")]) == 1.0


@pytest.mark.parametrize(("false", "true", "wanted"), [(1, 0, 2), (3, 0, 4), (4, 4, 1), (7, 1, 4), (0, 9, 1)])
def test_the_factor_is_that_of_the_formula(false: int, true: int, wanted: float):
    """With a goal of one half it is (1 + false) / (1 + true), never below 1."""
    verdicts = [said("false", timedelta(0), n=n) for n in range(false)]
    verdicts += [said("true", timedelta(0), n=n) for n in range(true)]
    assert factor(verdicts) == pytest.approx(wanted, rel=1e-6)


@settings(max_examples=60, deadline=None)
@given(st.lists(some, max_size=30), keys, st.sampled_from(["seasonal", "shape"]), ages, goals)
def test_one_more_false_alert_never_lowers_a_factor_and_one_more_true_or_missed_never_raises_one(
    verdicts: list[Verdict], key: Key, detector: str, ago: timedelta, goal: float
):
    before = factors(verdicts, NOW, goal)
    for verdict, sign in (("false", 1), ("true", -1), ("missed", -1)):
        after = factors([*verdicts, said(verdict, ago, key=key, detector=detector, n="more")], NOW, goal)
        for other in before.keys() | after.keys():
            assert sign * (after.get(other, 1.0) - before.get(other, 1.0)) >= -1e-9


@settings(max_examples=60, deadline=None)
@given(st.lists(some, max_size=60), goals)
def test_factors_are_bounded_and_know_no_order(verdicts: list[Verdict], goal: float):
    found = factors(verdicts, NOW, goal)
    assert all(1 / 8 <= value <= 64 for value in found.values())
    again = factors([*reversed(verdicts), *verdicts], NOW, goal)
    assert again == {key: pytest.approx(value) for key, value in found.items()}


@settings(max_examples=60, deadline=None)
@given(st.lists(some, max_size=40), st.integers(0, 400), goals)
def test_what_was_said_later_changes_nothing_of_what_was_in_force(verdicts: list[Verdict], days: int, goal: float):
    """A pack that comes again is judged as it was judged the first time."""
    then = NOW - days * DAY
    assert factors(verdicts, then, goal) == factors([v for v in verdicts if v.received_at <= then], then, goal)


def test_a_factor_changes_at_most_fourfold_from_monday_to_monday():
    verdicts = [said("false", n=n) for n in range(60)]
    assert factor(verdicts) == pytest.approx(4)
    assert factor(verdicts, at=NOW + 7 * DAY) == pytest.approx(16)
    course = [factor(verdicts, at=NOW + days * DAY) for days in range(120)]
    assert max(course) > 40
    assert max(b / a for a, b in zip(course, course[7:], strict=False)) <= 16 + 1e-9  # a Monday lies between
    assert adaptations(verdicts, NOW)[KEY].wanted == pytest.approx(61, rel=0.01)


def test_it_decays_when_verdicts_age():
    verdicts = [said("false", timedelta(0), n=n) for n in range(3)]
    assert factor(verdicts) == pytest.approx(4)
    assert factor(verdicts, at=NOW + HALF_LIFE) == pytest.approx(2.5)
    assert factor(verdicts, at=NOW + 6 * HALF_LIFE) == pytest.approx(1 + 3 / 64)
    assert factors(verdicts, NOW + FORGOTTEN) == {}


def test_missed_events_make_a_series_more_talkative_within_bounds():
    assert factor([said("missed", timedelta(0))]) == pytest.approx(1 / 2)
    many = [said("missed", 30 * DAY, n=n) for n in range(500)]
    assert factor(many) == pytest.approx(1 / 8)
    assert factor([said("missed", timedelta(0)), said("false", timedelta(0))]) == pytest.approx(1)


def test_neighbours_strengthen_complaints_and_make_none():
    others = [said("false", key=("s", station, "pm25"), n=n) for station in "BCD" for n in range(5)]
    assert factor(others) == 1.0
    assert factor([*others, said("true")]) == 1.0
    assert factor([*others, said("false")]) > 1.2 * factor([said("false")])
    elsewhere = [structs.replace(v, metric="so2") for v in others]
    assert factor([*elsewhere, said("false")]) == factor([said("false")])


def test_limits_and_stuck_sensors_are_what_they_are():
    verdicts = [said("false", detector=name, n=n) for name in ("limits", "stuck", "khong-co") for n in range(5)]
    assert factors(verdicts, NOW) == {}


def test_a_reset_starts_anew_and_only_this_series():
    false = [said("false", 2 * DAY, n=n) for n in range(5)]
    other = [said("false", 2 * DAY, key=("s", "B", "pm25"), n=n) for n in range(5)]
    found = factors([*false, *other, said("reset", DAY)], NOW)
    assert found.keys() == {("s", "B", "pm25")}
    assert factor([*false, said("reset", DAY), said("false")]) == factor([said("false")])
    assert factor([*false, said("reset", DAY)], at=NOW - DAY - timedelta(minutes=1)) > 1


def test_the_latest_verdict_of_an_anomaly_counts():
    first = said("false")
    second = structs.replace(first, event_id="second", verdict="true", decided_at=NOW, received_at=NOW)
    assert factor([second, first]) == 1.0
    assert latest([second, first]) == [second]
    assert factor([second, first], at=NOW - timedelta(minutes=1)) > 1
    taken_back = structs.replace(first, event_id="third", verdict="unsure", decided_at=NOW, received_at=NOW)
    assert factor([first, taken_back]) == 1.0


def test_a_goal_of_fewer_false_alerts_asks_for_more_of_a_threshold():
    verdicts = [said("false", n=n) for n in range(2)] + [said("true", n=n) for n in range(2)]
    strict, usual, easy = (factor(verdicts, goal=goal) for goal in (0.8, 0.5, 0.2))
    assert strict > usual == easy == 1.0


def test_what_is_told_of_a_series():
    verdicts = [
        said("false", n=1),
        said("false", DAY, n=2),
        said("true", 2 * DAY),
        said("missed", 3 * DAY),
        said("unsure"),
    ]
    found = adaptations(verdicts, NOW)[KEY]
    assert isinstance(found, Adaptation)
    assert (found.true, found.false, found.missed, found.last) == (1, 2, 1, NOW - timedelta(hours=1))
