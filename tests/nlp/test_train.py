"""Training: the same rows give the same model, and the learner itself is sound."""

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from nlp.corpus.build import read
from nlp.features import Vocabulary
from nlp.focus import plain
from nlp.normalise import readable
from nlp.scores import f1_by_label
from nlp.stance import LABELS, softmax
from nlp.train import fit, focused_text, sample_of, temperature_of

SENTIMENT = Path(__file__).parents[3] / "shared" / "data" / "nlp"


def test_the_same_rows_give_the_same_model() -> None:
    sample = sample_of([row for row in read() if row.topic in ("y-te", "frame-000", "frame-053")])
    (vocabulary, first), (again, second) = fit(sample, 10.0), fit(sample, 10.0)
    assert vocabulary.names == again.names
    assert np.array_equal(first.coef_, second.coef_)


def test_a_vector_is_the_row_of_its_matrix() -> None:
    texts = ["◉ chậm trễ, dân bức xúc", "◉ được khen", "◉ thông báo lịch, dân biết"]
    vocabulary = Vocabulary.fit(texts, least=1)
    matrix = vocabulary.matrix([*texts, "¤"])
    assert matrix.shape == (4, len(vocabulary.names))
    columns, values = vocabulary.vector(texts[1])
    assert matrix[1].toarray()[0, columns] == pytest.approx(values)
    assert matrix[3].nnz == 0


def test_the_temperature_undoes_too_much_certainty() -> None:
    rng = np.random.default_rng(7)
    honest = rng.normal(0, 1.5, (4000, 3))
    labels = np.array([rng.choice(3, p=p) for p in softmax(honest)])
    assert temperature_of(honest * 2, labels) == pytest.approx(2.0, abs=0.15)


def test_the_model_reads_what_the_judge_reads() -> None:
    from ioc.catalog.model import Agency
    from nlp.agencies import AgencyFinder
    from nlp.corpus.build import HERE  # noqa: F401 - the finder of training has the corpus's own names

    finder = AgencyFinder([Agency(id="so-yte", name="Sở Y tế", short="SYT")], "Thanh Hóa")
    assert focused_text("Sở Y tế họp. Đơn vị này bị phê bình.", "so-yte", finder) == "◉ họp. . ◉ bị phê bình."


def labelled(name: str) -> Iterator[tuple[str, int]]:
    file = SENTIMENT / name
    assert file.exists(), f"{file} is missing: this test measures on the shared data beside the checkout"
    with file.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield row["text"], LABELS.index(row["label"])


@pytest.mark.shared_data
@pytest.mark.skipif(not SENTIMENT.exists() and not os.environ.get("CI"), reason="no shared data beside the checkout")
def test_the_learner_is_sound_on_public_sentiment() -> None:
    """The same features and classifier, trained here on students' feedback; nothing of it is kept or shipped."""
    from sklearn.linear_model import LogisticRegression

    learnt, kept = list(labelled("vsfc_train.tsv"))[:4000], list(labelled("vsfc_dev.tsv"))
    texts = [plain(readable(text)) for text, _ in learnt]
    vocabulary = Vocabulary.fit(texts, least=3)
    classifier = LogisticRegression(C=10, max_iter=100).fit(vocabulary.matrix(texts), [label for _, label in learnt])
    chosen = classifier.predict(vocabulary.matrix([plain(readable(text)) for text, _ in kept]))
    assert f1_by_label(chosen, np.array([label for _, label in kept])).mean() >= 0.70
