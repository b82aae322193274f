"""What a monitoring system asks of the page's port beside ``/health``: ``/metrics`` of the whole centre, and ``/ready``."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from ioc.notify import lives
from ioc.settings import Settings
from streams import liveness
from streams.standing import answered, exposition, told

_SILENT_S = 10.0  # the supervisor tells every two seconds how the parts are


class Standing:
    """How the centre is.

    Args:
        settings: of the centre.
        has_broker: whether the way in has a producer.
    """

    def __init__(self, settings: Settings, has_broker: Callable[[], bool]) -> None:
        self._state, self._has_broker = settings.data_dir / "state.json", has_broker
        self._store, self._broker = liveness.of_store(settings), liveness.of_broker(settings)

    async def ready(self, _: web.Request) -> web.Response:
        """200 if everything can do its work, else 503 with what cannot, and why."""
        parts, store, broker = await asyncio.gather(
            asyncio.to_thread(part_faults, self._state), self._store.fault(), self._broker.fault()
        )
        if not broker and not self._has_broker():
            broker = "the way in is not connected yet"
        return answered(parts | told(store, broker))


def part_faults(state: Path) -> dict[str, str]:
    """What is wrong with the parts as the supervisor last told, or with the supervisor; nothing where nobody supervises."""
    try:
        found: dict[str, Any] = json.loads(state.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        return {"supervisor": f"Không đọc được {state.name} | {state.name} cannot be read: {error}"}
    if gone := _gone(found.get("pid"), found.get("told_at", 0.0)):
        return {
            "supervisor": f"Bộ giám sát (ioc up) không còn chạy, hãy chạy lại | the supervisor (ioc up) is gone: {gone}"
        }
    return {p["name"]: f"{p['title']}: {p['message'] or p['state']}" for p in found["parts"] if p["state"] != "ready"}


def _gone(pid: int | None, told_at: float) -> str:
    """Why what the supervisor told is void: it is no more, or it has long said nothing (a process number comes again)."""
    silent_s = time.time() - told_at
    if silent_s > _SILENT_S:
        return f"it has said nothing for {silent_s:.0f} s"
    return "" if pid is None or lives(pid) else f"there is no process {pid}"


def add_routes(app: web.Application, standing: Standing) -> None:
    """Add the two addresses to an application."""
    app.router.add_get("/metrics", exposition)
    app.router.add_get("/ready", standing.ready)
