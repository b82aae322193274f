"""The models that compete, behind one interface: a history in, a path on the modelling scale out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np

from forecasting import naive, network, prophet_model, ridge, smoothing
from forecasting.history import History
from forecasting.seasonal import significant
from forecasting.series import Floats

Model = Callable[[Floats, int, int], Floats]  # the past without gaps, periods in a season, periods ahead; the path


class Member(Protocol):
    """A model."""

    def __call__(self, history: History, horizon: int) -> Floats:
        """Float array (horizon,) on the modelling scale; equal input gives equal output."""


def on_adjusted(model: Model) -> Member:
    """A model that knows only numbers: it sees the past without Tết, and Tết is put back into its path."""

    def member(history: History, horizon: int) -> Floats:
        return history.effect.onto(model(history.effect.adjusted, season_of(history), horizon))

    return member


def on_values(model: Model) -> Member:
    """As `on_adjusted`, for a model of the values in units: where it errs, it errs otherwise than on a logarithm."""

    def member(history: History, horizon: int) -> Floats:
        adjusted, scale = history.effect.adjusted, history.scale
        path = model(scale.back(adjusted), season_of(history), horizon)
        lowest = float(adjusted.min())
        floor = scale.back(np.array([lowest - float(np.ptp(adjusted))]))
        return history.effect.onto(scale.forward(np.maximum(path, floor)))

    return member


MEMBERS: dict[str, Member] = {
    "seasonal-naive": on_adjusted(naive.seasonal_naive),
    "yearly-growth": on_adjusted(naive.yearly_growth),
    "ridge-averages": on_adjusted(ridge.by_averages),
    "ridge-cleaned": on_adjusted(ridge.by_averages_cleaned),
    "ridge-values": on_values(ridge.by_averages_of_values),
    "ridge-lags": on_adjusted(ridge.by_lags),
    "complex-smoothing": on_adjusted(smoothing.complex_smoothing),
    "seasonal-trend": on_values(smoothing.seasonal_trend),
    "smoothings": on_values(smoothing.smoothings),
    "prophet-tet": prophet_model.forecast,
    "network": on_adjusted(network.learnt),
}
COMBINED = "combined"  # the members for the kind of series: different views of the past, whose errors cancel

_CALENDAR = ("seasonal-naive", "yearly-growth", "ridge-averages", "ridge-lags", "complex-smoothing", "prophet-tet")
_PLAIN = (
    "seasonal-naive",
    "yearly-growth",
    "ridge-cleaned",
    "ridge-values",
    "complex-smoothing",
    "seasonal-trend",
)
_AIMLESS = ("smoothings",)


def members(history: History) -> tuple[str, ...]:
    """The members whose median stands for all of them.

    Where Tết or another regressor moves the series, Prophet and what did well beside it on Vietnamese indicators; for
    days without a week, smoothing alone; for all others six models of different families.
    """
    if by_calendar(history):
        return _CALENDAR
    return _AIMLESS if aimless(history) else _PLAIN


def learnt(history: History) -> tuple[str, ...]:
    """The network, for series with the season that it knows."""
    return ("network",) if history.season == network.SEASON else ()


def choices(history: History) -> tuple[str, ...]:
    """What may be chosen, simplest first: of those that do equally well the first wins."""
    return ("seasonal-naive", "prophet-tet", COMBINED) if by_calendar(history) else ("seasonal-naive", COMBINED)


def by_calendar(history: History) -> bool:
    """Whether the series may follow more than its own season."""
    return (history.tet and history.frequency in {"D", "W", "M"}) or bool(history.names)


def season_of(history: History) -> int:
    """Periods in a season; 1 where none shows."""
    return 1 if aimless(history) else history.season


def aimless(history: History) -> bool:
    """Whether these are days without a week or a calendar, which wander like prices."""
    return (
        history.frequency == "D"
        and not by_calendar(history)
        and not significant(np.diff(history.filled), history.season)
    )


def paths(
    history: History, horizon: int, names: tuple[str, ...], given: Mapping[str, Floats] | None = None
) -> Mapping[str, Floats]:
    """The paths of some choices; a member that a combination needs runs once.

    Args:
        history: what is known.
        horizon: periods ahead.
        names: keys of `MEMBERS`, or `COMBINED`.
        given: paths of members that have been run already.
    """
    several = (*members(history), *learnt(history)) if COMBINED in names else ()
    found = {
        name: bounded(given[name] if given and name in given else MEMBERS[name](history, horizon), history)
        for name in dict.fromkeys((*names, *several))
        if name != COMBINED
    }
    if several:
        found[COMBINED] = combined(history, found)
    return {name: found[name] for name in names}


def combined(history: History, found: Mapping[str, Floats]) -> Floats:
    """The median of the members, and halfway to what the network says where there is one."""
    median = np.median([found[name] for name in members(history)], axis=0)
    return np.asarray(np.mean([median, *(found[name] for name in learnt(history))], axis=0))


def bounded(path: Floats, history: History) -> Floats:
    """A path that stays within reach: one range of the past above its highest and below its lowest value."""
    lowest, highest = float(np.nanmin(history.z)), float(np.nanmax(history.z))
    reach = highest - lowest
    return np.clip(np.nan_to_num(path, nan=history.filled[-1]), lowest - reach, highest + reach)
