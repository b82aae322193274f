"""Calls: in order, none lost, and as patient as the centre asks for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import unused_port

from simulator.post import Caller, retry_after


class Centre:
    """A tiny centre that answers as it is told, then takes everything."""

    def __init__(self, *answers: tuple[int, dict[str, str]]) -> None:
        self.answers = list(answers)
        self.taken: list[bytes] = []
        self.asked: list[dict[str, str]] = []
        self.port = unused_port()
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/api/sources/x", self._post)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()

    async def stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()

    async def _post(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.asked.append(dict(request.headers))
        if self.answers:
            status, headers = self.answers.pop(0)
            return web.json_response({"error": {}}, status=status, headers=headers)
        self.taken.append(body)
        return web.json_response({}, status=202)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/sources/x"


class Pauses(list[float]):
    """Remembers how long it should have slept, and sleeps a moment."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)
        await asyncio.sleep(0.01)


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


async def calls(centre: Centre, session: ClientSession, *payloads: bytes) -> Pauses:
    pauses = Pauses()
    caller = Caller(session, centre.url, "bi-mat", pauses)
    await centre.start()
    try:
        for payload in payloads:
            await asyncio.wait_for(caller.post(payload), 10)
    finally:
        await centre.stop()
    return pauses


async def test_a_call_carries_the_token(session: ClientSession) -> None:
    centre = Centre()
    assert await calls(centre, session, b"[1]") == []
    assert centre.taken == [b"[1]"]
    assert centre.asked[0]["Authorization"] == "Bearer bi-mat"
    assert centre.asked[0]["Content-Type"] == "application/json"


async def test_not_now_is_honoured_and_order_is_kept(session: ClientSession) -> None:
    centre = Centre((503, {"Retry-After": "7"}), (429, {"Retry-After": "3"}), (202, {}))
    pauses = await calls(centre, session, b"a", b"b", b"c")
    assert pauses == [7.0, 3.0]
    assert centre.taken == [b"b", b"c"], "a was the 202 of the script"
    assert len(centre.asked) == 5


async def test_without_a_time_it_waits_longer_and_longer(session: ClientSession) -> None:
    centre = Centre(*[(503, {})] * 9)
    pauses = await calls(centre, session, b"a")
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]
    assert centre.taken == [b"a"]


@pytest.mark.parametrize("status", [400, 401, 404, 413])
async def test_a_refusal_is_logged_and_nothing_is_lost(
    session: ClientSession, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    centre = Centre((status, {}))
    pauses = await calls(centre, session, b"a")
    assert pauses == [30.0]
    assert centre.taken == [b"a"]
    assert str(status) in caplog.text
    assert "bi-mat" not in caplog.text


async def test_a_centre_that_is_not_there_yet_is_waited_for(session: ClientSession) -> None:
    centre, pauses = Centre(), Pauses()
    calling = asyncio.create_task(Caller(session, centre.url, "t", pauses).post(b"a"))
    while len(pauses) < 3:
        await asyncio.sleep(0.01)
    assert not calling.done()
    await centre.start()
    await asyncio.wait_for(calling, 10)
    await centre.stop()
    assert centre.taken == [b"a"]
    assert pauses[:3] == [0.5, 1.0, 2.0]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("12", 12.0),
        (" 0 ", 0.0),
        ("999999", 3600.0),
        ("Wed, 25 Nov 2026 02:00:30 GMT", 30.0),
        ("Wed, 25 Nov 2026 01:00:00 GMT", 0.0),
        ("", 0.0),
        ("nan", 0.0),
        ("-5", 0.0),
        ("soon", 0.0),
    ],
)
def test_retry_after(text: str, seconds: Any) -> None:
    assert retry_after(text, datetime(2026, 11, 25, 2, tzinfo=UTC)) == seconds
