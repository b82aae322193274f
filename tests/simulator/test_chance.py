"""Chance depends on its name only: not on order, window or process."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import chance


@given(first=st.integers(0, 10**9), skip=st.integers(0, 500), count=st.integers(1, 500))
@settings(max_examples=50, deadline=None)
def test_a_value_does_not_depend_on_where_its_sequence_was_begun(first: int, skip: int, count: int) -> None:
    whole = chance.white(("a",), first, skip + count)
    assert np.array_equal(whole[skip:], chance.white(("a",), first + skip, count))


def test_two_names_share_nothing() -> None:
    one, other = chance.white(("a", 1), 0, 5000), chance.white(("a", 2), 0, 5000)
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.06
    assert chance.key("a", "b") != chance.key("ab")


def test_white_is_standard_normal() -> None:
    values = chance.white(("normal",), 0, 40_000)
    assert np.isfinite(values).all()
    assert values.mean() == pytest.approx(0, abs=0.02)
    assert values.std() == pytest.approx(1, abs=0.02)
    assert (np.abs(values) > 1.96).mean() == pytest.approx(0.05, abs=0.006)


def test_noise_resembles_its_neighbours_and_forgets() -> None:
    epochs = np.arange(0, 120 * 86400, 300, dtype=np.int64)
    values = chance.noise(("n",), epochs)
    assert values.std() == pytest.approx(1, abs=0.1)

    def correlation(lag: int) -> float:
        return float(np.corrcoef(values[:-lag], values[lag:])[0, 1])

    assert correlation(1) > 0.9
    assert 0.3 < correlation(36) < 0.9  # three hours
    assert abs(correlation(288 * 5)) < 0.2  # five days


def test_weighted_takes_shares() -> None:
    assert chance.weighted("abc", (1, 2, 1), 0.0) == "a"
    assert chance.weighted("abc", (1, 2, 1), 0.25) == "b"
    assert chance.weighted("abc", (1, 2, 1), 0.7499) == "b"
    assert chance.weighted("abc", (1, 2, 1), 0.999999) == "c"


def test_another_process_draws_the_same() -> None:
    code = "from simulator.chance import *; print(key('x', 1), uniform('y'), white(('z',), 7, 3).tolist(), pick('abcdef', 3))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    here = chance.key("x", 1), chance.uniform("y"), chance.white(("z",), 7, 3).tolist(), chance.pick("abcdef", 3)
    assert told == " ".join(map(str, here))
