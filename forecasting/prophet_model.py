"""Prophet with Tết: the only place that knows Prophet; its components also explain what is expected and why.

Maximum a posteriori by LBFGS; nothing is sampled, so equal input gives equal output. The last residuals correct the
level, since Prophet's trend bends too slowly for the months right ahead.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from forecasting.calendar import WINDOWS, day_kinds, regressors
from forecasting.history import History
from forecasting.periods import first_days
from forecasting.series import Floats
from ioc.records import Frequency

if TYPE_CHECKING:
    import pandas as pd
    from prophet import Prophet

# Standard deviations of the priors, on log y; chosen on Vietnamese monthly series.
_SEASON_SD, _BEND_SD, _CALENDAR_SD, _WEEK_SD = 0.06, 0.02, 0.3, 1.0
_LEVEL_DECAY = 0.7
_HARMONICS: dict[Frequency, int] = {"D": 6, "W": 6, "M": 5, "Q": 2, "Y": 0}
_MOST_POINTS: dict[Frequency, int] = {"D": 1461, "W": 522, "M": 600, "Q": 400, "Y": 200}
_BENDS = 25
_TWO_YEARS = 730  # days before a yearly season can be told from a trend
_SEED = 20


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted Prophet on the modelling scale; float arrays over the past (`past` periods) and the periods ahead.

    Attributes:
        past: how many of the periods were learnt from.
        expected: trend and all effects.
        trend: the trend alone.
        tet: what Tết and holidays add to the expected value.
        level: added to all periods ahead: the weighted mean of the last residuals.
        saved: the model as Prophet's own JSON (`prophet.serialize.model_from_json`); empty if it was not to be kept.
    """

    past: int
    expected: Floats
    trend: Floats
    tet: Floats
    level: float
    saved: str = ""

    @property
    def ahead(self) -> Floats:
        """The forecast."""
        return self.expected[self.past :] + self.level


def forecast(history: History, horizon: int) -> Floats:
    """Float array (horizon,) on the modelling scale."""
    return fit(history, horizon).ahead


def fit(history: History, horizon: int, *, keep: bool = False) -> Fit:
    """Fit and look ahead.

    Args:
        history: at least two known values.
        horizon: periods ahead.
        keep: also serialize the model.
    """
    _quieten()
    history = _recent(history)
    unit, count = _unit(history), len(history)
    frame = _frame(history, horizon)
    frame["y"] = np.concatenate([history.z / unit, np.full(horizon, np.nan)])
    known = frame[:count].dropna(subset=["y"])
    model = _model(history, float(known["y"].abs().max()) or 1.0)
    _fit(model, known, algorithm="LBFGS")
    parts = model.predict(frame.drop(columns="y"))
    expected = parts["yhat"].to_numpy() * unit
    tet = _calendar_part(parts, model) * unit
    level = _level(history.z - expected[:count])
    return Fit(count, expected, parts["trend"].to_numpy() * unit, tet, level, _saved(model) if keep else "")


def _fit(model: Prophet, known: pd.DataFrame, **options: str) -> None:
    """Fit in a folder of its own: cmdstanpy keeps its files until the process ends, and ours lives for months."""
    with TemporaryDirectory(prefix="prophet-") as folder:
        model.fit(known, seed=_SEED, output_dir=folder, **options)


def _recent(history: History) -> History:
    skipped = max(len(history) - _MOST_POINTS[history.frequency], 0)
    extra = None if history.extra is None else history.extra[skipped:]
    return replace(history, start=history.start + skipped, z=history.z[skipped:], extra=extra)


def _unit(history: History) -> float:
    """What makes the priors mean the same on every scale: on logarithms one, otherwise the usual size."""
    known = history.z[np.isfinite(history.z)]
    return 1.0 if history.scale.relative else max(float(np.abs(known).mean()), float(known.std()), 1e-9)


def _frame(history: History, horizon: int) -> pd.DataFrame:
    import pandas as pd

    count = len(history) + horizon
    days = first_days(range(history.start, history.start + count), history.frequency)
    frame = pd.DataFrame({"ds": pd.to_datetime(days)})
    if history.tet and history.frequency in {"M", "W"}:
        frame[list(WINDOWS)] = regressors(history.start, count, history.frequency)
    if history.extra is not None:
        frame[list(history.names)] = history.extra[:count]
    return frame


def _model(history: History, largest: float) -> Prophet:
    from prophet import Prophet

    frequency, count = history.frequency, len(history)
    multiplicative = history.scale.name == "sqrt"
    yearly = _HARMONICS[frequency] if frequency != "D" or count >= _TWO_YEARS else 0
    model = Prophet(
        n_changepoints=max(min(_BENDS, count // 3), 0),
        changepoint_prior_scale=_BEND_SD / largest,  # Prophet divides y by its largest value
        seasonality_mode="multiplicative" if multiplicative else "additive",
        yearly_seasonality=False,
        weekly_seasonality=False,
        daily_seasonality=False,
        holidays=_holidays(history) if history.tet and frequency == "D" else None,
        holidays_prior_scale=_CALENDAR_SD / (1.0 if multiplicative else largest),
        uncertainty_samples=0,
    )
    size = 1.0 if multiplicative else largest
    if yearly:
        model.add_seasonality("yearly", 365.25, yearly, prior_scale=_SEASON_SD / size)
    if frequency == "D":
        model.add_seasonality("weekly", 7, 3, prior_scale=_WEEK_SD / size)
    if history.tet and frequency in {"M", "W"}:
        for name in WINDOWS:
            model.add_regressor(name, prior_scale=_CALENDAR_SD / size, standardize=False)
    for name in history.names:
        model.add_regressor(name, prior_scale=_CALENDAR_SD / size, standardize=False)
    return model


def _holidays(history: History) -> pd.DataFrame | None:
    """Days of every kind, past and ahead; only kinds that the past has seen, since others would be noise."""
    import pandas as pd

    days = first_days(range(history.start, history.end + 430), "D")
    kinds = day_kinds(days)
    seen = set(kinds[: len(history)]) - {""}
    rows = [(kind, day) for kind, day in zip(kinds, days, strict=True) if kind in seen]
    if not rows:
        return None
    return pd.DataFrame({"holiday": [kind for kind, _ in rows], "ds": pd.to_datetime([day for _, day in rows])})


def _calendar_part(parts: pd.DataFrame, model: Prophet) -> Floats:
    names = ["holidays"] if "holidays" in parts else [name for name in WINDOWS if name in parts]
    total = parts[names].sum(axis=1).to_numpy() if names else np.zeros(len(parts))
    return total * parts["trend"].to_numpy() if model.seasonality_mode == "multiplicative" else total


def _saved(model: Prophet) -> str:
    from prophet.serialize import model_to_json

    return str(model_to_json(model))


def _level(residuals: Floats) -> float:
    weights = np.where(np.isfinite(residuals), _LEVEL_DECAY ** np.arange(len(residuals))[::-1], 0.0)
    return float(np.nan_to_num(residuals) @ weights / weights.sum())


def _quieten() -> None:
    """Silence what would be said for every fit."""
    import cmdstanpy

    cmdstanpy.disable_logging()
    for name in ("prophet", "prophet.plot", "prophet.models"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
