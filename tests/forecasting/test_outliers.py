"""Outliers: what goes, and what stays because it may mean something."""

from __future__ import annotations

import numpy as np

from forecasting.outliers import cleaned
from forecasting.seasonal import significant
from tests.forecasting.making import seasonal

Z = np.log(seasonal(96, noise=0.06))


def test_a_single_outlier_goes_and_nothing_else() -> None:
    dirty = Z.copy()
    dirty[50] += 1.0
    mended = cleaned(dirty, 12)
    assert abs(mended[50] - Z[50]) < 0.25
    assert np.delete(mended, 50).tolist() == np.delete(dirty, 50).tolist()


def test_the_last_point_stays() -> None:
    dirty = Z.copy()
    dirty[-1] += 1.0
    assert cleaned(dirty, 12)[-1] == dirty[-1]


def test_what_comes_every_year_stays() -> None:
    dirty = Z.copy()
    dirty[[13, 25, 37]] += 1.0
    assert cleaned(dirty, 12).tolist() == dirty.tolist()


def test_a_series_full_of_jumps_is_left_alone() -> None:
    jumpy = Z.copy()
    jumpy[np.arange(5, 95, 9)] += 1.0
    assert cleaned(jumpy, 1).tolist() == jumpy.tolist()


def test_short_and_constant_series_are_left_alone() -> None:
    assert cleaned(Z[:6], 12).tolist() == Z[:6].tolist()
    assert cleaned(np.ones(40), 12).tolist() == [1.0] * 40


def test_a_season_shows_only_where_there_is_one() -> None:
    noise = np.random.default_rng(1).normal(0.0, 1.0, 96)
    assert significant(Z, 12)
    assert not significant(noise, 12)
    assert not significant(Z[:30], 12)
    assert not significant(np.ones(96), 12)
    assert not significant(Z, 1)
