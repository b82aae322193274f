"""What a worker that runs alone says on its own port: it waits, it is ready, it stands still and why, its numbers."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from clickhouse.migrate import prepare
from ioc.catalog.load import load_catalog
from ioc.records import Reading, event_id
from ioc.settings import Settings, variable
from streams.embedded.log import Log
from streams.liveness import of_broker
from streams.packer import Packer
from streams.publish import open_publisher
from tests.e2e.system import until
from tests.servers.clickhouse import start_clickhouse, stop_clickhouse
from tests.servers.kafka import Kafka, running_kafka
from tests.servers.ports import free_port


class Worker:
    """An `ioc worker` with a port of its own.

    Args:
        settings: where store and broker are.
        log: of what it prints.
    """

    def __init__(self, settings: Settings, log: Path) -> None:
        self.port, self._log = free_port(), log
        told = {variable(n): str(getattr(settings, n)) for n in settings.model_fields_set}
        environment = os.environ | told | {"IOC_WORKER_PORT": str(self.port), "IOC_WATCHDOG_S": "600"}
        with log.open("wb") as output:
            command = [sys.executable, "-m", "ioc.cli.main", "worker"]
            self.process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)

    def get(self, path: str) -> tuple[int, str]:
        """Status and text, 0 while nobody listens."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{path}", timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def ready(self) -> tuple[int, dict[str, str]]:
        """Status, and the faults by name."""
        status, text = self.get("ready")
        return status, json.loads(text)["faults"] if text else {}

    def metric(self, name: str) -> float:
        """The value of a metric with its labels, 0 where it is not told."""
        found = re.search(rf"^{re.escape(name)} (\S+)$", self.get("metrics")[1], re.MULTILINE)
        return float(found[1]) if found else 0.0

    def printed(self) -> str:
        """All of it."""
        return self._log.read_text(encoding="utf-8", errors="replace")


@contextmanager
def worker_on(settings: Settings, folder: Path) -> Iterator[Worker]:
    worker = Worker(settings, folder / "worker.log")
    try:
        yield worker
    except BaseException:
        sys.stderr.write(worker.printed()[-6000:])
        raise
    finally:
        worker.process.kill()
        worker.process.wait()


def on(store: Settings, data_dir: Path, broker: str = "") -> Settings:
    """Settings of a worker of this store, only what is not a default."""
    where: dict[str, Any] = {"clickhouse": store.clickhouse_url, "database": store.database, "data_dir": data_dir}
    return Settings(**where | ({"broker": broker} if broker else {}))


async def send(settings: Settings, count: int) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    readings = [
        Reading(
            event_id=event_id("alone", str(n)), received_at=now, source="s", station=f"S{n}", metric="m",
            observed_at=now, value=1.0, unit="u",
        )
        for n in range(count)
    ]  # fmt: skip
    async with open_publisher(settings) as publisher:
        await Packer(publisher, pack_records=10, linger_s=0.0).put("s", readings)


async def test_a_lone_worker_on_the_embedded_broker(tmp_path: Path, store_settings: Settings) -> None:
    settings = on(store_settings, tmp_path)
    with worker_on(settings, tmp_path) as worker:
        until(lambda: worker.ready() == (200, {}), "it is ready")
        assert worker.get("health") == (200, '{"status": "ok"}')
        assert worker.metric("ioc_assigned_partitions") >= 13
        await send(settings, 25)
        until(lambda: worker.metric('ioc_records_total{kind="readings"}') == 25, "the readings are counted")

        (tmp_path / "broker.sqlite").rename(tmp_path / "moved")
        _, faults = until(lambda: (told := worker.ready())[0] == 503 and told, "the broker is missed")
        assert list(faults) == ["broker"]
        assert "broker.sqlite" in faults["broker"]
        assert not (tmp_path / "broker.sqlite").exists(), "asking made it anew"
        (tmp_path / "moved").rename(tmp_path / "broker.sqlite")
        until(lambda: worker.ready() == (200, {}), "it is ready again")

        worker.process.send_signal(signal.SIGTERM)
        worker.process.wait(60)
        assert worker.get("health")[0] == 0


async def test_it_says_which_topic_stands_still_and_why(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    process, store = start_clickhouse(tmp_path / "store")  # one of its own, for it is stopped
    try:
        prepare(store, load_catalog(None), datetime.now(UTC))
        settings = on(store, tmp_path)
        with worker_on(settings, tmp_path) as worker:
            until(lambda: worker.ready() == (200, {}), "it is ready")
            process.kill()
            await send(settings, 1)
            both = {"store", "ioc.readings"}
            _, faults = until(lambda: both <= (told := worker.ready())[1].keys() and told, "the topic is paused")
            assert "paused: " in faults["ioc.readings"]
            assert "ClickHouse does not answer" in faults["store"]
            assert worker.get("health")[0] == 200
    finally:
        process.kill()
        stop_clickhouse(process)


def test_a_taken_port_is_one_sentence(tmp_path: Path, store_settings: Settings) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        environment = {variable(n): str(getattr(on(store_settings, tmp_path), n)) for n in ("data_dir", "clickhouse")}
        done = subprocess.run(
            [sys.executable, "-m", "ioc.cli.main", "worker"], check=False, capture_output=True, text=True, timeout=90,
            env=os.environ | environment | {"IOC_WORKER_PORT": str(port)},
        )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith(f"ioc: 127.0.0.1:{port} is already in use")
    assert "IOC_WORKER_PORT" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def own_kafka() -> Iterator[Kafka]:
    with running_kafka() as kafka:
        yield kafka


@pytest.mark.kafka
async def test_a_lone_worker_on_kafka(tmp_path: Path, store_settings: Settings, own_kafka: Kafka) -> None:
    settings = on(store_settings, tmp_path, f"kafka://{own_kafka.address}")
    await send(settings, 25)
    with worker_on(settings, tmp_path) as worker:
        waiting = until(lambda: (told := worker.ready())[0] == 503 and told, "it says that it has no partitions yet")
        assert "partitions" in waiting[1]
        until(lambda: worker.ready() == (200, {}), "it is ready")
        until(lambda: worker.metric('ioc_records_total{kind="readings"}') == 25, "the readings are counted")
        own_kafka.kill()
        _, faults = until(lambda: "broker" in (told := worker.ready())[1] and told, "the broker is missed")
        assert own_kafka.address in faults["broker"]
        assert worker.get("health")[0] == 200
        own_kafka.start()
        until(lambda: worker.ready() == (200, {}), "it is ready again")
        own_kafka.pause()
        _, faults = until(lambda: "broker" in (told := worker.ready())[1] and told, "a broker that hangs is missed")
        own_kafka.resume()
        until(lambda: worker.ready() == (200, {}), "it is ready once more")


async def test_an_embedded_broker_file_that_is_none_is_named(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    assert "unable to open" in await of_broker(settings).fault()
    (tmp_path / "broker.sqlite").write_bytes(b"this is no database, however one reads it" * 100)
    assert "not a database" in await of_broker(settings).fault()
    (tmp_path / "broker.sqlite").unlink()
    with closing(Log(tmp_path / "broker.sqlite")):
        assert await of_broker(settings).fault() == ""
