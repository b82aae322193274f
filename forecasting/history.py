"""What a model learns from: a series on its modelling scale, gaps filled, the calendar's effects taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from forecasting.calendar import day_kinds
from forecasting.effects import Effect, NoEffect, learn_days, learn_shares
from forecasting.periods import SEASON, first_days
from forecasting.scale import Scale
from forecasting.seasonal import fill
from forecasting.seasons import season_regressors
from forecasting.series import Floats, Series
from forecasting.shocks import hit
from ioc.catalog.model import Season, Shock
from ioc.records import Frequency

_FARTHEST_DAYS = 430  # more days than `forecasting.periods.horizon` ever asks for
_FARTHEST = 120  # more of the other periods than anybody asks for


@dataclass(frozen=True, eq=False)
class History:
    """The past of one series as it was known at one moment.

    Attributes:
        start: number of the first period.
        z: float array (periods,) on the modelling scale, NaN at gaps.
        scale: that scale.
        tet: whether the calendar's effects are looked for.
        extra: float array (periods and as many ahead as may be asked for, names) of further regressors; None for none.
        names: of these regressors.
    """

    frequency: Frequency
    start: int
    z: Floats
    scale: Scale
    tet: bool = True
    extra: Floats | None = None
    names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.z)

    @property
    def season(self) -> int:
        """Periods in a season."""
        return SEASON[self.frequency]

    @property
    def end(self) -> int:
        """Number of the first period after the past."""
        return self.start + len(self)

    @cached_property
    def filled(self) -> Floats:
        """`z` without gaps."""
        return fill(self.z, self.season)

    @cached_property
    def effect(self) -> Effect:
        """What Tết and the holidays do; its `adjusted` is the past that the simple models work on."""
        if not self.tet:
            return NoEffect(self.filled)
        if self.frequency == "D":
            past = day_kinds(first_days(range(self.start, self.end), "D"))
            ahead = day_kinds(first_days(range(self.end, self.end + _FARTHEST_DAYS), "D"))
            return learn_days(self.z, past, ahead, relative=self.scale.relative)
        return learn_shares(self.filled, self.start, self.frequency, prior=self.scale.relative)

    def until(self, count: int) -> History:
        """The history as it was after `count` periods."""
        return replace(self, z=self.z[:count])


def history_of(
    series: Series, scale: Scale, *, tet: bool, shocks: Sequence[Shock] = (), seasons: Sequence[Season] = ()
) -> History:
    """The whole past of a series.

    Args:
        series: in units.
        scale: to model it on.
        tet: whether the calendar's effects are looked for.
        shocks: times whose values are made gaps: nothing learns from them and no forecast is judged by them.
        seasons: whose shares become further regressors.
    """
    values = np.where(hit(series, shocks), np.nan, series.values) if shocks else series.values
    extra = None
    if seasons:
        ahead = _FARTHEST_DAYS if series.frequency == "D" else _FARTHEST
        extra = season_regressors(seasons, series.start, len(series) + ahead, series.frequency)
    return History(
        series.frequency,
        series.start,
        scale.forward(values),
        scale,
        tet,
        extra,
        tuple(f"season_{s.id}" for s in seasons),
    )
