"""The forecasts of areas and of the area that is their sum, made to agree."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from forecasting.changed import Task
from forecasting.hierarchy import covariance, moved, reconciled, summing
from forecasting.intervals import Bands
from forecasting.predict import Prediction
from forecasting.prepared import modelled
from forecasting.series import Floats, Key

log = logging.getLogger(__name__)

_LEAST_COMMON, _MOST_COMMON = 3, 12  # latest periods over which parts must have added up to their sum
_TOLERANCE = 0.01  # published figures are rounded, and corrected at different times

One = tuple[Task, Prediction]


def agreed(group: Sequence[One]) -> Mapping[Key, Prediction]:
    """The predictions of an indicator's areas, made to agree where sums are sums; the others as they are."""
    found = {task.key: prediction for task, prediction in group}
    for family in _families(group):
        try:
            found |= _reconcile(family)
        except (ValueError, ArithmeticError, np.linalg.LinAlgError) as error:  # apart is better than not at all
            log.warning("the areas of %s do not agree: %s", family[0][0].key[0], error)
    return found


def _families(group: Sequence[One]) -> list[list[One]]:
    """Trees of areas with the same last period in which every sum has been the sum of its parts."""
    summed = [one for one in group if one[0].indicator.aggregate == "sum" and one[0].key[1]]
    present = {task.key[1] for task, _ in summed}
    trees: dict[tuple[str, date, int], list[One]] = {}
    for task, prediction in summed:
        key = _root(task, present), task.series.last, len(prediction.bands.value)
        trees.setdefault(key, []).append((task, prediction))
    return [tree for tree in trees.values() if len(tree) > 1 and _adds_up(tree)]


def _root(task: Task, present: set[str]) -> str:
    return [area for area in (task.key[1], *task.above) if area in present][-1]


def _parents(tree: Sequence[One]) -> dict[str, str]:
    """By area the nearest one above it that has a series; the root's is itself in no tree."""
    present = {task.key[1] for task, _ in tree}
    return {task.key[1]: next((a for a in task.above if a in present), "") for task, _ in tree}


def _adds_up(tree: Sequence[One]) -> bool:
    parents = _parents(tree)
    past = {task.key[1]: modelled(task).values for task, _ in tree}
    for area in {p for p in parents.values() if p in past}:
        parts = [past[a] for a, parent in parents.items() if parent == area]
        common = min(len(past[area]), _MOST_COMMON, *(len(p) for p in parts))
        total, sums = past[area][-common:], np.sum([p[-common:] for p in parts], axis=0)
        known = np.isfinite(total) & np.isfinite(sums)
        gap = np.abs(total - sums)[known]
        if known.sum() < _LEAST_COMMON or (gap > _TOLERANCE * np.maximum(np.abs(total[known]), 1e-9)).any():
            log.info("the areas below %s of %s do not add up to it", area, tree[0][0].key[0])
            return False
    return True


def _reconcile(tree: Sequence[One]) -> dict[Key, Prediction]:
    areas, _, matrix = summing(_parents(tree))
    by_area = {task.key[1]: (task, prediction) for task, prediction in tree}
    ordered = [by_area[a] for a in areas]
    low = ordered[0][0].indicator.low
    base = np.array([p.bands.value for _, p in ordered])
    weights = covariance(_errors([p for _, p in ordered]))
    found = reconciled(base, matrix, weights, signed=low is None or low < 0)
    return {task.key: _with(p, found[n]) for n, (task, p) in enumerate(ordered)}


def _errors(predictions: Sequence[Prediction]) -> Floats:
    """Float array (origins and horizons, areas) of actual minus forecast; side by side where the origins are the same."""
    own = [p.errors.units().ravel() for p in predictions]
    if len({len(e) for e in own}) == 1:
        return np.column_stack(own)
    found = np.full((sum(map(len, own)), len(own)), np.nan)
    begin = 0
    for column, errors in enumerate(own):
        found[begin : begin + len(errors), column] = errors
        begin += len(errors)
    return found


def _with(prediction: Prediction, value: Floats) -> Prediction:
    bands = prediction.bands
    low = {p: moved(ends, bands.value, value) for p, ends in bands.low.items()}
    high = {p: moved(ends, bands.value, value) for p, ends in bands.high.items()}
    return replace(prediction, bands=Bands(value, low, high))
