"""Sends an answer to its client while the engine gives it: whole if it is short, else piece by piece."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from aiohttp import web

from clickhouse.embedded import replies
from clickhouse.embedded.answer import Answer
from clickhouse.embedded.blocks import pack
from clickhouse.embedded.delivery import Delivery
from clickhouse.embedded.early import Early
from clickhouse.embedded.errors import Refused

_T = TypeVar("_T")


class Telling:
    """One answer on its way.

    Args:
        request: to answer.
        answer: not asked yet.
        delivery: how the client wants it.
        pool: threads that wait for the engine.
        version: the engine's.

    Raises:
        Refused: the client wants what there is not.
    """

    def __init__(
        self, request: web.Request, answer: Answer, delivery: Delivery, pool: ThreadPoolExecutor, version: str
    ) -> None:
        self._request, self._answer, self._delivery = request, answer, delivery
        self._pool, self._version = pool, version
        self._coder = delivery.coder()
        self._early = Early(request, delivery.progress_s, lambda: answer.counts.text)

    async def told(self) -> web.StreamResponse:
        """Ask, and send what comes; an error of the engine is sent, too."""
        try:
            held, more = await self._early.during(self._in_thread(self._begin))
        except Refused as error:
            return await self._failed(error)
        headers = replies.headers_of(self._answer, self._coder.name if held else "")
        if not more:
            return await self._whole(self._early.response(200, headers), held)
        tag = secrets.token_hex(8)
        response = self._early.response(200, headers | {"X-ClickHouse-Exception-Tag": tag})
        await response.prepare(self._request)
        if self._request.method != "HEAD":
            await self._stream(response, held, tag)
        return response

    def _begin(self) -> tuple[bytes, bool]:
        held, more = self._answer.ask(self._delivery)
        if not held:
            return b"", more
        packed = self._coder.take(held)
        return packed if more else packed + self._coder.end(), more

    def _next(self) -> bytes:
        """The next piece, packed; empty at the end."""
        piece = self._answer.more()
        return self._coder.take(piece) if piece else b""

    async def _failed(self, error: Refused) -> web.StreamResponse:
        headers = replies.error_headers(error, self._answer.question, self._answer)
        body = error.text(self._version).encode()
        if self._delivery.blocks:
            body = await self._in_thread(lambda: pack(body))
        return await self._whole(self._early.response(error.status, headers), body)

    async def _whole(self, response: web.StreamResponse, body: bytes) -> web.StreamResponse:
        response.content_length = len(body)
        await response.prepare(self._request)
        if self._request.method != "HEAD":
            await response.write(body)
        return response

    async def _stream(self, response: web.StreamResponse, held: bytes, tag: str) -> None:
        await response.write(held)
        try:
            while piece := await self._in_thread(self._next):
                await response.write(piece)
        except Refused as error:
            # The status is sent: say what happened and break off, so that no client takes this for the whole answer.
            with suppress(ConnectionError):
                await response.write(self._coder.take(replies.error_amid(error, self._version, tag)))
            if self._request.transport is not None:
                self._request.transport.close()
            return
        if last := self._coder.end():
            await response.write(last)

    def _in_thread(self, call: Callable[[], _T]) -> asyncio.Future[_T]:
        return asyncio.get_running_loop().run_in_executor(self._pool, call)
