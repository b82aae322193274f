"""`ioc forecaster`: forecast every indicator as soon as its values or its plan have changed."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Any

from clickhouse.connection import Connection
from ioc import notify
from ioc.catalog.model import Catalog
from ioc.cli.drawn import drawn
from ioc.cli.replaying import ended, replay_after
from ioc.cli.run import opened_packer, run_part
from ioc.errors import StoreUnavailable, Unavailable
from ioc.packs import utc_now
from ioc.settings import Settings
from streams.leader import lead

if TYPE_CHECKING:
    from forecasting.job import Memory, Task
    from streams.packer import Packer

log = logging.getLogger(__name__)

_LOOK_S = 3.0
_SOURCE = "forecast"


def run_forecaster() -> None:
    """Forecast every indicator as soon as its values or its plan have changed."""
    run_part(_forecaster)


async def _forecaster(settings: Settings, catalog: Catalog) -> None:
    from forecasting.job import Memory

    store, memory = Connection(settings), Memory()
    async with opened_packer(settings) as packer:

        async def forecast(made: asyncio.Event) -> None:
            changes = _Changes(store)
            while True:
                await _change(changes, settings.forecast_every_s)
                try:
                    await _forecast_changed(settings, store, catalog, memory, packer)
                    made.set()
                except Unavailable as error:
                    log.warning("%s; trying again", error)
                    changes.again()
                    await asyncio.sleep(error.retry_after)

        async def work() -> None:
            made = asyncio.Event()
            replays = asyncio.create_task(replay_after(made, settings, store, catalog, packer))
            try:
                await forecast(made)
            finally:
                await ended(replays)

        notify.ready()
        await lead(settings, "forecasts", work)


async def _change(changes: _Changes, at_least_every_s: float) -> None:
    """Return when data has come and stopped coming, or when it is time anyway: periods end without data, too."""
    deadline = time.monotonic() + at_least_every_s
    while time.monotonic() < deadline:
        try:
            if await asyncio.to_thread(changes.settled):
                return
        except StoreUnavailable as error:
            log.warning("%s; looking again", error)
        await asyncio.sleep(_LOOK_S)


async def _forecast_changed(
    settings: Settings, store: Connection, catalog: Catalog, memory: Memory, packer: Packer
) -> None:
    """Forecast what changed; a series is done when the broker holds its forecast."""
    from forecasting import job
    from forecasting.kept import Shelf
    from forecasting.workers import cores

    now = utc_now()
    stored = await asyncio.to_thread(job.read, store.query, now)
    found: list[Task] = await asyncio.to_thread(
        partial(job.tasks, memory=memory, issued=stored.issued, before=stored.before, doubts=stored.doubts),
        stored.values,
        stored.targets,
        catalog,
        now,
    )
    workers, shelf, number = settings.forecast_workers or cores(), Shelf(settings.forecast_models), 0
    async with aclosing(drawn(job.outcomes(found, now, workers, apart=True, shelf=shelf))) as outcomes:
        async for outcome in outcomes:
            number += 1
            notify.progress(number / len(found), f"Dự báo {number}/{len(found)}")
            if outcome.error:
                log.warning("%s: %s", "/".join(outcome.key), outcome.error)
            await packer.put(_SOURCE, outcome.records)
            if not outcome.again:
                memory.took(outcome.task)
    if found:
        log.info("forecast %d series", len(found))
        notify.ready()


class _Changes:
    """Whether indicators have changed, as two looks at the store tell."""

    def __init__(self, store: Connection) -> None:
        self._store = store
        self._seen: dict[str, Any] = {}
        self._done: dict[str, Any] = {}

    def settled(self) -> bool:
        """Whether there is data since this last said so, and none has come since the last look."""
        seen, self._seen = self._seen, self._store.query("indicator_changes").to_pylist()[0]
        if self._seen != seen or self._seen == self._done:
            return False
        self._done = self._seen
        return bool(self._seen["rows"])

    def again(self) -> None:
        """What was said last has come to nothing: say it again."""
        self._done = {}
