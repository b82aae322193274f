"""The shipped model and its file."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ioc.errors import ConfigurationError
from nlp.corpus.build import checksum, read
from nlp.scores import calibration_error, f1_by_label
from nlp.stance import LABELS, SHIPPED, load_model
from nlp.train import sample_of

MOST_BYTES = 2 << 20


@pytest.fixture(scope="module")
def kept() -> tuple[np.ndarray, np.ndarray]:
    """Probabilities and labels of the hand-written rows that were kept apart."""
    sample = sample_of([row for row in read() if row.split == "test"])
    return load_model().probabilities(sample.texts), sample.labels


def test_the_shipped_model_is_of_this_corpus_and_small() -> None:
    assert load_model().meta["corpus"] == checksum(), "the corpus has changed; run: python -m nlp.train"
    assert sum(file.stat().st_size for file in SHIPPED.iterdir()) < MOST_BYTES


def test_meta_tells_the_scores_that_the_shipped_files_reach(kept: tuple[np.ndarray, np.ndarray]) -> None:
    probabilities, labels = kept
    chosen = probabilities.argmax(axis=1)
    told = load_model().meta["test"]
    assert (chosen == labels).mean() == pytest.approx(told["accuracy"], abs=0.006)
    assert f1_by_label(chosen, labels).mean() == pytest.approx(told["macro_f1"], abs=0.006)


def test_the_kept_rows_are_judged_well_enough(kept: tuple[np.ndarray, np.ndarray]) -> None:
    probabilities, labels = kept
    by_label = f1_by_label(probabilities.argmax(axis=1), labels)
    assert by_label.mean() >= 0.80
    assert by_label.min() >= 0.75


def test_confidence_is_calibrated(kept: tuple[np.ndarray, np.ndarray]) -> None:
    assert calibration_error(*kept) <= 0.08


def test_a_saved_model_says_the_same_and_the_same_bytes(tmp_path: Path) -> None:
    model, texts = load_model(), ["◉ chậm trễ, dân bức xúc", "◉ được khen", "", "◉ thông báo lịch"]
    first, second = tmp_path / "a", tmp_path / "b"
    assert model.save(first) == model.save(second)
    assert (first / "stance.npz").read_bytes() == (second / "stance.npz").read_bytes()
    assert np.array_equal(load_model(first).probabilities(texts), model.probabilities(texts))


def test_probabilities_add_up_and_do_not_depend_on_the_company() -> None:
    model, texts = load_model(), ["◉ bị phê bình", "xyz", ""]
    together = model.probabilities(texts)
    assert together.shape == (3, len(LABELS))
    assert together.sum(axis=1) == pytest.approx(1)
    assert np.array_equal(np.vstack([model.probabilities([t]) for t in texts]), together)
    assert model.probabilities([]).shape == (0, len(LABELS))


@pytest.mark.parametrize("harm", ["missing", "garbage", "meta", "cut", "shape"])
def test_a_broken_model_is_one_clear_error(tmp_path: Path, harm: str) -> None:
    load_model().save(tmp_path)
    arrays, meta = tmp_path / "stance.npz", tmp_path / "meta.json"
    if harm == "missing":
        arrays.unlink()
    elif harm == "garbage":
        arrays.write_bytes(b"no archive")
    elif harm == "meta":
        meta.write_text(json.dumps({"name": "x"}), encoding="utf-8")
    elif harm == "cut":
        arrays.write_bytes(arrays.read_bytes()[:5000])
    else:
        np.savez(
            arrays,
            names=np.frombuffer(b"w:a", dtype=np.uint8),
            idf=np.ones(1),
            weights=np.ones((2, 3)),
            bias=np.ones(3),
        )
    with pytest.raises(ConfigurationError, match=r"python -m nlp\.train"):
        load_model(tmp_path)


def test_judging_imports_neither_scikit_learn_nor_scipy() -> None:
    code = "import sys, ioc.cli.judge; print([m for m in ('sklearn', 'scipy', 'pandas', 'faust') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
