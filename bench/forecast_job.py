"""The nightly job on a province's worth of monthly series: how many a second, and how much memory it takes."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from bench.report import Tell
from forecasting import job
from forecasting.calendar import regressors
from forecasting.periods import first_day, ordinal
from forecasting.series import Floats
from ioc.catalog.load import load_catalog
from ioc.catalog.model import Catalog

_NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
_FIRST, _LAST = ordinal(date(2014, 1, 1), "M"), ordinal(date(2026, 10, 1), "M")
_TET = np.array([-0.04, -0.14])  # of the months that hold the days before it and the holiday
_COVID = slice(ordinal(date(2021, 7, 1), "M") - _FIRST, ordinal(date(2021, 10, 1), "M") - _FIRST)
_AREAS = 29  # communes of each indicator, beside the province that is their sum
_GAP = 0.01  # share of months that were not published
_SEED = 20
_MINUTES, _MANY = 15.0, 1500


def values(count: int, catalog: Catalog) -> Iterator[job.Row]:
    """So many series of about 150 months, indicators by communes with the province as their sum; the same every time.

    Each grows at its own changing rate, has a season, Tết, a bad summer of 2021, noise that lasts a few months, and
    now and then no value; one in five counts rare things.
    """
    codes = [a.code for a in catalog.areas if a.level == "commune"][:_AREAS]
    province = next(a.code for a in catalog.areas if a.level == "province")
    random, left, number = np.random.default_rng(_SEED), count, 0
    while left > 0:
        parts = [_one(random, rare=number % 5 == 4) for _ in codes[: left - 1]] or [_one(random, rare=False)]
        named = [(province, np.sum(parts, axis=0)), *zip(codes, parts, strict=False)][:left]
        for area, y in named:
            yield from _rows(f"bench-{number:04}", area, y)
        left, number = left - len(named), number + 1


def _one(random: np.random.Generator, *, rare: bool) -> Floats:
    months = np.arange(_LAST - _FIRST + 1)
    trend = np.cumsum(random.normal(0.004, 0.002) + random.normal(0, 0.003, len(months)))
    season = sum(
        random.normal(0, 0.08 / k) * np.cos(2 * np.pi * k * months / 12 + random.uniform(0, 6)) for k in (1, 2, 3)
    )
    noise = np.zeros(len(months))
    for n in months[1:]:
        noise[n] = 0.6 * noise[n - 1] + random.normal(0, 0.06)
    log = trend + season + noise + regressors(_FIRST, len(months), "M") @ (_TET * random.uniform(0, 2))
    log[_COVID] -= random.uniform(0.1, 0.5)
    if rare:
        return random.poisson(3.0 * np.exp(log)).astype(np.float64)
    return np.asarray(np.round(np.exp(random.uniform(3, 9) + log), 1))


def _rows(indicator: str, area: str, y: Floats) -> Iterator[job.Row]:
    gaps = np.random.default_rng(len(indicator) + int(y[-1])).random(len(y)) < _GAP
    gaps[-1] = False
    for n in np.flatnonzero(~gaps):
        yield job.Row(indicator, area, "M", first_day(_FIRST + int(n), "M"), float(y[n]), "triệu đồng", _NOW)


def forecast_job(count: int, workers: int, tell: Tell) -> dict[str, Any]:
    """Forecast that many series as the nightly run does, without store and broker.

    Returns:
        series/s by the clock and a core's seconds a series, memory in MB of this process and of the largest other, and
        the most that all can have had together.
    """
    catalog = load_catalog(None)
    before = _processor_s()
    began = time.perf_counter()
    found = job.tasks(values(count, catalog), {}, catalog, _NOW)
    failed = records = done = 0
    for outcome in job.outcomes(found, _NOW, workers, apart=True):
        done += 1
        failed += bool(outcome.error)
        records += len(outcome.records)
        tell(done / len(found), "/".join(outcome.key))
    seconds, processor = time.perf_counter() - began, _processor_s() - before
    own, other = (_peak_mb(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {
        "series": done,
        "failed": failed,
        "records": records,
        "workers": workers,
        "series_per_s": round(done / seconds, 3),
        "cpu_s_per_series": round(processor / done, 4),
        "minutes": round(seconds / 60, 2),
        "minutes_of_1500_on_two_idle_cores": round(processor / done * _MANY / 2 / 60, 2),
        "rss_mb": round(own),
        "worker_rss_mb": round(other),
        "all_rss_mb": round(own + workers * other),
        "goals_met": {f"{_MANY:,} series in {_MINUTES:g} minutes": done / seconds * _MINUTES * 60 >= _MANY},
    }


def _processor_s() -> float:
    """Of this process and of all that it has ended."""
    return sum(
        u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _peak_mb(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / 1024
