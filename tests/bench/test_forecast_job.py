"""The benchmark of the nightly job forecasts a whole synthetic province."""

from __future__ import annotations

import numpy as np

from bench.forecast_job import forecast_job, values
from forecasting.series import series_of
from ioc.catalog.load import load_catalog


def test_a_province_is_the_same_every_time_and_the_sum_of_its_communes() -> None:
    catalog = load_catalog(None)
    rows = list(values(35, catalog))
    assert rows == list(values(35, catalog))
    found = series_of(rows)
    assert len(found) == 35
    first = [s for key, s in found.items() if key[0] == "bench-0000"]
    (whole,) = (s for s in first if s.area == "38")
    parts = np.array([s.values[-1] for s in first if s.area != "38"])
    assert len(parts) == 29
    assert whole.values[-1] == sum(parts)
    assert all(140 < s.observed <= 154 and s.values[np.isfinite(s.values)].min() >= 0 for s in found.values())


def test_every_series_gets_its_forecast() -> None:
    told = []
    found = forecast_job(3, 1, lambda share, _: told.append(share))
    assert (found["series"], found["failed"], found["records"]) == (3, 0, 3 * (12 + 1))
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert 0 < found["rss_mb"] < found["all_rss_mb"] <= found["rss_mb"] + found["worker_rss_mb"] + 1
