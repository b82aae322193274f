"""Count the words that carry stance, by where they stand to the agency and whether something turns them round."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from nlp.focus import TARGET
from nlp.normalise import fold, is_unmarked, strip_marks

_WORD = re.compile(r"\w+|[◉○]|[,;:.!?]")
_STOPS = frozenset([",", ";", ":", ".", "!", "?", "nhưng", "mà", "nhung"])
_LONGEST = 5  # words in a phrase of cues.toml
_REACH = 5  # words between a negation and the cue it turns


class _Cue(NamedTuple):
    kind: str
    start: int
    end: int


def count_cues(focused: str) -> Counter[str]:
    """Cue counts of a focused sentence, named ``class:place``.

    Classes are those of ``cues.toml``, ``lack`` (a denied positive), ``fixed`` (a negative denied or taken away) and
    ``against`` (a negative the target acts against); places are ``after``, ``before`` (the target) and ``none``.
    """
    words = _WORD.findall(focused)
    target = words.index(TARGET) if TARGET in words else -1
    found: Counter[str] = Counter()
    turn: _Cue | None = None
    acting = False
    for cue in _find(words, _phrases(is_unmarked(focused))):
        kind = cue.kind
        if kind in ("deny", "lessen"):
            turn = cue
        elif kind in ("negative", "positive"):
            near = turn is not None and cue.start - turn.end < _REACH and _STOPS.isdisjoint(words[turn.end : cue.start])
            kind = _turned(kind, turn.kind if near and turn else "", acting)
            turn = None
        elif kind == "action":
            acting = 0 <= target < cue.start and words[cue.start - 1] not in ("bị", "bi")
        place = "none" if target < 0 else "after" if cue.start > target else "before"
        found[f"{kind}:{place}"] += 1
    return found


def _turned(kind: str, by: str, acting: bool) -> str:
    if kind == "negative":
        return "fixed" if by else "against" if acting else kind
    return "lack" if by == "deny" else kind


def _find(words: list[str], phrases: dict[str, str]) -> Iterator[_Cue]:
    at = 0
    while at < len(words):
        for size in range(min(_LONGEST, len(words) - at), 0, -1):
            if kind := phrases.get(" ".join(words[at : at + size])):
                yield _Cue(kind, at, at + size)
                at += size
                break
        else:
            at += 1


@cache
def _phrases(bare: bool) -> dict[str, str]:
    lists = tomllib.loads(Path(__file__).with_name("cues.toml").read_text(encoding="utf-8"))
    spelt = {fold(phrase): kind for kind, phrases in lists.items() for phrase in phrases}
    return {strip_marks(p): kind for p, kind in spelt.items() if len(p.split()) > 1 or len(p) > 4} if bare else spelt
