"""What a monitoring system is told: numbers of all processes, and 503 with the reason while something is away or hangs."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import inputs
from tests.e2e.system import Centre, running, until
from tests.servers.kafka import Kafka, running_kafka
from tests.servers.ports import free_port


def ready(centre: Centre) -> tuple[int, dict[str, Any]]:
    try:
        with urllib.request.urlopen(f"{centre.settings.page_url}ready", timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def metric(centre: Centre, name: str) -> float:
    """The value of a metric with its labels, 0 where it is not told."""
    with urllib.request.urlopen(f"{centre.settings.page_url}metrics", timeout=30) as answer:
        text = answer.read().decode()
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def faults(centre: Centre) -> set[str]:
    """What is not ready; nothing while the page itself does not answer."""
    try:
        return set(ready(centre)[1]["faults"])
    except OSError:
        return set()


def supervisor(centre: Centre) -> int:
    """The process of `ioc up`."""
    return int(json.loads((centre.data_dir / "state.json").read_text(encoding="utf-8"))["pid"])


def answers(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def test_metrics_health_and_ready(tmp_path: Path) -> None:
    worker_port = free_port()
    with running(tmp_path / "var", IOC_SIMULATED="false", IOC_WORKER_PORT=str(worker_port)) as centre:
        assert centre.get("/health")["status"] == "ok"
        until(lambda: ready(centre)[0] == 200, "everything is ready")
        end = datetime.now(UTC) - timedelta(minutes=10)
        text, count = inputs.station_history(1, end)
        folder = centre.settings.inbox_dir / "env-stations"
        until(folder.is_dir, "the inbox")
        (folder / ".draft").write_text(text + f"PM2.5\tNaN\tug/Nm3\t{inputs.local(end)}\t00\n", encoding="utf-8")
        (folder / ".draft").rename(folder / f"{inputs.STATION}_{inputs.local(end)}.txt")
        until(lambda: metric(centre, 'ioc_records_total{kind="readings"}') == count, "the readings are counted")
        until(lambda: metric(centre, 'ioc_records_total{kind="dead_letters"}') == 1, "the dead letter is counted")
        until(lambda: metric(centre, "ioc_rollup_buckets_total") >= 24, "the sums are counted")
        until(lambda: metric(centre, 'ioc_lag_messages{topic="ioc.readings"}') == 0, "there is no lag")
        assert metric(centre, 'ioc_insert_seconds_count{kind="readings"}') >= 1
        assigned = metric(centre, "ioc_assigned_partitions")
        assert assigned >= 13
        assert not answers(worker_port), "a port is for one worker, and the page tells what all count"

        store = centre.pid("clickhouse")
        assert store
        os.kill(store, signal.SIGSTOP)
        try:
            status, told = ready(centre)
        finally:
            os.kill(store, signal.SIGCONT)
        assert status == 503
        assert list(told["faults"]) == ["store"]
        assert "ClickHouse" in told["faults"]["store"]
        until(lambda: ready(centre)[0] == 200, "it is ready again")

        killed = centre.pid("worker")
        centre.kill("worker")
        until(lambda: metric(centre, 'ioc_part_restarts_total{part="worker"}') == 1, "the end of the worker is counted")
        assert metric(centre, 'ioc_records_total{kind="readings"}') >= count, "what it counted stays"
        until(lambda: metric(centre, "ioc_assigned_partitions") == assigned, "only the new worker has partitions")
        assert not list((centre.data_dir / "metrics").glob(f"*_{killed}.db"))


def test_a_supervisor_that_hangs_or_is_killed_is_missed(tmp_path: Path) -> None:
    with running(tmp_path / "var", IOC_SIMULATED="false") as centre:
        until(lambda: ready(centre)[0] == 200, "everything is ready")
        os.kill(supervisor(centre), signal.SIGSTOP)
        try:
            until(lambda: faults(centre) == {"supervisor"}, "its silence is noticed")
        finally:
            os.kill(supervisor(centre), signal.SIGCONT)
        until(lambda: ready(centre)[0] == 200, "it speaks again")

        pid = supervisor(centre)
        centre.stop(signal.SIGKILL)
        until(lambda: not answers(centre.settings.http_port), "its parts end with it")
        page = centre.popen("web")
        try:
            until(lambda: {"supervisor", "store"} <= faults(centre), "a page alone misses it")
            assert re.search(f"no process {pid}|said nothing", ready(centre)[1]["faults"]["supervisor"])
        finally:
            page.kill()
            page.wait()


@pytest.fixture
def own_kafka() -> Iterator[Kafka]:
    with running_kafka() as kafka:
        yield kafka


@pytest.mark.kafka
def test_a_kafka_that_dies_later_is_missed_and_found_again(tmp_path: Path, own_kafka: Kafka) -> None:
    with running(tmp_path / "var", IOC_SIMULATED="false", IOC_BROKER=f"kafka://{own_kafka.address}") as centre:
        until(lambda: ready(centre)[0] == 200, "everything is ready")
        own_kafka.kill()
        until(lambda: "broker" in faults(centre), "it is missed")
        assert own_kafka.address in ready(centre)[1]["faults"]["broker"]
        own_kafka.start()
        until(lambda: ready(centre)[0] == 200, "everything is ready again")


def test_two_workers_need_kafka(tmp_path: Path) -> None:
    told = Centre(tmp_path / "var", IOC_WORKERS="2").ioc("up", expect=2)
    assert "IOC_BROKER" in told


@pytest.mark.kafka
def test_two_workers_on_kafka(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url = f"kafka://{request.getfixturevalue('kafka').address}"
    with running(tmp_path / "var", IOC_SIMULATED="false", IOC_BROKER=url, IOC_WORKERS="2") as centre:
        assert {"worker", "worker-2"} <= centre.parts().keys()
        until(lambda: ready(centre)[0] == 200, "both are ready")
