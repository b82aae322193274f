"""Units as people read them: ``m3`` with its exponent, nothing where a measure has none."""

from __future__ import annotations

NONE = ("", "-", "pH")


def readable(unit: str) -> str:
    """The unit beside a number; empty for a bare number."""
    return "" if unit in NONE else unit.replace("m3", "m³").replace("m2", "m²")


def suffix(unit: str) -> str:
    """Grafana's unit that writes this one behind the number."""
    return f"suffix:{readable(unit)}" if readable(unit) else "none"
