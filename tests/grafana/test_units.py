"""Units as people read them."""

from __future__ import annotations

import pytest

from grafana.units import readable, suffix


@pytest.mark.parametrize(
    ("unit", "wanted"),
    [("µg/Nm3", "µg/Nm³"), ("m3/h", "m³/h"), ("tỷ đồng", "tỷ đồng"), ("", ""), ("-", ""), ("pH", ""), ("°C", "°C")],
)
def test_readable(unit, wanted):
    assert readable(unit) == wanted


def test_suffix_is_grafanas_unit():
    assert suffix("tỷ đồng") == "suffix:tỷ đồng"
    assert suffix("-") == "none"
