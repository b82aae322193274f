"""Every detector of the registry keeps the promises of `models.base.Detector`; a new one is tested before its author writes a test."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from functools import cache

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ioc.catalog.model import Limit
from models.base import RAREST, Detector, Score
from models.limits import Limits
from models.registry import make, names
from tests.models.made import FIVE_MINUTES, START, times, values

LIMITS = [Limit(high=40.0, regulation="QCVN thử", averaging="1h"), Limit(low=5.0, regulation="QCVN thử")]
N = 1500


def fresh(name: str) -> Detector:
    """A detector as a series of the catalogue would get it."""
    return Limits(LIMITS) if name == "limits" else make(name)


def eventful(name: str = "") -> tuple[list[datetime], list[float]]:
    """Everything that detectors look for: a spike, a shift, a stuck stretch, a gap in time; for `drift` what is slow."""
    if name == "drift":
        return fouling()
    moments, series = times(N), values(N, seed=7)
    series[700] += 60.0
    series[900:960] = [v + 40.0 for v in series[900:960]]
    series[1100:1180] = [31.4] * 80
    moments[1300:] = [m + timedelta(hours=9) for m in moments[1300:]]
    return moments, series


def fouling() -> tuple[list[datetime], list[float]]:
    """Two months of hourly values; from the seventh week on the sensor reads more and more."""
    hours = np.arange(N)
    usual = 30 + 10 * np.sin(hours / 24 * 2 * np.pi) + np.random.default_rng(7).normal(0, 3, N)
    series = usual + np.maximum(hours - 1000, 0) * 0.03
    moments = times(N, step=timedelta(hours=1))
    moments[1300:] = [m + timedelta(hours=9) for m in moments[1300:]]
    return moments, [float(v) for v in np.round(series, 1)]


def run(detector: Detector, moments: list[datetime], series: list[float | None] | list[float]) -> list[Score | None]:
    """Score every point, then learn it."""
    scores = []
    for moment, value in zip(moments, series, strict=True):
        scores.append(detector.score_one(moment, value))
        detector.learn_one(moment, value)
    return scores


@pytest.fixture(params=names(), scope="module")
def name(request: pytest.FixtureRequest) -> str:
    """Each detector in turn."""
    return str(request.param)


def test_the_registry_holds_those_the_catalogue_relies_on() -> None:
    assert {"seasonal", "level", "shape", "stuck", "limits", "spike", "shift", "drift", "gap"} <= set(names())


def test_people_can_be_told_which_detector_it_was(name: str) -> None:
    detector = fresh(name)
    assert detector.name == name
    assert detector.label
    assert detector.gravest in {"info", "warning", "critical"}


def test_finds_something_in_an_eventful_series(name: str) -> None:
    alerts = [s for s in run(fresh(name), *eventful(name)) if s is not None and s.alert]
    assert 1 <= len(alerts) <= 12


def test_scores_of_a_prefix_are_the_prefix_of_the_scores(name: str) -> None:
    moments, series = eventful(name)
    whole = run(fresh(name), moments, series)
    assert run(fresh(name), moments[:1120], series[:1120]) == whole[:1120]


def test_scoring_changes_nothing(name: str) -> None:
    moments, series = eventful(name)
    curious = fresh(name)
    seen = []
    for moment, value in zip(moments, series, strict=True):
        curious.score_one(moment, value)
        curious.score_one(moment + timedelta(days=3), value + 50.0)
        curious.score_one(moment, value - 1.0)
        seen.append(curious.score_one(moment, value))
        curious.score_one(moment + timedelta(minutes=1), 0.0)
        curious.learn_one(moment, value)
    assert seen == run(fresh(name), moments, series)


def test_learning_does_not_need_scoring_first(name: str) -> None:
    moments, series = eventful(name)
    silent = fresh(name)
    for moment, value in zip(moments[:1150], series[:1150], strict=True):
        silent.learn_one(moment, value)
    assert run(silent, moments[1150:], series[1150:]) == run(fresh(name), moments, series)[1150:]


def test_is_deterministic(name: str) -> None:
    assert run(fresh(name), *eventful(name)) == run(fresh(name), *eventful(name))


@pytest.mark.parametrize("bad", [None, math.nan, math.inf, -math.inf, 1e200])
def test_values_that_mean_nothing_leave_no_trace(name: str, bad: float | None) -> None:
    moments, series = eventful(name)
    expected = run(fresh(name), moments, series)
    disturbed = fresh(name)
    for row, (moment, value) in enumerate(zip(moments, series, strict=True)):
        before = moment - timedelta(minutes=2)
        assert disturbed.score_one(before, bad) is None
        disturbed.learn_one(before, bad)
        assert disturbed.score_one(moment, value) == expected[row]
        disturbed.learn_one(moment, value)


def test_late_and_repeated_points_leave_no_trace(name: str) -> None:
    moments, series = eventful(name)
    expected = run(fresh(name), moments, series)
    disturbed = fresh(name)
    for row, (moment, value) in enumerate(zip(moments, series, strict=True)):
        assert disturbed.score_one(moment, value) == expected[row]
        disturbed.learn_one(moment, value)
        for late in (moment, moment - timedelta(seconds=1), moment - timedelta(days=400)):
            assert disturbed.score_one(late, 999.0) is None
            disturbed.learn_one(late, 999.0)


def test_a_learnt_glitch_does_no_lasting_harm(name: str) -> None:
    """One absurd value, in the warm-up or later: afterwards everything is finite and a real event is still seen."""
    moments, series = eventful(name)
    series[60] = series[600] = 1e12
    scores = [s for s in run(fresh(name), moments, series) if s is not None]
    assert all(math.isfinite(x) for s in scores for x in (s.value, s.expected, s.low, s.high, s.one_in))
    assert any(s.alert for s in scores[650 - N :])


def test_scores_mean_what_they_say_at_irregular_times(name: str) -> None:
    rng = np.random.default_rng(3)
    gaps = rng.exponential(300.0, N)
    gaps[rng.integers(0, N, 20)] = 50_000.0
    moments = [START + timedelta(seconds=float(s)) for s in np.cumsum(gaps)]
    scored = 0
    for moment, score in zip(moments, run(fresh(name), moments, eventful(name)[1]), strict=True):
        if score is not None:
            scored += 1
            assert score.value >= 0.0
            assert score.low <= score.high
            assert score.one_in == 0.0 or 1.0 <= score.one_in <= RAREST
            assert score.since <= moment
    assert scored > N / 4


def test_a_state_carried_away_goes_on_exactly_as_before(name: str) -> None:
    moments, series = eventful(name)
    whole = run(fresh(name), moments, series)
    for cut in (0, 150, 930, 1150):
        first, second = fresh(name), fresh(name)
        run(first, moments[:cut], series[:cut])
        second.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(first.to_state())))
        assert run(second, moments[cut:], series[cut:]) == whole[cut:]
        assert second.to_state() == run_state(first, moments[cut:], series[cut:])


def run_state(detector: Detector, moments: list[datetime], series: list[float]) -> object:
    """The state after these points."""
    run(detector, moments, series)
    return detector.to_state()


@cache
def learnt(name: str) -> bytes:
    """The state of a detector that knows its series, and the series' last moment behind it."""
    moments, series = eventful(name)
    detector = fresh(name)
    run(detector, moments[:900], series[:900])
    return msgspec.msgpack.encode(detector.to_state())


