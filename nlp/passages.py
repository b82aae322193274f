"""Which sentences of a text speak of an agency, in what words, and how much each counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from nlp.agencies import Mention
from nlp.focus import focused
from nlp.normalise import fold, is_unmarked, strip_marks
from nlp.sentences import Sentence

SHORT = 6  # sentences: in a shorter text with one agency everything is about it
_FOLLOWING = 0.5  # weight of a sentence right after one that names the agency, halved again for each further one
_LEADING = 0.5  # weight of a sentence before the only agency of a short text is named
_ANAPHOR = re.compile(
    r"(?<!\w)(?:đơn vị|sở|cơ quan|ngành|lực lượng|trung tâm|địa phương|văn phòng|cục|phía đơn vị) (?:này|trên|nói trên|ấy)(?!\w)"
)
_BARE_ANAPHOR = re.compile(strip_marks(_ANAPHOR.pattern))


class Passage(NamedTuple):
    """One sentence about an agency.

    Attributes:
        sentence: as it stands in the text.
        focused: what the model reads, see `nlp.focus`.
        weight: 1 where the agency is named or meant by a pronoun, less for what only follows.
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
        mentions: of all agencies (and other institutions), in reading order.
    """
    within: list[list[Mention]] = [[] for _ in sentences]
    for mention in mentions:
        within[mention.sentence].append(mention)
    if not any(m.agency == agency for m in mentions):
        return [Passage(s, focused(s, within[i], agency), 1.0) for i, s in enumerate(sentences)]
    alone = len(sentences) <= SHORT and len({m.agency for m in mentions}) == 1
    found: list[Passage] = []
    weight = _LEADING if alone else 0.0  # of the next sentence, should it name nobody
    for index, sentence in enumerate(sentences):
        here = within[index]
        if here:
            last = here[-1].agency
            weight = _FOLLOWING if agency == last else 0.0
            if any(m.agency == agency for m in here):
                found.append(Passage(sentence, focused(sentence, here, agency), 1.0))
            continue
        if index and not alone and "\n" in text[sentences[index - 1].end : sentence.start]:
            weight = 0.0 if not found else weight if _anaphor(sentence) else 0.0
        if weight:
            meant = _anaphor(sentence)
            named = [Mention(agency, sentence.start + meant.start(), sentence.start + meant.end(), index)] if meant else []
            found.append(Passage(sentence, focused(sentence, named, agency), 1.0 if meant else weight))
            weight = weight if alone and not found else weight / 2
    return found


def _anaphor(sentence: Sentence) -> re.Match[str] | None:
    folded = fold(sentence.text)
    return (_BARE_ANAPHOR if is_unmarked(folded) else _ANAPHOR).search(folded)
