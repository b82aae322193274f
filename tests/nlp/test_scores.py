"""Scores against values worked out by hand."""

import numpy as np
import pytest

from nlp.scores import calibration_error, f1_by_label, scored


def test_f1_of_a_small_confusion() -> None:
    chosen, labels = np.array([0, 0, 1, 2, 2]), np.array([0, 1, 1, 2, 0])
    assert f1_by_label(chosen, labels) == pytest.approx([0.5, 2 / 3, 2 / 3])


def test_calibration_error_is_the_mean_gap() -> None:
    sure = np.array([[0.9, 0.05, 0.05]] * 10)
    assert calibration_error(sure, np.zeros(10, dtype=np.int64)) == pytest.approx(0.1)
    assert calibration_error(sure, np.array([0] * 9 + [1])) == pytest.approx(0.0)


def test_the_unsure_fifth_is_left_out() -> None:
    probabilities = np.array([[0.9, 0.1, 0.0], [0.1, 0.9, 0.0], [0.0, 0.1, 0.9], [0.8, 0.1, 0.1], [0.4, 0.3, 0.3]])
    scores = scored(probabilities, np.array([0, 1, 2, 0, 2]))
    assert scores["accuracy"] == 0.8
    assert scores["macro_f1_at_80"] == 1.0
