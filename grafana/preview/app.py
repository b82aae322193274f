"""The page for a machine without Grafana: the same dashboards, the same SQL, drawn by plain modules in the browser."""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from grafana.palette import MARKS, SERIES
from grafana.preview.answers import Answers
from grafana.preview.boards import Boards
from grafana.preview.macros import expand, milliseconds, span
from ioc.catalog.load import load_catalog
from ioc.catalog.model import Catalog
from ioc.errors import Unavailable
from ioc.settings import Settings

log = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "static"
TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".md": "text/plain",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
NOT_READY = {60, 81}  # ClickHouse: no such table, no such database: before the migrations ran
TOO_HEAVY = {159, 160, 241}  # ClickHouse: over its time, too slow, over its memory
KEEP_SHARE = 0.8  # of a refresh: every screen sees news at its next look, and no two screens ask twice


def add_routes(app: web.Application, settings: Settings, client_factory: Callable[[], Any]) -> None:
    """Add the page and its API to an application.

    Args:
        app: not yet started.
        settings: for the catalogue and the state of the parts.
        client_factory: makes a clickhouse-connect client bound to the centre's database; called in worker threads.

    Raises:
        CatalogError: the catalogue is wrong.
    """
    page = Page(settings, client_factory)
    app.router.add_get("/", page.index)
    app.router.add_get("/d/{uid}", page.index)
    app.router.add_get("/anomaly/{id}", page.index)
    app.router.add_get("/api/dashboards", page.dashboards)
    app.router.add_get("/api/dashboards/{uid}", page.dashboard)
    app.router.add_get("/api/panels/{uid}/{panel_id:[0-9]{1,4}}", page.panel)
    app.router.add_get("/api/system", page.system)
    app.router.add_get("/health", page.health)
    app.router.add_get("/static/{path:.+}", page.static)
    app.on_response_prepare.append(_harden)
    app.on_cleanup.append(page.close)


