"""Which series gets which detectors."""

from __future__ import annotations

import pytest

from ioc.catalog.load import load_catalog
from ioc.catalog.model import Limit, Metric
from ioc.errors import ConfigurationError
from models.registry import DEFAULT, detectors_of, make, names


def metric(detector: str, limits: list[Limit], beside: list[str] | None = None) -> Metric:
    beside = ["stuck"] if beside is None else beside
    return Metric(id="m", name="M", names=["m"], units=["u"], detector=detector, limits=limits, beside=beside)


LIMIT = Limit(high=1.0, regulation="QCVN")


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (None, [DEFAULT, "stuck"]),
        (metric("seasonal", []), ["seasonal", "stuck"]),
        (metric("level", [LIMIT]), ["level", "stuck", "limits"]),
        (metric("", [LIMIT]), ["limits"]),
        (metric("", []), []),
        (metric("", [LIMIT], ["gap"]), ["limits"]),
        (metric("level", [LIMIT], []), ["level", "limits"]),
        (metric("seasonal", [], ["gap", "spike", "stuck"]), ["seasonal", "stuck", "gap", "spike"]),
    ],
)
def test_a_metric_gets_its_own_detector_stuck_and_its_limits(of: Metric | None, expected: list[str]) -> None:
    assert [d.name for d in detectors_of(of)] == expected


@pytest.mark.parametrize(
    ("beside", "reason"),
    [(["gap", "gap"], "named twice"), (["seasonal"], "named twice"), (["limits"], "comes with the limits")],
)
def test_a_detector_is_named_once_and_limits_not_at_all(beside: list[str], reason: str) -> None:
    with pytest.raises(ConfigurationError, match=reason):
        detectors_of(metric("seasonal", [LIMIT], beside))
    with pytest.raises(ConfigurationError, match="there are"):
        detectors_of(metric("seasonal", [], ["gapp"]))


def test_each_series_has_its_own() -> None:
    assert make("seasonal") is not make("seasonal")


@pytest.mark.parametrize("name", ["saisonal", "base", "bank", "os", "../shape"])
def test_an_unknown_name_says_which_there_are(name: str) -> None:
    with pytest.raises(ConfigurationError, match=r"seasonal, shape"):
        make(name)


def test_every_detector_of_the_shipped_catalogue_exists() -> None:
    used = {name for m in load_catalog().metrics.values() for name in (m.detector, *m.beside)} - {""}
    assert used <= set(names())
