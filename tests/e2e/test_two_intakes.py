"""Two machines take in at once on one Kafka, partly the same: nothing is lost, and nothing counts twice."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from clickhouse.client import connect
from ioc.settings import Settings
from tests.e2e import inputs
from tests.e2e.system import Centre, until
from tests.e2e.test_line import catalog_dir, drop, newspaper  # noqa: F401 - fixtures
from tests.servers.kafka import Kafka, demand_kafka, running_kafka
from tests.servers.lag import lag

pytestmark = pytest.mark.kafka

KINDS = ("readings", "posts", "stances", "alerts")


@pytest.fixture
def kafka() -> Iterator[Kafka]:
    """One of its own: what other tests left unread on a shared broker would be counted here."""
    demand_kafka()
    with running_kafka() as broker:
        yield broker


@pytest.fixture
def machines(
    tmp_path: Path,
    kafka: Kafka,
    store_settings: Settings,
    catalog_dir: str,  # noqa: F811
) -> Iterator[list[Centre]]:
    """Two data directories on one broker and one database; each takes in, the first also works."""
    common = {
        "IOC_BROKER": f"kafka://{kafka.address}", "IOC_CLICKHOUSE": store_settings.clickhouse_url,
        "IOC_DATABASE": store_settings.database, "IOC_CATALOG_DIR": catalog_dir, "IOC_SIMULATED": "false",
        "IOC_LOG_LEVEL": "ERROR",
    }  # fmt: skip
    found = [Centre(tmp_path / name, **common) for name in ("first", "second")]
    for machine in found:
        machine.data_dir.mkdir()
    processes: list[subprocess.Popen[str]] = [
        machine.popen(part) for part, machine in zip(("worker", "intake", "intake"), (found[0], *found), strict=True)
    ]
    yield found
    for process in processes:
        process.kill()
        process.wait()


def taken(machine: Centre) -> bool:
    return len(list((machine.data_dir / "archive" / "env-stations").rglob("*.txt"))) == 2


def test_what_two_machines_take_in_counts_once(machines: list[Centre], kafka: Kafka, store_settings: Settings) -> None:
    now = datetime.now(UTC) - timedelta(minutes=10)
    same, sent = inputs.station_history(2, now, seed=0)
    for number, machine in enumerate(machines):
        own, count = inputs.station_history(1, now, seed=number + 1)
        drop(machine, "env-stations", f"TH_NGHISON_KK01_{inputs.local(now)}.txt", same)
        drop(machine, "env-stations", f"{('TH_BIMSON_KK01', 'TH_SAMSON_KK01')[number]}_{inputs.local(now)}.txt", own)
        sent += count
    for machine in machines:
        until(partial(taken, machine), "both files are in the archive")

    with connect(store_settings) as client:

        def one(sql: str) -> int:
            return int(client.query(sql).first_row[0])

        until(lambda: one("SELECT uniqExact(event_id) FROM readings") == sent, "all readings")
        until(lambda: one("SELECT count() FROM stances"), "the article is judged")
        until(lambda: lag(f"kafka://{kafka.address}") == 0, "everything is acknowledged")
        doubled = {kind: one(f"SELECT count() - uniqExact(event_id) FROM {kind} FINAL") for kind in KINDS}
        assert doubled == dict.fromkeys(KINDS, 0)
        assert one("SELECT count() FROM readings FINAL") == sent == one("SELECT sum(points) FROM readings_hourly FINAL")
        assert one("SELECT count() FROM posts FINAL") == 1
