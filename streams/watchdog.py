"""Watch that a worker with work to do makes progress, and end it loudly if it does not: whoever supervises it starts it again.

Faust's consumer can stop fetching without a word (faust issues 175 and 640), so the broker itself is asked what it holds.
A thread watches the event loop, for a loop that hangs asks nobody anything.
"""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from ioc import metrics
from streams.agents.patience import Patience
from streams.agents.progress import Place, Progress, committed

log = logging.getLogger(__name__)

STALLED = 75  # exit status: EX_TEMPFAIL of sysexits.h
LOOK_EVERY_S = 2.0


def end_process(reason: str) -> None:
    """Say why, with the stacks of all threads, and end without waiting for anything that may hang."""
    metrics.WATCHDOG.inc()
    log.critical("%s; ending this worker so that it is started again", reason)
    faulthandler.dump_traceback(sys.__stderr__ or sys.stderr)
    for handler in logging.getLogger().handlers:
        handler.flush()
    os._exit(STALLED)


class Watchdog:
    """Of one worker.

    Args:
        app: Faust's.
        progress, patience: of the pipeline; a topic whose store or broker is away is excused.
        patience_s: without progress.
        end: called with the reason; replaced in tests.
    """

    def __init__(
        self,
        app: Any,
        progress: Progress,
        patience: Patience,
        patience_s: float,
        end: Callable[[str], None] = end_process,
    ) -> None:
        self._app, self._progress, self._patience = app, progress, patience
        self._patience_s, self._end = patience_s, end
        self._beat = time.monotonic()

    async def watch(self) -> None:
        """Look every two seconds until cancelled."""
        threading.Thread(target=self._watch_loop, name="watchdog", daemon=True).start()
        while True:
            self._beat = time.monotonic()
            await self.look()
            await asyncio.sleep(min(LOOK_EVERY_S, self._patience_s / 4))

    async def look(self) -> None:
        """Ask the broker where its partitions end, and act on what has stalled."""
        try:
            await asyncio.wait_for(self._ask(), self._patience_s / 2)
        except Exception as error:  # a broker that is away is no fault of this worker
            log.warning("the broker does not say where its partitions end: %r", error)
            return
        self._tell()
        if stalled := self._progress.stalled(self._patience_s, self._patience.paused):
            names = ", ".join(f"{place.topic}/{place.partition}" for place in stalled[:5])
            self._end(f"no progress for {self._patience_s:g} s on {len(stalled)} partitions with lag ({names})")

    def _tell(self) -> None:
        for topic, lag in self._progress.lag().items():
            metrics.LAG.labels(topic).set(lag)
        for topic, age in self._progress.age(time.time()).items():
            metrics.AGE.labels(topic).set(age)

    async def _ask(self) -> None:
        places = [Place(*tp) for tp in self._app.consumer.assignment()]
        if places:
            ends = await self._app.consumer.highwaters(*self._app.consumer.assignment())
            now = {place: committed(self._app, place) for place in places}
            self._progress.ends({Place(*tp): end for tp, end in ends.items()}, now)

    def _watch_loop(self) -> None:
        while time.monotonic() - self._beat <= self._patience_s:
            time.sleep(min(LOOK_EVERY_S, self._patience_s / 4))
        self._end(f"the event loop has not turned for {self._patience_s:g} s")
