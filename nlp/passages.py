"""Which sentences of a text speak of an agency, in what words, and how much each counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from nlp.agencies import Mention
from nlp.focus import focused
from nlp.normalise import fold, is_unmarked, strip_marks
from nlp.sentences import Sentence

SHORT = 6  # sentences: in a text no longer than this with one agency, everything is about it
_NEIGHBOUR = (
    0.5  # weight of a sentence that names nobody next to one that names the agency; halved with each further one
)
_ANAPHOR = re.compile(
    r"(?<!\w)(?:đơn vị|sở|cơ quan|ngành|lực lượng|trung tâm|địa phương|văn phòng|cục) (?:này|trên|nói trên|ấy)(?!\w)"
)
_BARE_ANAPHOR = re.compile(strip_marks(_ANAPHOR.pattern))


class Passage(NamedTuple):
    """One sentence about an agency.

    Attributes:
        sentence: as it stands in the text.
        focused: what the model reads, see `nlp.focus`.
        weight: 1 where the agency is named or meant by "đơn vị này", less for what only stands beside.
    """

    sentence: Sentence
    focused: str
    weight: float


def passages_about(agency: str, text: str, sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> list[Passage]:
    """The sentences that speak of an agency; all of them, with weight 1, where it is not named at all.

    Args:
        agency: id, as in the mentions.
        text: readable text.
        sentences: of the text, in order.
        mentions: of all agencies and other institutions, in reading order.
    """
    within: list[list[Mention]] = [[] for _ in sentences]
    for mention in mentions:
        within[mention.sentence].append(mention)
    named = [any(m.agency == agency for m in here) for here in within]
    if not any(named):
        return [Passage(s, focused(s, here, agency), 1.0) for s, here in zip(sentences, within, strict=True)]
    alone = len(sentences) <= SHORT and len({m.agency for m in mentions}) == 1
    weight = _NEIGHBOUR if alone else 0.0
    found = []
    for index, (sentence, here) in enumerate(zip(sentences, within, strict=True)):
        if here:
            weight = _NEIGHBOUR if here[-1].agency == agency else 0.0
            if named[index]:
                found.append(Passage(sentence, focused(sentence, here, agency), 1.0))
        elif found and (meant := _anaphor(sentence, agency, index)) and weight:
            found.append(Passage(sentence, focused(sentence, [meant], agency), 1.0))
        elif weight and (alone or not _new_paragraph(text, sentences, index)):
            found.append(Passage(sentence, focused(sentence, (), agency), weight))
            weight = weight if alone else weight / 2
        else:
            weight = 0.0
    return found


def joined(passages: Sequence[Passage]) -> str:
    """All that is said about the agency as one text."""
    return " . ".join(p.focused for p in passages)


def _new_paragraph(text: str, sentences: Sequence[Sentence], index: int) -> bool:
    return index > 0 and "\n" in text[sentences[index - 1].end : sentences[index].start]


def _anaphor(sentence: Sentence, agency: str, index: int) -> Mention | None:
    """Where "đơn vị này" stands for the agency named before."""
    folded = fold(sentence.text)
    match = (_BARE_ANAPHOR if is_unmarked(folded) else _ANAPHOR).search(folded)
    return match and Mention(agency, sentence.start + match.start(), sentence.start + match.end(), index)
