"""Brokers to run the same tests on: the embedded one and a real Apache Kafka."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.kafka import Kafka, demand_kafka, running_kafka


@pytest.fixture(scope="session")
def kafka() -> Iterator[Kafka]:
    """A real Apache Kafka; its absence fails the run in CI."""
    demand_kafka()
    with running_kafka() as broker:
        yield broker


@pytest.fixture(params=["sqlite", pytest.param("kafka", marks=pytest.mark.kafka)])
def broker_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The broker's URL: each test that uses it runs on both."""
    if request.param == "sqlite":
        return ""
    kafka: Kafka = request.getfixturevalue("kafka")
    return f"kafka://{kafka.address}"
