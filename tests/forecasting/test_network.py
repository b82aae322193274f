"""The network that learnt from imagined series, and the series it learnt from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from forecasting.imagined import imagine
from forecasting.naive import seasonal_naive
from forecasting.network import AHEAD, PAST, SEASON, WEIGHTS, Network, learnt, network, normalised
from forecasting.series import Floats
from forecasting.training import batch, save, train

MOST_BYTES = 4 << 20  # of what ships


def course(count: int, *, noise: float = 0.0) -> Floats:
    times = np.arange(count)
    drawn = np.random.default_rng(4).normal(0.0, noise, count) if noise else 0.0
    return np.asarray(0.02 * times + np.sin(2 * np.pi * times / SEASON) + drawn)


def test_a_clear_course_goes_on() -> None:
    z = course(10 * SEASON)
    past = z[: 8 * SEASON]
    error = np.abs(learnt(past, SEASON, SEASON) - z[len(past) :][:SEASON]).mean()
    assert error < 0.35 * np.abs(seasonal_naive(past, SEASON, SEASON) - z[len(past) :][:SEASON]).mean() + 0.03


def test_it_forecasts_better_than_last_season() -> None:
    """On series like those it learnt from, which it has not seen."""
    seen = imagine(np.random.default_rng(77), 400, SEASON, PAST, AHEAD)
    normal = normalised(seen.past, seen.known)
    ours = np.array([learnt(z[k], SEASON, AHEAD) for z, k in zip(seen.past.astype(float), seen.known, strict=True)])
    naive = np.array([seasonal_naive(z, SEASON, AHEAD) for z in seen.past])
    errors = [(np.abs(path - seen.ahead).mean(axis=1) / normal.size).mean() for path in (ours, naive)]
    assert errors[0] < 0.6 * errors[1]


@pytest.mark.parametrize("length", [2, 1, 0.6])
def test_unit_and_zero_do_not_matter(length: float) -> None:
    z = course(int(length * PAST), noise=0.3)
    found = learnt(z, SEASON, 2 * SEASON)
    assert learnt(1e6 * z - 3e7, SEASON, 2 * SEASON) == pytest.approx(1e6 * found - 3e7, rel=1e-3)
    assert learnt(z, SEASON, 2 * SEASON).tolist() == found.tolist()


def test_it_looks_as_far_as_anybody_asks() -> None:
    z = course(60, noise=0.3)
    far = learnt(z, SEASON, 3 * AHEAD + 1)
    assert len(far) == 3 * AHEAD + 1
    assert far[:AHEAD].tolist() == learnt(z, SEASON, AHEAD).tolist()
    assert np.abs(far).max() < 100


def test_what_stands_still_goes_on_standing() -> None:
    assert learnt(np.full(60, 5e3), SEASON, 2 * SEASON) == pytest.approx(np.full(2 * SEASON, 5e3), rel=1e-6)


def test_another_season_is_refused() -> None:
    with pytest.raises(ValueError, match="12 periods, not 4"):
        learnt(course(60), 4, 4)


def test_too_short_is_last_season_again() -> None:
    z = course(17, noise=0.3)
    assert learnt(z, 12, 12).tolist() == seasonal_naive(z, 12, 12).tolist()
    assert learnt(course(18, noise=0.3), 12, 12).tolist() != seasonal_naive(course(18, noise=0.3), 12, 12).tolist()


def test_what_is_not_known_is_not_looked_at() -> None:
    past, known = np.random.default_rng(1).normal(size=(2, 96)), np.ones((2, 96), np.bool_)
    past[1, 60:], known[:, :60] = past[0, 60:], False
    one, other = normalised(past, known).inputs
    assert one.tolist() == other.tolist()


def test_what_ships_is_small_and_has_the_shape_that_is_said() -> None:
    weights = network().weights
    assert weights["skip"].shape == (2 * PAST, AHEAD)
    assert all(np.isfinite(value).all() for value in weights.values())
    assert WEIGHTS.stat().st_size < MOST_BYTES


def test_imagined_series_are_the_same_again_and_of_many_kinds() -> None:
    seen, again = (imagine(np.random.default_rng(5), 500, SEASON, PAST, AHEAD) for _ in range(2))
    assert seen.past.tobytes() == again.past.tobytes()
    assert seen.ahead.tobytes() == again.ahead.tobytes()
    assert np.isfinite(seen.past).all()
    assert np.isfinite(seen.ahead).all()
    lengths = seen.known.sum(axis=1)
    assert lengths.min() >= 1.5 * SEASON
    assert (lengths == PAST).mean() == pytest.approx(0.5, abs=0.1)
    assert seen.known[:, -1].all()
    normal = normalised(seen.past, seen.known)
    growth = (seen.past[:, -SEASON:].mean(axis=1) - seen.past[:, :SEASON].mean(axis=1)) / normal.size
    assert (growth > 5).mean() > 0.1
    assert (growth < -5).mean() > 0.1


def test_what_follows_holds_no_surprise() -> None:
    """What is imagined ahead wavers less from season to season than the noisy past does."""
    seen = imagine(np.random.default_rng(5), 500, 12, 96, 24)
    size = normalised(seen.past, seen.known).size[:, None]

    def roughness(values: Floats) -> float:
        return float(np.median(np.abs(np.diff(values[:, 12:] - values[:, :-12], axis=1)) / size))

    assert roughness(seen.ahead) < 0.1 * roughness(seen.past)


def test_training_learns_and_is_the_same_again(tmp_path: Path) -> None:
    told: list[tuple[int, float]] = []
    first = train(30, 32, lambda *step: told.append(step))
    again = train(30, 32, lambda *_: None)
    assert [number for number, _ in told] == list(range(1, 31))
    assert all(first[name].tobytes() == again[name].tobytes() for name in first)
    path = tmp_path / "months.npz"
    save(first, path)
    with np.load(path) as file:
        loaded = Network({name: file[name].astype(np.float32) for name in file.files})
    inputs, targets = batch(999)
    assert loaded(inputs).shape == targets.shape
    assert np.abs(loaded(inputs) - targets).mean() < np.abs(targets).mean()
