"""Count the words that carry stance, by where they stand to the agency, who says them of whom and what turns them round."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from nlp.focus import OTHER, TARGET
from nlp.normalise import fold, is_unmarked, strip_marks

_WORD = re.compile(r"\w+|[◉○]|[,;:.!?]")
_STOPS = frozenset([",", ";", ":", ".", "!", "?", "nhưng", "mà", "nhung"])
_LONGEST = 6  # words in a phrase of cues.toml
_REACH = 5  # words between a negation and the cue it turns
_NO_MORE = frozenset(["không", "chẳng", "hết", "khong"])
_PASSIVE = frozenset(["bị", "được", "bi", "duoc"])
_ASKED = frozenset(["ạ", "nhỉ", "?", "vậy", "mọi", "a", "nhi", "vay"])  # "… không ạ?": a question, no negation
_POLAR = {"negative": "-", "blame": "-", "lack": "-", "positive": "+", "praise": "+", "fixed": "+"}


class _Cue(NamedTuple):
    kind: str
    start: int
    end: int


def count_cues(focused: str) -> Counter[str]:
    """Cue counts of a focused sentence, named ``class:place``.

    Classes are those of ``cues.toml``, ``lack`` (a denied positive), ``fixed`` (a negative denied or taken away) and
    ``against`` (a negative the target acts against). Places are ``after``, ``before`` and ``apart`` (before the target in
    another clause), ``none`` without target; of blame and praise, whether it is said ``of`` the target or ``by`` it.
    ``order:x>y`` tells how good and bad follow each other.
    """
    words = _WORD.findall(focused)
    target = words.index(TARGET) if TARGET in words else -1
    found: Counter[str] = Counter()
    polar: list[str] = []
    last = ""
    for cue in _turned(words, target, _find(words, _phrases(is_unmarked(focused)))):
        role = _role(words, cue) if cue.kind in ("blame", "praise") else ""
        place = role or _place(words, target, cue)
        found[f"{cue.kind}:{place}"] += 1
        if role != "by" and (sign := _POLAR.get(cue.kind)):
            polar.append(sign)
            last = f"{sign}apart" if place == "apart" else sign
    found.update(f"order:{a}>{b}" for a, b in pairwise(polar) if a != b)
    if last:
        found[f"last:{last}"] += 1
    return found


def _turned(words: Sequence[str], target: int, cues: Iterator[_Cue]) -> Iterator[_Cue]:
    """The cues with what negations, reductions and the target's own actions make of them."""
    turn: _Cue | None = None
    acting = False
    for cue in cues:
        kind = cue.kind
        if kind in ("deny", "lessen"):
            if words[cue.start : cue.end][-1:] in (["không"], ["khong"]) and set(words[cue.end : cue.end + 1]) & _ASKED:
                kind = "ask"
            else:
                turn = cue
        elif kind in _POLAR:
            near = turn is not None and cue.start - turn.end < _REACH and _STOPS.isdisjoint(words[turn.end : cue.start])
            kind = _reversed(kind, _turning(turn, words) if near and turn else "", acting)
            turn = None
        elif kind == "action":
            acting = 0 <= target < cue.start and _PASSIVE.isdisjoint(words[max(0, cue.start - 1) : cue.start])
        yield _Cue(kind, cue.start, cue.end)


def _turning(turn: _Cue, words: Sequence[str]) -> str:
    """What a cue of deny or lessen does: "không còn" takes a bad thing away and denies a good one."""
    return "both" if turn.kind == "lessen" and words[turn.start] in _NO_MORE else turn.kind


def _reversed(kind: str, by: str, acting: bool) -> str:
    if kind in ("negative", "blame"):
        return "fixed" if by else "against" if acting and kind == "negative" else kind
    return "lack" if by in ("deny", "both") else kind


def _role(words: Sequence[str], cue: _Cue) -> str:
    """Whether blame or praise is said of the target, by it, or neither can be told ("")."""
    before = [i for i in range(cue.start) if words[i] in (TARGET, OTHER)]
    passive = next((i for i in range(cue.start - 1, -1, -1) if words[i] in _PASSIVE), -1)
    agent = before[-1] if before else -1
    if passive >= 0 and (passive > agent or cue.start - passive <= _REACH):
        patient = next((words[i] for i in reversed(before) if i < passive), "")
        by = passive < agent and words[agent] == TARGET
        return "by" if by else "of" if patient == TARGET else ""
    for word in words[cue.end :]:
        if word in (TARGET, OTHER):
            return "of" if word == TARGET else "by" if agent >= 0 and words[agent] == TARGET else ""
        if word in (",", ";", "."):
            break
    return "by" if agent >= 0 and words[agent] == TARGET else ""


def _place(words: Sequence[str], target: int, cue: _Cue) -> str:
    if target < 0:
        return "none"
    if cue.start > target:
        return "after"
    return "before" if _STOPS.isdisjoint(words[cue.end : target]) else "apart"


def _find(words: Sequence[str], phrases: dict[str, str]) -> Iterator[_Cue]:
    at = 0
    while at < len(words):
        for size in range(min(_LONGEST, len(words) - at), 0, -1):
            if kind := phrases.get(" ".join(words[at : at + size])):
                if kind != "plain":
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
