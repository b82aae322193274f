"""What makes one simulated province: a seed, the moment it was first started, and the catalogue it plays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from ioc.catalog.model import Catalog


@dataclass(frozen=True, eq=False)
class Province:
    """Everything the simulation depends on; two equal ones write the same bytes.

    Attributes:
        seed: of all chance.
        origin: the very first start, aware UTC; some incidents are placed around it so that there is something to see.
        catalog: agencies, stations, metrics and indicators that are played.
    """

    seed: int
    origin: datetime
    catalog: Catalog


def moment(epoch: float) -> datetime:
    """Unix seconds as aware UTC, to the second."""
    return datetime.fromtimestamp(int(epoch), UTC)
