"""Forecasts of parts and of their sum made to agree: MinT with a shrunken error covariance, never below zero.

Wickramasuriya, Athanasopoulos & Hyndman (2019), Optimal forecast reconciliation for hierarchical and grouped time series
through trace minimization: the reconciled forecasts are S b with b the generalised least squares fit of S b to the base
forecasts, weighted by the inverse of their errors' covariance W. W is shrunk towards its diagonal by Schäfer & Strimmer
(2005). Where b would be negative, the same least squares with b ≥ 0 (Wickramasuriya, Turlach & Hyndman 2020).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.linalg import cholesky, solve_triangular
from scipy.optimize import nnls

from forecasting.series import Floats

_LEAST_ERRORS = 4  # fewer say nothing about how errors go together
_COHERENT = 1e-9  # relative: forecasts that agree already stay as they are


def summing(parents: Mapping[str, str]) -> tuple[list[str], list[str], Floats]:
    """Who adds up to whom.

    Args:
        parents: by area, the area that it is part of; a root's parent is not among the areas.

    Returns:
        All areas, those without parts, and S, float array (areas, parts without parts) of zeros and ones.
    """
    areas = sorted(parents)
    inner = {parents[a] for a in areas}
    leaves = [a for a in areas if a not in inner]
    matrix = np.zeros((len(areas), len(leaves)))
    rows = {a: n for n, a in enumerate(areas)}
    for column, leaf in enumerate(leaves):
        area: str | None = leaf
        seen: set[str] = set()
        while area in rows and area not in seen:
            seen.add(area)
            matrix[rows[area], column] = 1.0
            area = parents.get(area)
    return areas, leaves, matrix


def covariance(errors: Floats) -> Floats:
    """Covariance of base errors around zero, correlations shrunk (Schäfer & Strimmer 2005).

    Args:
        errors: float array (times, areas), actual minus forecast; NaN where unknown.

    Returns:
        Positive definite float array (areas, areas); diagonal where too little is known together.
    """
    spread = np.sqrt(np.nanmean(np.square(np.where(np.isfinite(errors).any(axis=0), errors, 1.0)), axis=0))
    spread = np.maximum(spread, 1e-6 * max(float(spread.max()), 1e-12))
    whole = errors[np.isfinite(errors).all(axis=1)]
    count = len(whole)
    if count < _LEAST_ERRORS:
        return np.diag(spread**2)
    unit = whole / spread
    products = unit[:, :, None] * unit[:, None, :]
    r = products.mean(axis=0)
    variance = np.square(products - r).sum(axis=0) / (count * (count - 1))
    off = ~np.eye(len(spread), dtype=np.bool_)
    squared = float(np.square(r)[off].sum())
    weight = min(max(float(variance[off].sum()) / squared, 0.0), 1.0) if squared > 0 else 1.0
    shrunk = np.where(off, (1 - weight) * r, 1.0)
    if count <= len(spread) or np.linalg.eigvalsh(shrunk).min() < 1e-8:
        shrunk = 0.999 * shrunk + 0.001 * np.eye(len(spread))
        if np.linalg.eigvalsh(shrunk).min() < 1e-8:
            shrunk = np.eye(len(spread))
    return np.asarray(shrunk * np.outer(spread, spread))


def reconciled(base: Floats, matrix: Floats, weights: Floats, *, signed: bool = False) -> Floats:
    """Forecasts that add up, as near to the base forecasts as their errors make likely.

    Args:
        base: float array (areas, horizon).
        matrix: S from `summing`.
        weights: W, from `covariance`.
        signed: parts may be negative.

    Returns:
        Float array (areas, horizon) with ``result = S @ result[leaves]``; the base itself where that adds up already.
    """
    factor = cholesky(weights, lower=True)
    inputs = solve_triangular(factor, matrix, lower=True)
    targets = solve_triangular(factor, base, lower=True)
    bottom = np.linalg.lstsq(inputs, targets, rcond=None)[0]
    for step in np.flatnonzero((bottom < 0).any(axis=0)) if not signed else ():
        bottom[:, step] = nnls(inputs, targets[:, step])[0]
    found = matrix @ bottom
    leaves = np.flatnonzero(matrix.sum(axis=1) == 1)
    own = _own_rows(matrix, leaves)
    agree = np.abs(matrix @ base[own] - base).max(axis=0) <= _COHERENT * np.maximum(np.abs(base).max(axis=0), 1e-300)
    keep = agree & (signed | (base >= 0).all(axis=0))
    return np.where(keep, base, found)


def _own_rows(matrix: Floats, leaves: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Sequence[int]:
    """The row of each column's own area: of the rows that hold it alone, the last of its chain is as good as any."""
    return [int(next(row for row in leaves if matrix[row, column])) for column in range(matrix.shape[1])]


def moved(ends: Floats, base: Floats, found: Floats) -> Floats:
    """The end of an interval that goes along with its forecast: in proportion, or by the difference around zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = ends * (found / base)
    return np.where(base > 0, ratio, ends + (found - base))
