"""What an area is part of: communes and districts of the province, as they were on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ioc.catalog.model import Area


def above(area: str, areas: Sequence[Area], day: date) -> tuple[str, ...]:
    """The areas that hold an area on a day, nearest first; none of the province, and of what the catalogue does not know."""
    parents = {a.code: a.parent for a in areas if a.valid_from <= day <= a.valid_to}
    line: list[str] = []
    while (area := parents.get(area, "")) and area not in line:
        line.append(area)
    return tuple(line)
