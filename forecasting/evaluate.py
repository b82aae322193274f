"""Measures the forecasts on a file of series: ``python -m forecasting.evaluate --series FILE``.

A file with a column ``split`` is scored on its test rows (M4's way); any other by rolling origins a year apart, for
monthly series with January and February, where Tết moves, scored apart. OWA is the mean of sMAPE and MASE, each
relative to Naive2 (Makridakis et al. 2020, The M4 Competition).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from rich.table import Table

from forecasting import naive, prophet_model
from forecasting.files import has_split, read_rows
from forecasting.history import History, history_of
from forecasting.intervals import LEVELS
from forecasting.kinds import described
from forecasting.periods import LEAST_AHEAD
from forecasting.predict import predict
from forecasting.scale import scale_of
from forecasting.seasonal import profile
from forecasting.series import NEED, Floats, Series, series_of

_ORIGINS = 4
_TET_MONTHS = (1, 2)
_SIGNIFICANT = 1.645  # of the autocorrelation at the season, 90 %


@dataclass(frozen=True, eq=False)
class Case:
    """One series at one origin.

    Attributes:
        history: what was known.
        future: float array (horizon,), what came; NaN where nothing did.
        tet_months: bool array (horizon,), the months in which Tết can be.
    """

    history: History
    future: Floats
    tet_months: NDArray[np.bool_]

    @property
    def known(self) -> Floats:
        """The past in units, without gaps."""
        return self.history.scale.back(self.history.filled)


Answer = tuple[Floats, dict[float, tuple[Floats, Floats]]]  # forecasts, and by level the ends of the interval


def cases(file: Path, every: int = 1) -> Iterator[Case]:
    """What is forecast of a file.

    Args:
        file: see `forecasting.files`.
        every: take every so many-th series.
    """
    chosen = list(series_of(read_rows(file)).values())[::every]
    if has_split(file):
        tests = series_of(read_rows(file, "test"))
        yield from (_case(series, tests[series.key].values, tet=False) for series in chosen)
        return
    for series in chosen:
        ahead = LEAST_AHEAD[series.frequency]
        for end in range(len(series) - ahead, len(series) - (_ORIGINS + 1) * ahead, -ahead):
            future = series.values[end : end + ahead]
            if end >= 2 * NEED[series.frequency] and np.isfinite(series.values[end - 1]) and np.isfinite(future).any():
                yield _case(replace(series, values=series.values[:end]), future, tet=True)


def _case(past: Series, future: Floats, *, tet: bool) -> Case:
    months = [day.month in _TET_MONTHS and past.frequency == "M" for day in past.days_after(len(past), len(future))]
    return Case(history_of(past, scale_of(past, described(past, None)), tet=tet), future, np.array(months))


def ours(case: Case) -> Answer:
    """What the job issues."""
    bands = predict(case.history, len(case.future)).bands
    return bands.value, {level: (bands.low[level], bands.high[level]) for level in LEVELS}


def prophet_default(case: Case) -> Answer:
    """Prophet as it comes."""
    return prophet_model.plain(case.history, len(case.future)), {}


def seasonal_naive(case: Case) -> Answer:
    """Last season again."""
    return naive.seasonal_naive(case.known, case.history.season, len(case.future)), {}


def naive2(case: Case) -> Answer:
    """The last value, deseasonalised where the season is significant: the yardstick of M4."""
    y, season = case.known, case.history.season
    ahead = np.arange(len(y), len(y) + len(case.future))
    if len(y) < 3 * season or not (y > 0).all() or not _seasonal(y, season):
        return np.full(len(ahead), y[-1]), {}
    index = np.exp(profile(np.log(y), season))
    return y[-1] / index[(len(y) - 1) % season] * index[ahead % season], {}


def _seasonal(y: Floats, season: int) -> bool:
    x = y - y.mean()
    r = np.array([x[k:] @ x[: len(x) - k] for k in range(season + 1)]) / max(float(x @ x), 1e-12)
    return season > 1 and bool(abs(r[season]) > _SIGNIFICANT * np.sqrt((1 + 2 * (r[1:season] ** 2).sum()) / len(y)))


MODELS: dict[str, Callable[[Case], Answer]] = {
    "ours": ours,
    "Prophet default": prophet_default,
    "seasonal naive": seasonal_naive,
    "Naive2": naive2,
}


@dataclass
class Tally:
    """What one model scored, one entry a case: (sMAPE, MASE) of all periods and of January and February."""

    whole: list[tuple[float, float]] = field(default_factory=list)
    tet: list[tuple[float, float]] = field(default_factory=list)
    inside: dict[float, list[bool]] = field(default_factory=dict)
    seconds: float = 0.0

    def add(self, case: Case, model: Callable[[Case], Answer]) -> None:
        """Forecast and score one case."""
        began = sum(os.times()[:4])  # with the processes that fit Prophet
        value, bands = model(case)
        self.seconds += sum(os.times()[:4]) - began
        error, known = np.abs(value - case.future), np.isfinite(case.future)
        smape = 200.0 * error / np.maximum(np.abs(value) + np.abs(case.future), 1e-12)
        mase = error / mase_scale(case)
        for rows, at in ((self.whole, known), (self.tet, known & case.tet_months)):
            if at.any():
                rows.append((float(smape[at].mean()), float(mase[at].mean())))
        for level, (low, high) in bands.items():
            within = (low <= case.future) & (case.future <= high)
            self.inside.setdefault(level, []).extend(within[known].tolist())


def mase_scale(case: Case) -> float:
    """The mean absolute seasonal difference of the past, the unit of MASE."""
    y, season = case.known, case.history.season
    return max(float(np.abs(y[season:] - y[:-season]).mean()), 1e-9)


def owa(rows: list[tuple[float, float]], yardstick: list[tuple[float, float]]) -> float:
    """Overall weighted average against a yardstick on the same cases; NaN without any."""
    return float(np.mean(np.mean(rows, axis=0) / np.mean(yardstick, axis=0))) if rows else float("nan")


def evaluate(found: list[Case]) -> dict[str, Tally]:
    """Score every model on every case; equal cases give equal scores."""
    tallies = {name: Tally() for name in MODELS}
    for case in track(found, console=Console(stderr=True), transient=True):
        for name, model in MODELS.items():
            tallies[name].add(case, model)
    return tallies


def main(
    series: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="CSV, see forecasting/files.py.")],
    every: Annotated[int, typer.Option(min=1, help="Take every so many-th series.")] = 1,
) -> None:
    """Print one row a model: OWA, OWA in January and February, coverage, processor seconds a forecast."""
    found = list(cases(series, every))
    tallies = evaluate(found)
    table = Table(
        "model",
        "OWA",
        "OWA Jan-Feb",
        "inside 80 %",
        "inside 95 %",
        "s/forecast",
        title=f"{series.name}: {len(found)} forecasts",
    )
    for name, tally in tallies.items():
        coverage = [f"{100 * np.mean(tally.inside[p]):.1f}" if p in tally.inside else "" for p in LEVELS]
        overall = owa(tally.whole, tallies["Naive2"].whole)
        tet = owa(tally.tet, tallies["Naive2"].tet)
        table.add_row(name, f"{overall:.3f}", f"{tet:.3f}", *coverage, f"{tally.seconds / max(len(found), 1):.3f}")
    Console(width=110).print(table)


if __name__ == "__main__":
    typer.run(main)
