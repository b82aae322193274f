"""Several sensors together: the promises of a detector, held for vectors; what it sees and what it leaves alone."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import msgspec
import numpy as np
import pytest

from models.joint import ABNORMAL, HOLD, WARM_UP, Joint, JointScore
from tests.models.made import FIVE_MINUTES, START, times

N, SENSORS = 3000, 4


def station(seed: int, n: int = N) -> np.ndarray:
    """Two twins, one that follows them loosely, one of its own; a daily course and noise that remembers, (n, 4)."""
    rng = np.random.default_rng(seed)
    day = np.sin(np.arange(n) / 288 * 2 * np.pi)
    common, own = sluggish(rng, n, 3.0), sluggish(rng, n, 3.0)
    first = 30 + 8 * day + common
    twin = 5 + 0.7 * first + rng.normal(0, 0.5, n)
    loose = 60 - 10 * day - 0.5 * common + sluggish(rng, n, 2.0)
    return np.round(np.column_stack([first, twin, loose, 10 + own]), 2)


def sluggish(rng: np.random.Generator, n: int, spread: float) -> np.ndarray:
    shocks = rng.normal(0, spread * math.sqrt(1 - 0.81), n)
    noise = np.zeros(n)
    for at in range(1, n):
        noise[at] = 0.9 * noise[at - 1] + shocks[at]
    return noise


def eventful() -> np.ndarray:
    """The twin leaves its twin; gaps in single sensors, a glitch, a constant."""
    values = station(1)
    values[700:760, 2] = np.nan
    values[900] = np.nan
    values[1000, 3] = 1e12
    values[1500:1520, 0] = math.inf
    values[2200:2400, 1] = values[2200, 1] - 8.0
    return values


def run(detector: Joint, values: np.ndarray, moments: list[datetime] | None = None) -> list[JointScore | None]:
    scores = []
    for moment, vector in zip(moments or times(len(values)), values, strict=True):
        scores.append(detector.score_one(moment, vector))
        detector.learn_one(moment, vector)
    return scores


def alerts(scores: list[JointScore | None]) -> list[tuple[int, JointScore]]:
    return [(at, score) for at, score in enumerate(scores) if score is not None and score.alert]


def same(one: list[JointScore | None], other: list[JointScore | None]) -> bool:
    return msgspec.msgpack.encode(one) == msgspec.msgpack.encode(other)


def test_a_twin_that_leaves_its_twin_is_named_and_told_once() -> None:
    found = alerts(run(Joint(SENSORS), eventful()))
    within = [score for at, score in found if 2200 <= at < 2400]
    assert len(within) == 1
    assert within[0].sensor in {0, 1}
    assert within[0].partners[0] == 1 - within[0].sensor
    assert not within[0].low <= within[0].mean <= within[0].high
    assert within[0].value >= ABNORMAL


def test_clean_stations_are_left_in_peace() -> None:
    assert sum(len(alerts(run(Joint(SENSORS), station(seed)))) for seed in range(10, 14)) <= 1, "six weeks together"


def test_scores_of_a_prefix_are_the_prefix_of_the_scores() -> None:
    whole = run(Joint(SENSORS), eventful())
    assert same(run(Joint(SENSORS), eventful()[:2300]), whole[:2300])


def test_scoring_changes_nothing() -> None:
    curious, values = Joint(SENSORS), eventful()
    seen = []
    for moment, vector in zip(times(N), values, strict=True):
        for odd in (np.full(SENSORS, 7.0), vector * 100, np.array([1.0, np.nan, np.nan, 2.0])):
            curious.score_one(moment, odd)
        seen.append(curious.score_one(moment, vector))
        curious.learn_one(moment, vector)
    assert same(seen, run(Joint(SENSORS), values))


def test_goes_on_exactly_after_being_carried_away() -> None:
    values, moments = eventful(), times(N)
    whole = run(Joint(SENSORS), values)
    for at in (3, 100, WARM_UP + 7, 1001, 2300):
        first, second = Joint(SENSORS), Joint(SENSORS)
        run(first, values[:at], moments[:at])
        second.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(first.to_state())))
        assert same(run(second, values[at : at + 600], moments[at : at + 600]), whole[at : at + 600])


def test_what_is_late_empty_or_no_number_is_neither_scored_nor_learnt() -> None:
    plain, bothered, values = Joint(SENSORS), Joint(SENSORS), station(2, 900)
    expected = run(plain, values)
    seen = []
    for moment, vector in zip(times(900), values, strict=True):
        for late in (moment - FIVE_MINUTES, START - timedelta(days=1)):
            if moment > START:
                assert bothered.score_one(late, vector) is None
                bothered.learn_one(late, vector)
        for nothing in ([None] * SENSORS, [math.nan, math.inf, -math.inf, 1e200]):
            assert bothered.score_one(moment, nothing) is None
            bothered.learn_one(moment, nothing)
        seen.append(bothered.score_one(moment, vector))
        bothered.learn_one(moment, vector)
    assert same(seen, expected)


def test_its_state_does_not_grow() -> None:
    detector, values = Joint(SENSORS), station(3)
    run(detector, values[:1500], times(1500))
    before = len(msgspec.msgpack.encode(detector.to_state()))
    run(detector, values[1500:], times(N)[1500:])
    assert len(msgspec.msgpack.encode(detector.to_state())) < 1.5 * before < 60_000


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_units_do_not_matter(scale: float) -> None:
    values = station(4, 1500)
    values[1200:, 1] -= 10.0
    plain, scaled = run(Joint(SENSORS), values), run(Joint(SENSORS), values * scale)
    assert [at for at, _ in alerts(scaled)] == [at for at, _ in alerts(plain)]
    assert alerts(plain)
    for one, other in zip(plain[WARM_UP:], scaled[WARM_UP:], strict=True):
        assert one is not None
        assert other is not None
        assert other.value == pytest.approx(one.value, rel=1e-6)


def test_constant_copied_and_absent_sensors_are_no_harm() -> None:
    values = station(5)
    constant, copy, absent = np.full(N, 3.0), values[:, 0].copy(), np.full(N, np.nan)
    scores = run(Joint(SENSORS + 3), np.column_stack([values, constant, copy, absent]))
    later = [score for score in scores if score is not None]
    assert len(later) == N - WARM_UP
    assert all(math.isfinite(score.value) and math.isnan(score.sizes[-1]) for score in later)
    assert len(alerts(scores)) <= 1


def test_a_lasting_change_becomes_usual_in_the_end() -> None:
    values = station(6, N)
    values[1200:, 1] -= 10.0
    scores = run(Joint(SENSORS), values)
    abnormal = [at for at, score in enumerate(scores) if score is not None and score.value >= ABNORMAL]
    assert abnormal[0] < 1230
    assert 1200 + HOLD / 2 < abnormal[-1] < N - 300, "it is held, and then it is learnt"


def test_a_glitch_does_not_blind_it() -> None:
    values = station(7, 1500)
    values[600, 0] = 1e9
    values[1000:, 1] -= 10.0
    assert any(1000 <= at < 1060 for at, _ in alerts(run(Joint(SENSORS), values)))


def test_after_a_gap_it_begins_with_an_empty_window() -> None:
    values, moments = station(8, 1500), times(1500)
    moments[1200:] = [moment + timedelta(days=3) for moment in moments[1200:]]
    scores = run(Joint(SENSORS), values, moments)
    assert scores[1199] is not None
    assert scores[1200] is None, "a mean over one point says nothing"
    assert scores[1210] is not None
    assert not alerts(scores[1195:1300])
