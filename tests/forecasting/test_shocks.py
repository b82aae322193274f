"""Shocks are gaps for whatever learns or judges; seasons are regressors of Prophet."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from forecasting import prophet_model
from forecasting.backtest import backtest
from forecasting.history import history_of
from forecasting.intervals import Errors
from forecasting.periods import ordinal
from forecasting.scale import Scale
from forecasting.seasons import season_regressors, share, span_of
from forecasting.shocks import hit, shocks_of
from ioc.catalog.load import load_catalog
from ioc.catalog.model import Season, Shock, Span
from tests.forecasting.making import indicator, seasonal, series

LOCKDOWN = Shock(id="gian-cach", name="Giãn cách", first=date(2021, 7, 9), last=date(2021, 9, 3))
SCHOOL = Season(
    id="school", name="Năm học", begins="09-05", ends="05-31",
    years=[Span(first=date(2019, 9, 5), last=date(2020, 7, 15))],
)  # fmt: skip
TOURISM = Season(id="tourism", name="Du lịch", begins="06-01", ends="08-31")


def test_every_period_that_shares_a_day_with_a_shock_is_hit() -> None:
    found = hit(series(np.ones(84), date(2020, 1, 1)), [LOCKDOWN])
    assert np.flatnonzero(found).tolist() == [18, 19, 20]  # July, August, September 2021
    assert not hit(series(np.ones(12), date(2023, 1, 1)), [LOCKDOWN]).any()
    assert not hit(series(np.ones(12), date(2010, 1, 1)), [LOCKDOWN]).any()
    days = hit(series(np.ones(100), date(2021, 7, 1), "D"), [LOCKDOWN])
    assert (np.flatnonzero(days)[0], days.sum()) == (8, 57)


def test_a_shock_is_of_all_or_of_the_named_indicators() -> None:
    own = Shock(id="a", name="a", first=date(2021, 1, 1), last=date(2021, 1, 2), indicators=["khach-du-lich"])
    assert shocks_of(indicator(), [LOCKDOWN, own]) == (LOCKDOWN,)
    assert shocks_of(indicator(id="khach-du-lich"), [LOCKDOWN, own]) == (LOCKDOWN, own)


def test_what_a_shock_did_changes_nothing_that_is_learnt() -> None:
    """Two pasts that differ only within the shock give the same paths, scores and intervals."""
    clean = seasonal(96)
    struck = clean.copy()
    struck[18:21] *= (0.1, 0.05, 0.3)
    pasts = [history_of(series(v), Scale("log", 0.0), tet=True, shocks=[LOCKDOWN]) for v in (clean, struck)]
    one, other = (backtest(past) for past in pasts)
    assert one.forecasts.keys() == other.forecasts.keys()
    for name in one.forecasts:
        np.testing.assert_array_equal(one.forecasts[name], other.forecasts[name])
    np.testing.assert_array_equal(one.actual, other.actual)
    bands = [Errors(r, "combined", p).bands(np.zeros(12)) for r, p in zip((one, other), pasts, strict=True)]
    np.testing.assert_array_equal(bands[0].high[0.95], bands[1].high[0.95])


def test_a_shock_within_a_tested_span_is_not_scored() -> None:
    late = Shock(id="bao", name="Bão", first=date(2027, 3, 1), last=date(2027, 3, 31))
    past = history_of(series(seasonal(96)), Scale("log", 0.0), tet=False, shocks=[late])
    assert np.isnan(backtest(past).actual[0]).sum() == 1


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(date(2020, 1, 1), date(2020, 6, 30), 6), (date(2027, 10, 1), date(2027, 12, 31), 3)],
)
def test_a_shock_at_an_end_leaves_a_forecast(first: date, last: date, expected: int) -> None:
    shock = Shock(id="dau", name="Đầu", first=first, last=last)
    past = history_of(series(seasonal(96)), Scale("log", 0.0), tet=True, shocks=[shock])
    assert np.isnan(past.z).sum() == expected
    assert np.isfinite(prophet_model.forecast(past, 12)).all()


def test_seasons_begin_and_end_as_decided() -> None:
    assert span_of(SCHOOL, 2023) == Span(first=date(2023, 9, 5), last=date(2024, 5, 31))
    assert span_of(SCHOOL, 2019).last == date(2020, 7, 15)
    assert share(TOURISM, ordinal(date(2025, 7, 1), "M"), "M") == 1.0
    assert share(SCHOOL, ordinal(date(2023, 9, 1), "M"), "M") == pytest.approx(26 / 30)
    assert share(SCHOOL, ordinal(date(2020, 7, 1), "M"), "M") == pytest.approx(15 / 31)
    assert share(SCHOOL, ordinal(date(2024, 2, 29), "D"), "D") == 1.0
    leap = Season(id="x", name="x", begins="02-01", ends="02-29")
    assert (span_of(leap, 2023).last, span_of(leap, 2024).last) == (date(2023, 2, 28), date(2024, 2, 29))


def test_a_months_regressor_is_how_a_year_differs_from_the_usual() -> None:
    start = ordinal(date(2019, 1, 1), "M")
    (found,) = season_regressors([SCHOOL], start, 36, "M").T
    assert np.flatnonzero(np.abs(found) > 1e-9).tolist() == [17, 18]  # June and July 2020
    assert found[17:19] == pytest.approx([1.0, 15 / 31])
    daily = season_regressors([SCHOOL, TOURISM], date(2024, 1, 1).toordinal(), 366, "D")
    assert daily.shape == (366, 2)
    assert daily.mean(axis=0) == pytest.approx([0.0, 0.0], abs=1e-12)


def test_prophet_learns_what_a_season_that_moved_did() -> None:
    """School until mid-July once: those weeks doubled, and a coming year that repeats it is forecast higher."""
    later = [Span(first=date(2023, 9, 5), last=date(2024, 7, 15)), Span(first=date(2025, 9, 5), last=date(2026, 7, 31))]
    moved = [*SCHOOL.years, *later]
    season = Season(id="school", name="Năm học", begins="09-05", ends="05-31", years=moved)
    start = ordinal(date(2016, 1, 1), "M")
    effect = 0.5 * season_regressors([season], start, 132, "M")[:, 0]
    values = seasonal(132, noise=0.01) * np.exp(effect)
    past = history_of(series(values[:120], date(2016, 1, 1)), Scale("log", 0.0), tet=False, seasons=[season])
    blind = history_of(series(values[:120], date(2016, 1, 1)), Scale("log", 0.0), tet=False)
    truth = np.log(values[120:])
    seen, unseen = prophet_model.forecast(past, 12), prophet_model.forecast(blind, 12)
    assert abs(seen[5] - truth[5]) < 0.12
    assert abs(unseen[5] - truth[5]) > 0.3
    assert past.until(100).extra is past.extra


def test_the_shipped_shocks_and_seasons() -> None:
    catalog = load_catalog()
    april = ordinal(date(2020, 4, 1), "M")
    for entry in catalog.indicators.values():
        marks = hit(series(np.ones(120), date(2018, 1, 1)), shocks_of(entry, catalog.shocks))
        assert marks[april - ordinal(date(2018, 1, 1), "M")]
        assert marks.sum() < 24
    assert set(catalog.seasons) == {"school", "tourism"}
