"""A steady load in the background: readings of all series at every tick, each sent until the broker holds it."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from aiokafka.errors import KafkaError

from bench.load import SOURCE, codes_of, readings_at
from ioc.errors import Unavailable
from ioc.packs import utc_now
from ioc.records import Reading
from ioc.settings import Settings
from streams.packer import Packer
from streams.publish import open_publisher

Values = Callable[[int, datetime], Sequence[float]]

_MOST_WAITING = 200  # ticks under way at once; while the broker is away the load stands still


class Sender:
    """A thread of its own.

    Args:
        settings: of the broker; packs and linger as the centre's own.
        series: how many, each with one reading a tick.
        tick_s: seconds between two ticks.
        values: of all series at a tick, by the tick's number and moment.

    Attributes:
        sent: identities that the broker acknowledged, in any order.
    """

    def __init__(self, settings: Settings, series: int, tick_s: float, values: Values) -> None:
        logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # a broker that is killed is no news here
        self._settings, self._codes, self._tick_s, self._values = settings, codes_of(series), tick_s, values
        self.sent: list[str] = []
        self._tick = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self, timeout_s: float = 120) -> bool:
        """Stop making readings, and return when all that were made are acknowledged; whether they are."""
        self._stop.set()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    async def _run(self) -> None:
        waiting: list[list[Reading]] = []  # made and not acknowledged
        while waiting or not self._stop.is_set():
            try:
                async with open_publisher(self._settings) as publisher:
                    linger_s = self._settings.pack_linger_ms / 1000
                    packer = Packer(publisher, pack_records=self._settings.pack_records, linger_s=linger_s)
                    for batch in waiting:
                        await self._put(packer, batch, waiting)
                    await self._steadily(packer, waiting)
            except* (Unavailable, KafkaError, OSError):
                await asyncio.sleep(0.2)  # the broker is away: a new producer sends the same again

    async def _steadily(self, packer: Packer, waiting: list[list[Reading]]) -> None:
        """Send at every tick until told to stop, or until the broker is away."""
        clock = asyncio.get_running_loop().time
        due = clock()
        async with asyncio.TaskGroup() as group:
            while not self._stop.is_set():
                if len(waiting) < _MOST_WAITING:
                    moment = utc_now()
                    batch = readings_at(self._codes, moment, self._values(self._tick, moment))
                    waiting.append(batch)
                    group.create_task(self._put(packer, batch, waiting))
                    self._tick += 1
                due = max(due + self._tick_s, clock() - 1)
                await asyncio.sleep(max(0.001, due - clock()))

    async def _put(self, packer: Packer, batch: list[Reading], waiting: list[list[Reading]]) -> None:
        await packer.put(SOURCE, batch)
        waiting.remove(batch)
        self.sent += [reading.event_id for reading in batch]
