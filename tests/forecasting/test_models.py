"""The competing models: hand-made answers, sanity, determinism."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import cmdstanpy
import numpy as np
import pytest

from forecasting import naive, prophet_model, ridge, smoothing
from forecasting.calendar import regressors
from forecasting.candidates import MEMBERS, bounded, choices, members, paths
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


RIDGES = [ridge.by_averages, ridge.by_averages_cleaned, ridge.by_averages_of_values, ridge.by_lags]
SMOOTHINGS = [smoothing.complex_smoothing, smoothing.seasonal_trend]


@pytest.mark.parametrize("model", [*RIDGES, *SMOOTHINGS])
def test_models_follow_season_and_growth(model: Model) -> None:
    z = np.log(seasonal(120, noise=0.02))
    truth = np.log(seasonal(132, noise=0.0))[120:]
    error = np.abs(model(z, 12, 12) - truth).mean()
    assert error < 0.6 * np.abs(naive.seasonal_naive(z, 12, 12) - truth).mean()


@pytest.mark.parametrize("model", [*RIDGES, *SMOOTHINGS, smoothing.smoothings, naive.yearly_growth])
@pytest.mark.parametrize("count", [2, 5, 13, 30])
@pytest.mark.parametrize("season", [1, 4, 12])
def test_a_constant_stays_constant_however_short(model: Model, count: int, season: int) -> None:
    assert model(np.full(count, 7.0), season, 6) == pytest.approx(np.full(6, 7.0))
    assert model(np.zeros(count), season, 6) == pytest.approx(np.zeros(6))


@pytest.mark.parametrize("model", [*RIDGES, *SMOOTHINGS, smoothing.smoothings])
@pytest.mark.parametrize("count", [3, 6, 9, 14, 26])
def test_short_and_negative_series_get_finite_paths(model: Model, count: int) -> None:
    z = np.random.default_rng(count).normal(-3.0, 2.0, count)
    for season in (1, 4, 12):
        assert np.isfinite(model(z, season, 8)).all()


@pytest.mark.parametrize("model", [*RIDGES, *SMOOTHINGS, smoothing.smoothings])
def test_another_unit_gives_the_same_forecast(model: Model) -> None:
    y = seasonal(90, noise=0.05)
    assert model(1e-4 * y, 12, 12) == pytest.approx(1e-4 * model(y, 12, 12), rel=1e-3)


def test_where_zero_lies_does_not_matter_to_complex_smoothing() -> None:
    """On a logarithm another unit is another zero."""
    z = np.log(seasonal(90, noise=0.05))
    assert smoothing.complex_smoothing(z - 7.0, 12, 12) == pytest.approx(
        smoothing.complex_smoothing(z, 12, 12) - 7.0, abs=1e-4
    )


def test_a_series_that_no_smoothing_can_fit_gets_the_seasonal_naive() -> None:
    z = np.array([1.0, 2.0, 3.0, 4.0])
    for model in (*SMOOTHINGS, smoothing.smoothings):
        assert model(z, 4, 4) == pytest.approx(z)


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


def test_a_member_runs_once_and_the_combination_is_halfway_from_their_median_to_the_network() -> None:
    past = history(seasonal(60))
    found = paths(past, 6, (*members(past), "network", "combined"))
    median = np.median([found[name] for name in members(past)], axis=0)
    assert found["combined"].tolist() == ((median + found["network"]) / 2).tolist()
    assert paths(past, 6, choices(past))["combined"].tolist() == found["combined"].tolist()
    given = paths(past, 6, ("combined",), {name: np.full(6, 7.0) for name in (*members(past), "network")})
    assert given["combined"].tolist() == [7.0] * 6


def test_no_network_where_it_does_not_know_the_season() -> None:
    for frequency in ("D", "W", "Q", "Y"):
        past = history(seasonal(160), frequency=frequency)
        found = paths(past, 6, (*members(past), "combined"))
        assert found["combined"].tolist() == np.median([found[name] for name in members(past)], axis=0).tolist()


def test_prophet_is_a_member_only_where_the_calendar_matters() -> None:
    """Elsewhere its fit costs more than all others together and adds nothing."""
    values = seasonal(60)
    assert "prophet-tet" in members(history(values, tet=True))
    assert "prophet-tet" not in members(history(values, tet=False))
    assert "prophet-tet" not in members(history(values, frequency="Q", tet=True))
    assert "prophet-tet" not in choices(history(values, tet=False))


def test_days_that_wander_like_prices_are_only_smoothed() -> None:
    rng = np.random.default_rng(5)
    prices = history(100.0 * np.exp(np.cumsum(rng.normal(0.0, 0.01, 400))), frequency="D")
    dossiers = history(100.0 + 20.0 * (np.arange(400) % 7 < 5) + rng.normal(0.0, 5.0, 400), frequency="D")
    assert members(prices) == ("smoothings",)
    assert "seasonal-trend" in members(dossiers)


def test_members_on_values_stay_in_reach_of_a_logarithm() -> None:
    """A steep fall of the values would cross zero, where a logarithm ends."""
    past = history(np.linspace(100.0, 1.0, 40), frequency="Q")
    for name in ("ridge-values", "seasonal-trend", "smoothings"):
        assert np.isfinite(MEMBERS[name](past, 8)).all()


def test_no_path_leaves_the_reach_of_the_past() -> None:
    past = history([1.0, np.e, 1.0, np.e])
    assert bounded(np.array([5.0, -5.0, np.nan]), past).tolist() == [2.0, -1.0, 1.0]
