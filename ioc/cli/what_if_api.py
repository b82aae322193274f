"""The page's "what if": which indicators have levers, and the forecast moved by one; computed in threads, kept a while."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from aiohttp import web

from ioc.catalog.model import Catalog, Indicator
from ioc.errors import ConfigurationError, IocError, NotEnoughHistory, Unavailable
from ioc.packs import utc_now

if TYPE_CHECKING:
    from forecasting.what_if import Known, Setting

log = logging.getLogger(__name__)

_KEPT_S = 300.0  # forecasts change once a day; a slider asks many times a minute
_MOST_SET = 8
_NOT_YET = "Chưa có dự báo của chỉ tiêu hoặc của yếu tố tác động; sẽ có sau lần dự báo tới."
_AT_ONCE = 2  # questions in threads; more wait


def add_routes(app: web.Application, catalog: Catalog, client_factory: Callable[[], Any]) -> None:
    """Add ``/api/what-if`` to an application.

    Args:
        app: not yet started.
        catalog: where indicators have their levers.
        client_factory: makes a clickhouse-connect client; called in worker threads.
    """
    app.router.add_get("/api/what-if", Asked(catalog, client_factory).what_if, name="levers")


class Asked:
    """The handler, and what it keeps by indicator."""

    def __init__(
        self, catalog: Catalog, client_factory: Callable[[], Any], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._catalog, self._factory, self._clock = catalog, client_factory, clock
        self._kept: dict[str, tuple[float, asyncio.Task[Known]]] = {}
        self._gate = asyncio.Semaphore(_AT_ONCE)

    async def what_if(self, request: web.Request) -> web.Response:
        """The band of ``indicator`` before and after ``set`` (lever=+10%, repeated)."""
        entry = self._catalog.indicators.get(request.query.get("indicator", ""))
        if entry is None or not entry.levers:
            return _json({"error": "không có chỉ tiêu này, hoặc chỉ tiêu không có yếu tố tác động trong danh mục"}, 404)
        try:
            settings = await asyncio.to_thread(_settings, request.query.getall("set", []), entry)
        except ConfigurationError as error:
            return _json({"error": f"tham số set sai: {error}"}, 400)
        try:
            return _json(await asyncio.to_thread(_answer, await self._known(entry.id), settings))
        except (NotEnoughHistory, ConfigurationError) as error:
            log.info("what if %s: %s", entry.id, error)
            return _json({"periods": [], "past": [], "sentences": [_NOT_YET]})
        except (Unavailable, OSError) as error:
            log.warning("what if %s: %s", entry.id, error)
            return _json({"error": "kho dữ liệu chưa trả lời, đang thử lại"}, 503)
        except IocError as error:
            log.warning("what if %s: %s", entry.id, error)
            return _json({"error": "không tính được, xem nhật ký của trang"}, 500)

    async def _known(self, indicator: str) -> Known:
        """What is known of an indicator, read once a while however many ask; failures are not kept."""
        now = self._clock()
        until, task = self._kept.get(indicator, (0.0, None))
        if task is None or (until <= now and task.done()):
            task = asyncio.create_task(self._read(indicator))
            self._kept[indicator] = (now + _KEPT_S, task)
        try:
            return await asyncio.shield(task)
        except Exception:
            if self._kept.get(indicator, (0.0, None))[1] is task:
                del self._kept[indicator]
            raise

    async def _read(self, indicator: str) -> Known:
        async with self._gate:
            return await asyncio.to_thread(_read, self._factory, self._catalog, indicator)


def _read(client_factory: Callable[[], Any], catalog: Catalog, indicator: str) -> Known:
    from clickhouse.queries import query
    from forecasting.asked import known

    client = client_factory()
    try:
        return known(partial(query, client), catalog, indicator, utc_now())
    finally:
        client.close()


def _settings(texts: list[str], entry: Indicator) -> Mapping[str, Setting]:
    from forecasting.what_if import demand
    from ioc.cli.what_if import parsed

    found = parsed(texts[:_MOST_SET])
    demand(found, entry)
    return found


def _answer(known: Known, settings: Mapping[str, Setting]) -> dict[str, Any]:
    from forecasting.told import told
    from forecasting.what_if import answer

    return told(answer(known, settings))


def _json(data: object, status: int = 200) -> web.Response:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return web.json_response(text=text, status=status, headers={"Cache-Control": "no-store"})
