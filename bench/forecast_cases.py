"""What forecasts are measured on: the series of a file, each at one or more origins, with what came afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path

import msgspec
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting import prepared
from forecasting.changed import Task
from forecasting.files import has_split, read_rows
from forecasting.history import History, history_of
from forecasting.kinds import described
from forecasting.periods import LEAST_AHEAD, SEASON
from forecasting.scale import scale_of
from forecasting.series import NEED, Floats, Series, series_of
from forecasting.shocks import shocks_of
from ioc.catalog.load import load_catalog
from ioc.catalog.model import Catalog, Indicator
from ioc.errors import BadInput

_ORIGINS = 4
_TET_MONTHS = (1, 2)


@dataclass(frozen=True, eq=False)
class Case:
    """One series at one origin.

    Attributes:
        past: what was known.
        future: float array (horizon,), what came; NaN where nothing did.
        season: periods in a season, of the measure and the peers.
        tet: whether the calendar of Vietnam matters.
    """

    past: Series
    future: Floats
    season: int
    tet: bool

    @cached_property
    def days(self) -> list[date]:
        """First days of the periods ahead."""
        return self.past.days_after(len(self.past), len(self.future))

    @property
    def tet_months(self) -> NDArray[np.bool_]:
        """Bool array (horizon,), the months in which Tết can be."""
        return np.array([self.tet and self.past.frequency == "M" and day.month in _TET_MONTHS for day in self.days])

    @cached_property
    def known(self) -> Floats:
        """Float array (periods,), the past in units, gaps filled."""
        history = history_of(self.past, scale_of(self.past, self._indicator), tet=self.tet)
        return np.where(np.isfinite(self.past.values), self.past.values, history.scale.back(history.filled))

    @cached_property
    def unit(self) -> float:
        """The mean absolute seasonal difference of the past, the unit of MASE; 0 of a constant."""
        y, lag = self.known, self.season
        return float(np.abs(y[lag:] - y[:-lag]).mean()) if len(y) > lag else 0.0

    def history(self) -> History:
        """The past as the job sees it, with the shocks of the catalogue where it is of Vietnam; nothing computed yet."""
        shocks = shocks_of(self._indicator, _catalog().shocks) if self.tet else ()
        indicator = msgspec.structs.replace(self._indicator, regressors=["tet"] if self.tet else [])
        return prepared.history(Task(self.past, indicator, {}, "", shocks=shocks))

    @property
    def _indicator(self) -> Indicator:
        return described(self.past, None)


@cache
def _catalog() -> Catalog:
    return load_catalog(None)


def cases(file: Path, every: int = 1) -> Iterator[Case]:
    """All cases of a file that have a unit of error.

    A file with a column ``split`` is forecast once, from its rows ``train`` over its rows ``test`` (M4's way), with the
    season of its column ``m``; any other from up to four origins that lie one horizon apart.

    Args:
        file: see `forecasting.files`.
        every: take every so many-th series.

    Raises:
        BadInput: not such a file, or a series without test rows.
    """
    chosen = list(series_of(read_rows(file)).values())[::every]
    found = _split(file, chosen) if has_split(file) else _rolling(chosen)
    yield from (case for case in found if case.unit > 0)


def _split(file: Path, chosen: list[Series]) -> Iterator[Case]:
    frame = pd.read_csv(file, dtype={"id": str})
    seasons = dict(zip(frame["id"], frame["m"], strict=True)) if "m" in frame else {}
    tests = series_of(read_rows(file, "test"))
    for past in chosen:
        if past.key not in tests:
            raise BadInput(file.name, "split", f"series {past.indicator} has no rows of split test")
        season = int(seasons.get(past.indicator, SEASON[past.frequency]))
        yield Case(past, tests[past.key].values, season, tet=False)


def _rolling(chosen: list[Series]) -> Iterator[Case]:
    for series in chosen:
        ahead, season = LEAST_AHEAD[series.frequency], SEASON[series.frequency]
        for end in range(len(series) - ahead, len(series) - (_ORIGINS + 1) * ahead, -ahead):
            future = series.values[end : end + ahead]
            if end >= 2 * NEED[series.frequency] and np.isfinite(series.values[end - 1]) and np.isfinite(future).any():
                yield Case(replace(series, values=series.values[:end]), future, season, tet=True)
