"""Features of a focused sentence: words 1-2, word pairs with a gap, words by place, characters 2-5, and cues."""

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
from nlp.focus import TARGET

_WORD = re.compile(r"\w+%?|[◉○]|[!?]")
_TOKEN = re.compile(r"\w+%?|[◉○]|[,;:.!?]")
_ENDS = frozenset(",;:.!?")  # of a clause
_SIZES = (2, 3, 4, 5)
_GAPS = (2, 3, 4)
WEIGHTS = {"w": 1.0, "c": 1.0, "p": 0.7, "s": 0.7}  # length of each block; cues count as they are
_CUE = 0.3  # value of a cue that stands once; two are the most that count
LONGEST = 2000  # characters that are looked at


def counts(focused: str) -> dict[str, Counter[str]]:
    """Occurrences by block; names carry the block's prefix.

    w: words and pairs of neighbours; c: runs of characters; p: words before (B) or after (A) the target, in its clause or
    in another (x), n without target; s: pairs of words with one to three between them; q: cues.
    """
    text = focused[:LONGEST]
    words, tokens = _WORD.findall(text), _TOKEN.findall(text)
    grams = Counter(f"w:{w}" for w in words)
    grams.update(f"w:{a} {b}" for a, b in pairwise(words))
    apart = Counter(f"s:{tokens[i]}_{tokens[i + gap]}" for gap in _GAPS for i in range(len(tokens) - gap))
    cues = Counter({f"q:{name}": n for name, n in count_cues(text).items()})
    return {"w": grams, "c": _characters(words), "p": _placed(tokens), "s": apart, "q": cues}


def _characters(words: Sequence[str]) -> Counter[str]:
    text = f" {' '.join(words)} "
    return Counter(f"c:{text[i : i + n]}" for n in _SIZES for i in range(len(text) - n + 1))


def _placed(tokens: Sequence[str]) -> Counter[str]:
    target = tokens.index(TARGET) if TARGET in tokens else -1
    own = sum(token in _ENDS for token in tokens[: max(target, 0)])
    found: Counter[str] = Counter()
    clause = 0
    for index, token in enumerate(tokens):
        if token in _ENDS:
            clause += 1
        else:
            place = "n" if target < 0 else f"{'A' if index > target else 'B'}{'' if clause == own else 'x'}"
            found[f"p:{place}:{token}"] += 1
    return found


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
        """Columns and values of one text: sublinear TF-IDF of each block, cues as they are; unknown features count nothing."""
        columns: list[int] = []
        values: list[float] = []
        for block, occurrences in counts(text).items():
            known = [(j, n) for name, n in occurrences.items() if (j := self._column.get(name)) is not None]
            columns.extend(j for j, _ in known)
            if block == "q":
                values.extend(_CUE * min(n, 2) for _, n in known)
            elif known:
                weighed = [(1 + math.log(n)) * self._scale[j] for j, n in known]
                scale = WEIGHTS[block] / math.sqrt(sum(v * v for v in weighed))
                values.extend(v * scale for v in weighed)
        return columns, values

    def matrix(self, texts: Sequence[str]) -> Any:
        """The vectors as rows of a scipy CSR matrix (texts, features), for training."""
        from scipy import sparse  # only training pays for its import

        rows = [self.vector(text) for text in texts]
        ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        columns = [j for row, _ in rows for j in row]
        values = [v for _, row in rows for v in row]
        return sparse.csr_matrix((values, columns, ends), shape=(len(rows), len(self.names)), dtype=np.float64)
