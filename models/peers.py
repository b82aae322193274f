"""What our detectors are measured against: river's own, used as its manual says, and the benchmark's baseline."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from datetime import datetime

from river import anomaly, compose, preprocessing, stats, utils

from models.evaluation import Verbs

GAUSSIAN_WINDOW = 1000
LAGS = 10
WINDOW, STEP = 6400, 100


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


class WindowedGaussian:
    """The benchmark's own baseline: how improbable a value is under the normal law of the last 6,400 values.

    The law is fitted at every value until the window is full, then at every hundredth
    (`nab/detectors/gaussian/windowedGaussian_detector.py`).
    """

    def __init__(self) -> None:
        self._moments = utils.Rolling(stats.Var, window_size=WINDOW, ddof=0)
        self._seen, self._mean, self._deviation = 0, 0.0, 1.0

    def score_one(self, _moment: datetime, value: float) -> float:
        """One less the probability of a value farther out on its side; 0 before the first value."""
        far = abs(value - self._mean) / self._deviation
        return 1.0 - 0.5 * math.erfc(far / math.sqrt(2.0)) if self._seen else 0.0

    def learn_one(self, _moment: datetime, value: float) -> None:
        """Take the value in."""
        self._moments.update(value)
        self._seen += 1
        if self._seen <= WINDOW or self._seen % STEP == 0:
            self._mean = self._moments.mean.get()
            self._deviation = math.sqrt(max(self._moments.get(), 0.0)) or 0.000001


PEERS: dict[str, Callable[[], Verbs]] = {
    "river GaussianScorer": Gaussian, "river HalfSpaceTrees": Trees, "windowed Gaussian": WindowedGaussian,
}  # fmt: skip
