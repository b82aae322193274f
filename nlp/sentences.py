"""Split Vietnamese text into sentences without stumbling over TP., Th.S., 1.234,5 or «…»."""

from __future__ import annotations

import re
from typing import NamedTuple

LONGEST = 600  # characters; a longer run without an end of sentence is cut at a blank

_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)|\n+")
_QUOTED = re.compile(r"«[^«»\n]{0,400}»|“[^“”\n]{0,400}”")
_WORD_BEFORE = re.compile(r"[\w./&]+$")
_INITIALS = re.compile(r"(?:\w\.)*\w")
_CLOSERS = "\"'”’»)]"
_ABBREVIATIONS = frozenset(
    [
        "tp",
        "tx",
        "tt",
        "ths",
        "th.s",
        "ts",
        "t.s",
        "pgs",
        "pgs.ts",
        "gs",
        "gs.ts",
        "bs",
        "bscki",
        "bsckii",
        "ks",
        "cn",
        "ls",
        "kts",
        "đ/c",
        "vd",
        "tr",
        "nxb",
        "tel",
        "mr",
        "mrs",
        "ms",
        "dr",
        "st",
        "no",
        "stt",
        "kp",
        "tl",
        "qđ",
        "nđ",
    ]
)
_AND_SO_ON = frozenset(["v.v", "vv"])


class Sentence(NamedTuple):
    """A sentence and its place in the text: `text[start:end]`."""

    start: int
    end: int
    text: str


def split_sentences(text: str) -> list[Sentence]:
    """Sentences in order, none empty, none longer than `LONGEST`; every one verbatim in the text."""
    quotes = [m.span() for m in _QUOTED.finditer(text)]
    found: list[Sentence] = []
    start, quote = 0, 0
    for mark in _END.finditer(text):
        while quote < len(quotes) and quotes[quote][1] <= mark.start():
            quote += 1
        quoted = quote < len(quotes) and quotes[quote][0] < mark.end() < quotes[quote][1]
        if not quoted and _ends(text, start, mark):
            found.extend(_cut(text, start, mark.end()))
            start = mark.end()
    found.extend(_cut(text, start, len(text)))
    return found


def _ends(text: str, start: int, mark: re.Match[str]) -> bool:
    sign = mark.group()
    if sign[0] == "\n":
        return True
    following = text[mark.end() : mark.end() + 2].lstrip()[:1]
    if following.islower() and (sign[-1] in _CLOSERS or "…" in sign or ".." in sign):
        return False
    if sign != ".":
        return True
    word = _WORD_BEFORE.search(text, max(start, mark.start() - 40), mark.start())
    return (
        word is None
        or not following
        or not _is_abbreviation(word.group(), following, word.start() == _first(text, start))
    )


def _first(text: str, start: int) -> int:
    while start < len(text) and text[start].isspace():
        start += 1
    return start


def _is_abbreviation(word: str, following: str, leads: bool) -> bool:
    low = word.lower()
    if low in _AND_SO_ON:
        return not following.isupper()
    if low.isdigit():
        return leads
    return low in _ABBREVIATIONS or (_INITIALS.fullmatch(word) is not None and word[-1].isupper())


def _cut(text: str, start: int, end: int) -> list[Sentence]:
    pieces = []
    while start < end:
        stop = end
        if end - start > LONGEST:
            blank = text.rfind(" ", start + 1, start + LONGEST)
            stop = blank if blank > start else start + LONGEST
        piece = text[start:stop]
        if words := piece.strip():
            lead = start + len(piece) - len(piece.lstrip())
            pieces.append(Sentence(lead, lead + len(words), words))
        start = stop
    return pieces
