"""Count the words that carry stance, by where they stand to the agency, who says them of whom and what turns them round."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from nlp.focus import TARGET
from nlp.lexicon import Cue, find_cues
from nlp.normalise import is_unmarked
from nlp.roles import STOPS, role
from nlp.turns import turned

_WORD = re.compile(r"\w+|[◉○]|[,;:.!?]")
_RELATIONS = frozenset(["blame", "praise", "action"])  # what one does to another
_POLAR = {"negative": "-", "blame": "-", "lack": "-", "positive": "+", "praise": "+", "fixed": "+"}


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
    for cue, place in _placed(words, target, turned(words, target, find_cues(words, is_unmarked(focused)))):
        found[f"{cue.kind}:{place}"] += 1
        if place not in ("by", "theirs") and (sign := _POLAR.get(cue.kind)):
            polar.append((sign, place))
    found.update(f"order:{a}>{b}" for (a, _), (b, _) in pairwise(polar) if a != b)
    if polar:
        sign, place = polar[-1]
        found[f"last:{sign}apart" if place == "apart" else f"last:{sign}"] += 1
    return found


def _placed(words: Sequence[str], target: int, cues: Iterable[Cue]) -> Iterator[tuple[Cue, str]]:
    """Each cue with its place; what follows blame or praise by the target is somebody else's."""
    relation, since = "", -1
    for cue in cues:
        if target < 0:
            yield cue, "none"
            continue
        done = role(words, cue.start, cue.end) if cue.kind in _RELATIONS else ""
        if done and cue.kind != "action":
            relation, since = done, cue.end
        theirs = relation == "by" and cue.kind in _POLAR and TARGET not in words[since : cue.start]
        yield cue, done or ("theirs" if theirs else _side(words, target, cue))


def _side(words: Sequence[str], target: int, cue: Cue) -> str:
    if cue.start > target:
        return "after"
    return "before" if STOPS.isdisjoint(words[cue.end : target]) else "apart"
