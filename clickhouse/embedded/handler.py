"""Answers HTTP requests: reads them on the event loop, asks the engine in threads, writes what comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from clickhouse.embedded import replies
from clickhouse.embedded.answer import Answer
from clickhouse.embedded.blocks import pack
from clickhouse.embedded.body import PIECE_BYTES, pieces
from clickhouse.embedded.delivery import Delivery, delivery_of
from clickhouse.embedded.engine import Engine
from clickhouse.embedded.errors import Refused
from clickhouse.embedded.quotas import Quotas
from clickhouse.embedded.request import Question, check_origin, question_of
from clickhouse.embedded.sessions import Sessions
from clickhouse.embedded.statement import statement_of
from clickhouse.embedded.telling import Telling
from clickhouse.embedded.users import LOOPBACK, Users
from ioc.settings import Settings

MOST_AT_ONCE = 64  # queries; more are refused as "too many simultaneous queries"
MOST_FORM_BYTES = 64 << 20

_SYNTAX_ERROR, _TOO_MANY, _SAME_ID, _CANCELLED, _NOT_IMPLEMENTED = 62, 202, 216, 394, 48


class Handler:
    """Every address of the server.

    Args:
        settings: user, password, and the address we listen on.
        engine: answers.
        sessions: connections of requests.
        pool: threads that wait for the engine.
    """

    def __init__(self, settings: Settings, engine: Engine, sessions: Sessions, pool: ThreadPoolExecutor) -> None:
        self._engine, self._sessions, self._pool = engine, sessions, pool
        self._users, self._quotas = Users(settings), Quotas()
        self._loopback = settings.clickhouse_host in LOOPBACK
        self._running: set[Answer] = set()
        self._stopping = False

    def application(self) -> web.Application:
        """The aiohttp application."""
        app = web.Application(client_max_size=MOST_FORM_BYTES)
        app.router.add_get("/ping", _healthy)  # and HEAD
        app.router.add_get("/replicas_status", _healthy)
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
            return await self._failed(error)

    async def _answered(self, request: web.Request) -> web.StreamResponse:
        check_origin(request.headers, self._loopback)
        if request.method not in replies.METHODS:
            raise Refused(_NOT_IMPLEMENTED, f"{request.method} is not offered. (NOT_IMPLEMENTED)")
        if request.method == "OPTIONS":
            return replies.methods()
        if request.method != "POST" and not request.query_string:
            return replies.healthy() if request.path == "/" else replies.nothing_there(request.path)
        fields = dict(request.query)
        form = request.content_type == "multipart/form-data"
        if form:
            fields |= await _form(request)
        delivery = delivery_of(fields, request.headers)
        encoding = request.headers.get("Content-Encoding", "")
        body = _nothing() if form else pieces(request.content, encoding, delivery.unpacker())
        user = self._users.known(fields, request.headers)
        if user is None:
            user = await asyncio.to_thread(self._users.enter, fields, request.headers)
        question = question_of(request.method, fields, request.headers, user)
        try:
            return await self._asked(request, question, delivery, body)
        except Refused as error:
            return await self._failed(error, question, delivery)

    async def _asked(
        self, request: web.Request, question: Question, delivery: Delivery, body: AsyncIterator[bytes]
    ) -> web.StreamResponse:
        head = await anext(body, b"")
        if not question.query and not head:
            raise Refused(_SYNTAX_ERROR, "Syntax error: Empty query. (SYNTAX_ERROR)")
        text = question.query.encode() + (b"\n" if question.query else b"") + head
        statement = statement_of(text.decode("latin-1"), question.default_format)
        if not statement.takes_data:
            await _end_of(body)
        answer = Answer(self._engine, self._sessions, question, statement)
        with self._quotas.query(question.user, lambda: answer.read_rows):
            return await self._admitted(request, answer, delivery, text, body)

    async def _admitted(
        self, request: web.Request, answer: Answer, delivery: Delivery, text: bytes, body: AsyncIterator[bytes]
    ) -> web.StreamResponse:
        statement = answer.statement
        async with self._admission(answer):
            if statement.takes_data:
                return await self._inserted(answer, text[statement.data_from :], body)
            return await Telling(request, answer, delivery, self._pool, self._engine.version).told()

    @asynccontextmanager
    async def _admission(self, answer: Answer) -> AsyncIterator[None]:
        """More requests than threads would wait for each other without a word."""
        if self._stopping:
            raise Refused(_CANCELLED, "The server is stopping. (QUERY_WAS_CANCELLED)")
        if len(self._running) >= MOST_AT_ONCE:
            raise Refused(_TOO_MANY, f"Too many simultaneous queries: {MOST_AT_ONCE}. (TOO_MANY_SIMULTANEOUS_QUERIES)")
        if any(other.question.query_id == answer.question.query_id and not other.closed for other in self._running):
            raise Refused(
                _SAME_ID,
                f"Query with id = {answer.question.query_id} is already running. (QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING)",
            )
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
        return web.Response(headers=replies.headers_of(answer))

    async def _in_thread(self, call: Callable[..., Any], *args: object) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._pool, call, *args)

    async def _failed(
        self, error: Refused, question: Question | None = None, delivery: Delivery | None = None
    ) -> web.Response:
        body = error.text(self._engine.version).encode()
        if delivery is not None and delivery.blocks:
            body = await self._in_thread(pack, body)
        return web.Response(status=error.status, body=body, headers=replies.error_headers(error, question))


async def _healthy(_request: web.Request) -> web.Response:
    return replies.healthy()


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
        raise Refused(_SYNTAX_ERROR, f"A statement is at most {PIECE_BYTES} bytes. (SYNTAX_ERROR)")


async def _nothing() -> AsyncIterator[bytes]:
    nothing: tuple[bytes, ...] = ()
    for piece in nothing:
        yield piece
