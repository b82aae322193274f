"""The shipped stance model: TF-IDF and cues, a linear classifier, calibrated by one temperature; no pickle, no scikit-learn."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from ioc.errors import ConfigurationError
from ioc.records import StanceLabel
from nlp.features import Vocabulary

LABELS: tuple[StanceLabel, ...] = get_args(StanceLabel)
SHIPPED = Path(__file__).parent / "model"


class StanceModel:
    """Probabilities of negative, neutral, positive for focused sentences.

    Args:
        vocabulary: of the features.
        weights: float array (features, 3).
        bias: float array (3,).
        meta: what `meta.json` says: name, version, temperature, checksum of the corpus, scores.
    """

    def __init__(
        self, vocabulary: Vocabulary, weights: NDArray[np.float32], bias: NDArray[np.float32], meta: dict[str, Any]
    ) -> None:
        self._vocabulary, self._weights, self._bias = vocabulary, weights, bias
        self.meta = meta

    @property
    def id(self) -> str:
        """Name and version, as stored with every stance."""
        return f"{self.meta['name']}@{self.meta['version']}"

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Array (texts, 3) in the order of `LABELS`; rows add up to one."""
        if not texts:
            return np.zeros((0, len(LABELS)))
        logits = self._vocabulary.matrix(texts) @ self._weights.astype(np.float64) + self._bias
        return softmax(np.asarray(logits) / float(self.meta["temperature"]))

    def save(self, directory: Path) -> int:
        """Write `stance.npz` and `meta.json`; returns the bytes of both."""
        names = np.frombuffer("\n".join(self._vocabulary.names).encode(), dtype=np.uint8)
        arrays = {
            "names": names,
            "idf": self._vocabulary.idf.astype(np.float16),
            "weights": self._weights.astype(np.float16),
            "bias": self._bias,
        }
        np.savez_compressed(directory / "stance.npz", **arrays)
        text = json.dumps(self.meta, ensure_ascii=False, indent=2) + "\n"
        (directory / "meta.json").write_text(text, encoding="utf-8")
        return sum((directory / name).stat().st_size for name in ("stance.npz", "meta.json"))


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows to probabilities."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


@cache
def load_model(directory: Path = SHIPPED) -> StanceModel:
    """Read a model; nothing in the files is executed.

    Raises:
        ConfigurationError: the files are missing or not such a model.
    """
    try:
        meta = json.loads((directory / "meta.json").read_text(encoding="utf-8"))
        with np.load(directory / "stance.npz", allow_pickle=False) as arrays:
            names = arrays["names"].tobytes().decode().split("\n")
            vocabulary = Vocabulary(names, arrays["idf"].astype(np.float32))
            return StanceModel(vocabulary, arrays["weights"].astype(np.float32), arrays["bias"], meta)
    except (OSError, ValueError, KeyError) as error:
        raise ConfigurationError(
            f"{directory} holds no stance model ({error}); build it with: python -m nlp.train"
        ) from None
