"""The scale on which a series is modelled: logarithms for what grows by rates, square roots for daily counts, or as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from forecasting.series import Floats, Series
from ioc.catalog.model import Indicator

_FARTHEST = 700.0  # exp() overflows beyond


@dataclass(frozen=True)
class Scale:
    """A monotone change of scale and the bounds of the possible."""

    name: Literal["log", "log1p", "sqrt", "raw"]
    low: float | None = None
    high: float | None = None

    @property
    def relative(self) -> bool:
        """Whether differences on this scale are growth rates."""
        return self.name in {"log", "log1p"}

    def forward(self, values: Floats) -> Floats:
        """From units to the scale; NaN stays NaN."""
        match self.name:
            case "log":
                return np.log(values)
            case "log1p":
                return np.log1p(values)
            case "sqrt":
                return np.sqrt(values)
            case "raw":
                return values.astype(np.float64)

    def back(self, z: Floats) -> Floats:
        """From the scale to units, clipped to the possible."""
        match self.name:
            case "log":
                values = np.exp(np.minimum(z, _FARTHEST))
            case "log1p":
                values = np.expm1(np.minimum(z, _FARTHEST))
            case "sqrt":
                values = np.square(np.maximum(z, 0.0))
            case "raw":
                values = z
        return self.clip(values)

    def clip(self, values: Floats) -> Floats:
        """Into the bounds of the possible."""
        if self.low is None and self.high is None:
            return values
        return np.clip(values, self.low, self.high)


def scale_of(series: Series, indicator: Indicator) -> Scale:
    """Logarithm where all values are positive, log(1 + y) for counts with zeros, square root for daily ones.

    A percentage of a whole and what can be negative stay as they are. On a square root the days on which an office
    is closed stay at zero, with a narrow interval.
    """
    lowest = float(np.nanmin(series.values))
    bounds = indicator.low, indicator.high
    if indicator.high is not None or lowest < 0:
        return Scale("raw", *bounds)
    if lowest > 0:
        return Scale("log", *bounds)
    return Scale("sqrt" if series.frequency == "D" else "log1p", *bounds)
