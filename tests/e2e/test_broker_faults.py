"""Kafka that hangs, Kafka that is killed, workers that come and go: everything is stored, nothing twice, the sums are right."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e import inputs
from tests.e2e.system import Centre, running, until
from tests.servers.kafka import Kafka, running_kafka
from tests.servers.lag import lag

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(420)]

STATIONS = ["TH_NGHISON_KK01", "TH_BIMSON_KK01", "TH_HACTHANH_KK01", "TH_SAMSON_KK01"]
SUMS = """
SELECT count(), sum(points), (SELECT count() FROM readings FINAL), (SELECT uniqExact(event_id) FROM readings)
FROM readings_hourly FINAL
"""


@pytest.fixture
def own_kafka() -> Iterator[Kafka]:
    with running_kafka() as kafka:
        yield kafka


@pytest.fixture
def centre(tmp_path: Path, own_kafka: Kafka) -> Iterator[Centre]:
    url = f"kafka://{own_kafka.address}"
    with running(tmp_path / "var", IOC_BROKER=url, IOC_SIMULATED="false", IOC_PARTITIONS="2") as centre:
        yield centre


def drop(centre: Centre, number: int, days: int = 6) -> int:
    """A file of one station's history; how many readings are in it."""
    now = datetime.now(UTC) - timedelta(minutes=10)
    text, count = inputs.station_history(days, now, seed=number)
    folder = centre.settings.inbox_dir / "env-stations"
    until(folder.is_dir, "the inbox")
    draft = folder / f".{number}"
    draft.write_text(text, encoding="utf-8")
    draft.rename(folder / f"{STATIONS[number]}_{inputs.local(now)}.txt")
    return count


def stored(centre: Centre) -> int:
    return int(centre.one("SELECT uniqExact(event_id) FROM readings") or 0)


def assert_whole(centre: Centre, kafka: Kafka, sent: int) -> None:
    until(lambda: stored(centre) == sent, "everything is stored", 120)
    until(lambda: lag(f"kafka://{kafka.address}") == 0, "everything is acknowledged", 120)
    hours, points, rows, identities = centre.rows(SUMS)[0]
    assert hours > 0
    assert points == rows == identities == sent
    anomalies, distinct = centre.rows("SELECT count(), uniqExact(event_id) FROM anomalies FINAL")[0]
    assert anomalies == distinct


def test_a_broker_that_hangs_for_half_a_minute_and_one_that_is_killed(centre: Centre, own_kafka: Kafka) -> None:
    sent = drop(centre, 0)
    until(lambda: stored(centre) > 0, "the first rows")
    own_kafka.pause()
    hung_until = time.monotonic() + 30  # longer than the session timeout of the group
    sent += drop(centre, 1)
    until(lambda: time.monotonic() > hung_until, "half a minute")
    own_kafka.resume()
    until(lambda: stored(centre) == sent, "what came while the broker hung", 180)
    own_kafka.kill()
    sent += drop(centre, 2)
    own_kafka.start()
    sent += drop(centre, 3)
    assert_whole(centre, own_kafka, sent)


def test_workers_come_go_and_are_killed_while_data_flows(centre: Centre, own_kafka: Kafka) -> None:
    more: list[subprocess.Popen[str]] = []
    try:
        sent = drop(centre, 0)
        more += [centre.popen("worker") for _ in range(2)]  # three workers, two partitions a topic
        until(lambda: stored(centre) > 0, "the first rows")
        sent += drop(centre, 1)
        until(lambda: stored(centre) > sent // 2, "more rows", 120)
        more[0].kill()
        sent += drop(centre, 2)
        centre.kill("worker")
        sent += drop(centre, 3)
        assert_whole(centre, own_kafka, sent)
    finally:
        for worker in more:
            worker.kill()
            worker.wait()
