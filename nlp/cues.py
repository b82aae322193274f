"""Count the words that carry stance, by where they stand to the agency, who says them of whom and what turns them round."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import NamedTuple

from nlp.focus import OTHER, TARGET
from nlp.normalise import fold, is_unmarked, strip_marks
from nlp.roles import STOPS, owner, role

_WORD = re.compile(r"\w+|[◉○]|[,;:.!?]")
_LONGEST = 6  # words in a phrase of cues.toml
_REACH = 5  # words between a negation and the cue it turns
_RELATIONS = frozenset(["blame", "praise", "action"])  # what one does to another
_NO_MORE = frozenset(["không", "chẳng", "hết", "khong"])
_SHRINKS = frozenset(["giảm", "bớt", "thuộc", "được", "không", "chấm", "giam", "bot"])
_ASKED = frozenset(["ạ", "nhỉ", "?", "vậy", "mọi", "a", "nhi", "vay"])  # "… không ạ?": a question, no negation
_POLAR = {"negative": "-", "blame": "-", "lack": "-", "positive": "+", "praise": "+", "fixed": "+"}


class _Cue(NamedTuple):
    kind: str
    start: int
    end: int


def count_cues(focused: str) -> Counter[str]:
    """Cue counts of a focused sentence, named ``class:place``.

    Classes are those of ``cues.toml``, ``lack`` (a denied positive), ``fixed`` (a negative denied or taken away) and
    ``against`` (a negative the target acts against). Places are ``after`` and ``before`` the target, ``apart`` (before it in
    another clause), ``theirs`` (of somebody else), ``none`` without target; of blame, praise and action, whether it is
    said or done ``of`` the target or ``by`` it. ``order:x>y`` tells how good and bad follow each other, ``last:x`` what
    comes last.
    """
    words = _WORD.findall(focused)
    target = words.index(TARGET) if TARGET in words else -1
    found: Counter[str] = Counter()
    polar: list[tuple[str, str]] = []
    for cue, place in _placed(words, target, _turned(words, target, _find(words, _phrases(is_unmarked(focused))))):
        found[f"{cue.kind}:{place}"] += 1
        if place not in ("by", "theirs") and (sign := _POLAR.get(cue.kind)):
            polar.append((sign, place))
    found.update(f"order:{a}>{b}" for (a, _), (b, _) in pairwise(polar) if a != b)
    if polar:
        sign, place = polar[-1]
        found[f"last:{sign}apart" if place == "apart" else f"last:{sign}"] += 1
    return found


def _placed(words: Sequence[str], target: int, cues: Iterable[_Cue]) -> Iterator[tuple[_Cue, str]]:
    """Each cue with its place; what follows blame or praise belongs to whom that was of."""
    relation, since = "", -1
    for cue in cues:
        if target < 0:
            yield cue, "none"
            continue
        done = role(words, cue.start, cue.end) if cue.kind in _RELATIONS else ""
        if done and cue.kind != "action":
            relation, since = done, cue.end
        if done:
            yield cue, done
            continue
        told = relation if cue.start >= since >= 0 and TARGET not in words[since : cue.start] else ""
        theirs = told == "by" or (told != "of" and owner(words, cue.start) == OTHER)
        yield cue, "theirs" if theirs and cue.kind in _POLAR else _side(words, target, cue)


def _turned(words: Sequence[str], target: int, cues: Sequence[_Cue]) -> Iterator[_Cue]:
    """The cues with what negations, reductions and the target's own actions make of them."""
    turn: _Cue | None = None
    acting = False
    for cue, following in zip_longest(cues, cues[1:]):
        kind = cue.kind
        if kind in ("deny", "lessen"):
            if words[cue.end - 1] in ("không", "khong") and not _ASKED.isdisjoint(words[cue.end : cue.end + 1]):
                kind = "ask"
            else:
                turn = cue
        elif kind in _POLAR:
            by = _turning(turn, words) if turn and _near(words, turn, cue) else ""
            if not by and kind == "negative" and following and _taken_away(words, cue, following):
                by = "lessen"
            kind = _reversed(kind, by, acting)
            turn = None
        elif kind == "action":
            acting = 0 <= target < cue.start and words[cue.start - 1] not in ("bị", "bi", "được", "duoc")
        yield _Cue(kind, cue.start, cue.end)


def _near(words: Sequence[str], first: _Cue, second: _Cue) -> bool:
    return second.start - first.end < _REACH and STOPS.isdisjoint(words[first.end : second.start])


def _taken_away(words: Sequence[str], cue: _Cue, following: _Cue) -> bool:
    """Whether a bad thing is the subject of its own end: "sai sót giảm hẳn", but not "chậm trễ, giảm điểm"."""
    return following.kind == "lessen" and words[following.start] in _SHRINKS and _near(words, cue, following)


def _turning(turn: _Cue, words: Sequence[str]) -> str:
    """What a cue of deny or lessen does: "không còn" takes a bad thing away and denies a good one."""
    return "both" if turn.kind == "lessen" and words[turn.start] in _NO_MORE else turn.kind


def _reversed(kind: str, by: str, acting: bool) -> str:
    if kind in ("negative", "blame"):
        return "fixed" if by else "against" if acting and kind == "negative" else kind
    return "lack" if by in ("deny", "both") else kind


def _side(words: Sequence[str], target: int, cue: _Cue) -> str:
    if cue.start > target:
        return "after"
    return "before" if STOPS.isdisjoint(words[cue.end : target]) else "apart"


def _find(words: Sequence[str], phrases: dict[str, str]) -> list[_Cue]:
    found = []
    at = 0
    while at < len(words):
        for size in range(min(_LONGEST, len(words) - at), 0, -1):
            if kind := phrases.get(" ".join(words[at : at + size])):
                if kind != "plain":
                    found.append(_Cue(kind, at, at + size))
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
