"""The whole choice for one history: backtest, choose, forecast, intervals."""

from __future__ import annotations

from dataclasses import dataclass

from forecasting import prophet_model
from forecasting.backtest import Backtest, backtest, choose
from forecasting.candidates import paths
from forecasting.history import History
from forecasting.intervals import Bands, Errors

VERSION = "3"  # of the models: another version forecasts everything anew


@dataclass(frozen=True, eq=False)
class Prediction:
    """A forecast and where it comes from.

    Attributes:
        name: of the choice.
        bands: forecasts and intervals in units.
        errors: how wrong that choice may be.
        fit: Prophet on the whole past, whichever the choice; its components explain.
        result: of the backtest, by choice.
    """

    name: str
    bands: Bands
    errors: Errors
    fit: prophet_model.Fit
    result: Backtest

    @property
    def model(self) -> str:
        """The choice and the version of the code, as stored with every forecast."""
        return f"{self.name}@{VERSION}"


def predict(history: History, ahead: int) -> Prediction:
    """Forecast `ahead` periods.

    Args:
        history: long enough (`forecasting.series.Series.demand`).
        ahead: periods.
    """
    result = backtest(history)
    name = choose(result)
    errors = Errors(result, name, history)
    fit = prophet_model.fit(history, ahead, keep=True)
    path = paths(history, ahead, (name,), {"prophet-tet": fit.ahead})[name]
    return Prediction(name, errors.bands(path), errors, fit, result)
