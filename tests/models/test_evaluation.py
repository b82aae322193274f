"""The benchmark's score against values worked out by hand."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from ioc.errors import ConfigurationError
from models.base import Score
from models.evaluation import PROFILES, Labelled, alerts_at, best_threshold, load_benchmark, nab_score, sweep, trace
from tests.models.made import FIVE_MINUTES, START, times

STANDARD = PROFILES["standard"]
N = 1000


def labelled(*windows: tuple[int, int], n: int = N) -> Labelled:
    return Labelled("f", times(n), [0.0] * n, list(windows))


def test_a_detector_that_says_nothing_has_zero() -> None:
    assert nab_score([labelled((400, 499))], [[]], STANDARD) == (0.0, 0, 1, 0)


def test_a_hit_at_the_first_row_of_each_window_has_a_hundred() -> None:
    found = nab_score([labelled((400, 499), (700, 799))], [[400, 700]], STANDARD)
    assert found.score == pytest.approx(100.0)
    assert (found.hit, found.windows, found.false_rows) == (2, 2, 0)


def test_only_the_best_row_of_a_window_counts() -> None:
    once, often = (nab_score([labelled((400, 499))], [rows], STANDARD).score for rows in ([420], [420, 421, 480, 499]))
    assert once == often


@pytest.mark.parametrize(("row", "worth"), [(400, 1.0), (450, 0.8601), (499, 0.0253)])
def test_early_rows_of_a_window_are_worth_more(row: int, worth: float) -> None:
    """(2 / (1 + e^(-5 (r - i + 1) / w)) - 1) / 0.98661; the score is 100 (worth + 1) / 2."""
    found = nab_score([labelled((400, 499))], [[row]], STANDARD)
    assert found.score == pytest.approx(50.0 * (worth + 1.0), abs=0.02)


@pytest.mark.parametrize(("row", "cost"), [(300, -1.0), (510, -0.2709), (598, -0.9866), (900, -1.0)])
def test_rows_outside_cost_the_more_the_further_behind_a_window(row: int, cost: float) -> None:
    """Before the first window -1; behind one 2 / (1 + e^(5 (i - r) / (w - 1))) - 1, and -1 beyond three widths."""
    found = nab_score([labelled((400, 499))], [[row]], STANDARD)
    assert found.score == pytest.approx(50.0 * 0.11 * cost, abs=0.01)
    assert found.false_rows == 1


def test_the_first_rows_do_not_count() -> None:
    assert nab_score([labelled((400, 499))], [[0, 149]], STANDARD).false_rows == 0
    assert nab_score([labelled((400, 499))], [[150]], STANDARD).false_rows == 1
    assert labelled(n=20_000).first_scored == 750


def test_profiles_weigh_false_rows_and_misses() -> None:
    files, rows = [labelled((400, 499), (700, 799))], [[400, 200]]
    standard, low_fp, low_fn = (nab_score(files, rows, PROFILES[p]).score for p in PROFILES)
    assert standard == pytest.approx(100 * (1 - 1 - 0.11 + 2) / 4)
    assert low_fp == pytest.approx(100 * (1 - 1 - 0.22 + 2) / 4)
    assert low_fn == pytest.approx(100 * (1 - 2 - 0.11 + 4) / 6)


def test_files_are_scored_together() -> None:
    assert nab_score([labelled((400, 499)), labelled()], [[400], [500]], STANDARD).score == pytest.approx(
        100 * 1.89 / 2
    )


class Echo:
    """Says each value as its score."""

    def __init__(self) -> None:
        self.learnt: list[float] = []

    def score_one(self, _moment: datetime, value: float) -> float | None:
        return value if self.learnt else None

    def learn_one(self, _moment: datetime, value: float) -> None:
        self.learnt.append(value)


def test_one_pass_scores_before_learning() -> None:
    found = trace(Echo, Labelled("f", times(3), [1.0, 2.0, 3.0], []))
    assert found.scores.tolist() == [0.0, 2.0, 3.0]
    assert found.alerts == []


def test_a_detectors_own_alerts_are_taken_and_its_rarity_is_the_score() -> None:
    class Certain(Echo):
        def score_one(self, moment: datetime, value: float) -> Score:  # type: ignore[override]
            return Score(9.0, 0.0, 0.0, 0.0, 1000.0, moment, alert=value > 1.0)

    found = trace(Certain, Labelled("f", times(3), [1.0, 2.0, 1.0], []))
    assert found.alerts == [1]
    assert found.scores.tolist() == pytest.approx([3.0, 3.0, 3.0])


def test_the_best_threshold_keeps_the_silence_and_finds_the_window() -> None:
    scores = np.full(N, 0.1)
    scores[405:480], scores[600] = 3.0, 1.0
    file = labelled((400, 499))
    assert alerts_at(scores, 2.0, file.moments) == [405, 455]
    threshold, best = best_threshold([file], sweep([file], [trace(Echo, file)._replace(scores=scores)]), STANDARD)
    assert 1.0 < threshold <= 3.0
    assert (best.hit, best.false_rows) == (1, 0)


def write_copy(folder: Path) -> None:
    (folder / "labels").mkdir()
    (folder / "data" / "g").mkdir(parents=True)
    rows = [(START + i * FIVE_MINUTES).strftime("%Y-%m-%d %H:%M:%S") for i in (0, 1, 1, 2, 3)]
    text = "timestamp,value\n" + "".join(f"{t},{v}\n" for v, t in enumerate(rows))
    (folder / "data" / "g" / "a.csv").write_text(text)
    stamp = f"{START + FIVE_MINUTES:%Y-%m-%d %H:%M:%S}.000000"
    labels = {"g/a.csv": [[stamp, f"{START + 3 * FIVE_MINUTES:%Y-%m-%d %H:%M:%S}.000000"]], "g/not-here.csv": []}
    (folder / "labels" / "combined_windows.json").write_text(json.dumps(labels))


def test_a_copy_is_read_with_the_first_of_equal_times(tmp_path: Path) -> None:
    write_copy(tmp_path)
    (file,) = load_benchmark(tmp_path)
    assert file.windows == [(1, 4)]
    assert file.values == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert file.moments[0] == START
    assert file.moments[0].tzinfo is UTC


def test_a_folder_that_is_no_copy_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no copy of the benchmark"):
        load_benchmark(tmp_path)
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "combined_windows.json").write_text('{"g/a.csv": []}')
    with pytest.raises(ConfigurationError, match="none of the labelled files"):
        load_benchmark(tmp_path)
