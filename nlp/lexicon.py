"""The phrases of cues.toml in a list of words, longest first."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from nlp.normalise import fold, strip_marks

_LONGEST = 6  # words in a phrase of cues.toml


class Cue(NamedTuple):
    """A phrase ``words[start:end]`` of one class of cues.toml."""

    kind: str
    start: int
    end: int


def find_cues(words: Sequence[str], bare: bool) -> list[Cue]:
    """Cues in reading order, none overlapping; phrases of the class ``plain`` hide what is inside them.

    Args:
        words: folded.
        bare: whether they are written without diacritics; then short single words are no cues.
    """
    phrases = _phrases(bare)
    found = []
    at = 0
    while at < len(words):
        for size in range(min(_LONGEST, len(words) - at), 0, -1):
            if kind := phrases.get(" ".join(words[at : at + size])):
                if kind != "plain":
                    found.append(Cue(kind, at, at + size))
                at += size
                break
        else:
            at += 1
    return found


@cache
def _phrases(bare: bool) -> dict[str, str]:
    lists = tomllib.loads(Path(__file__).with_name("cues.toml").read_text(encoding="utf-8"))
    spelt = {fold(phrase): kind for kind, phrases in lists.items() for phrase in phrases}
    return {strip_marks(p): kind for p, kind in spelt.items() if len(p.split()) > 1 or len(p) > 4} if bare else spelt
