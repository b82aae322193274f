"""A broker file, its packer and intake, and what lies in its topics; a store of readings that detectors examine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from clickhouse.client import connect
from clickhouse.sink import Store
from ioc.catalog.load import load_catalog
from ioc.catalog.model import Catalog
from ioc.packs import decode, records_of
from ioc.records import KINDS, Record
from ioc.settings import Settings
from streams.embedded.log import Log
from streams.intake import Intake
from streams.packer import Packer
from streams.publish import EmbeddedPublisher
from streams.topics import all_topics, topic_of
from tests.clickhouse.samples import table_of


class Broker:
    """An embedded broker with two partitions a topic."""

    def __init__(self, path: Path, **limits: float) -> None:
        self.log = Log(path, **limits)  # type: ignore[arg-type]
        for topic in all_topics():
            self.log.create_topic(topic, 2)
        self.publisher = EmbeddedPublisher(self.log)

    def records(self, kind: str) -> list[Record]:
        """All records of a kind, decoded, in the order of each partition."""
        return [r for part in self.packs(kind) for r in part]

    def packs(self, kind: str) -> list[list[Record]]:
        """The same, pack by pack."""
        assert kind in KINDS
        stored = [
            s for p in (0, 1) for s in self.log.read(topic_of(kind), p, 0, max_records=100_000, max_bytes=1 << 30)
        ]
        return [records_of(decode(s.value or b"", kind), kind) for s in stored]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    broker = Broker(tmp_path / "broker.sqlite")
    yield broker
    broker.log.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture
def packer(broker: Broker) -> Packer:
    return Packer(broker.publisher, pack_records=500, linger_s=0.02)


@pytest.fixture
def intake(catalog: Catalog, packer: Packer) -> Intake:
    return Intake(catalog, packer)


@pytest.fixture(scope="module")
def filled(shared_store_settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """A store that holds all readings of the module's `PACKS`; those of packs not examined yet as well, as in a worker."""
    readings = [record for pack in request.module.PACKS for record in pack]
    Store(shared_store_settings).insert("readings", table_of(readings))
    return shared_store_settings


@pytest.fixture
def stateless(filled: Settings) -> Iterator[Settings]:
    """The same without states of detectors."""
    yield filled
    connect(filled).command("TRUNCATE TABLE detector_states")
