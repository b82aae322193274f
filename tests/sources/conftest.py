"""What the adapters' tests share: the recorded samples, a fixed clock near them, and one way to parse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ioc.catalog.load import load_catalog
from ioc.catalog.model import Catalog, Source
from ioc.records import Record
from streams.sources.base import Arrival, Reject, adapter

NOW = datetime(2026, 11, 25, tzinfo=UTC)


@dataclass(frozen=True)
class Parsed:
    """What became of a payload."""

    records: list[Record]
    rejects: list[Reject]

    @property
    def faults(self) -> list[tuple[int, str, str]]:
        """Position, field and reason of each reject."""
        return [(r.position, r.field, r.reason) for r in self.rejects]


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def samples() -> Path:
    return Path(__file__).parents[1] / "fixtures" / "sources"


Parse = Callable[..., Parsed]


@pytest.fixture(scope="session")
def parse(catalog: Catalog) -> Parse:
    """``parse(source or id, payload, origin="x.csv", received_at=…, **hints)``."""

    def parsed(
        source: Source | str, payload: bytes, origin: str = "x.csv", received_at: datetime = NOW, **hints: str
    ) -> Parsed:
        found = catalog.sources[source] if isinstance(source, str) else source
        arrival = Arrival(received_at, origin, catalog, hints)
        parts = list(adapter(found.adapter)(payload, found, arrival))
        return Parsed([p for p in parts if not isinstance(p, Reject)], [p for p in parts if isinstance(p, Reject)])

    return parsed
