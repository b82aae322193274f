"""How good stances are against known ones: accuracy, F1 by label, calibration error, what is left when the unsure abstain."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.stance import LABELS

_BINS = 10
_COVERED = 0.8  # share of the texts, the surest first, of `macro_f1_at_80`


def scored(probabilities: NDArray[np.float64], labels: NDArray[np.int64]) -> dict[str, Any]:
    """Scores of predicted probabilities, rounded to four places.

    Args:
        probabilities: (texts, 3) in the order of `LABELS`.
        labels: (texts,) indices into `LABELS`.
    """
    chosen = probabilities.argmax(axis=1)
    surest = np.argsort(-probabilities.max(axis=1), kind="stable")[: round(_COVERED * len(labels))]
    by_label = f1_by_label(chosen, labels)
    scores: dict[str, Any] = {
        "accuracy": float((chosen == labels).mean()),
        "macro_f1": float(by_label.mean()),
        "macro_f1_at_80": float(f1_by_label(chosen[surest], labels[surest]).mean()),
        "calibration_error": calibration_error(probabilities, labels),
    }
    rounded = {name: round(value, 4) for name, value in scores.items()}
    return {**rounded, "f1": {label: round(float(f), 4) for label, f in zip(LABELS, by_label, strict=True)}}


def f1_by_label(chosen: NDArray[np.int64], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """F1 of each label, (3,); 0 where a label is neither chosen nor true."""
    hits = np.array([((chosen == k) & (labels == k)).sum() for k in range(len(LABELS))], dtype=np.float64)
    asked = np.array([(chosen == k).sum() + (labels == k).sum() for k in range(len(LABELS))], dtype=np.float64)
    return 2 * hits / np.maximum(asked, 1)


def calibration_error(probabilities: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """Expected calibration error over ten equal bins of confidence (Naeini et al. 2015)."""
    confidence = probabilities.max(axis=1)
    right = (probabilities.argmax(axis=1) == labels).astype(np.float64)
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    gaps = [abs(right[bins == b].sum() - confidence[bins == b].sum()) for b in range(_BINS)]
    return float(sum(gaps) / len(labels))
