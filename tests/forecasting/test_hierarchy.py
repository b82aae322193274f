"""Parts and their sum: forecasts that add up, are unbiased, never negative, and stay as they are where they agree."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from forecasting import job
from forecasting.hierarchy import covariance, moved, reconciled, summing
from forecasting.series import Floats
from ioc.catalog.load import load_catalog
from ioc.catalog.model import Area, Catalog
from tests.forecasting.making import NOW, forecast, indicator, rows, seasonal

PARENTS = {"38": "", "d1": "38", "d2": "38", "c1": "d1", "c2": "d1", "c3": "d1"}
AREAS, LEAVES, MATRIX = summing(PARENTS)
OWN = [AREAS.index(leaf) for leaf in LEAVES]


def weights(seed: int, count: int = 40) -> Floats:
    rng = np.random.default_rng(seed)
    return covariance(rng.normal(0, 1, (count, len(AREAS))) * rng.uniform(0.5, 20, len(AREAS)))


def test_the_summing_matrix() -> None:
    assert (AREAS, LEAVES) == (["38", "c1", "c2", "c3", "d1", "d2"], ["c1", "c2", "c3", "d2"])
    assert MATRIX.astype(int).tolist() == [[1, 1, 1, 1], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [1, 1, 1, 0], [0, 0, 0, 1]]  # fmt: skip
    assert summing({"a": "b", "b": "a"})[2].shape == (2, 0)  # a circle has no parts


@settings(max_examples=60, deadline=None)
@given(arrays(np.float64, (len(AREAS), 3), elements=st.floats(-50, 1000)), st.integers(0, 50))
def test_reconciled_forecasts_add_up_and_are_never_negative(base: Floats, seed: int) -> None:
    found = reconciled(base, MATRIX, weights(seed))
    assert found.min() >= 0.0
    np.testing.assert_allclose(MATRIX @ found[OWN], found, atol=1e-6 * max(np.abs(found).max(), 1.0))
    again = reconciled(found, MATRIX, weights(seed))
    np.testing.assert_allclose(again, found, atol=1e-6 * max(np.abs(found).max(), 1.0))


@settings(max_examples=30, deadline=None)
@given(arrays(np.float64, (len(LEAVES), 3), elements=st.floats(0, 1000)), st.integers(0, 50))
def test_forecasts_that_agree_stay_exactly_as_they_are(parts: Floats, seed: int) -> None:
    base = MATRIX @ parts
    np.testing.assert_array_equal(reconciled(base, MATRIX, weights(seed)), base)


def test_unbiased_forecasts_stay_unbiased_and_err_less() -> None:
    """4,000 base forecasts whose errors are known: the mean error stays nothing, the mean square falls everywhere."""
    rng = np.random.default_rng(8)
    truth = MATRIX @ np.array([300.0, 200, 400, 500])
    spread = np.array([60.0, 10, 30, 20, 50, 40])
    errors = rng.normal(0, 1, (4000, len(AREAS))) * spread
    base = (truth + errors).T
    found = reconciled(base, MATRIX, np.diag(spread**2)) - truth[:, None]
    assert np.abs(found.mean(axis=1)).max() < 3
    assert (np.square(found).mean(axis=1) < np.square(errors).mean(axis=0)).all()


def test_the_least_squares_is_the_formula_of_mint() -> None:
    rng = np.random.default_rng(2)
    base, w = rng.uniform(100, 900, (len(AREAS), 4)), weights(2)
    inverse = np.linalg.inv(w)
    expected = MATRIX @ np.linalg.solve(MATRIX.T @ inverse @ MATRIX, MATRIX.T @ inverse @ base)
    np.testing.assert_allclose(reconciled(base, MATRIX, w, signed=True), expected)


def test_signed_parts_may_be_negative() -> None:
    base = np.array([[-5.0], [3.0], [-6.0], [1.0], [-2.0], [-3.5]])
    assert reconciled(base, MATRIX, np.eye(6), signed=True).min() < 0 <= reconciled(base, MATRIX, np.eye(6)).min()


@pytest.mark.parametrize("count", [0, 2, 5, 60])
def test_the_covariance_is_positive_definite_whatever_is_known(count: int) -> None:
    errors = np.random.default_rng(1).normal(0, 1, (count, 6)) * np.array([1, 10, 0, 5, 1e5, 2])
    found = covariance(np.vstack([errors, np.full((1, 6), np.nan)]))
    np.linalg.cholesky(found)
    assert np.isfinite(found).all()
    if count < 4:
        assert (found == np.diag(np.diag(found))).all()


def test_correlations_are_shrunk_the_more_the_fewer_errors_are_known() -> None:
    rng = np.random.default_rng(4)
    common = rng.normal(0, 1, (2000, 1))
    errors = common + 0.5 * rng.normal(0, 1, (2000, 6))  # correlation .8
    few, many = covariance(errors[:8]), covariance(errors)
    assert many[0, 1] / np.sqrt(many[0, 0] * many[1, 1]) == pytest.approx(0.8, abs=0.05)
    assert 0 < few[0, 1] / np.sqrt(few[0, 0] * few[1, 1]) < np.corrcoef(errors[:8].T)[0, 1]


def test_an_interval_goes_along_with_its_forecast() -> None:
    base, found = np.array([100.0, 0.0, 50.0]), np.array([110.0, 5.0, 0.0])
    assert moved(np.array([80.0, -1.0, 40.0]), base, found) == pytest.approx([88.0, 4.0, 0.0])


PROVINCE = Catalog(
    [],
    [Area(code="38", name="Tỉnh", level="province", lat=0, lon=0)]
    + [Area(code=f"1000{n}", name=f"Xã {n}", level="commune", parent="38", lat=0, lon=0) for n in range(3)],
    [indicator(), indicator(id="ty-le", aggregate="mean")],
    [],
)


def published(name: str, *, gap: float = 0.0) -> list[job.Row]:
    """Three communes that differ, and the province as their sum."""
    parts = {f"1000{n}": seasonal(40, seed=n, noise=0.12) * (1 + n) for n in range(3)}
    every = parts | {"38": np.sum(list(parts.values()), axis=0) * (1 + gap)}
    return [row for area, values in every.items() for row in rows(values, date(2023, 1, 1), indicator=name, area=area)]


def apart(found: list[job.Outcome]) -> float:
    """How far the communes' sum lies from the province, at most."""
    values = {outcome.key[1]: np.array([f.value for f in outcome.forecasts]) for outcome in found}
    parts = np.sum([v for area, v in values.items() if area != "38"], axis=0)
    return float(np.abs(parts / values["38"] - 1).max())


