"""The models that compete, behind one interface: a history in, a path on the modelling scale out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np

from forecasting import naive, prophet_model, ridge
from forecasting.history import History
from forecasting.series import Floats


class Member(Protocol):
    """A model."""

    def __call__(self, history: History, horizon: int) -> Floats:
        """Float array (horizon,) on the modelling scale; equal input gives equal output."""


def on_adjusted(model: Callable[[Floats, int, int], Floats]) -> Member:
    """A model that knows only numbers: it sees the past without Tết, and Tết is put back into its path."""

    def member(history: History, horizon: int) -> Floats:
        return history.effect.onto(model(history.effect.adjusted, history.season, horizon))

    return member


MEMBERS: dict[str, Member] = {
    "seasonal-naive": on_adjusted(naive.seasonal_naive),
    "yearly-growth": on_adjusted(naive.yearly_growth),
    "ridge-averages": on_adjusted(ridge.by_averages),
    "ridge-lags": on_adjusted(ridge.by_lags),
    "prophet-tet": prophet_model.forecast,
}
MEDIAN = "median"  # of all members: different views of the past, whose errors cancel

CHOICES = ("seasonal-naive", "prophet-tet", MEDIAN)  # simplest first: of those that do equally well the first wins


def paths(
    history: History, horizon: int, names: tuple[str, ...] = CHOICES, given: Mapping[str, Floats] | None = None
) -> Mapping[str, Floats]:
    """The paths of some choices; a member that a combination needs runs once.

    Args:
        history: what is known.
        horizon: periods ahead.
        names: keys of `MEMBERS`, or `MEDIAN`.
        given: paths of members that have been run already.
    """
    needed = MEMBERS if MEDIAN in names else names
    found = {
        name: bounded(given[name] if given and name in given else MEMBERS[name](history, horizon), history)
        for name in needed
    }
    if MEDIAN in names:
        found[MEDIAN] = np.median(list(found.values()), axis=0)
    return {name: found[name] for name in names}


def bounded(path: Floats, history: History) -> Floats:
    """A path that stays within reach: one range of the past above its highest and below its lowest value."""
    lowest, highest = float(np.nanmin(history.z)), float(np.nanmax(history.z))
    reach = highest - lowest
    return np.clip(np.nan_to_num(path, nan=history.filled[-1]), lowest - reach, highest + reach)
