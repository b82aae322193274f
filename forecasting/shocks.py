"""Which periods a known shock hit; they are gaps for whatever learns from a series or is judged by it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from forecasting.periods import ordinal
from forecasting.series import Series
from ioc.catalog.model import Indicator, Shock


def shocks_of(indicator: Indicator, shocks: Iterable[Shock]) -> tuple[Shock, ...]:
    """The shocks that hit an indicator: its own, and those of all."""
    return tuple(s for s in shocks if not s.indicators or indicator.id in s.indicators)


def hit(series: Series, shocks: Sequence[Shock]) -> NDArray[np.bool_]:
    """Bool array (periods,): the periods of a series that share a day with a shock."""
    marks = np.zeros(len(series), dtype=np.bool_)
    for shock in shocks:
        begin, end = (ordinal(day, series.frequency) - series.start for day in (shock.first, shock.last))
        marks[max(begin, 0) : max(end + 1, 0)] = True
    return marks
