"""Between a task and its model: what is modelled of the published values, and what is published of the forecasts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from forecasting.changed import Task
from forecasting.cumulative import per_period, summed
from forecasting.history import History, history_of
from forecasting.intervals import Bands, Errors
from forecasting.scale import scale_of
from forecasting.series import NEED, Series
from forecasting.shocks import hit


def modelled(task: Task) -> Series:
    """What each period is by itself.

    Raises:
        BadInput: an indicator said to count up within a year does not.
    """
    indicator = task.indicator
    if not indicator.cumulative:
        return task.series
    return per_period(task.series, signed=indicator.low is None or indicator.low < 0)


def demand(task: Task) -> None:
    """Check that there is enough to learn from.

    Raises:
        NotEnoughHistory: fewer published periods than a forecast needs.
    """
    task.series.demand()


def history(task: Task) -> History:
    """What the models learn from: seasons beside it, shocks left out of it.

    A past that would be too short without its shocks keeps them: learning from a bad time is better than not learning.

    Raises:
        BadInput: as `modelled`.
    """
    series = modelled(task)
    calm = replace(series, values=np.where(hit(series, task.shocks), np.nan, series.values))
    usable = calm if calm.observed >= NEED[series.frequency] else series
    scale = scale_of(usable, task.indicator)
    return history_of(usable, scale, tet="tet" in task.indicator.regressors, seasons=task.seasons)


def published(task: Task, bands: Bands, errors: Errors | None) -> Bands:
    """Forecasts as the department publishes values: counted up from 1 January where it does so."""
    return summed(modelled(task), bands, errors) if task.indicator.cumulative else bands