STEPS = st.one_of(st.sampled_from([-60, 0, 1, 300, 3600, 86_400, 40 * 86_400]), st.integers(1, 10**8))
VALUES = st.one_of(st.none(), st.floats(), st.sampled_from([0.0, -0.0, 30.0, 31.4, 1e150, -1e149, 5e-324]))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(steps=st.lists(st.tuples(STEPS, VALUES), max_size=40), cut=st.integers(0, 40))
def test_whatever_comes_it_answers_and_goes_on_alike_elsewhere(
    name: str, steps: list[tuple[int, float]], cut: int
) -> None:
    detector, other = fresh(name), fresh(name)
    detector.restore(msgspec.msgpack.decode(learnt(name)))
    moment = eventful(name)[0][899]
    for row, (seconds, value) in enumerate(steps):
        moment += timedelta(seconds=seconds)
        if row == cut:
            other.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(detector.to_state())))
        score = detector.score_one(moment, value)
        if row >= cut:
            assert other.score_one(moment, value) == score
            other.learn_one(moment, value)
        if score is not None:
            assert all(math.isfinite(x) for x in (score.value, score.expected, score.low, score.high, score.one_in))
            assert score.value >= 0.0
            assert score.low <= score.high
        detector.learn_one(moment, value)
    if cut < len(steps):
        assert other.to_state() == detector.to_state()


def test_memory_is_bounded(name: str) -> None:
    """On a series that wanders over ten decades, and the state has not grown with them."""
    rng = np.random.default_rng(5)
    n, step = 6_000, timedelta(hours=1) if name == "drift" else FIVE_MINUTES
    series = (values(n, seed=5) * np.exp(rng.normal(0, 0.02, n).cumsum())).tolist()
    detector, sizes = fresh(name), []
    for row, (moment, value) in enumerate(zip(times(n, step=step), series, strict=True)):
        detector.learn_one(moment, value)
        if row in {n // 3, n - 1}:
            sizes.append(len(msgspec.msgpack.encode(detector.to_state())))
    assert sizes[1] <= 1.25 * sizes[0] + 1000
    assert sizes[1] <= 100_000


@pytest.mark.parametrize("invariant", [name for name in names() if fresh(name).invariant])
def test_unit_and_zero_do_not_matter(invariant: str) -> None:
    """Celsius or Fahrenheit, metres or feet: the same alerts at the same rarity (buckets are 5 % wide)."""
    moments, series = eventful(invariant)
    ours = run(fresh(invariant), moments, series)
    theirs = run(fresh(invariant), moments, [1000.0 + 7.3 * v for v in series])
    assert [s is not None and s.alert for s in ours] == [s is not None and s.alert for s in theirs]
    apart = [
        abs(math.log10(a.one_in) - math.log10(b.one_in))
        for a, b in zip(ours, theirs, strict=True)
        if a is not None and b is not None and a.one_in < 1e6
    ]
    assert np.quantile(apart, 0.99) < 0.15


def test_a_moment_is_a_moment_in_whatever_zone(name: str) -> None:
    from zoneinfo import ZoneInfo

    moments, series = eventful(name)
    local = [m.astimezone(ZoneInfo("Asia/Ho_Chi_Minh")) for m in moments]
    assert run(fresh(name), local, series) == run(fresh(name), moments, series)


@pytest.mark.parametrize("patient", sorted(set(names()) - {"limits"}))
def test_a_new_series_is_not_judged_at_once(patient: str) -> None:
    """A limit needs no history; everything else does."""
    assert run(fresh(patient), times(150), values(150, seed=1)) == [None] * 150
    assert fresh(patient).score_one(START + FIVE_MINUTES, 1e6) is None
