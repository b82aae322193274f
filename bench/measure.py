"""Watch a consumer empty a prefilled topic: rows in ClickHouse over time, and the CPU seconds it took."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aiokafka import AIOKafkaConsumer, TopicPartition

from bench.servers import cpu_seconds
from clickhouse.client import connect
from ioc.errors import IocError
from ioc.settings import Settings

_LOOK_S, _TIMEOUT_S = 0.1, 300.0  # a look costs the servers' core some milliseconds


@dataclass(frozen=True)
class Look:
    """One look: monotonic seconds, rows stored, CPU seconds of the consumers."""

    at: float
    rows: int
    cpu: float


@dataclass(frozen=True)
class Speed:
    """How fast records were stored.

    Attributes:
        per_s: records a second from the first stored row to the last.
        per_cpu_s: records a second of the consumers' CPU, over the same time.
        acknowledged_per_s: the same until everything was acknowledged on the broker.
        whole: everything was there at the first look, so that the speeds include the start.
    """

    per_s: float
    per_cpu_s: float
    acknowledged_per_s: float
    whole: bool


class NotFinished(IocError):
    """A measured process ended or was too slow; the message holds the end of its log."""


def watch(
    settings: Settings,
    group: str,
    topic: str,
    expected: int,
    *,
    processes: Sequence[subprocess.Popen[bytes]],
    log: Path,
) -> Speed:
    """Return when all expected rows are stored and acknowledged.

    Raises:
        NotFinished: a process ended, or the time is over.
    """
    began = Look(time.monotonic(), 0, 0.0)
    first: Look | None = None
    with contextlib.closing(connect(settings)) as client:
        while True:
            rows = int(client.query("SELECT count() FROM readings").first_row[0])
            look = Look(time.monotonic(), rows, sum(cpu_seconds(p.pid) for p in processes))
            first = first or (look if rows else None)
            if rows >= expected:
                break
            late = look.at - began.at > _TIMEOUT_S
            if late or any(p.poll() is not None for p in processes):
                why = "too slow" if late else "ended"
                raise NotFinished(
                    f"{group}: {why} with {rows} of {expected} rows; its log ends {log.read_text()[-2000:]!r}"
                )
            time.sleep(_LOOK_S)
    asyncio.run(acknowledged(settings, group, topic))
    done = time.monotonic()
    whole = first is None or first.rows >= expected
    start = began if whole or first is None else first
    count = expected - start.rows
    return Speed(
        count / (look.at - start.at), count / max(look.cpu - start.cpu, 0.01), count / (done - start.at), whole
    )


async def acknowledged(settings: Settings, group: str, topic: str, timeout_s: float = _TIMEOUT_S) -> None:
    """Return when the group has committed the ends of all partitions."""
    servers = settings.broker_url.partition("://")[2]
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, group_id=group, enable_auto_commit=False)
    await consumer.start()
    deadline = time.monotonic() + timeout_s
    try:
        places = [TopicPartition(topic, p) for p in range(settings.partitions)]
        ends = await consumer.end_offsets(places)
        waiting = [tp for tp in places if ends[tp]]
        while waiting:
            waiting = [tp for tp in waiting if (await consumer.committed(tp) or 0) < ends[tp]]
            if time.monotonic() > deadline:
                raise NotFinished(f"{group}: stored everything but did not acknowledge {len(waiting)} partitions")
            await asyncio.sleep(_LOOK_S)
    finally:
        await consumer.stop()


async def rewind(settings: Settings, group: str, topic: str) -> None:
    """Let a group whose members are gone read a topic from the start again."""
    servers = settings.broker_url.partition("://")[2]
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, group_id=group, enable_auto_commit=False)
    await consumer.start()
    try:
        places = [TopicPartition(topic, p) for p in range(settings.partitions)]
        consumer.assign(places)
        await consumer.commit(dict.fromkeys(places, 0))
    finally:
        await consumer.stop()
