"""Deviation from the recent level, for series without a daily course."""

from __future__ import annotations

from typing import ClassVar

from models.deviation import Deviation
from models.profile import Level


class LevelDeviation(Deviation):
    """See `Deviation`."""

    name: ClassVar[str] = "level"

    def __init__(self, one_in: float = 2000.0, warm_up: int = 200) -> None:
        super().__init__(Level(), one_in, warm_up)
