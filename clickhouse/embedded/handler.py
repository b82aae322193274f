"""Answers HTTP requests: reads them on the event loop, asks the engine in threads, writes what comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import Any

from aiohttp import web

from clickhouse.embedded.answer import Answer
from clickhouse.embedded.body import PIECE_BYTES, pieces
from clickhouse.embedded.engine import Engine
from clickhouse.embedded.errors import Refused
from clickhouse.embedded.request import Question, check_origin, check_user, question_of
from clickhouse.embedded.sessions import Sessions
from clickhouse.embedded.statement import statement_of
from ioc.settings import LOCALHOST, Settings

MOST_AT_ONCE = 64  # queries; more are refused as "too many simultaneous queries"
MOST_FORM_BYTES = 64 << 20

_CONTENT_TYPES = {
    "json": "application/json; charset=UTF-8", "jsoncompact": "application/json; charset=UTF-8",
    "jsoneachrow": "application/x-ndjson; charset=UTF-8", "csv": "text/csv; charset=UTF-8",
    "csvwithnames": "text/csv; charset=UTF-8", "tabseparated": "text/tab-separated-values; charset=UTF-8",
    "tabseparatedwithnames": "text/tab-separated-values; charset=UTF-8", "tsv": "text/tab-separated-values; charset=UTF-8",
    "native": "application/octet-stream", "rowbinary": "application/octet-stream", "parquet": "application/octet-stream",
    "arrow": "application/vnd.apache.arrow.file", "arrowstream": "application/vnd.apache.arrow.stream",
}  # fmt: skip
_TOO_LONG, _TOO_MANY, _CANCELLED, _NOT_IMPLEMENTED = 62, 202, 394, 48


class Handler:
    """Every address of the server.

    Args:
        settings: user, password, and the address we listen on.
        engine: answers.
        sessions: connections of requests.
        pool: threads that wait for the engine.
    """

    def __init__(self, settings: Settings, engine: Engine, sessions: Sessions, pool: ThreadPoolExecutor) -> None:
        self._settings, self._engine, self._sessions, self._pool = settings, engine, sessions, pool
        self._loopback = settings.clickhouse_host in {LOCALHOST, "localhost", "::1"}
        self._running: set[Answer] = set()
        self._stopping = False

    def application(self) -> web.Application:
        """The aiohttp application."""
        app = web.Application(client_max_size=MOST_FORM_BYTES)
        app.router.add_route("GET", "/ping", _ok)
        app.router.add_route("GET", "/replicas_status", _ok)
        app.router.add_route("*", "/{any:.*}", self.handle)
        return app

    def stop(self) -> None:
        """End running queries; no new ones begin."""
        self._stopping = True
        for answer in list(self._running):
            self._pool.submit(answer.cancel)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        try:
            return await self._answered(request)
        except Refused as error:
            return self._error(error)

    async def _answered(self, request: web.Request) -> web.StreamResponse:
        check_origin(request.headers, self._loopback)
        if request.method not in {"GET", "POST", "HEAD"}:
            raise Refused(_NOT_IMPLEMENTED, f"{request.method} is not offered. (NOT_IMPLEMENTED)")
        fields = dict(request.query)
        if request.content_type == "multipart/form-data":
            fields |= await _form(request)
            body = _nothing()
        else:
            body = pieces(request.content, request.headers.get("Content-Encoding", ""))
        check_user(fields, request.headers, self._settings)
        question = question_of(request.method, fields, request.headers)
        head = await anext(body, b"")
        if not question.query and not head:
            return await _ok(request)
        return await self._asked(request, question, head, body)

    async def _asked(
        self, request: web.Request, question: Question, head: bytes, body: AsyncIterator[bytes]
    ) -> web.StreamResponse:
        text = question.query.encode() + (b"\n" if question.query else b"") + head
        statement = statement_of(text.decode("latin-1"), question.default_format)
        if not statement.takes_data:
            await _end_of(body)
        answer = Answer(self._engine, self._sessions, question, statement)
        async with self._admission(answer):
            if statement.takes_data:
                return await self._inserted(answer, text[statement.data_from :], body)
            return await self._told(request, answer)

    @asynccontextmanager
    async def _admission(self, answer: Answer) -> AsyncIterator[None]:
        """More requests than threads would wait for each other without a word."""
        if self._stopping:
            raise Refused(_CANCELLED, "The server is stopping. (QUERY_WAS_CANCELLED)")
        if len(self._running) >= MOST_AT_ONCE:
            raise Refused(_TOO_MANY, f"Too many simultaneous queries: {MOST_AT_ONCE}. (TOO_MANY_SIMULTANEOUS_QUERIES)")
        self._running.add(answer)
        try:
            yield
        except asyncio.CancelledError:  # the client is gone
            self._pool.submit(answer.cancel)
            raise
        finally:
            if not answer.closed:
                await asyncio.shield(self._in_thread(answer.close))
            self._running.discard(answer)

    async def _inserted(self, answer: Answer, piece: bytes, body: AsyncIterator[bytes]) -> web.StreamResponse:
        while following := await anext(body, b""):
            await self._in_thread(answer.insert, piece)
            piece = following
        await self._in_thread(answer.insert, piece, True)
        return web.Response(headers=_headers(answer))

    async def _told(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        held, more = await self._in_thread(answer.ask)
        if more:
            return await self._streamed(request, answer, held)
        return web.Response(body=held, headers=_headers(answer))

    async def _streamed(self, request: web.Request, answer: Answer, held: bytes) -> web.StreamResponse:
        response = web.StreamResponse(headers=_headers(answer))
        await response.prepare(request)
        await response.write(held)
        try:
            while piece := await self._in_thread(answer.more):
                await response.write(piece)
        except Refused as error:
            # The status is sent: say what happened and break off, so that no client takes this for the whole answer.
            with suppress(ConnectionError):
                await response.write(b"\n" + error.text(self._engine.version).encode())
            if request.transport is not None:
                request.transport.close()
            return response
        await response.write_eof()
        return response

    async def _in_thread(self, call: Callable[..., Any], *args: object) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._pool, call, *args)

    def _error(self, error: Refused) -> web.Response:
        headers = {"X-ClickHouse-Exception-Code": str(error.code), "X-ClickHouse-Server-Display-Name": "ioc-embedded"}
        if error.code == 516:
            headers["WWW-Authenticate"] = 'Basic realm="ClickHouse server HTTP API"'
        return web.Response(status=error.status, text=error.text(self._engine.version), headers=headers)


def _headers(answer: Answer) -> dict[str, str]:
    headers = {
        "Content-Type": _CONTENT_TYPES.get(answer.statement.format.lower(), "text/plain; charset=UTF-8"),
        "X-ClickHouse-Server-Display-Name": "ioc-embedded",
        "X-ClickHouse-Query-Id": answer.question.query_id,
        "X-ClickHouse-Format": answer.statement.format,
        "X-ClickHouse-Timezone": answer.question.settings.get("session_timezone") or "UTC",
    }
    return headers | ({"X-ClickHouse-Summary": answer.summary_json} if answer.summary else {})


async def _ok(_request: web.Request) -> web.Response:
    return web.Response(text="Ok.\n")


async def _form(request: web.Request) -> dict[str, str]:
    """Form fields, which clients use for long queries and parameters."""
    fields = {}
    for name, value in (await request.post()).items():
        if not isinstance(value, str):
            raise Refused(_NOT_IMPLEMENTED, "External tables are not offered. (NOT_IMPLEMENTED)")
        fields[name] = value
    return fields


async def _end_of(body: AsyncIterator[bytes]) -> None:
    async for _ in body:
        raise Refused(_TOO_LONG, f"A statement is at most {PIECE_BYTES} bytes. (SYNTAX_ERROR)")


async def _nothing() -> AsyncIterator[bytes]:
    nothing: tuple[bytes, ...] = ()
    for piece in nothing:
        yield piece
