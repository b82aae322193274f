"""What a sentence says about one agency: its clauses only, its name masked, other agencies masked otherwise."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.agencies import Mention
from nlp.normalise import expand_teencode, fold
from nlp.sentences import Sentence

TARGET = "◉"
OTHER = "○"

_BREAK = re.compile(
    r"\s*[,;:–—]\s+"
    r"|\s+(?=(?:trong khi|nhưng|tuy nhiên|trái lại|ngược lại|mặc dù|nhung|tuy nhien|nguoc lai)\s)"
    r"|\s+(?=(?:còn|con)\s+(?:(?:ở|tại|với|riêng|phía)\s+)?[◉○])"  # "còn Sở B …", never "không còn"
)
_NUMBER = re.compile(r"\d[\d.,/:]*(?:\s?(?P<percent>%))?")
_MARKS = re.compile(r"(?<!\d)(?:(?P<full>5 sao|10 ?điểm|10đ|10/10)|(?:[01] sao|0 điểm))(?!\w)")  # 5 stars, 0 points
_ENUMERATING = frozenset(  # words beside the name in "Cả Sở A, Sở B và Sở C bị phê bình": no clause of its own
    [
        "cả",
        "và",
        "cùng",
        "với",
        "như",
        "các",
        "giám",
        "đốc",
        "phó",
        "lãnh",
        "đạo",
        "đại",
        "diện",
        "gồm",
        "từ",
        "đến",
        "ca",
        "va",
        "cung",
    ]
)


def focused(sentence: Sentence, mentions: Sequence[Mention], target: str) -> str:
    """The folded text of the clauses that speak of the target.

    A clause without a name goes on with the agency named last; one before any name belongs to all. With one agency in
    the sentence it is the whole sentence.

    Args:
        sentence: of a readable text.
        mentions: the agencies in this sentence, in reading order.
        target: agency id.
    """
    masked = _masked(sentence, mentions, target)
    if OTHER not in masked or TARGET not in masked:
        return plain(masked)
    return plain(", ".join(_clauses_of_target(_BREAK.split(masked))))


def plain(text: str) -> str:
    """Folded, numbers as 0 (9% from 90 on, 4% below 50, 7% between; marks in words), teencode written out."""
    marked = _MARKS.sub(lambda m: "mười điểm" if m["full"] else "một sao", fold(text))
    return expand_teencode(_NUMBER.sub(_rounded, marked))


def _rounded(number: re.Match[str]) -> str:
    if not number["percent"]:
        return "0"
    digits = re.match(r"\d{1,3}", number[0])
    share = int(digits[0]) if digits else 0
    return "9%" if share >= 90 else "7%" if share >= 50 else "4%"


def _masked(sentence: Sentence, mentions: Sequence[Mention], target: str) -> str:
    pieces, at = [], sentence.start
    for mention in mentions:
        pieces.append(sentence.text[at - sentence.start : mention.start - sentence.start])
        pieces.append(TARGET if mention.agency == target else OTHER)
        at = min(mention.end, sentence.end)
    pieces.append(sentence.text[at - sentence.start :])
    return "".join(pieces)


def _clauses_of_target(clauses: Sequence[str]) -> list[str]:
    chosen: list[str] = []
    ours: bool | None = None  # whether the agency named last is the target; None before any name
    pending = False  # a bare enumeration goes on
    for clause in clauses:
        target, other = TARGET in clause, OTHER in clause
        if target or other:
            ours = target or (pending and bool(ours))
            pending = _ENUMERATING.issuperset(re.findall(r"\w+", clause.lower()))
        if ours is not False:
            chosen.append(clause)
    return chosen
