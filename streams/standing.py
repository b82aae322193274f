"""What a worker that runs alone says of itself over HTTP: /metrics, /health and /ready, on a port of its own.

It listens before the worker talks to the broker, so that a worker that waits for partitions says so.
"""

from __future__ import annotations

import asyncio
import errno
import logging
from typing import Any

from aiohttp import web
from mode import Service

from ioc import metrics
from ioc.errors import AddressInUse
from ioc.settings import Settings
from streams import liveness
from streams.agents.patience import Patience

log = logging.getLogger(__name__)


class Standing(Service):
    """Of one worker; add it to the app as a dependency, so that it starts first and stops last.

    Args:
        app: Faust's.
        patience: of the pipeline: which topics stand still, and why.
        settings: `worker_port` says where to listen, 0 that nobody asks.
    """

    def __init__(self, app: Any, patience: Patience, settings: Settings) -> None:
        super().__init__()
        self._patience, self._settings = patience, settings
        self._store, self._broker = liveness.of_store(settings), liveness.of_broker(settings)
        self._was_assigned = False
        self._runner: web.AppRunner | None = None
        app.on_partitions_assigned.connect(self._on_partitions_assigned)

    async def on_start(self) -> None:
        """Listen.

        Raises:
            AddressInUse: another program has the port.
        """
        host, port = self._settings.http_host, self._settings.worker_port
        if not port:
            return
        site = web.Application()
        site.router.add_get("/metrics", exposition)
        site.router.add_get("/health", health)
        site.router.add_get("/ready", self.ready)
        self._runner = web.AppRunner(site, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise AddressInUse(host, port, "IOC_WORKER_PORT") from None
            raise
        log.info("metrics, health and readiness of this worker at http://%s:%d/", host, port)

    async def on_stop(self) -> None:
        """Close the port."""
        if self._runner:
            await self._runner.cleanup()

    async def _on_partitions_assigned(self, *_: Any, **__: Any) -> None:
        self._was_assigned = True  # perhaps none: more workers than partitions wait, and are ready

    async def ready(self, _: web.Request) -> web.Response:
        """200 if this worker can do its work, else 503 with what it lacks, and why."""
        store, broker = await asyncio.gather(self._store.fault(), self._broker.fault())
        found = told(store, broker)
        if not self._was_assigned:
            found["partitions"] = "Chưa được chia phân vùng | no partitions have been assigned yet"
        for topic, reason in self._patience.paused.items():
            found[topic] = f"Tạm dừng, đang chờ | paused: {reason}"
        return answered(found)


def told(store: str, broker: str) -> dict[str, str]:
    """Faults of the two servers in words, as `liveness.Liveness.fault` gives them: empty for none."""
    found = {}
    if store:
        found["store"] = f"Kho dữ liệu không trả lời | ClickHouse does not answer: {store}"
    if broker:
        found["broker"] = f"Hàng đợi dữ liệu không trả lời | the broker does not answer: {broker}"
    return found


def answered(faults: dict[str, str]) -> web.Response:
    """What /ready answers: 200 without faults, else 503 with each in words, by the name of what has it."""
    status = "not ready" if faults else "ready"
    return web.json_response({"status": status, "faults": faults}, status=503 if faults else 200)


async def exposition(_: web.Request) -> web.Response:
    """All metrics, as Prometheus reads them."""
    body, content_type = await asyncio.to_thread(metrics.exposition)
    return web.Response(body=body, headers={"Content-Type": content_type})


async def health(_: web.Request) -> web.Response:
    """The event loop turns, or nobody would answer."""
    return web.json_response({"status": "ok"})
