"""The robust ridge: as scikit-learn's where nothing is robust about it, and bent less by an outlier."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import RidgeCV

from forecasting.regression import _PENALTIES, Steps, _ridge
from forecasting.series import Floats


def made(rows: int = 60, columns: int = 5, seed: int = 2) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    inputs = rng.normal(0.0, 1.0, (rows, columns))
    return inputs, inputs @ np.arange(1.0, columns + 1) + 3.0 + rng.normal(0.0, 4.0, rows)


@pytest.mark.parametrize("seed", range(5))
def test_one_fit_is_scikit_learns(seed: int) -> None:
    inputs, steps = made(seed=seed)
    theirs = RidgeCV(alphas=_PENALTIES).fit(inputs, steps)
    coefficients, intercept = _ridge(inputs, steps, np.ones(len(steps)), averaged=False)
    assert coefficients == pytest.approx(theirs.coef_)
    assert intercept == pytest.approx(theirs.intercept_)


def test_weights_are_repetitions() -> None:
    inputs, steps = made()
    weights = np.where(np.arange(len(steps)) % 3 == 0, 2.0, 1.0)
    often = np.repeat(np.arange(len(steps)), weights.astype(int))
    weighted = _ridge(inputs, steps, weights, averaged=True)
    repeated = _ridge(inputs[often], steps[often], np.ones(len(often)), averaged=True)
    assert weighted[0] == pytest.approx(repeated[0])
    assert weighted[1] == pytest.approx(repeated[1])


def test_an_outlier_bends_it_little() -> None:
    inputs, steps = made()
    dirty = steps.copy()
    dirty[7] += 500.0
    row, ones = np.ones(5), np.ones(len(steps))
    clean = Steps(inputs, steps, ones).next(row)
    assert Steps(inputs, dirty, ones).next(row) == pytest.approx(clean, rel=0.15)
    plain, intercept = _ridge(inputs, dirty, ones, averaged=False)
    assert abs(plain @ row + intercept - clean) > 0.15 * abs(clean)


def test_no_step_is_larger_than_three_deviations_of_the_past() -> None:
    inputs, steps = made()
    model = Steps(inputs, steps, np.ones(len(steps)))
    assert model.next(np.full(5, 1e6)) == pytest.approx(3.0 * steps.std())
    assert model.next(np.full(5, -1e6)) == pytest.approx(-3.0 * steps.std())


def test_columns_that_never_move_say_nothing() -> None:
    inputs, steps = made()
    padded = np.column_stack([inputs, np.full(len(steps), 4.0)])
    ones = np.ones(len(steps))
    assert Steps(padded, steps, ones).next(np.array([1.0] * 5 + [4.0])) == pytest.approx(
        Steps(inputs, steps, ones).next(np.ones(5))
    )
