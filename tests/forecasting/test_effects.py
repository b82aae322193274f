"""Effects of Tết and holidays: found where they are planted, believed little where little was seen."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from forecasting.calendar import day_kinds, regressors
from forecasting.effects import PRIOR_MEAN, PRIOR_SD, learn_days, learn_shares
from forecasting.periods import first_days, ordinal
from forecasting.seasonal import fill, profile
from tests.forecasting.making import seasonal

START = ordinal(date(2010, 1, 1), "M")


@pytest.mark.parametrize("planted", [(0.1, -0.3), (-0.2, 0.05)])
def test_a_planted_effect_is_found(planted: tuple[float, float]) -> None:
    z = np.log(seasonal(180, noise=0.02)) + regressors(START, 180, "M") @ np.array(planted)
    effect = learn_shares(z, START, "M", prior=True)
    assert effect.beta == pytest.approx(planted, abs=0.05)
    assert np.abs(effect.adjusted - np.log(seasonal(180, noise=0.02))).max() < 0.04
    path = effect.onto(np.zeros(12))
    assert path == pytest.approx(regressors(START + 180, 12, "M") @ np.array(planted), abs=0.03)


def test_an_outlier_does_not_make_an_effect() -> None:
    z = np.log(seasonal(180, noise=0.02)) + regressors(START, 180, "M") @ np.array([0.0, -0.2])
    z[61] -= 2.0  # one February
    assert learn_shares(z, START, "M", prior=True).beta[1] == pytest.approx(-0.2, abs=0.06)


def test_a_short_history_keeps_near_what_other_series_show() -> None:
    short = [np.log(seasonal(26, noise=0.1, seed=seed)) for seed in range(30)]
    betas = np.array([learn_shares(z, START, "M", prior=True).beta for z in short])
    assert (betas.std(axis=0) < PRIOR_SD).all()
    assert betas.mean(axis=0)[1] < PRIOR_MEAN[1] / 2  # the series themselves say nothing: 0
    assert learn_shares(short[0][:6], START, "M", prior=True).beta.tolist() == PRIOR_MEAN.tolist()


def test_without_a_known_scale_nothing_is_assumed() -> None:
    assert learn_shares(np.zeros(6), START, "M", prior=False).beta.tolist() == [0.0, 0.0]


def days(begin: date, count: int) -> list[date]:
    return first_days(range(begin.toordinal(), begin.toordinal() + count), "D")


def test_closed_days_are_forecast_closed() -> None:
    past, ahead = days(date(2024, 3, 1), 300), days(date(2024, 12, 26), 60)  # has seen holidays, but no Tết
    kinds = day_kinds(past)
    z = np.sqrt([0.0 if d.weekday() >= 5 or k == "holiday" else 400.0 for d, k in zip(past, kinds, strict=True)])
    effect = learn_days(z, kinds, day_kinds(ahead), relative=False)
    path = effect.onto(np.full(60, 20.0))
    assert path[ahead.index(date(2025, 1, 1))] == pytest.approx(0.0, abs=8.0)
    assert path[ahead.index(date(2025, 1, 29))] == pytest.approx(0.0, abs=8.0)
    assert path[ahead.index(date(2025, 2, 20))] == 20.0
    assert effect.adjusted[past.index(date(2024, 9, 2))] == pytest.approx(20.0, abs=1.0)


def test_a_difference_of_logarithms_is_found() -> None:
    past = days(date(2022, 1, 1), 900)
    kinds = day_kinds(past)
    z = np.array([5.0 + 0.1 * (d.weekday() < 5) - 0.4 * (k == "tet_off") for d, k in zip(past, kinds, strict=True)])
    effect = learn_days(z, kinds, [], relative=True)
    assert effect.by_kind["tet_off"] == pytest.approx(-0.4, abs=0.08)
    assert effect.by_kind["before_tet"] == pytest.approx(0.0, abs=0.02)


def test_gaps_are_filled_by_the_season() -> None:
    z = np.tile([0.0, 5.0, 1.0, 3.0], 8)
    holes = z.copy()
    holes[[5, 6, 17, 31]] = np.nan
    assert fill(holes, 4) == pytest.approx(z, abs=0.8)
    assert profile(z, 4) == pytest.approx(np.array([0.0, 5.0, 1.0, 3.0]) - 2.25)
    assert profile(z[:6], 4).tolist() == [0.0] * 4
