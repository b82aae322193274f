"""The HTTP way in: ``POST /api/sources/{id}`` with the source's bearer token; answered when the broker holds the records."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from aiohttp import web

from ioc import metrics
from ioc.catalog.model import Catalog, Source
from ioc.errors import BrokerUnavailable
from ioc.settings import Settings
from streams.intake import Intake, Payload, Receipt
from streams.tokens import is_token

log = logging.getLogger(__name__)

_AT_ONCE = 64
_HINTS = ("station", "encoding")


class Gateway:
    """The handler and what it shares."""

    def __init__(self, settings: Settings, catalog: Catalog) -> None:
        self._settings, self._catalog = settings, catalog
        self.intake: Intake | None = None  # until the broker answers there is none, and callers are told "not now"
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._budget, self._reserved = settings.gateway_mb << 20, 0

    async def post(self, request: web.Request) -> web.Response:
        """Take one payload: 202 with what became of it, else a 4xx or 5xx that says why and what to do."""
        source = self._catalog.sources.get(request.match_info["source_id"])
        authorization = request.headers.get("Authorization")
        if source is None or source.transport != "http" or not source.enabled:
            return _refusal(404, "source", "there is no such source that may call us")
        if not is_token(self._settings, source.id, authorization):
            return _refusal(401, "Authorization", "send this source's token: Authorization: Bearer <token>")
        intake = self.intake
        if intake is None or intake.full or self._places.locked():
            return _refusal(503, "", "too much is waiting; send the same again later", retry=2)
        if intake.crowded_by(source.id):
            return _refusal(429, "", "too much of this source is waiting; send the same again later", retry=2)
        room = self._room(request, source)
        if self._reserved + room > self._budget:
            return _refusal(503, "", "other calls take all the memory for bodies; send the same again later", retry=2)
        async with self._places:
            self._reserve(room)
            try:
                return await self._take(request, source, intake)
            finally:
                self._reserve(-room)

    def _room(self, request: web.Request, source: Source) -> int:
        """Bytes to keep free for a body until the broker holds it: what it says it has, or the most it may have."""
        limit = source.max_payload_mb << 20
        said = request.content_length
        return min(limit if said is None else said, limit, self._budget)

    def _reserve(self, room: int) -> None:
        self._reserved += room
        metrics.IN_FLIGHT.set(self._reserved)

    async def _take(self, request: web.Request, source: Source, intake: Intake) -> web.Response:
        limit = source.max_payload_mb << 20
        data = await _body(request, limit)
        if data is None:
            return _refusal(413, "", f"this source may send {limit >> 20} MB at once; split it")
        hints = {name: request.query[name] for name in _HINTS if name in request.query}
        payload = Payload(data, f"POST từ {request.remote}", hints | {"content_type": request.content_type})
        try:
            receipt = await intake.take(source, [payload])
        except BrokerUnavailable as error:
            log.warning("%s: %s", source.id, error)
            return _refusal(503, "", "the broker does not take it now; send the same again", retry=error.retry_after)
        return web.json_response(_told(receipt), status=202)


def add_routes(app: web.Application, settings: Settings, catalog: Catalog) -> Gateway:
    """Add the way in to an application; it takes nothing before it is given an intake."""
    door = Gateway(settings, catalog)
    app.router.add_post("/api/sources/{source_id}", door.post)
    return door


async def _body(request: web.Request, limit: int) -> bytes | None:
    """The body, None if it is larger than the limit."""
    if (request.content_length or 0) > limit:
        return None
    data = bytearray()
    async for chunk in request.content.iter_any():
        data += chunk
        if len(data) > limit:
            return None
    return bytes(data)


def _told(receipt: Receipt) -> dict[str, Any]:
    first = [{"field": r.field, "reason": r.reason, "position": r.position} for r in receipt.first]
    return {"records": receipt.records, "rejects": receipt.rejects, "first_rejects": first}


def _refusal(status: int, field: str, reason: str, *, retry: float | None = None) -> web.Response:
    metrics.REFUSALS.labels(str(status)).inc()
    headers = {} if retry is None else {"Retry-After": str(max(1, round(retry)))}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return web.json_response({"error": {"field": field, "reason": reason}}, status=status, headers=headers)