def changed(name: str) -> set[str]:
    """Areas to forecast when one commune's value was revised."""
    values = published(name)
    done = {task.key: task.fingerprint for task in job.tasks(values, {}, PROVINCE, NOW)}
    revised = [
        r._replace(value=r.value * 1.2) if r.area == "10001" and r.period == date(2026, 4, 1) else r for r in values
    ]
    return {task.key[1] for task in job.tasks(revised, {}, PROVINCE, NOW, memory=job.Memory(done))}


def test_communes_and_province_agree_with_their_intervals_and_years() -> None:
    found = list(forecast(published("xuat-khau"), {}, PROVINCE, NOW))
    assert apart(found) < 1e-9
    for f in (f for outcome in found for f in outcome.forecasts):
        assert 0 <= f.low95 <= f.low80 <= f.value <= f.high80 <= f.high95
    years = {o.key[1]: o.outlook.expected for o in found if o.outlook}
    assert sum(v for area, v in years.items() if area != "38") == pytest.approx(years["38"])


@pytest.mark.parametrize(("name", "gap"), [("xuat-khau", 0.05), ("ty-le", 0.0)])
def test_what_never_added_up_and_what_is_no_sum_stay_apart(name: str, gap: float) -> None:
    assert apart(list(forecast(published(name, gap=gap), {}, PROVINCE, NOW))) > 1e-3


def test_when_one_commune_changes_all_that_must_agree_are_forecast_again() -> None:
    assert changed("xuat-khau") == {"10000", "10001", "10002", "38"}
    assert changed("ty-le") == {"10001"}


def test_communes_of_the_shipped_catalogue_are_below_the_province() -> None:
    from forecasting.areas import above

    areas = load_catalog(None).areas
    assert above("38", areas, date(2026, 1, 1)) == ()
    commune = next(a for a in areas if a.level == "commune")
    assert above(commune.code, areas, date(2026, 1, 1)) == ("38",)
    assert above(commune.code, areas, date(2020, 1, 1)) == ()  # there was no such commune then
