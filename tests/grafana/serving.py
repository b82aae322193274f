"""The page's server in a thread of the test, for browsers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from aiohttp import web

from grafana.preview.app import add_routes
from ioc.settings import Settings


@contextmanager
def serving(settings: Settings, client_factory: Callable[[], Any], port: int = 0) -> Iterator[str]:
    """The address of a page over a store, while the block runs."""

    def build() -> web.Application:
        app = web.Application()
        add_routes(app, settings, client_factory)
        return app

    with serving_app(build, port) as address:
        yield address


@contextmanager
def serving_app(build: Callable[[], web.Application], port: int = 0) -> Iterator[str]:
    """The address of an application, built in the thread that serves it, while the block runs."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="page", daemon=True)
    thread.start()
    runner = asyncio.run_coroutine_threadsafe(_start(build, port), loop).result(30)
    host, bound = runner.addresses[0]
    try:
        yield f"http://{host}:{bound}"
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _start(build: Callable[[], web.Application], port: int) -> web.AppRunner:
    runner = web.AppRunner(build(), access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner
