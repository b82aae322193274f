"""Serves one data directory over ClickHouse's HTTP interface, in the foreground, until a signal ends it."""

from __future__ import annotations

import asyncio
import errno
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from aiohttp import web

from clickhouse.embedded.engine import Engine, use_utc
from clickhouse.embedded.handler import MOST_AT_ONCE, Handler
from clickhouse.embedded.sessions import Sessions
from clickhouse.embedded.users import check_address
from ioc.catalog.load import load_catalog
from ioc.errors import AddressInUse, ConfigurationError
from ioc.settings import Settings

THREADS = MOST_AT_ONCE + 8  # the rest cancel queries
BACKLOG = 1024
STOP_S = 10.0
LONGEST_ADDRESS = 1 << 20  # ClickHouse's http_max_uri_size


def serve(settings: Settings, told: Callable[[str], None] | None = None) -> None:
    """Run the embedded server until SIGTERM or SIGINT.

    Args:
        settings: data directory, address, port (0: any free one), user and password.
        told: called once with the address, when it answers; default: a line on standard output.

    Raises:
        DataDirectoryInUse: another process has the data directory open.
        AddressInUse: another program holds the port.
        ConfigurationError: the engine does not start there, or others than this machine would get in without password.
    """
    check_address(settings)
    use_utc()
    agencies = load_catalog(settings.catalog_dir).agencies
    engine = Engine(settings.data_dir / "clickhouse", settings.database, agencies)
    try:
        asyncio.run(_serve(settings, engine, told or _say))
    finally:
        engine.close()


async def _serve(settings: Settings, engine: Engine, told: Callable[[str], None]) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    sessions = Sessions(engine.connect)
    pool = ThreadPoolExecutor(THREADS, thread_name_prefix="query")
    handler = Handler(settings, engine, sessions, pool)
    runner = web.AppRunner(
        handler.application(), access_log=None, auto_decompress=False, handler_cancellation=True,
        max_line_size=LONGEST_ADDRESS, max_field_size=LONGEST_ADDRESS, shutdown_timeout=STOP_S,
    )  # fmt: skip
    await runner.setup()
    try:
        told(await _listen(runner, settings))
        await stop.wait()
        handler.stop()
    finally:
        await runner.cleanup()
        await asyncio.to_thread(pool.shutdown, wait=True, cancel_futures=True)
        sessions.close()


async def _listen(runner: web.AppRunner, settings: Settings) -> str:
    host, port = settings.clickhouse_host, settings.clickhouse_port
    try:
        await web.TCPSite(runner, host, port, backlog=BACKLOG).start()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise AddressInUse(host, port, "IOC_CLICKHOUSE_PORT") from None
        raise ConfigurationError(f"cannot listen on {host}:{port}: {error.strerror}") from None
    return f"http://{host}:{runner.addresses[0][1]}"


def _say(address: str) -> None:
    sys.stdout.write(f"{address}\n")
    sys.stdout.flush()
