"""Features of a focused sentence: words 1-2, characters 2-5, cues; each block scaled to length one."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from scipy import sparse

from nlp.cues import count_cues

_WORD = re.compile(r"\w+%?|[◉○]|[!?]")
_SIZES = (2, 3, 4, 5)
WEIGHTS = {"w": 1.0, "c": 1.0, "q": 1.0}  # words, characters, cues
LONGEST = 2000  # characters of a sentence with its neighbours that are looked at


def counts(focused: str) -> dict[str, Counter[str]]:
    """Occurrences by block (w, c, q); names carry the block's prefix."""
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

    def __init__(self, names: Sequence[str], idf: np.ndarray[tuple[int], np.dtype[np.float32]]) -> None:
        self.names, self.idf = list(names), idf
        self._column = {name: j for j, name in enumerate(self.names)}

    @classmethod
    def fit(cls, texts: Iterable[str], least: int = 3) -> Vocabulary:
        """All features that `least` texts have."""
        frequency: Counter[str] = Counter()
        documents = 0
        for text in texts:
            documents += 1
            for block in counts(text).values():
                frequency.update(block.keys())
        names = sorted(name for name, n in frequency.items() if n >= least)
        idf = [1 + math.log((1 + documents) / (1 + frequency[name])) for name in names]
        return cls(names, np.asarray(idf, dtype=np.float32))

    def matrix(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Rows of sublinear TF-IDF, (texts, features); a text without a known feature is a row of zeros."""
        data: list[float] = []
        columns: list[int] = []
        ends = [0]
        for text in texts:
            for block, occurrences in counts(text).items():
                known = [
                    (j, (1 + math.log(n)) * float(self.idf[j]))
                    for name, n in occurrences.items()
                    if (j := self._column.get(name)) is not None
                ]
                scale = WEIGHTS[block] / math.sqrt(sum(v * v for _, v in known)) if known else 0.0
                columns.extend(j for j, _ in known)
                data.extend(v * scale for _, v in known)
            ends.append(len(data))
        return sparse.csr_matrix((data, columns, ends), shape=(len(texts), len(self.names)), dtype=np.float64)
