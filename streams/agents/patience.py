"""Wait for a store or broker that is away, with the partitions of the topic paused: nothing is dropped, memory stays bounded."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from ioc import metrics
from ioc.errors import Unavailable

log = logging.getLogger(__name__)

MAX_BACKOFF_S = 5.0


class Patience:
    """One a worker.

    Attributes:
        paused: why, by topic; empty while everything flows.
    """

    def __init__(self, app: Any) -> None:
        self._app = app
        self.paused: dict[str, str] = {}
        self._waiting: Counter[str] = Counter()

    async def of(self, topic: str, call: Callable[..., Awaitable[Any]], *args: Any) -> Any:
        """What the call answers in the end, however long it takes; what it refuses for good is raised.

        Meanwhile nothing more is fetched of the topic, and everything that is on its way waits.
        """
        attempt = 0
        try:
            while True:
                try:
                    return await call(*args)
                except Unavailable as error:
                    attempt += 1
                    self._waiting[topic] += attempt == 1
                    self._pause(topic, str(error))
                    wait_s = min(MAX_BACKOFF_S, error.retry_after * 1.5**attempt / 2)
                    log.warning("%s; trying again in %.1f s", error, wait_s)
                    await asyncio.sleep(wait_s)
        finally:
            if attempt:
                self._waiting[topic] -= 1
                if not self._waiting[topic]:  # another stage of the topic may wait still
                    self._resume(topic)

    def _pause(self, topic: str, reason: str) -> None:
        if topic not in self.paused:
            metrics.PAUSES.labels(topic).inc()
        self.paused[topic] = reason
        consumer = self._app.consumer
        # A fetch under way skips, for good, what it holds of partitions that leave *its* set (Faust's
        # `Consumer.getmany`): let it keep the old set, and give a new one to those that follow.
        if (active := getattr(consumer, "_active_partitions", None)) is not None:
            consumer._active_partitions = set(active)
        consumer.pause_partitions(self._partitions(topic))  # again: a rebalance may have resumed them
        self._tell()

    def _resume(self, topic: str) -> None:
        self.paused.pop(topic, None)
        self._app.consumer.resume_partitions(self._partitions(topic))
        self._tell()

    def _tell(self) -> None:
        metrics.PAUSED.set(sum(len(self._partitions(topic)) for topic in self.paused))

    def _partitions(self, topic: str) -> set[Any]:
        return {tp for tp in self._app.consumer.assignment() if tp.topic == topic}
