"""How good forecasts were: errors relative to Naive2, coverage and width of intervals, and how sure a difference is.

sMAPE and MASE are means over the periods of a forecast; OWA is the mean of their two ratios to Naive2's, each of means
over all forecasts; MSIS is the mean scaled interval score (Makridakis et al. 2020, The M4 Competition).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.forecast_cases import Case
from bench.forecast_models import YARDSTICK, Answer
from forecasting.series import Floats

_REPLICATES = 5000
_SEED = 20
_ENDS = (0.025, 0.975)
_NAN = float("nan")


@dataclass(frozen=True)
class Score:
    """What one model scored on one case.

    Attributes:
        smape, mase: over all periods that came; `tet_smape` and `tet_mase` over January and February, NaN without them.
        periods: that came; `inside80` and `inside95` of them lay within the interval, NaN for a model without.
        msis95: of the 95 % interval.
        seconds: of processor time.
        failed: the model raised, and what is scored is Naive2's forecast.
    """

    model: str
    series: str
    frequency: str
    smape: float
    mase: float
    tet_smape: float
    tet_mase: float
    periods: int
    inside80: float
    inside95: float
    msis95: float
    seconds: float
    failed: bool = False


def score(case: Case, model: str, answer: Answer, seconds: float, *, failed: bool = False) -> Score:
    """Score one answer on the periods that came."""
    value, bands = answer
    error, came = np.abs(value - case.future), np.isfinite(case.future)
    smape = 200.0 * error / np.maximum(np.abs(value) + np.abs(case.future), 1e-12)
    tet = came & case.tet_months
    return Score(
        model=model,
        series=case.past.indicator,
        frequency=case.past.frequency,
        smape=_mean(smape, came),
        mase=_mean(error, came) / case.unit,
        tet_smape=_mean(smape, tet),
        tet_mase=_mean(error, tet) / case.unit,
        periods=int(came.sum()),
        inside80=_inside(case.future[came], bands, 0.8, came),
        inside95=_inside(case.future[came], bands, 0.95, came),
        msis95=_msis(case, bands, came) if bands else _NAN,
        seconds=seconds,
        failed=failed,
    )


def _mean(values: Floats, at: NDArray[np.bool_]) -> float:
    return float(values[at].mean()) if at.any() else _NAN


def _inside(future: Floats, bands: dict[float, tuple[Floats, Floats]], level: float, came: NDArray[np.bool_]) -> float:
    if level not in bands:
        return _NAN
    low, high = (end[came] for end in bands[level])
    return float(((low <= future) & (future <= high)).sum())


def _msis(case: Case, bands: dict[float, tuple[Floats, Floats]], came: NDArray[np.bool_]) -> float:
    (low, high), y = (end[came] for end in bands[0.95]), case.future[came]
    missed = np.maximum(low - y, 0.0) + np.maximum(y - high, 0.0)
    return float((high - low + 2.0 / 0.05 * missed).mean()) / case.unit


def frame_of(scores: list[Score]) -> pd.DataFrame:
    """One row a score, in an order that does not depend on who was done first."""
    return pd.DataFrame([asdict(s) for s in scores]).sort_values(["model", "series"], kind="stable", ignore_index=True)


def owa(frame: pd.DataFrame, model: str, *, tet: bool = False) -> float:
    """Overall weighted average of a model against Naive2 on the same cases; NaN without any."""
    columns = ["tet_smape", "tet_mase"] if tet else ["smape", "mase"]
    means = {name: frame.loc[frame["model"] == name, columns].mean().to_numpy() for name in (model, YARDSTICK)}
    return float((means[model] / means[YARDSTICK]).mean())


def coverage(frame: pd.DataFrame, model: str, level: int) -> float:
    """Per cent of all periods inside the interval; NaN for a model without."""
    rows = frame[frame["model"] == model]
    return float(100.0 * rows[f"inside{level}"].sum(min_count=1) / rows["periods"].sum())


def difference(frame: pd.DataFrame, one: str, other: str, *, tet: bool = False) -> tuple[float, float]:
    """The 95 % interval of the difference of two models' OWA, one minus other, by a paired bootstrap over series.

    Series are drawn with all their origins and for all models alike; the same draws at every call.
    """
    columns = ["tet_smape", "tet_mase"] if tet else ["smape", "mase"]
    known = frame[frame["model"].isin([one, other, YARDSTICK])].dropna(subset=columns)
    if known.empty:
        return _NAN, _NAN
    sums = known.groupby(["model", "series"])[columns].sum()  # sums, since a series counts once for every origin
    count = len(sums.loc[YARDSTICK])
    draws = np.random.default_rng(_SEED).multinomial(count, np.full(count, 1 / count), _REPLICATES)
    totals = {model: draws @ sums.loc[model].to_numpy() for model in (one, other, YARDSTICK)}
    owas = {model: (totals[model] / totals[YARDSTICK]).mean(axis=1) for model in (one, other)}
    low, high = np.quantile(owas[one] - owas[other], _ENDS)
    return float(low), float(high)
