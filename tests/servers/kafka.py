"""A real Apache Kafka (KRaft, one broker) from the jars that `make test` fetched; `python -m` or `make kafka` runs one."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers.ports import free_port

LIBS = Path(__file__).parents[2] / ".servers" / "kafka" / "libs"
_START_S = 60

_CONFIG = """
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
log.dirs={logs}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
message.max.bytes=33554432
replica.fetch.max.bytes=33554432
log.flush.interval.messages=10000
"""


class Kafka:
    """One broker with its own directory.

    Attributes:
        address: host:port for clients.
    """

    def __init__(self, directory: Path, port: int | None = None) -> None:
        self._directory = directory
        self.port, self._controller = port or free_port(), free_port()
        self.address = f"127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._config = directory / "server.properties"
        logs = directory / "data"
        self._config.write_text(_CONFIG.format(port=self.port, controller=self._controller, logs=logs))
        identity = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        # Joined with "=": one identity in 64 begins with "-" and would be read as an option.
        self._java(
            "kafka.tools.StorageTool", "format", f"--cluster-id={identity}", "-c", str(self._config)
        ).check_returncode()

    def _command(self, *arguments: str) -> list[str]:
        java = shutil.which("java")
        if java is None or not LIBS.is_dir():
            raise FileNotFoundError("Apache Kafka needs a JRE and its jars: run `make servers`")
        return [java, "-Xmx512m", "-Xms256m", "-XX:TieredStopAtLevel=1", "-cp", f"{LIBS}/*", *arguments]

    def _java(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(self._command(*arguments), capture_output=True, check=False)

    def start(self) -> None:
        """Start, or start again on the same data, and return when it answers."""
        log = (self._directory / "kafka.log").open("ab")
        self._process = subprocess.Popen(self._command("kafka.Kafka", str(self._config)), stdout=log, stderr=log)
        deadline = time.monotonic() + _START_S
        while not _answers(self.port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Kafka did not start: {(self._directory / 'kafka.log').read_text()[-2000:]}")
            time.sleep(0.05)

    def kill(self) -> None:
        """Kill -9."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Stop in good order."""
        self._end(signal.SIGTERM)

    def pause(self) -> None:
        """SIGSTOP: the broker hangs without closing its connections."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT."""
        assert self._process
        self._process.send_signal(signal.SIGCONT)

    def _end(self, sign: signal.Signals) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(sign)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def demand_kafka() -> None:
    """Skip the test where Apache Kafka was not fetched; in CI its absence fails the run."""
    if not LIBS.is_dir() and "CI" not in os.environ:
        pytest.skip("Apache Kafka is not here: run `make servers`")


@contextmanager
def running_kafka(port: int | None = None) -> Iterator[Kafka]:
    """A broker in a temporary directory while the block runs."""
    with tempfile.TemporaryDirectory(prefix="kafka-", ignore_cleanup_errors=True) as directory:
        kafka = Kafka(Path(directory), port)
        kafka.start()
        try:
            yield kafka
        finally:
            kafka.kill()


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
        return True
    return False


if __name__ == "__main__":
    with running_kafka(int(os.environ.get("KAFKA_PORT", "9092"))) as broker:
        sys.stdout.write(
            f"Apache Kafka at {broker.address}; IOC_BROKER=kafka://{broker.address} ioc up   (Ctrl-C stops)\n"
        )
        sys.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()
