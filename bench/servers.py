"""Real servers beside the process that is measured: that one alone on a core, Kafka and ClickHouse on the others."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from clickhouse.client import connect
from clickhouse.migrate import prepare
from ioc.catalog.load import load_catalog
from ioc.errors import ConfigurationError
from ioc.packs import utc_now
from ioc.settings import Settings, variable

if TYPE_CHECKING:
    from tests.servers.kafka import Kafka

WORKER = ("ioc.cli.main", "worker")
_STOP_S = 20
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Lab:
    """Running servers.

    Attributes:
        directory: temporary, gone afterwards.
        kafka: the broker, to be killed and started again.
        settings: of clients of both; the database is not prepared yet.
        clickhouse: the server's process.
        measured: the core of the process under test; with one core only it shares it.
    """

    directory: Path
    kafka: Kafka
    settings: Settings
    clickhouse: subprocess.Popen[str]
    measured: int

    @contextmanager
    def database(self, name: str, **changes: object) -> Iterator[Settings]:
        """Settings of a migrated database of its own, dropped afterwards."""
        settings = self.settings.model_copy(update={"database": name, **changes})
        prepare(settings, load_catalog(None), utc_now())
        try:
            yield settings
        finally:
            with contextlib.closing(connect(settings)) as client:
                client.command(f"DROP DATABASE {name} SYNC")


def require_servers() -> None:
    """Raises ConfigurationError unless this is a checkout with Kafka's jars."""
    try:
        from tests.servers.kafka import LIBS
    except ImportError:
        raise ConfigurationError("`ioc bench` needs the source checkout: tests/servers is not here") from None
    if not LIBS.is_dir():
        raise ConfigurationError("Apache Kafka is not here: run `make servers` first")


@contextmanager
def lab(partitions: int = 4) -> Iterator[Lab]:
    """Kafka and ClickHouse in a temporary directory, each a process of its own, on all cores but the measured one.

    Raises:
        ConfigurationError: this is no checkout, or Kafka's jars are missing.
    """
    require_servers()
    from tests.servers.clickhouse import start_clickhouse, stop_clickhouse
    from tests.servers.kafka import running_kafka

    with apart() as measured, tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as name:
        directory = Path(name)
        with running_kafka() as kafka:
            process, store = start_clickhouse(directory)
            settings = store.model_copy(update={"broker": f"kafka://{kafka.address}", "partitions": partitions})
            try:
                yield Lab(directory, kafka, settings, process, measured)
            finally:
                stop_clickhouse(process)


@contextmanager
def apart() -> Iterator[int]:
    """Leave one core free while the block runs; what is started inside inherits that."""
    before = os.sched_getaffinity(0)
    measured, *others = sorted(before)
    os.sched_setaffinity(0, others or before)
    try:
        yield measured
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def process(
    settings: Settings, command: Sequence[str], cores: set[int], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """``python -m command`` pinned to cores while the block runs."""
    running = spawn(settings, command, cores, log)
    try:
        yield running
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def spawn(settings: Settings, command: Sequence[str], cores: set[int], log: Path) -> subprocess.Popen[bytes]:
    """Start ``python -m command`` with these settings, pinned to cores; output is appended to the log."""
    with log.open("ab") as output:
        started = subprocess.Popen(  # noqa: S603 - our own modules
            [sys.executable, "-m", *command], env=os.environ | environment(settings), stdin=subprocess.DEVNULL,
            stdout=output, stderr=output,
        )  # fmt: skip
    os.sched_setaffinity(started.pid, cores)  # it has one thread yet, and later ones inherit
    return started


def environment(settings: Settings) -> dict[str, str]:
    """The variables that make a process read the same settings."""
    names = ("data_dir", "broker", "partitions", "clickhouse", "database", "detect", "pack_records")
    values = {variable(name): str(getattr(settings, name)) for name in names}
    return values | {"IOC_LOG_LEVEL": "WARNING"}


def cpu_seconds(pid: int) -> float:
    """User and system time of a process with all its threads; 0 once it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except OSError:
        return 0.0
    user, system = text.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / _TICKS
