"""What negations, reductions and the target's own actions make of the good and bad words beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from nlp.lexicon import Cue
from nlp.roles import STOPS

_TURNING = ("deny", "lessen")
_BAD, _GOOD = ("negative", "blame"), ("positive", "praise")
_REACH = 5  # words between a negation and the cue it turns
_NO_MORE = frozenset(["không", "chẳng", "hết", "khong"])
_SHRINKS = frozenset(["giảm", "bớt", "thuộc", "được", "không", "chấm", "giam", "bot"])
_ASKED = frozenset(["ạ", "nhỉ", "?", "vậy", "mọi", "a", "nhi", "vay"])  # "… không ạ?": a question, no negation


def turned(words: Sequence[str], target: int, cues: Sequence[Cue]) -> Iterator[Cue]:
    """The cues, the turned ones under new classes: ``lack``, ``fixed``, ``against``, and ``ask`` for a negation that asks.

    Args:
        words: of the sentence.
        target: index of the target among them, -1 for none.
        cues: in reading order.
    """
    turn: Cue | None = None
    acting = False
    for cue, following in zip_longest(cues, cues[1:]):
        kind = cue.kind
        if kind in _TURNING:
            if words[cue.end - 1] in ("không", "khong") and not _ASKED.isdisjoint(words[cue.end : cue.end + 1]):
                kind = "ask"
            else:
                turn = cue
        elif kind in _BAD or kind in _GOOD:
            by = _turning(words, turn) if turn and _near(words, turn, cue) else ""
            if not by and kind == "negative" and following and _taken_away(words, cue, following):
                by = "lessen"
            kind = _reversed(kind, by, acting)
            turn = None
        elif kind == "action":
            acting = 0 <= target < cue.start and words[cue.start - 1] not in ("bị", "bi")
        yield cue._replace(kind=kind)


def _near(words: Sequence[str], first: Cue, second: Cue) -> bool:
    return second.start - first.end < _REACH and STOPS.isdisjoint(words[first.end : second.start])


def _taken_away(words: Sequence[str], cue: Cue, following: Cue) -> bool:
    """Whether a bad thing is the subject of its own end: "sai sót giảm hẳn", but not "chậm trễ, giảm điểm"."""
    return following.kind == "lessen" and words[following.start] in _SHRINKS and _near(words, cue, following)


def _turning(words: Sequence[str], turn: Cue) -> str:
    """What a cue of deny or lessen does: "không còn" takes a bad thing away and denies a good one."""
    return "both" if turn.kind == "lessen" and words[turn.start] in _NO_MORE else turn.kind


def _reversed(kind: str, by: str, acting: bool) -> str:
    if kind in _BAD:
        return "fixed" if by else "against" if acting and kind == "negative" else kind
    return "lack" if by in ("deny", "both") else kind
