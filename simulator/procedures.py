"""The procedures of each agency, read from `procedures.toml`."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

import msgspec

from ioc.catalog.model import Catalog, Entry


class Procedure(Entry, frozen=True, kw_only=True):
    """One administrative procedure.

    Attributes:
        days: working days from acceptance to the due date.
        weight: share among the agency's dossiers.
        fee: đồng, 0 for none.
    """

    code: str
    name: str
    field: str
    days: int
    weight: float
    fee: int = 0


class Counter(Entry, frozen=True, kw_only=True):
    """An agency's one-stop counter.

    Attributes:
        id: of the agency in the catalogue.
        code: of the agency in dossier codes.
        share: of the province's dossiers.
        late: share of dossiers finished after the due date.
        way: as JSON over HTTP while it happens, or as a CSV report twice a day.
    """

    id: str
    code: str
    share: float
    late: float
    way: Literal["http", "csv"] = "http"
    procedure: list[Procedure]

    @property
    def weights(self) -> list[float]:
        """Shares of the procedures."""
        return [procedure.weight for procedure in self.procedure]


@lru_cache(maxsize=1)
def _counters() -> list[Counter]:
    text = Path(__file__).with_name("procedures.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text)["agency"], list[Counter])


def counters(catalog: Catalog, day: date) -> list[Counter]:
    """The counters of agencies that the catalogue holds valid on a day."""
    valid = catalog.agencies_on(day)
    return [counter for counter in _counters() if counter.id in valid]
