"""Forecasts of past months made afterwards: in the background of the forecaster, and by `ioc forecast replay`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from clickhouse.connection import Connection
from ioc.catalog.load import load_catalog
from ioc.catalog.model import Catalog
from ioc.cli.drawn import drawn
from ioc.errors import Unavailable
from ioc.packs import utc_now
from ioc.settings import Settings, load_settings

if TYPE_CHECKING:
    from forecasting.series import Key
    from streams.packer import Packer

log = logging.getLogger(__name__)

_SOURCE = "forecast"
_FAR = 60

Tell = Callable[[int, int], None]  # done, of how many
Made = set[tuple["Key", datetime]]


async def replay_after(
    forecast: asyncio.Event, settings: Settings, store: Connection, catalog: Catalog, packer: Packer
) -> None:
    """Make what is lacking whenever something was forecast, one series at a time: nobody waits for it."""
    from forecasting.replays import moments

    made: Made = set()
    while True:
        await forecast.wait()
        forecast.clear()
        try:
            await replay(store, catalog, packer, moments(utc_now(), settings.forecast_replays), made)
        except Unavailable as error:
            log.warning("%s; trying again", error)
            forecast.set()
            await asyncio.sleep(error.retry_after)
        except Exception:  # forecasts in earnest go on without them
            log.exception("past months could not be forecast")


async def ended(work: asyncio.Task[None]) -> None:
    """Return when a task has been cancelled and has put away what it had in hand."""
    work.cancel()
    await asyncio.wait([work])


async def replay(  # noqa: PLR0913 - what it works with
    store: Connection,
    catalog: Catalog,
    packer: Packer,
    moments: Sequence[datetime],
    made: Made,
    *,
    indicator: str | None = None,
    workers: int = 1,
    tell: Tell = lambda done, total: None,
) -> int:
    """Publish the forecasts that moments of the past lack; what the store holds is not made again.

    Args:
        store: to read values and what was issued from.
        catalog: what is known of the indicators.
        packer: to publish with.
        moments: of `forecasting.replays.moments`.
        made: series and moments that this process has published; added to.
        indicator: only this one.
        workers: processes.
        tell: progress.

    Returns:
        How many series were forecast, each moment counted.

    Raises:
        Unavailable: the store or the broker does not answer now.
    """
    from forecasting import job, replays

    now = utc_now()
    stored = await asyncio.to_thread(job.read, store.query, now, indicator or "")
    issues = await asyncio.to_thread(replays.read_issues, store.query, indicator or "")
    plan = [
        (moment, [task for task in found if (task.key, moment) not in made])
        for moment in moments
        if (found := replays.tasks_at(moment, stored.values, catalog, issues, indicator))
    ]
    total, done = sum(len(found) for _, found in plan), 0
    for moment, found in plan:
        made_at = replays.replayed(found, moment, now, workers)
        async with aclosing(drawn(made_at)) as coming:
            async for forecasts in coming:
                await packer.put(_SOURCE, forecasts)
                done += 1
                tell(done, total)
        made.update((task.key, moment) for task in found)
    if total:
        log.info("made %d forecasts of past months", total)
    return total


def replay_command(
    months: Annotated[int, typer.Option(min=1, max=_FAR, help="How many months back.")] = 12,
    indicator: Annotated[str | None, typer.Option("--indicator", help="Only this indicator.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes at most; by default one a core.")] = None,
) -> None:
    """Make the forecasts that past months would have seen, so that they can be scored at once."""
    from forecasting.workers import cores

    total = asyncio.run(_replay_now(load_settings(), months, indicator, workers or cores()))
    print(
        f"Đã dự báo lại {total} chuỗi của {months} tháng qua." if total else "Không thiếu dự báo nào của các tháng qua."
    )


async def _replay_now(settings: Settings, months: int, indicator: str | None, workers: int) -> int:
    from forecasting.replays import moments
    from ioc.cli.forecast import progress
    from ioc.cli.run import opened_packer

    store, catalog = Connection(settings), load_catalog(settings.catalog_dir)
    async with opened_packer(settings) as packer:
        with progress() as bar:
            step = bar.add_task("Đang dự báo lại", total=None)

            def tell(done: int, total: int) -> None:
                bar.update(step, completed=done, total=total)

            asked = moments(utc_now(), months)
            return await replay(store, catalog, packer, asked, set(), indicator=indicator, workers=workers, tell=tell)
