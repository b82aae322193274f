"""Train the shipped stance model on the project's own corpus: ``python -m nlp.train``; the same corpus gives the same model."""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ioc.catalog.model import Agency
from nlp.agencies import AgencyFinder
from nlp.corpus.build import HERE, Row, checksum, read
from nlp.features import Vocabulary
from nlp.institutions import with_institutions
from nlp.normalise import readable, strip_marks
from nlp.passages import joined, passages_about
from nlp.scores import scored
from nlp.sentences import split_sentences
from nlp.stance import LABELS, SHIPPED, StanceModel, softmax

NAME, VERSION = "ioc-stance", "1"
PROVINCE = "Thanh Hóa"

_STRENGTHS = (10.0, 30.0, 100.0)  # inverse regularisation tried in cross-validation
_FOLDS = 5
_FRAME = 0.3  # weight of a row expanded from a frame beside a hand-written one
_BARE = 0.3  # weight of the copy of a row without diacritics
_MOST = 60_000  # features that are kept
_THRESHOLD = 0.45  # below this probability nothing is claimed: neutral
_TEMPERATURES = np.arange(0.5, 3.0, 0.01)


class Sample(NamedTuple):
    """Rows as the model reads them.

    Attributes:
        texts: focused texts.
        labels: indices into `LABELS`.
        groups: topics.
        written: whether a row was written by hand.
    """

    texts: list[str]
    labels: NDArray[np.int64]
    groups: NDArray[np.str_]
    written: NDArray[np.bool_]

    def at(self, rows: NDArray[np.int64]) -> Sample:
        """These rows only."""
        return Sample([self.texts[i] for i in rows], self.labels[rows], self.groups[rows], self.written[rows])


def train(directory: Path = SHIPPED) -> dict[str, Any]:
    """Train on the built corpus, write the model, return its `meta.json`."""
    rows = read()
    learnt, kept = (sample_of([r for r in rows if r.split == split]) for split in ("train", "test"))
    outcomes = {strength: held_out(learnt, strength) for strength in _STRENGTHS}
    hand = learnt.labels[learnt.written]
    strength = min(_STRENGTHS, key=lambda s: _loss(outcomes[s], hand, temperature_of(outcomes[s], hand)))
    temperature = temperature_of(outcomes[strength], hand)
    vocabulary, classifier = fit(learnt, strength)
    meta: dict[str, Any] = {
        "name": NAME, "version": VERSION, "licence": "Apache-2.0", "labels": list(LABELS), "corpus": checksum(),
        "features": len(vocabulary.names), "strength": strength, "temperature": temperature, "threshold": _THRESHOLD,
        "rows": {"written": int(learnt.written.sum()), "frames": int((~learnt.written).sum()), "test": len(kept.texts)},
    }  # fmt: skip
    model = StanceModel(vocabulary, *_arrays(classifier), meta)
    meta["cross_validation"] = scored(softmax(outcomes[strength] / temperature), hand)
    meta["test"] = scored(model.probabilities(kept.texts), kept.labels)
    model.save(directory)
    return meta


def sample_of(rows: Sequence[Row]) -> Sample:
    """Corpus rows through the same finding and focusing that the judge does."""
    names = tomllib.loads((HERE / "names.toml").read_text(encoding="utf-8"))
    finder = AgencyFinder([Agency(id=i, name=n[0], short=n[0], aliases=n[1:]) for i, n in names.items()], PROVINCE)
    order: dict[str, int] = {label: index for index, label in enumerate(LABELS)}
    labels = [order[row.stance] for row in rows]
    written = [row.origin == "hand" for row in rows]
    texts = [focused_text(row.text, row.agency, finder) for row in rows]
    return Sample(texts, np.array(labels), np.array([row.topic for row in rows]), np.array(written))


def focused_text(text: str, agency: str, finder: AgencyFinder) -> str:
    """What a text says about an agency, its sentences in one line."""
    text = readable(text)
    sentences = split_sentences(text)
    mentions = with_institutions(text, sentences, finder.find(text, sentences))
    return joined(passages_about(agency, text, sentences, mentions))


def held_out(sample: Sample, strength: float) -> NDArray[np.float64]:
    """Logits (hand-written rows, 3) of models that saw no row of the same topic; frames are always learnt from."""
    from sklearn.model_selection import GroupKFold

    hand, frames = np.flatnonzero(sample.written), np.flatnonzero(~sample.written)
    logits = np.zeros((len(hand), len(LABELS)))
    for learnt, kept in GroupKFold(_FOLDS).split(hand, groups=sample.groups[hand]):
        vocabulary, classifier = fit(sample.at(np.concatenate([hand[learnt], frames])), strength)
        logits[kept] = classifier.decision_function(vocabulary.matrix([sample.texts[i] for i in hand[kept]]))
    return logits


def fit(sample: Sample, strength: float) -> tuple[Vocabulary, Any]:
    """A vocabulary of at most `_MOST` features and a multinomial logistic regression on it."""
    from sklearn.linear_model import LogisticRegression

    texts = [*sample.texts, *(strip_marks(t) for t, hand in zip(sample.texts, sample.written, strict=True) if hand)]
    labels = np.concatenate([sample.labels, sample.labels[sample.written]])
    weights = np.concatenate([np.where(sample.written, 1.0, _FRAME), np.full(int(sample.written.sum()), _BARE)])
    vocabulary = Vocabulary.fit(texts)
    matrix = vocabulary.matrix(texts)
    classifier = LogisticRegression(C=strength, max_iter=500).fit(matrix, labels, sample_weight=weights)
    if len(vocabulary.names) > _MOST:
        telling = np.sort(np.argsort(-np.abs(classifier.coef_).max(axis=0), kind="stable")[:_MOST])
        vocabulary = vocabulary.kept(telling.tolist())
        classifier.fit(vocabulary.matrix(texts), labels, sample_weight=weights)
    return vocabulary, classifier


def temperature_of(logits: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """The temperature with the least negative log-likelihood (Guo et al. 2017, "On calibration of modern neural networks")."""
    return float(round(min(_TEMPERATURES, key=lambda t: _loss(logits, labels, t)), 2))


def _loss(logits: NDArray[np.float64], labels: NDArray[np.int64], temperature: float) -> float:
    chosen = softmax(logits / temperature)[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(chosen, 1e-12)).mean())


def _arrays(classifier: Any) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    weights = classifier.coef_.T.astype(np.float16).astype(np.float32)  # as the model's file keeps them
    return weights, classifier.intercept_.astype(np.float32)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=SHIPPED, help="directory of stance.npz and meta.json")
    outcome = train(parser.parse_args().to)
    print({key: outcome[key] for key in ("strength", "temperature", "features", "cross_validation", "test")})  # noqa: T201
