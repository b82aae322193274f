"""What our detectors are measured against: river's own, used as its manual says."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime

from river import anomaly, compose, preprocessing, stats

from models.evaluation import Verbs

GAUSSIAN_WINDOW = 1000
LAGS = 10


class Gaussian:
    """river's `GaussianScorer` over the last 1000 values."""

    def __init__(self) -> None:
        self._scorer = anomaly.GaussianScorer(window_size=GAUSSIAN_WINDOW)

    def score_one(self, _moment: datetime, value: float) -> float:
        """Two-sided probability of a value nearer to the mean."""
        return float(self._scorer.score_one(None, value))

    def learn_one(self, _moment: datetime, value: float) -> None:
        """Take the value in."""
        self._scorer.learn_one(None, value)


class Trees:
    """river's `HalfSpaceTrees` on five features of the last ten values, scaled to 0..1 as they need."""

    def __init__(self) -> None:
        trees = anomaly.HalfSpaceTrees(seed=42)
        self._pipeline = compose.Pipeline(preprocessing.MinMaxScaler(), trees)
        self._last: deque[float] = deque(maxlen=LAGS)

    def score_one(self, _moment: datetime, value: float) -> float:
        """Mass of the leaves, 0..1, higher is stranger."""
        return float(self._pipeline.score_one(self._features(value)))

    def learn_one(self, _moment: datetime, value: float) -> None:
        """Take the value in."""
        self._pipeline.learn_one(self._features(value))
        self._last.append(value)

    def _features(self, value: float) -> dict[str, float]:
        spread = stats.Var(ddof=0)
        for old in self._last:
            spread.update(old)
        mean = spread.mean.get()
        change = value - self._last[-1] if self._last else 0.0
        return {"value": value, "change": change, "mean": mean, "spread": spread.get(), "off": value - mean}


PEERS: dict[str, Callable[[], Verbs]] = {"river GaussianScorer": Gaussian, "river HalfSpaceTrees": Trees}
