"""What a task's values become before the models, and what its forecasts become after: cumulative, struck and short series."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from forecasting import job
from forecasting.history import history_of
from forecasting.job import Target
from forecasting.periods import horizon
from forecasting.prepared import history, modelled
from forecasting.scale import Scale
from forecasting.series import Floats
from forecasting.short import band
from ioc.catalog.load import load_catalog
from ioc.catalog.model import Catalog, Indicator, Shock
from tests.forecasting.making import NOW, RECEIVED, forecast, indicator, rows, seasonal, series
from tests.forecasting.test_cumulative import counted

CATALOG = load_catalog(None)
COUNTED = indicator(id="xuat-khau-luy-ke", cumulative=True)


def catalog(*entries: Indicator, shocks: list[Shock] | None = None) -> Catalog:
    return Catalog([], CATALOG.areas, list(entries), [], shocks, list(CATALOG.seasons.values()))


def outcomes(
    values: Floats, known: Catalog, name: str = "xuat-khau-luy-ke", start: date = date(2020, 1, 1)
) -> job.Outcome:
    plan = {(name, "38", 2026): Target(13_000.0, RECEIVED)}
    (found,) = forecast(rows(values, start, indicator=name), plan, known, NOW)
    return found


@pytest.fixture(scope="module")
def both() -> tuple[job.Outcome, job.Outcome]:
    """The same exports until October 2026 by month, and counted up from January as they are often published."""
    values = seasonal(82)
    plain = outcomes(values, catalog(indicator()), "xuat-khau")
    return plain, outcomes(counted(values), catalog(COUNTED))


def test_a_cumulative_indicator_is_forecast_as_its_months_and_published_as_its_sums(
    both: tuple[job.Outcome, job.Outcome],
) -> None:
    plain, summed = both
    reached = seasonal(82)[72:].sum()
    months = np.array([f.value for f in plain.forecasts])
    found = np.array([f.value for f in summed.forecasts])
    assert found[:2] == pytest.approx(reached + np.cumsum(months[:2]))
    assert found[2:] == pytest.approx(np.cumsum(months[2:]))
    for f in summed.forecasts:
        assert f.low95 <= f.low80 <= f.value <= f.high80 <= f.high95
    assert all(f.low95 >= reached for f in summed.forecasts[:2])


def test_the_plan_of_a_cumulative_indicator_is_the_years(both: tuple[job.Outcome, job.Outcome]) -> None:
    plain, summed = both
    assert plain.outlook is not None
    assert summed.outlook is not None
    for name in ("actual", "expected", "low80", "high80", "probability", "needed_per_period"):
        assert getattr(summed.outlook, name) == pytest.approx(getattr(plain.outlook, name)), name
    december = next(f for f in summed.forecasts if f.period == date(2026, 12, 1))
    assert summed.outlook.expected == pytest.approx(december.value)


def test_nonsense_is_told_and_stops_no_other() -> None:
    known = catalog(COUNTED, indicator())
    values = rows(seasonal(48), indicator="xuat-khau-luy-ke") + rows(seasonal(48))
    good, bad = forecast(values, {}, known, NOW)
    assert good.error == ""
    assert bad.error.startswith("Số liệu không dự báo được: khai báo là lũy kế từ đầu năm nhưng")
    assert bad.records == []


def test_shocks_of_the_catalogue_reach_the_models() -> None:
    lockdown = Shock(id="x", name="Giãn cách", first=date(2021, 8, 1), last=date(2021, 8, 31))
    values = seasonal(82)
    values[19] = 0.0
    struck, told = ([t.fingerprint, history(t)] for t in (_task(values, None), _task(values, [lockdown])))
    assert struck[0] != told[0]  # so that a newly marked shock forecasts anew
    assert told[1].scale.name == "log"  # the zero was the shock's
    assert np.flatnonzero(np.isnan(told[1].z)).tolist() == [19]


def _task(values: Floats, shocks: list[Shock] | None) -> job.Task:
    (task,) = job.tasks(rows(values), {}, catalog(indicator(), shocks=shocks), NOW)
    return task


def test_a_past_that_would_be_too_short_keeps_its_shocks() -> None:
    shock = Shock(id="x", name="x", first=date(2020, 1, 1), last=date(2020, 2, 1))
    past = history(_task(seasonal(24), [shock]))
    assert np.isfinite(past.z).all()


@pytest.mark.parametrize("count", [1, 2, 11, 14, 23])
def test_a_short_series_says_so_and_gets_a_naive_band(count: int) -> None:
    found = outcomes(seasonal(count), catalog(indicator()), "xuat-khau", date(2025, 1, 1))
    assert found.error == f"Chưa đủ số liệu để dự báo: có {count} kỳ, cần ít nhất 24."
    assert found.outlook is None
    assert len(found.forecasts) == horizon(date(2025 + (count - 1) // 12, (count - 1) % 12 + 1, 1), "M")
    assert {f.model.partition("@")[0] for f in found.forecasts} == {"naive"}
    first, last = found.forecasts[0], found.forecasts[-1]
    assert 0 < first.low95 < first.low80 < first.value < first.high80 < first.high95
    assert first.value == pytest.approx(seasonal(count)[count - 12 if count > 12 else -1])
    if count <= 12:
        assert last.high95 / last.low95 > first.high95 / first.low95


def test_a_short_cumulative_series_counts_up_too() -> None:
    found = outcomes(counted(np.full(5, 100.0)), catalog(COUNTED), start=date(2026, 1, 1))
    assert [round(f.value) for f in found.forecasts[:7]] == [600, 700, 800, 900, 1000, 1100, 1200]


def test_the_fewer_steps_are_known_the_wider_the_band() -> None:
    widths = []
    for count in (2, 6, 12):
        past = history_of(series(np.full(count, 50.0)), Scale("log", 0.0), tet=False)
        bands = band(past, 3)
        assert bands is not None
        widths.append(bands.high[0.95][0] / bands.low[0.95][0])
    assert widths[0] > widths[1] > widths[2] > 1.2


def test_percentages_of_a_short_series_stay_possible() -> None:
    past = history_of(series([98.0, 99.0]), Scale("raw", 0.0, 100.0), tet=False)
    bands = band(past, 6)
    assert bands is not None
    assert max(bands.high[0.95]) == 100.0
    nothing = history_of(series([np.nan, np.nan]), Scale("raw"), tet=False)
    assert band(nothing, 6) is None


def test_what_is_modelled_of_a_plain_indicator_is_what_was_published() -> None:
    task = _task(seasonal(30), None)
    assert modelled(task) is task.series
