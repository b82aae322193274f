"""The parts that `ioc up` runs, each also a command of its own: web, worker, intake."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial

from aiohttp import ClientSession, web

from ioc import notify
from ioc.catalog.load import load_catalog
from ioc.catalog.model import Catalog
from ioc.cli.preflight import check_port
from ioc.errors import AddressInUse, Unavailable
from ioc.settings import Settings, load_settings
from streams import gateway, judging
from streams.folder import Inbox
from streams.intake import Intake
from streams.leader import lead
from streams.packer import Packer
from streams.poll import Poller, is_polled
from streams.publish import open_publisher
from streams.tokens import pseudonym_key

log = logging.getLogger(__name__)

_PAGE_PATIENCE_S = 30


def serve_web() -> None:
    """Serve the page and the HTTP way in."""
    run_part(_web)


def run_intake() -> None:
    """Watch the inbox folders and poll the feeds."""
    run_part(_intake)


def run_worker() -> None:
    """Run a Faust worker, the same as ``faust -A streams.app worker``."""
    from streams.worker import run

    notify.die_with_supervisor()
    settings = load_settings()
    if settings.worker_port:
        check_port(settings.http_host, settings.worker_port, "IOC_WORKER_PORT")
    run(settings.log_level)


def run_part(part: Callable[[Settings, Catalog], Awaitable[None]]) -> None:
    """Run a part as a process of its own until it ends or a signal says stop."""
    notify.die_with_supervisor()
    settings = load_settings()
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("aiohttp.access", "watchfiles", "urllib3", "clickhouse_connect"):
        logging.getLogger(chatty).setLevel(logging.ERROR)  # what they say while a server is away, we say in one line
    catalog = load_catalog(settings.catalog_dir)
    asyncio.run(_until_told(part(settings, catalog)))


async def _until_told(work: Awaitable[None]) -> None:
    """Do the work until it ends or a signal says stop."""
    task = asyncio.ensure_future(work)
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task


@asynccontextmanager
async def opened_packer(settings: Settings) -> AsyncIterator[Packer]:
    """A packer on the configured broker, waiting patiently for a broker that does not answer yet."""
    async with contextlib.AsyncExitStack() as stack:
        while True:
            try:
                publisher = await stack.enter_async_context(open_publisher(settings))
                break
            except Unavailable as error:
                log.warning("%s; trying again", error)
                await asyncio.sleep(error.retry_after)
        yield Packer(publisher, pack_records=settings.pack_records, linger_s=settings.pack_linger_ms / 1000)


async def _web(settings: Settings, catalog: Catalog) -> None:
    from clickhouse.client import connect
    from grafana.preview import app as page
    from ioc.cli import health, what_if_api

    app = web.Application()
    page.add_routes(app, settings, lambda: connect(settings, answer_timeout_s=_PAGE_PATIENCE_S))
    what_if_api.add_routes(app, catalog, lambda: connect(settings, answer_timeout_s=_PAGE_PATIENCE_S))
    door = gateway.add_routes(app, settings, catalog)
    desk = judging.add_routes(app, settings)
    health.add_routes(app, health.Standing(settings, lambda: door.intake is not None))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=3)
    await runner.setup()
    try:
        await _listen(runner, settings.http_host, settings.http_port)
        notify.ready()
        async with opened_packer(settings) as packer:
            desk.packer = packer
            door.intake = Intake(catalog, packer, pseudonym_key(settings))
            await door.intake.keep_reporting()
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port, backlog=1024).start()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise AddressInUse(host, port, "IOC_HTTP_PORT") from None
        raise


async def _intake(settings: Settings, catalog: Catalog) -> None:
    async with opened_packer(settings) as packer, ClientSession() as session, asyncio.TaskGroup() as group:
        intake = Intake(catalog, packer, pseudonym_key(settings))
        for source in catalog.sources.values():
            if source.enabled and source.patterns and source.transport != "import":
                group.create_task(Inbox(settings, source, intake).watch())
        polled = [source for source in catalog.sources.values() if is_polled(source, settings)]
        pollers = [Poller(settings, source, intake, session) for source in polled]
        if pollers:  # a folder belongs to one machine, a feed to all: it is asked by one of us
            group.create_task(lead(settings, "polls", partial(_all, [poller.watch for poller in pollers])))
        group.create_task(intake.keep_reporting())
        notify.ready()


async def _all(works: Sequence[Callable[[], Awaitable[None]]]) -> None:
    await asyncio.gather(*(work() for work in works))
