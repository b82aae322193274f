"""The way in for what people say of anomalies: ``POST /api/anomalies/{id}/verdict``, answered when the broker holds it.

Who says it: a user of ClickHouse whose role judges, by name and password. While ClickHouse has no users and no password
either, whoever sits at this machine judges as `LOCAL`. A browser's request must come from our own page.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal, Protocol

import msgspec
from aiohttp import web

from clickhouse.connection import Connection
from clickhouse.judges import is_open, judge
from clickhouse.verdicts import anomaly_named, verdict_on
from ioc import metrics
from ioc.errors import BadInput, ConfigurationError, QueryFailed, Unavailable
from ioc.packs import utc_now
from ioc.records import Record, Verdict
from ioc.settings import Settings
from streams.calls import Refused, check_origin, credentials, is_from_here, small_body

log = logging.getLogger(__name__)

LOCAL = "local"  # who sits at a machine where nobody is asked to name himself
_AT_ONCE = 4  # people who are being let in: checking a password takes 16 MiB and 50 ms
_EVER = datetime(1900, 1, 1, tzinfo=UTC)
_NOT_NOW = "Hệ thống chưa nhận được lúc này, hãy thử lại"


class Sends(Protocol):
    """What of a `streams.packer.Packer` is needed here."""

    async def put(self, source: str, records: Sequence[Record]) -> None:
        """Return when the broker holds the records."""


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a call."""

    verdict: Literal["true", "false", "unsure"]
    note: str = ""


class Desk:
    """The handlers and what they share.

    Attributes:
        packer: on the broker; until it is there callers are told "not now".
    """

    def __init__(self, settings: Settings) -> None:
        self.packer: Sends | None = None
        self._settings, self._store = settings, Connection(settings)
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def close(self, _app: web.Application) -> None:
        """Forget the connection."""
        await asyncio.to_thread(self._store.close)

    async def get(self, request: web.Request) -> web.Response:
        """One anomaly as people read it, and whether whoever asks must name himself to judge it."""
        try:
            found = await asyncio.to_thread(self._told, request.match_info["anomaly"])
            named = not await asyncio.to_thread(self._may_be_nameless, request)
        except Unavailable:
            return _answer(503, {"error": _NOT_NOW})
        if found is None:
            return _answer(404, {"error": "Không có bất thường này"})
        found["observed_at"] = int(found["observed_at"].timestamp() * 1000)
        return _answer(200, found | {"sign_in": named})

    async def post(self, request: web.Request) -> web.Response:
        """Take one verdict: 202 with what is kept, else a 4xx or 503 that says why and what to do."""
        try:
            check_origin(request)
            said = _said(await small_body(request))
            made = await self._made(request, request.match_info["anomaly"], said)
            await self._send(made)
        except Refused as error:
            metrics.REFUSALS.labels(str(error.status)).inc()
            return _answer(error.status, {"error": error.reason, "field": error.field})
        return _answer(202, {"event_id": made.event_id, "verdict": made.verdict, "verdict_by": made.decided_by})

    async def _made(self, request: web.Request, anomaly: str, said: Said) -> Verdict:
        try:
            async with self._places:
                return await asyncio.to_thread(self._judged, request, anomaly, said)
        except BadInput as error:
            status = 404 if error.field == "anomaly" else 400
            raise Refused(status, error.field, "Không có bất thường này" if status == 404 else error.reason) from error
        except ConfigurationError as error:
            raise Refused(401, "Authorization", "Tên hoặc mật khẩu không đúng") from error
        except Unavailable as error:
            log.warning("verdict on %s: %s", anomaly, error)
            raise Refused(503, "", _NOT_NOW) from error
        except QueryFailed as error:
            log.warning("verdict on %s: %s", anomaly, error)
            raise Refused(403, "Authorization", "Tài khoản này không được xem bất thường") from error

    def _judged(self, request: web.Request, anomaly: str, said: Said) -> Verdict:
        """Made with the eyes of whoever asks: what somebody is not shown is not there for him."""
        now = utc_now()
        name, password = credentials(request)
        if not name:
            if not self._may_be_nameless(request):
                raise Refused(401, "Authorization", "Hãy đăng nhập bằng tài khoản kho dữ liệu (ioc user add …)")
            return verdict_on(anomaly_named(self._store, anomaly), said.verdict, by=LOCAL, now=now, note=said.note)
        with judge(self._settings, name, password) as own:
            if own is None:
                raise Refused(403, "Authorization", "Vai trò của tài khoản này không được đánh giá")
            return verdict_on(anomaly_named(own, anomaly), said.verdict, by=name, now=now, note=said.note)

    def _may_be_nameless(self, request: web.Request) -> bool:
        """Only at this machine, and only while the store itself asks nobody."""
        return is_from_here(request, self._settings.http_host) and is_open(self._settings)

    async def _send(self, made: Verdict) -> None:
        packer = self.packer
        if packer is None:
            raise Refused(503, "", _NOT_NOW)
        try:
            await packer.put(made.source, [made])
        except Unavailable as error:
            log.warning("verdict on %s: %s", made.anomaly, error)
            raise Refused(503, "", _NOT_NOW) from error

    def _told(self, anomaly: str) -> dict[str, Any] | None:
        params = {"since": _EVER, "unmarked": 0, "prefix": anomaly, "limit": 1}
        rows: list[dict[str, Any]] = self._store.query("anomalies_judged", params).to_pylist()
        return rows[0] if rows else None


def add_routes(app: web.Application, settings: Settings) -> Desk:
    """Add the way in to an application; it takes nothing before it is given a packer."""
    desk = Desk(settings)
    app.router.add_get("/api/anomalies/{anomaly:[0-9a-f]{32}}", desk.get)
    app.router.add_post("/api/anomalies/{anomaly:[0-9a-f]{32}}/verdict", desk.post)
    app.on_cleanup.append(desk.close)
    return desk


def _said(data: bytes) -> Said:
    try:
        return msgspec.json.decode(data, type=Said)
    except msgspec.DecodeError as error:
        raise Refused(400, "body", f'send {{"verdict": "true" | "false" | "unsure", "note": ""}}: {error}') from None


def _answer(status: int, told: Mapping[str, Any]) -> web.Response:
    """Without WWW-Authenticate: the page asks for name and password itself, and the browser keeps none."""
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": "2"} if status == 503 else {})
    return web.json_response(dict(told), status=status, headers=headers)
