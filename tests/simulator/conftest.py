"""One province for all tests: the shipped catalogue, first started on a Wednesday morning in November 2026."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import pytest

from ioc.catalog.load import load_catalog
from ioc.catalog.model import Catalog
from ioc.records import Record
from simulator.province import Province
from simulator.world import World, build
from streams.sources.base import Arrival, Reject, adapter

ORIGIN = datetime(2026, 11, 25, 2, 10, tzinfo=UTC)  # 09:10 in the province
Parsed = Callable[[str, bytes, str, datetime], list[Record]]


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="session")
def origin() -> datetime:
    return ORIGIN


@pytest.fixture(scope="session")
def world(catalog: Catalog) -> World:
    return build(Province(36, ORIGIN, catalog))


@pytest.fixture(scope="session")
def parsed(catalog: Catalog) -> Parsed:
    """Records of a payload through the source's real adapter; a reject fails the test."""

    def parse(source_id: str, payload: bytes, name: str, received_at: datetime) -> list[Record]:
        source = catalog.sources[source_id]
        parts = list(adapter(source.adapter)(payload, source, Arrival(received_at, name, catalog)))
        return list(accepted(name, parts))

    return parse


def accepted(name: str, parts: Iterable[Record | Reject]) -> Iterable[Record]:
    for part in parts:
        assert not isinstance(part, Reject), f"{name}: {part}"
        yield part
