"""Which series gets which detectors."""

from __future__ import annotations

import pytest

from ioc.catalog.load import load_catalog
from ioc.catalog.model import Limit, Metric
from ioc.errors import ConfigurationError
from models.registry import DEFAULT, detectors_of, make, names


def metric(detector: str, limits: list[Limit]) -> Metric:
    return Metric(id="m", name="M", names=["m"], units=["u"], detector=detector, limits=limits)


LIMIT = Limit(high=1.0, regulation="QCVN")


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (None, [DEFAULT, "stuck"]),
        (metric("seasonal", []), ["seasonal", "stuck"]),
        (metric("level", [LIMIT]), ["level", "stuck", "limits"]),
        (metric("", [LIMIT]), ["limits"]),
        (metric("", []), []),
    ],
)
def test_a_metric_gets_its_own_detector_stuck_and_its_limits(of: Metric | None, expected: list[str]) -> None:
    assert [d.name for d in detectors_of(of)] == expected


def test_each_series_has_its_own() -> None:
    assert make("seasonal") is not make("seasonal")


@pytest.mark.parametrize("name", ["saisonal", "base", "bank", "os", "../shape"])
def test_an_unknown_name_says_which_there_are(name: str) -> None:
    with pytest.raises(ConfigurationError, match=r"seasonal, shape"):
        make(name)


def test_every_detector_of_the_shipped_catalogue_exists() -> None:
    used = {m.detector for m in load_catalog().metrics.values()} - {""}
    assert used <= set(names())
