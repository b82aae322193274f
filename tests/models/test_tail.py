"""The tail's quantiles and rarities against numpy and the distributions themselves."""

from __future__ import annotations

import math

import numpy as np
import pytest

from models.base import RAREST
from models.tail import CLIP_EXCESSES, CLIP_HOLD, HALVE_AT, LAST, Tail

N = 20_000


def learnt(scores: np.ndarray) -> Tail:
    tail = Tail()
    for score in scores.tolist():
        tail.learn(score)
    return tail


def exponential() -> np.ndarray:
    return np.random.default_rng(1).exponential(2.5, N)


def test_the_tail_begins_where_a_fifth_lies_above() -> None:
    for scores in (
        exponential(),
        np.abs(np.random.default_rng(2).normal(0, 3, N)),
        np.random.default_rng(3).gamma(4, 2, N),
    ):
        assert learnt(scores).start == pytest.approx(np.quantile(scores, 0.8), rel=0.05)  # a bucket is 5 % wide


@pytest.mark.parametrize("share", [0.2, 0.1, 0.05, 0.01, 0.001])
def test_quantiles_of_an_exponential_are_its_own(share: float) -> None:
    assert learnt(exponential()).quantile(share) == pytest.approx(-2.5 * math.log(share), rel=0.05)


@pytest.mark.parametrize("share", [0.2, 0.1, 0.05])
def test_quantiles_of_other_tails_are_numpys(share: float) -> None:
    rng = np.random.default_rng(4)
    for scores in (np.abs(rng.normal(0, 3, N)), rng.gamma(4, 2, N), rng.uniform(0, 1, N)):
        assert learnt(scores).quantile(share) == pytest.approx(np.quantile(scores, 1 - share), rel=0.06)


@pytest.mark.parametrize("one_in", [10.0, 100.0, 1000.0, 100_000.0])
def test_rarity_of_an_exponential_is_its_own(one_in: float) -> None:
    found = learnt(exponential()).one_in(2.5 * math.log(one_in))
    assert math.log10(found) == pytest.approx(math.log10(one_in), abs=0.12)


def test_rarity_below_the_tail_is_the_rank() -> None:
    tail = learnt(np.random.default_rng(5).uniform(0, 1, N))
    for score in (0.1, 0.4, 0.7):
        assert tail.one_in(score) == pytest.approx(1 / (1 - score), rel=0.08)


def test_rarity_never_falls_as_the_score_rises() -> None:
    tail = learnt(exponential()[:500])
    rarities = [tail.one_in(score) for score in np.linspace(0, 60, 2000)]
    assert rarities == sorted(rarities)
    assert rarities[0] == 1.0
    assert rarities[-1] == RAREST


def test_mean_excess_is_that_of_the_scores_kept() -> None:
    scores = exponential()[:3000]
    tail = learnt(scores)
    above = scores[scores > tail.start]
    assert tail.mean_excess == pytest.approx((above - tail.start).mean(), rel=0.02)


def test_one_glitch_does_not_blind() -> None:
    rng = np.random.default_rng(6)
    scores = rng.exponential(2.5, 1000)
    clean, hit = learnt(scores), learnt(np.insert(scores, 500, 1e30))
    assert hit.mean_excess < 1.5 * clean.mean_excess
    several = learnt(np.insert(scores, 500, np.full(CLIP_HOLD, 1e30)))
    assert several.mean_excess == hit.mean_excess


def test_a_new_regime_is_learnt_all_the_same() -> None:
    rng = np.random.default_rng(7)
    tail = learnt(np.concatenate([rng.exponential(1.0, 1000), 500.0 + rng.exponential(1.0, 3000)]))
    assert tail.one_in(501.0) < 20


def test_what_counts_at_most_is_said_beforehand() -> None:
    tail = learnt(exponential()[:100])
    most = tail.most()
    assert most == tail.start + CLIP_EXCESSES * tail.mean_excess
    assert Tail().most() == math.inf


def test_zeros_ties_and_extremes() -> None:
    tail = learnt(np.zeros(1000))
    assert tail.one_in(0.0) <= 5.0
    assert tail.one_in(1.0) == RAREST
    assert tail.one_in(0.1, least_excess=1.0) < 1e4  # a step of the instrument is no event
    for score in (1e150, 1e-300, 0.0, 7.0, 7.0):
        tail.learn(score)
    assert math.isfinite(tail.mean_excess)
    assert len(tail.to_state()["counts"]) <= 2 * LAST + 1


def test_old_scores_fade() -> None:
    tail = Tail()
    for _ in range(HALVE_AT + 10):
        tail.learn(1.0)
    assert HALVE_AT / 2 <= tail.seen < HALVE_AT
    state = tail.to_state()
    assert sum(state["counts"]) == pytest.approx(tail.seen)
