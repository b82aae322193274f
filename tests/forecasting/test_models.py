"""The competing models: hand-made answers, sanity, determinism."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import cmdstanpy
import numpy as np
import pytest

from forecasting import naive, prophet_model, ridge
from forecasting.calendar import regressors
from forecasting.candidates import CHOICES, MEMBERS, bounded, paths
from forecasting.periods import ordinal
from forecasting.series import Floats
from tests.forecasting.making import history, seasonal

Model = Callable[[Floats, int, int], Floats]


def test_seasonal_naive() -> None:
    assert naive.seasonal_naive(np.arange(6.0), 4, 6).tolist() == [2.0, 3.0, 4.0, 5.0, 2.0, 3.0]
    assert naive.seasonal_naive(np.arange(2.0), 4, 2).tolist() == [1.0, 1.0]


def test_yearly_growth_by_hand() -> None:
    """Growth .2 a year, always: G = .1, the rest .1 keeps r = 1 cut to .98, so .198 the first period ahead."""
    z = 0.05 * np.arange(16.0)
    path = naive.yearly_growth(z, 4, 5)
    assert path[0] == pytest.approx(z[12] + 0.1 + 0.1 * 0.98)
    assert path[4] == pytest.approx(path[0] + 0.1 + 0.1 * 0.98**5)


@pytest.mark.parametrize("model", [ridge.by_averages, ridge.by_lags])
def test_ridges_follow_season_and_growth(model: Model) -> None:
    z = np.log(seasonal(120, noise=0.02))
    truth = np.log(seasonal(132, noise=0.0))[120:]
    error = np.abs(model(z, 12, 12) - truth).mean()
    assert error < 0.6 * np.abs(naive.seasonal_naive(z, 12, 12) - truth).mean()


@pytest.mark.parametrize("model", [ridge.by_averages, ridge.by_lags, naive.yearly_growth])
@pytest.mark.parametrize("count", [2, 5, 13, 30])
@pytest.mark.parametrize("season", [1, 4, 12])
def test_a_constant_stays_constant_however_short(model: Model, count: int, season: int) -> None:
    assert model(np.full(count, 7.0), season, 6) == pytest.approx(np.full(6, 7.0))


def test_prophet_finds_trend_and_tet() -> None:
    start = ordinal(date(2014, 1, 1), "M")
    x = regressors(start, 120, "M") @ np.array([0.0, -0.3])
    past = history(seasonal(120, noise=0.02, growth=0.01) * np.exp(x), tet=True)
    fit = prophet_model.fit(past, 12)
    assert fit.trend[119] - fit.trend[107] == pytest.approx(0.12, abs=0.03)
    assert fit.tet[:120] == pytest.approx(x, abs=0.05)
    truth = np.log(seasonal(132, noise=0.0, growth=0.01)[120:]) + regressors(start + 120, 12, "M") @ np.array(
        [0.0, -0.3]
    )
    assert np.abs(fit.ahead - truth).mean() < 0.05


def test_prophet_says_nothing_and_leaves_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    def left() -> int:
        return sum(1 for _ in Path(cmdstanpy._TMPDIR).iterdir())

    past = history(seasonal(60))
    prophet_model.fit(past, 3)
    before = left()
    first, second = prophet_model.fit(past, 3), prophet_model.fit(past, 3)
    assert first.expected.tolist() == second.expected.tolist()
    assert left() == before
    assert capfd.readouterr() == ("", "")


def test_a_member_runs_once_and_the_median_is_theirs() -> None:
    past = history(seasonal(60))
    found = paths(past, 6, (*MEMBERS, "median"))
    assert found["median"].tolist() == np.median([found[name] for name in MEMBERS], axis=0).tolist()
    assert paths(past, 6, CHOICES)["median"].tolist() == found["median"].tolist()


def test_no_path_leaves_the_reach_of_the_past() -> None:
    past = history([1.0, np.e, 1.0, np.e])
    assert bounded(np.array([5.0, -5.0, np.nan]), past).tolist() == [2.0, -1.0, 1.0]
