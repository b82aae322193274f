"""Features of a focused sentence: words 1-2 and characters 2-5, each scaled to length one, and cues as they are."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.cues import count_cues

_WORD = re.compile(r"\w+%?|[◉○]|[!?]")
_SIZES = (2, 3, 4, 5)
_CUE = 0.3  # value of a cue that stands once; two are the most that count
LONGEST = 2000  # characters that are looked at


def counts(focused: str) -> dict[str, Counter[str]]:
    """Occurrences by block (w words, c characters, q cues); names carry the block's prefix."""
    text = focused[:LONGEST]
    words = _WORD.findall(text)
    grams = Counter(f"w:{w}" for w in words)
    grams.update(f"w:{a} {b}" for a, b in pairwise(words))
    return {"w": grams, "c": _characters(words), "q": Counter({f"q:{k}": n for k, n in count_cues(text).items()})}


def _characters(words: Sequence[str]) -> Counter[str]:
    text = f" {' '.join(words)} "
    return Counter(f"c:{text[i : i + n]}" for n in _SIZES for i in range(len(text) - n + 1))


class Vocabulary:
    """Feature names in a fixed order with their inverse document frequencies.

    Attributes:
        names: feature names; column j of a matrix is names[j].
        idf: float array (features,), 1 + ln((1 + documents) / (1 + documents with it)).
    """

    def __init__(self, names: Sequence[str], idf: NDArray[np.float32]) -> None:
        self.names, self.idf = list(names), idf
        self._column = {name: j for j, name in enumerate(self.names)}
        self._scale = idf.tolist()

    @classmethod
    def fit(cls, texts: Iterable[str], least: int = 2) -> Vocabulary:
        """All features that `least` texts have."""
        frequency: Counter[str] = Counter()
        documents = 0
        for text in texts:
            documents += 1
            for block in counts(text).values():
                frequency.update(block.keys())
        names = sorted(name for name, n in frequency.items() if n >= least)
        idf = [1 + math.log((1 + documents) / (1 + frequency[name])) for name in names]
        return cls(names, np.asarray(idf, dtype=np.float16).astype(np.float32))  # as the model's file keeps them

    def kept(self, columns: Sequence[int]) -> Vocabulary:
        """The same with these columns only."""
        return Vocabulary([self.names[j] for j in columns], self.idf[list(columns)])

    def vector(self, text: str) -> tuple[list[int], list[float]]:
        """Columns and values of one text: sublinear TF-IDF of words and characters, cues; unknown features count nothing."""
        columns: list[int] = []
        values: list[float] = []
        for block, occurrences in counts(text).items():
            known = [(j, n) for name, n in occurrences.items() if (j := self._column.get(name)) is not None]
            columns.extend(j for j, _ in known)
            if block == "q":
                values.extend(_CUE * min(n, 2) for _, n in known)
            elif known:
                weighed = [(1 + math.log(n)) * self._scale[j] for j, n in known]
                length = math.sqrt(sum(v * v for v in weighed))
                values.extend(v / length for v in weighed)
        return columns, values

    def matrix(self, texts: Sequence[str]) -> Any:
        """The vectors as rows of a scipy CSR matrix (texts, features), for training."""
        from scipy import sparse  # only training pays for its import

        rows = [self.vector(text) for text in texts]
        ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        columns = [j for row, _ in rows for j in row]
        values = [v for _, row in rows for v in row]
        return sparse.csr_matrix((values, columns, ends), shape=(len(rows), len(self.names)), dtype=np.float64)
