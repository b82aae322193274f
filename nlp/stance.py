"""The shipped stance model: TF-IDF and cues, a linear classifier, calibrated by one temperature; no pickle, no scikit-learn."""

from __future__ import annotations

import json
import zipfile
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

_NEEDED = ("name", "version", "temperature", "threshold")


class StanceModel:
    """Probabilities of negative, neutral, positive for focused sentences.

    Args:
        vocabulary: of the features.
        weights: float array (features, 3).
        bias: float array (3,).
        meta: what `meta.json` says: name, version, temperature, threshold, checksum of the corpus, scores.
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
        logits = np.zeros((len(texts), len(LABELS)))
        for row, text in enumerate(texts):
            columns, values = self._vocabulary.vector(text)
            logits[row] = np.asarray(values) @ self._weights[columns] + self._bias
        return softmax(logits / float(self.meta["temperature"]))

    def save(self, directory: Path) -> int:
        """Write `stance.npz` and `meta.json`, the same bytes for the same model; returns the bytes of both."""
        names = np.frombuffer("\n".join(self._vocabulary.names).encode(), dtype=np.uint8)
        idf, weights = self._vocabulary.idf.astype(np.float16), self._weights.astype(np.float16)
        directory.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(directory / "stance.npz", names=names, idf=idf, weights=weights, bias=self._bias)
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
        missing = [key for key in _NEEDED if key not in meta]
        with np.load(directory / "stance.npz", allow_pickle=False) as arrays:
            names = arrays["names"].tobytes().decode().split("\n")
            vocabulary = Vocabulary(names, arrays["idf"].astype(np.float32))
            weights, bias = arrays["weights"].astype(np.float32), arrays["bias"]
        if missing or weights.shape != (len(names), len(LABELS)) or len(vocabulary.idf) != len(names):
            raise ValueError(f"meta.json lacks {missing}" if missing else "the arrays do not fit each other")
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise ConfigurationError(
            f"{directory} holds no stance model ({error}); build it with: python -m nlp.train"
        ) from None
    return StanceModel(vocabulary, weights, bias, meta)
