"""Who says something of whom: whether a word of a focused sentence is about the target, by it, or about somebody else."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.focus import OTHER, TARGET

STOPS = frozenset([",", ";", ":", ".", "!", "?", "nhưng", "mà", "nhung"])

_MARKS = frozenset([TARGET, OTHER])
_PASSIVE = frozenset(["bị", "được", "bi", "duoc"])
_PEOPLE = frozenset(
    ["dân", "ai", "nghiệp", "khách", "huynh", "tri", "luận", "biểu", "toán", "con", "gia", "dan", "nghiep", "khach"]
)
_REACH = 5  # words between the passive and its verb


def role(words: Sequence[str], start: int, end: int) -> str:
    """Whether a verb of blame, praise or action, ``words[start:end]``, is ``of`` the target, ``by`` it, or neither ("").

    "◉ bị ○ phê bình", "○ khen ◉" and "◉ chậm, ai cũng chê" are of the target; "◉ phê bình ○" and "○ bị ◉ phạt" are by it.
    """
    before = [i for i in range(start) if words[i] in _MARKS]
    agent = before[-1] if before else -1
    passive = next((i for i in range(start - 1, -1, -1) if words[i] in _PASSIVE), -1)
    if passive >= 0 and (passive > agent or start - passive <= _REACH):
        patient = next((words[i] for i in reversed(before) if i < passive), "")
        return "by" if passive < agent and words[agent] == TARGET else "of" if patient == TARGET else ""
    if patient := _object(words[end:]):
        return "of" if patient == TARGET else "by" if agent >= 0 and words[agent] == TARGET else ""
    if agent < 0 or words[agent] != TARGET:
        return ""
    return "of" if _others_speak(words[agent + 1 : start]) else "by"


def _object(following: Sequence[str]) -> str:
    for word in following:
        if word in _MARKS:
            return word
        if word in (",", ";", "."):
            break
    return ""


def _others_speak(between: Sequence[str]) -> bool:
    """Whether people are the subject of a later clause."""
    stops = [i for i, word in enumerate(between) if word in STOPS]
    return bool(stops) and not _PEOPLE.isdisjoint(between[stops[-1] :])
