"""Duties that exactly one process does: whoever leads works, and stops working before another may begin.

On Kafka a duty is a consumer group on a topic of one partition: who is assigned the partition leads. On the embedded
broker, where all processes share a machine, it is a lock on a file, which the system releases when its holder dies.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, OffsetAndMetadata, TopicPartition
from aiokafka.errors import KafkaError

from ioc import metrics
from ioc.settings import Settings
from streams.publish import create_kafka_topics
from streams.topics import LEADER_TOPIC

log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[None]]

_SESSION_S = 15.0
_LOOK_S = 0.5
_PROVE_EVERY_S = 3.0
_AGAIN_S = 2.0
_PLACE = TopicPartition(LEADER_TOPIC, 0)


async def lead(settings: Settings, duty: str, work: Work) -> None:
    """Run `work()` while this process leads the duty; begin again whenever it leads again.

    Args:
        settings: for the broker and the data directory.
        duty: one word; each has a leader of its own.
        work: cancelled when leadership is lost; when it ends by itself, so does this.
    """
    scheme, _, servers = settings.broker_url.partition("://")
    if scheme == "kafka":
        await _lead_on_kafka(servers, settings, duty, work)
    else:
        await _lead_on_file(settings.data_dir / f"leader-{duty}.lock", duty, work)


async def _lead_on_file(path: Path, duty: str, work: Work) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        while not _locked(descriptor):
            await asyncio.sleep(_LOOK_S)
        async with _working(duty, work) as task:
            await task
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


async def _lead_on_kafka(servers: str, settings: Settings, duty: str, work: Work) -> None:
    while True:
        try:
            await create_kafka_topics(servers, settings.partitions)
            async with _Member(servers, duty) as member:
                if await member.work(duty, work):
                    return
        except (KafkaError, TimeoutError, OSError) as error:
            log.warning("leader of %s: Kafka does not answer: %r; trying again", duty, error)
        await asyncio.sleep(_AGAIN_S)


class _Member(ConsumerRebalanceListener):
    """One membership in the group of a duty."""

    def __init__(self, servers: str, duty: str) -> None:
        self._task: asyncio.Task[None] | None = None
        self._assigned = asyncio.Event()
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=servers, group_id=f"ioc-{duty}", enable_auto_commit=False, auto_offset_reset="latest",
            session_timeout_ms=int(_SESSION_S * 1000), heartbeat_interval_ms=3000, max_poll_interval_ms=60_000,
        )  # fmt: skip

    async def __aenter__(self) -> _Member:
        self._consumer.subscribe([LEADER_TOPIC], listener=self)
        try:
            await self._consumer.start()
        except BaseException:
            await self._consumer.stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._cease()
        await self._consumer.stop()

    async def on_partitions_assigned(self, assigned: list[TopicPartition]) -> None:
        """Called by aiokafka when the group has shared out its one partition."""
        if _PLACE in assigned:
            self._assigned.set()

    async def on_partitions_revoked(self, revoked: list[TopicPartition]) -> None:
        """Called by aiokafka before the group shares out anew: nobody else leads before this returns."""
        self._assigned.clear()
        await self._cease()

    async def work(self, duty: str, work: Work) -> bool:
        """Follow and lead in turn; True when the work has ended by itself, False when this membership is void."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._assigned.wait(), _PROVE_EVERY_S)
            await self._consumer.getmany(timeout_ms=0)  # says that we are alive; there is nothing to read
            if not self._assigned.is_set():
                continue
            if not await self._proved(_PROVE_EVERY_S):
                return False
            async with _working(duty, work) as self._task:
                proved = time.monotonic()
                while self._assigned.is_set() and not self._task.done():
                    await asyncio.wait({self._task}, timeout=_LOOK_S)
                    now = time.monotonic()
                    if now - proved > _SESSION_S * 2 / 3:  # a pause of this process: another may lead since long
                        return False
                    if now - proved > _PROVE_EVERY_S and await self._proved(_PROVE_EVERY_S):
                        proved = now
                if self._task.done() and not self._task.cancelled():
                    self._task.result()
                    return True

    async def _proved(self, within_s: float) -> bool:
        """Whether the group's coordinator takes a commit of ours, as it does only of the present leader."""
        try:
            await self._consumer.getmany(timeout_ms=0)
            await asyncio.wait_for(self._consumer.commit({_PLACE: OffsetAndMetadata(0, "")}), within_s)
        except (KafkaError, TimeoutError):
            return False
        return True

    async def _cease(self) -> None:
        task = self._task
        if task is not None and not task.done():
            task.cancel()
            await asyncio.wait({task})


@asynccontextmanager
async def _working(duty: str, work: Work) -> AsyncIterator[asyncio.Task[None]]:
    """The work as a task that ends with the block."""

    async def worked() -> None:
        await work()

    gauge = metrics.LEADER.labels(duty)
    log.info("leading %s", duty)
    task = asyncio.create_task(worked(), name=f"leading {duty}")
    gauge.set(1)
    try:
        yield task
    finally:
        gauge.set(0)
        task.cancel()
        await asyncio.wait({task})
        log.info("no longer leading %s", duty)
