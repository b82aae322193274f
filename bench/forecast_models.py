"""What is measured: our forecast, and beside it the models that its users would take instead, all with their defaults."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from functools import cache
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from bench.forecast_cases import Case
from forecasting import naive
from forecasting.intervals import LEVELS
from forecasting.predict import predict
from forecasting.series import Floats

Band = tuple[Floats, Floats]
Answer = tuple[Floats, dict[float, Band]]  # forecasts in units, and by level the ends of the interval
Model = Callable[[Case], Answer]

OURS, YARDSTICK, SCUM = "ours", "Naive2", "SCUM"
_SIGNIFICANT = 1.645  # of the autocorrelation at the season, 90 %
_SEED = 20
_LEAST_SEASONS = 3


def ours(case: Case) -> Answer:
    """What the job issues, with its backtests and its choice."""
    bands = predict(case.history(), len(case.future)).bands
    return bands.value, {level: (bands.low[level], bands.high[level]) for level in LEVELS}


def seasonal_naive(case: Case) -> Answer:
    """Last season again."""
    return naive.seasonal_naive(case.known, case.season, len(case.future)), {}


def naive2(case: Case) -> Answer:
    """The last value, deseasonalised by classical multiplicative decomposition where the season is significant.

    The yardstick of M4 (Makridakis et al. 2020, The M4 Competition; its published R code). What such indices make no
    sense for, because it is negative or nothing for a whole season, is not deseasonalised.
    """
    y, season = case.known, case.season
    ahead = np.arange(len(y), len(y) + len(case.future))
    index = indices(y, season) if seasonal(y, season) else np.ones(season)
    if not (np.isfinite(index) & (index > 0)).all() or (y < 0).any():
        return np.full(len(ahead), y[-1]), {}
    return y[-1] / index[(len(y) - 1) % season] * index[ahead % season], {}


def seasonal(y: Floats, season: int) -> bool:
    """M4's test: whether the autocorrelation at the season is beyond 90 % of what chance and shorter lags allow."""
    if season == 1 or len(y) < _LEAST_SEASONS * season:
        return False
    x = y - y.mean()
    r = np.array([x[k:] @ x[: len(x) - k] for k in range(season + 1)]) / max(float(x @ x), 1e-12)
    return bool(abs(r[season]) > _SIGNIFICANT * np.sqrt((1 + 2 * (r[1:season] ** 2).sum()) / len(y)))


def indices(y: Floats, season: int) -> Floats:
    """Float array (season,), multiplicative seasonal indices by position, mean one: R's ``decompose``; may be no numbers.

    Args:
        y: at least two seasons; position 0 is that of ``y[0]``.
        season: periods in a season.
    """
    kernel = np.ones(season) if season % 2 else np.concatenate([[0.5], np.ones(season - 1), [0.5]])
    trend = np.convolve(y, kernel / season, "valid")
    offset = len(kernel) // 2
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = y[offset : offset + len(trend)] / trend
    positions = (np.arange(len(trend)) + offset) % season
    means = np.bincount(positions, ratios, season) / np.bincount(positions, minlength=season)
    return np.asarray(means / means.mean())


def prophet_default(case: Case) -> Answer:
    """Prophet as it comes, with its thousand samples for the interval."""
    import pandas as pd
    from prophet import Prophet

    _quieten()
    past = pd.DataFrame({"ds": pd.to_datetime(case.past.periods), "y": case.past.values}).dropna()
    ahead = pd.DataFrame({"ds": pd.to_datetime(case.days)})
    np.random.seed(_SEED)
    model = Prophet()
    with TemporaryDirectory(prefix="prophet-") as folder:
        model.fit(past, seed=_SEED, output_dir=folder)
    samples, model.uncertainty_samples = model.predictive_samples(ahead)["yhat"], 0
    ends = {p: np.quantile(samples, [(1 - p) / 2, (1 + p) / 2], axis=1) for p in LEVELS}
    return model.predict(ahead)["yhat"].to_numpy(), {p: (low, high) for p, (low, high) in ends.items()}


def auto(name: str) -> Model:
    """One of statsforecast's models, on the past in units with gaps filled."""

    def model(case: Case) -> Answer:
        from statsforecast import models

        fitted: Any = getattr(models, name)(season_length=case.season)
        found = fitted.forecast(y=case.known, h=len(case.future), level=[round(100 * p) for p in LEVELS])
        bands = {p: (found[f"lo-{100 * p:.0f}"], found[f"hi-{100 * p:.0f}"]) for p in LEVELS}
        return np.asarray(found["mean"]), {p: (np.asarray(low), np.asarray(high)) for p, (low, high) in bands.items()}

    return model


CHEAP: dict[str, Model] = {OURS: ours, "seasonal naive": seasonal_naive, YARDSTICK: naive2}
PEERS: dict[str, Model] = {
    "Prophet default": prophet_default,
    "AutoETS": auto("AutoETS"),
    "AutoARIMA": auto("AutoARIMA"),
    "AutoCES": auto("AutoCES"),
    "DynamicOptimizedTheta": auto("DynamicOptimizedTheta"),
}
_MEMBERS = ("AutoETS", "DynamicOptimizedTheta", "AutoARIMA", "AutoCES")


def scum(answers: dict[str, Answer]) -> Answer:
    """The median of four simple univariate models (Petropoulos & Svetunkov 2020), of their intervals' ends likewise."""
    given = [answers[name] for name in _MEMBERS if name in answers]
    value = np.median([value for value, _ in given], axis=0)
    ends = {p: np.median([bands[p] for _, bands in given], axis=0) for p in LEVELS}
    return value, {p: (low, high) for p, (low, high) in ends.items()}


@cache
def warm(*, peers: bool) -> None:
    """Import and compile everything once in this process, so that no forecast is charged for it."""
    for case in _samples():
        for model in (CHEAP | PEERS if peers else CHEAP).values():
            model(case)


def _samples() -> Iterator[Case]:
    from datetime import UTC, datetime

    from forecasting.series import Series

    y = 100 + np.arange(60.0) + 10 * np.sin(np.arange(60.0) * np.pi / 6) + np.random.default_rng(_SEED).normal(0, 1, 60)
    yield Case(Series("", "", "M", "", 24000, y, datetime(2000, 1, 1, tzinfo=UTC)), np.ones(12), 12, tet=True)


def _quieten() -> None:
    import cmdstanpy

    cmdstanpy.disable_logging()
    logging.getLogger("prophet").setLevel(logging.CRITICAL)
