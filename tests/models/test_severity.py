"""How grave is what."""

from __future__ import annotations

import pytest

from models.base import Score
from models.limits import Limits
from models.seasonal import Seasonal
from models.severity import severity_of
from models.stuck import Stuck
from tests.models.made import START


def score(value: float, one_in: float) -> Score:
    return Score(value, 0.0, 0.0, 0.0, one_in, START, alert=True)


@pytest.mark.parametrize(
    ("one_in", "severity"), [(150, "info"), (9_999, "info"), (1e4, "warning"), (999_999, "warning"), (1e6, "critical")]
)
def test_by_rarity(one_in: float, severity: str) -> None:
    assert severity_of(Seasonal(), score(3.0, one_in)) == severity


@pytest.mark.parametrize(("ratio", "severity"), [(1.01, "warning"), (1.5, "warning"), (1.51, "critical")])
def test_by_the_limit(ratio: float, severity: str) -> None:
    assert severity_of(Limits(), score(ratio, 0.0)) == severity


def test_a_broken_instrument_is_nobodys_emergency() -> None:
    assert severity_of(Stuck(), score(9.0, 1e7)) == "warning"
