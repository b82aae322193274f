"""What several sensors together are measured against: each learns from the first rows and takes its threshold from them."""

from __future__ import annotations

import numpy as np
from river import anomaly, compose, preprocessing
from sklearn.covariance import LedoitWolf
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest

from bench.multivariate import LEARNT, Experiment, Judge, Verdicts

_VARIANCE = 0.9  # of it in the principal components, for T²+Q
_MEAN, _MEDIAN = 30, 15  # rows


def t2_q(experiment: Experiment) -> Verdicts:
    """Hotelling's T² in the principal components and Q outside; 1.5 times the 99.9 % quantile of either."""
    scaled = _scaled(experiment)
    model = PCA(_VARIANCE).fit(scaled[:LEARNT])
    inside = model.transform(scaled)
    t2 = (inside**2 / model.explained_variance_).sum(1)
    q = ((scaled - model.inverse_transform(inside)) ** 2).sum(1)
    ratio = np.maximum(*(one / (1.5 * np.quantile(one[:LEARNT], 0.999)) for one in (t2, q)))
    return _verdicts(experiment, ratio, 1.0)


def mahalanobis(experiment: Experiment) -> Verdicts:
    """Distance of the mean of 30 rows, shrunken covariance of such means; eight times the 99 % quantile."""
    means = _rolling(_scaled(experiment), _MEAN, np.mean)
    means = means / np.maximum(means[:LEARNT].std(0), 1e-9)
    distance = LedoitWolf().fit(means[:LEARNT]).mahalanobis(means)
    return _verdicts(experiment, distance, 8 * float(np.quantile(distance[:LEARNT], 0.99)))


def forest(experiment: Experiment) -> Verdicts:
    """scikit-learn's isolation forest, median over 15 rows; the 99 % quantile."""
    scaled = _scaled(experiment)
    model = IsolationForest(random_state=42).fit(scaled[:LEARNT])
    score = _rolling(-model.score_samples(scaled)[:, None], _MEDIAN, np.median)[:, 0]
    return _verdicts(experiment, score, float(np.quantile(score[:LEARNT], 0.99)))


def trees(experiment: Experiment) -> Verdicts:
    """River's `HalfSpaceTrees`, which goes on learning, median over 15 rows; the 99 % quantile of the first rows."""
    model = compose.Pipeline(preprocessing.MinMaxScaler(), anomaly.HalfSpaceTrees(seed=42, window_size=LEARNT // 2))
    scores = np.zeros((len(experiment.values), 1))
    for row, values in enumerate(experiment.values):
        features = dict(zip(experiment.sensors, values.tolist(), strict=True))
        scores[row] = model.score_one(features)
        model.learn_one(features)
    smooth = _rolling(scores, _MEDIAN, np.median)[:, 0]
    return _verdicts(experiment, smooth, float(np.quantile(smooth[LEARNT // 2 : LEARNT], 0.99)))


PEERS: dict[str, Judge] = {
    "T²+Q": t2_q, "Mahalanobis of 30-row means": mahalanobis, "isolation forest": forest, "river HalfSpaceTrees": trees,
}  # fmt: skip


def _scaled(experiment: Experiment) -> np.ndarray:
    filled = np.nan_to_num(experiment.values)
    first = filled[:LEARNT]
    scaled: np.ndarray = (filled - first.mean(0)) / np.maximum(first.std(0), 1e-9)
    return scaled


def _rolling(values: np.ndarray, rows: int, how: object) -> np.ndarray:
    """Over the last rows at each row, fewer at the beginning."""
    assert callable(how)  # noqa: S101 - numpy's own functions
    return np.stack([how(values[max(0, row + 1 - rows) : row + 1], axis=0) for row in range(len(values))])


def _verdicts(experiment: Experiment, scores: np.ndarray, threshold: float) -> Verdicts:
    return Verdicts(scores, scores >= threshold, [""] * len(experiment.values))