async def _harden(_request: web.Request, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


class Page:
    """The handlers and what they share."""

    def __init__(self, settings: Settings, client_factory: Callable[[], Any]) -> None:
        catalog = load_catalog(settings.catalog_dir)
        self._boards = Boards(catalog)
        self._answers = Answers(client_factory)
        self._state = settings.data_dir / "state.json"
        self._files = {str(p.relative_to(STATIC)): p.read_bytes() for p in STATIC.rglob("*") if p.suffix in TYPES}
        self._version = _version(self._files, self._boards)
        self._levers = levers_of(catalog)
        self._place = next((a.name for a in catalog.areas if a.level == "province"), "")

    async def close(self, _app: web.Application) -> None:
        """Let the worker threads go."""
        await self._answers.close()

    async def index(self, request: web.Request) -> web.Response:
        """The page; the browser reads from the address which dashboard."""
        uid = request.match_info.get("uid")
        if uid and uid not in self._boards.public:
            raise web.HTTPNotFound(text="Không có bảng này")
        return self._file("index.html")

    async def static(self, request: web.Request) -> web.Response:
        """A file of the page; only files read at start exist."""
        return self._file(request.match_info["path"])

    def _file(self, name: str) -> web.Response:
        if name not in self._files:
            raise web.HTTPNotFound(text="Không có tệp này")
        keep = "max-age=604800" if name.startswith("vendor/") else "no-cache"
        kind = TYPES[Path(name).suffix]
        charset = None if kind.startswith("font/") else "utf-8"
        return web.Response(body=self._files[name], content_type=kind, charset=charset, headers={"Cache-Control": keep})

    async def dashboards(self, request: web.Request) -> web.Response:
        """The menu."""
        look = {"marks": MARKS, "series": SERIES}
        told = {"place": self._place, "version": self._version, "look": look}
        levers = self._levers if "levers" in request.app.router.named_resources() else []
        return _json(told | {"dashboards": self._boards.listing(), "levers": levers})

    async def dashboard(self, request: web.Request) -> web.Response:
        """One dashboard as Grafana has it, without its SQL."""
        board = self._boards.public.get(request.match_info["uid"])
        return _json(board) if board else _json({"error": "Không có bảng này"}, 404)

    async def panel(self, request: web.Request) -> web.Response:
        """The rows of one panel over a range."""
        key = request.match_info["uid"], int(request.match_info["panel_id"])
        question = self._boards.questions.get(key)
        if question is None:
            return _json({"error": "Không có khung này"}, 404)
        start, end = (request.query.get(n, default) for n, default in zip(("from", "to"), question.span, strict=True))
        try:
            over = span(start, end, datetime.now(UTC))
        except ValueError as error:
            return _json({"error": f"Khoảng thời gian sai: {error}"}, 400)
        try:
            keep_s = KEEP_SHARE * question.refresh_s
            answer = await self._answers.get((*key, start, end), lambda: expand(question.sql, over), keep_s)
        except Exception as error:  # whatever the store says, the screen shows it and goes on
            log.warning("panel %s/%s: %s", *key, error)
            reason, status = _failure(error)
            return _json({"error": reason}, status)
        return _json(answer | {"from": milliseconds(over.start), "to": milliseconds(over.end)})

    async def system(self, _request: web.Request) -> web.Response:
        """How the parts are, as the supervisor last wrote it; empty when nobody supervises."""
        try:
            state = json.loads(self._state.read_text(encoding="utf-8"))
            parts = [_public(part) for part in state["parts"] if isinstance(part, dict)]
        except (OSError, ValueError, KeyError, TypeError):
            parts = []
        return _json({"parts": parts, "version": self._version, "now": milliseconds(datetime.now(UTC))})

    async def health(self, _request: web.Request) -> web.Response:
        """Whether the page itself answers."""
        return _json({"status": "ok", "version": self._version})


def levers_of(catalog: Catalog) -> list[dict[str, Any]]:
    """Indicators that a "what if" can be asked of, with what may be moved."""
    return [
        {
            "id": entry.id,
            "name": entry.name,
            "unit": entry.unit,
            "levers": [
                {"id": lever.indicator, "name": catalog.indicators[lever.indicator].name} for lever in entry.levers
            ],
        }
        for entry in catalog.indicators.values()
        if entry.levers
    ]


def _public(part: dict[str, Any]) -> dict[str, Any]:
    """A part without the last line of its log, which may say more than a screen should."""
    told = {name: part.get(name) for name in ("name", "title", "state", "progress", "restarts", "since")}
    return told | {"message": part.get("message", "") if told["progress"] is not None else ""}


def _failure(error: Exception) -> tuple[str, int]:
    """What went wrong, for people in front of the screen, and 503 for "not now"; the log has the rest, SQL and all."""
    if isinstance(error, (LookupError, TypeError, ValueError, AttributeError)):
        return "trang gặp lỗi, xem nhật ký của trang", 500
    code = getattr(error, "code", 0) or next(map(int, re.findall(r"Code: (\d+)", str(error))), 0)
    if isinstance(error, (Unavailable, OSError)) or not code:
        return "kho dữ liệu chưa trả lời, đang thử lại", 503
    if code in NOT_READY:
        return "kho dữ liệu đang được chuẩn bị", 503
    if code in TOO_HEAVY:
        return "câu hỏi quá nặng, kho dữ liệu đã dừng", 500
    return f"kho dữ liệu báo lỗi {code}, xem nhật ký của trang", 500


def _version(files: dict[str, bytes], boards: Boards) -> str:
    digest = hashlib.blake2b(json.dumps(boards.public, sort_keys=True).encode(), digest_size=6)
    for name in sorted(files):
        digest.update(files[name])
    return digest.hexdigest()


def _json(data: object, status: int = 200) -> web.Response:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return web.json_response(text=text, status=status, headers={"Cache-Control": "no-store"})
