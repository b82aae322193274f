"""Deviation from the recent level, for series without a daily course."""

from __future__ import annotations

from typing import ClassVar

from models.base import WARM_UP
from models.deviation import Deviation
from models.profile import Level


class LevelDeviation(Deviation):
    """See `Deviation`."""

    name: ClassVar[str] = "level"
    label: ClassVar[str] = "lệch mức gần đây"

    def __init__(self, one_in: float = 2000.0, warm_up: int = WARM_UP) -> None:
        super().__init__(Level(), one_in, warm_up)
