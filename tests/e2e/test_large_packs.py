"""Packs of ten megabytes, on the embedded broker and on real Kafka: they arrive whole and once, beside small ones."""

from __future__ import annotations

import asyncio
import hashlib
import random
import subprocess
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clickhouse.client import connect
from ioc.records import Dossier, event_id
from ioc.settings import Settings
from streams.packer import packs_of
from streams.publish import Message, open_publisher
from tests.e2e.system import Centre, until
from tests.servers.lag import lag

SOURCE = "large-packs"
_RECORDS, _TEXT = 80, 130_000
STORED = f"SELECT event_id, lower(hex(SHA256(procedure_name))) FROM dossiers FINAL WHERE source = '{SOURCE}'"


@pytest.fixture
def centre(tmp_path: Path, broker_url: str, store_settings: Settings) -> Centre:
    """A data directory on the test's broker and database; nothing runs yet."""
    return Centre(
        tmp_path, IOC_BROKER=broker_url, IOC_PARTITIONS="2", IOC_CLICKHOUSE=store_settings.clickhouse_url,
        IOC_DATABASE=store_settings.database, IOC_LOG_LEVEL="ERROR",
    )  # fmt: skip


@pytest.fixture
def settings(centre: Centre, broker_url: str) -> Settings:
    return Settings(data_dir=centre.data_dir, broker=broker_url, partitions=2)


@pytest.fixture
def worker(centre: Centre, settings: Settings) -> Iterator[subprocess.Popen[str]]:
    process = centre.popen("worker")
    yield process
    process.kill()
    process.wait()


def dossiers(number: int, records: int, text: int) -> list[Dossier]:
    """States of one dossier, so that they stay in one pack; letters at random, so that no compression makes it small."""
    now, letters = datetime.now(UTC), random.Random(number)
    return [
        Dossier(
            event_id=event_id(SOURCE, number, n), received_at=now, source=SOURCE, dossier_code=f"{number}",
            procedure_code="1.004193", procedure_name=letters.randbytes(text // 2).hex(), agency="so-yte",
            submitted_at=now - timedelta(days=2), status=1, status_at=now - timedelta(days=1, seconds=n),
        )
        for n in range(records)
    ]  # fmt: skip


async def deliver(settings: Settings, messages: Sequence[Message]) -> None:
    async with open_publisher(settings) as publisher:
        await publisher.deliver(messages)


def test_packs_of_ten_megabytes_arrive_whole_and_once(
    worker: subprocess.Popen[str], settings: Settings, store_settings: Settings
) -> None:
    large = [dossiers(number, _RECORDS, _TEXT) for number in range(3)]
    small = dossiers(3, 5, 10)
    messages = [message for pack in large for message in packs_of({("dossiers", SOURCE, 0): list(pack)}, _RECORDS)]
    assert [len(message.value) > 10_000_000 for message in messages] == [True] * 3
    messages[1:1] = packs_of({("dossiers", SOURCE, 0): list(small)}, 500)
    asyncio.run(deliver(settings, [*messages, messages[0]]))  # the last as by a sender that heard no answer

    sent = {r.event_id: hashlib.sha256(r.procedure_name.encode()).hexdigest() for pack in (*large, small) for r in pack}
    with connect(store_settings) as client:
        until(lambda: worker.poll() is not None or len(client.query(STORED).result_rows) >= len(sent), "all rows")
        assert worker.poll() is None, worker.communicate()[0]
        until(lambda: lag(settings.broker_url) == 0, "everything is acknowledged")
        rows = client.query(STORED).result_rows
        letters = client.query("SELECT reason FROM dead_letters").result_rows
    assert not letters
    assert dict(rows) == sent, "every text is whole"
    assert len(rows) == len(sent), "none twice"
