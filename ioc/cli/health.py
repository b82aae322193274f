"""What a monitoring system asks of the page's port beside ``/health``: ``/metrics`` of the whole centre, and ``/ready``."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

from clickhouse.client import answering
from ioc import metrics
from ioc.errors import IocError
from ioc.settings import Settings

_PATIENCE_S = 3.0


class Standing:
    """How the centre is.

    Args:
        settings: of the centre.
        connect: a client of ClickHouse that does not wait long.
        has_broker: whether the way in holds a connection to the broker.
    """

    def __init__(self, settings: Settings, connect: Callable[[], Any], has_broker: Callable[[], bool]) -> None:
        self._state, self._connect, self._has_broker = settings.data_dir / "state.json", connect, has_broker

    async def metrics(self, _: web.Request) -> web.Response:
        """All metrics, as Prometheus reads them."""
        body, content_type = await asyncio.to_thread(metrics.exposition)
        return web.Response(body=body, headers={"Content-Type": content_type})

    async def ready(self, _: web.Request) -> web.Response:
        """200 if everything can do its work, else 503 with what cannot, and why."""
        store = await self._store_fault()
        parts = await asyncio.to_thread(self._parts)
        faults = {p["name"]: f"{p['title']}: {p['message'] or p['state']}" for p in parts if p["state"] != "ready"}
        if store:
            faults["store"] = f"Kho dữ liệu không trả lời | ClickHouse does not answer: {store}"
        if not self._has_broker():
            faults["broker"] = "Chưa nối được hàng đợi dữ liệu | the broker does not answer"
        status = "not ready" if faults else "ready"
        return web.json_response({"status": status, "faults": faults}, status=503 if faults else 200)

    async def _store_fault(self) -> str:
        try:
            await asyncio.wait_for(asyncio.to_thread(self._ask_store), _PATIENCE_S)
        except TimeoutError:
            return f"no answer within {_PATIENCE_S:g} s"
        except IocError as error:
            return str(error)
        return ""

    def _ask_store(self) -> None:
        client = self._connect()
        with answering(client.uri):
            client.command("SELECT 1")

    def _parts(self) -> list[dict[str, Any]]:
        """How the supervisor says they are; none where this process runs alone."""
        try:
            parts: list[dict[str, Any]] = json.loads(self._state.read_text(encoding="utf-8"))["parts"]
        except FileNotFoundError:
            return []
        return parts


def add_routes(app: web.Application, standing: Standing) -> None:
    """Add the two addresses to an application."""
    app.router.add_get("/metrics", standing.metrics)
    app.router.add_get("/ready", standing.ready)
