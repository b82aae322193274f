"""Deviation from the usual value at this hour, on working days and weekends apart: for what has a daily course."""

from __future__ import annotations

from datetime import tzinfo
from typing import ClassVar

from models.base import PROVINCE_ZONE, WARM_UP
from models.deviation import Deviation
from models.profile import Profile


class Seasonal(Deviation):
    """See `Deviation`; time of day and day of week are those of `zone`, days off and Tết those of Vietnam."""

    name: ClassVar[str] = "seasonal"
    label: ClassVar[str] = "lệch nếp thường theo giờ"

    def __init__(self, one_in: float = 2000.0, warm_up: int = WARM_UP, zone: tzinfo = PROVINCE_ZONE) -> None:
        super().__init__(Profile(kinds=3, zone=zone), one_in, warm_up)
