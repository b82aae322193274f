"""Tells a client how far its query is before there is an answer, so that nothing on the way thinks the line dead."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import HttpVersion11, web


class Early:
    """The status and X-ClickHouse-Progress headers, sent one by one while a query runs.

    As in ClickHouse, the status is then 200 whatever comes: an error is told by X-ClickHouse-Exception-Code.

    Args:
        request: to answer.
        every_s: seconds between two headers; None: none are wanted.
        progress: tells how far the query is.
    """

    def __init__(self, request: web.Request, every_s: float | None, progress: Callable[[], str]) -> None:
        self._request, self._progress = request, progress
        self._every_s = every_s if request.version >= HttpVersion11 else None
        self.sent = False

    async def during(self, asking: asyncio.Future[Any]) -> Any:
        """The result of a query; meanwhile headers go out."""
        try:
            while not (await asyncio.wait({asking}, timeout=self._every_s))[0]:
                self._send()
        except asyncio.CancelledError:
            asking.cancel()
            raise
        return asking.result()

    def response(self, status: int, headers: dict[str, str]) -> web.StreamResponse:
        """A response that goes on behind what was sent; its body is to be written."""
        if self._every_s is not None:
            headers = headers | {"X-ClickHouse-Progress": self._progress()}
        if not self.sent:
            return web.StreamResponse(status=status, headers=headers)
        return _Continued(status=200, headers=headers)

    def _send(self) -> None:
        if self._request.transport is not None:
            begin = "" if self.sent else "HTTP/1.1 200 OK\r\n"
            self._request.transport.write(f"{begin}X-ClickHouse-Progress: {self._progress()}\r\n".encode())
            self.sent = True


class _Continued(web.StreamResponse):
    """Its status is sent already: where a response has its status line, it has one more header."""

    async def _write_headers(self) -> None:
        if (writer := self._payload_writer) is None:
            raise RuntimeError("headers of a response that was not started")
        progress = self.headers.popone("X-ClickHouse-Progress")
        await writer.write_headers(f"X-ClickHouse-Progress: {progress}", self.headers)
