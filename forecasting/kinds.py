"""What an indicator is: the catalogue's entry, or sensible defaults for a series the catalogue does not know."""

from __future__ import annotations

import numpy as np

from forecasting.series import Series
from ioc.catalog.model import Catalog, Indicator

_RATES = ("%", "‰", "chỉ số", "index", "điểm", "tỷ lệ")
_LARGE = 1000.0  # from here on people read no decimals


def described(series: Series, catalog: Catalog | None) -> Indicator:
    """The entry of the catalogue, or one made from what the values show.

    Defaults: bounds 0 and, for a percentage that never exceeded it, 100; rates are averaged over a year, everything
    else is summed; more is better; Tết matters.
    """
    known = catalog.indicators.get(series.indicator) if catalog else None
    return known or _guessed(series)


def _guessed(series: Series) -> Indicator:
    lowest, highest = float(np.nanmin(series.values)), float(np.nanmax(series.values))
    rate = any(word in series.unit.lower() for word in _RATES)
    return Indicator(
        id=series.indicator,
        name=series.indicator,
        group=0,
        unit=series.unit,
        frequency=series.frequency,
        agency="",
        aggregate="mean" if rate else "sum",
        decimals=0 if float(np.nanmedian(np.abs(series.values))) >= _LARGE else 1,
        low=0.0 if lowest >= 0 else None,
        high=100.0 if "%" in series.unit and lowest >= 0 and highest <= 100 else None,
        regressors=["tet"],
    )
