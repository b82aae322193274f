"""Judge how a text speaks of each agency: find it, read its sentences, weigh them, name the one that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from ioc.catalog.model import Catalog
from ioc.records import Post, Stance, StanceLabel, event_id
from nlp.agencies import NOT_OURS, Mention
from nlp.institutions import with_institutions
from nlp.names import Names
from nlp.normalise import readable
from nlp.passages import joined, passages_about
from nlp.sentences import Sentence, split_sentences
from nlp.stance import LABELS, StanceModel, load_model

_NEUTRAL = LABELS.index("neutral")
_TITLE = 1.5  # weight of a title beside a sentence of the text
_LEAST = 0.05  # weight of a sentence without any stance: many routine sentences do not drown one of criticism
_FEW = 4  # up to so many sentences are also read in one go, which sees what one makes of the other
_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")  # of the day on which names are valid, for sources the catalogue does not know


class Verdict(NamedTuple):
    """How a text speaks of one agency.

    Attributes:
        agency: id in the catalogue, or as it was asked for.
        confidence: calibrated probability that the stance is right, 0 to 1; below the model's threshold nothing is
            claimed: the stance is neutral and this is the probability of neutral.
        evidence: the sentence that carries the verdict, verbatim in the readable (NFC) text.
    """

    agency: str
    stance: StanceLabel
    confidence: float
    evidence: str


class Judge:
    """Stances of posts and of bare texts; keeps nothing between calls but compiled expressions.

    Args:
        catalog: whose agencies are looked for.
        model: another than the shipped one.

    Raises:
        ConfigurationError: there is no model.
    """

    def __init__(self, catalog: Catalog, model: StanceModel | None = None) -> None:
        self.model = model or load_model()
        self._names = Names(catalog)
        self._zones = {s.id: s.zone for s in catalog.sources.values()}

    def judge(self, post: Post, now: datetime) -> list[Stance]:
        """One stance for each agency the post names, in order of first mention.

        Names are those valid on the day of publication; an agency that is no more counts for its successor.

        Args:
            post: its title and text are looked at.
            now: becomes `received_at`, UTC.
        """
        day = post.published_at.astimezone(self._zones.get(post.source, _ZONE)).date()
        title = readable(post.title)
        text, sentences = _titled(title, readable(post.text))
        found = self._names.on(day).find(text, sentences)
        mentions = with_institutions(text, sentences, found)
        verdicts = [self._verdict(agency, text, sentences, mentions, len(title)) for agency in _ours(found)]
        return [self._stance(post, verdict, now) for verdict in verdicts]

    def judge_text(self, text: str, agency: str | None = None) -> list[Verdict]:
        """Verdicts on a bare text of unknown date.

        Args:
            text: in any Unicode form.
            agency: id or name to judge for; the whole text counts where it is not named. None: all that are named.
        """
        text = readable(text)
        sentences = split_sentences(text)
        wanted = self._names.resolve(agency) if agency else None
        found = self._names.asking(wanted).find(text, sentences)
        if wanted:
            found = self._names.as_kin(wanted, found)
        mentions = with_institutions(text, sentences, found)
        agencies = [wanted] if wanted else _ours(found)
        verdicts = [self._verdict(a, text, sentences, mentions) for a in agencies]
        return [v._replace(agency=agency) for v in verdicts] if agency else verdicts

    def _verdict(
        self, agency: str, text: str, sentences: Sequence[Sentence], mentions: Sequence[Mention], title: int = 0
    ) -> Verdict:
        passages = passages_about(agency, text, sentences, mentions)
        if not passages:
            return Verdict(agency, "neutral", 0.0, "")
        probabilities = self.model.probabilities([p.focused for p in passages])
        weights = np.array([p.weight * (_TITLE if p.sentence.end <= title else 1.0) for p in passages])
        whole = combined(probabilities, weights)
        if 1 < len(passages) <= _FEW:
            whole = (whole + self.model.probabilities([joined(passages)])[0]) / 2
        label = int(whole.argmax())
        if whole[label] < self.model.meta["threshold"]:
            label = _NEUTRAL
        best = int((probabilities[:, label] * weights).argmax())
        return Verdict(agency, LABELS[label], round(float(whole[label]), 4), passages[best].sentence.text)

    def _stance(self, post: Post, verdict: Verdict, now: datetime) -> Stance:
        return Stance(
            event_id=event_id(post.event_id, verdict.agency, self.model.id), received_at=now, post_id=post.event_id,
            agency=verdict.agency, stance=verdict.stance, confidence=verdict.confidence, evidence=verdict.evidence,
            title=post.title, url=post.url, outlet=post.outlet, model=self.model.id, published_at=post.published_at,
        )  # fmt: skip


def combined(probabilities: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The stance of a text from those of its sentences: their weighted mean, in which a sentence counts by its stance.

    Args:
        probabilities: (sentences, 3), rows add up to one.
        weights: (sentences,), positive.

    Returns:
        Three probabilities that add up to one.
    """
    decided = weights * ((1 - probabilities[:, _NEUTRAL]) ** 2 + _LEAST)
    return np.asarray(decided @ probabilities / decided.sum())


def _ours(mentions: Sequence[Mention]) -> list[str]:
    """Ids of our agencies in order of first mention."""
    return [agency for agency in dict.fromkeys(m.agency for m in mentions) if agency != NOT_OURS]


def _titled(title: str, text: str) -> tuple[str, list[Sentence]]:
    """Title and text as one, the title's sentences first, none reaching into the text."""
    if not title:
        return text, split_sentences(text)
    shift = len(title) + 1
    later = [Sentence(s.start + shift, s.end + shift, s.text) for s in split_sentences(text)]
    return f"{title}\n{text}", [*split_sentences(title), *later]
