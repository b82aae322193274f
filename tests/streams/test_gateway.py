"""The HTTP way in: the right token opens one source, everything else is a clear refusal, overload says when to come back."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from ioc.catalog.model import Catalog
from ioc.errors import BrokerUnavailable
from ioc.settings import Settings
from streams import gateway
from streams.gateway import Gateway
from streams.intake import Intake
from streams.packer import Packer
from streams.tokens import is_token, token_of

FIXTURES = Path(__file__).parents[1] / "fixtures" / "sources" / "one-stop-dossiers"
URL = "/api/sources/one-stop-dossiers"


@pytest.fixture
async def door(settings: Settings, catalog: Catalog, intake: Intake) -> AsyncIterator[tuple[TestClient, Gateway]]:
    app = web.Application()
    gate = gateway.add_routes(app, settings, catalog)
    gate.intake = intake
    async with TestClient(TestServer(app)) as client:
        yield client, gate


@pytest.fixture
def bearer(settings: Settings) -> dict[str, str]:
    return {"Authorization": f"Bearer {token_of(settings, 'one-stop-dossiers')}"}


async def test_dossiers_with_the_right_token_are_on_the_broker_when_the_answer_comes(
    door: Any, bearer: dict[str, str], broker: Any
) -> None:
    client, _ = door
    answer = await client.post(URL, data=(FIXTURES / "good" / "mang.json").read_bytes(), headers=bearer)
    told = await answer.json()
    assert answer.status == 202
    assert told["rejects"] == 0
    assert told["records"] == len(broker.records("dossiers")) > 0


async def test_bad_items_are_told_and_kept_and_the_rest_goes_through(
    door: Any, bearer: dict[str, str], broker: Any
) -> None:
    client, _ = door
    answer = await client.post(URL, data=(FIXTURES / "bad" / "sai.json").read_bytes(), headers=bearer)
    told = await answer.json()
    assert answer.status == 202
    assert told["rejects"] == len(broker.records("dead_letters")) > 0
    assert all(r["reason"] for r in told["first_rejects"])


@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic abc"}, {"Authorization": "Bearer"}]
)
async def test_no_token_and_wrong_tokens_are_401(door: Any, header: dict[str, str], broker: Any) -> None:
    client, _ = door
    answer = await client.post(URL, data=b"[]", headers=header)
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "token" in (await answer.json())["error"]["reason"]


async def test_a_token_opens_no_other_source_and_sources_that_do_not_call_are_404(
    door: Any, bearer: dict[str, str]
) -> None:
    client, _ = door
    assert (await client.post("/api/sources/suricata", data=b"{}", headers=bearer)).status == 404
    assert (await client.post("/api/sources/nobody", data=b"{}", headers=bearer)).status == 404


async def test_too_large_a_body_is_413_with_and_without_a_length(door: Any, bearer: dict[str, str]) -> None:
    client, _ = door

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * (1 << 20)

    assert (await client.post(URL, data=b"x" * (17 << 20), headers=bearer)).status == 413
    assert (await client.post(URL, data=endless(), headers=bearer)).status == 413


async def test_before_the_broker_answers_callers_are_told_to_come_back(door: Any, bearer: dict[str, str]) -> None:
    client, gate = door
    gate.intake = None
    answer = await client.post(URL, data=b"[]", headers=bearer)
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) >= 1


async def test_a_broker_that_fails_is_503_and_nothing_is_half_told(
    door: Any, bearer: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, gate = door

    async def refuse(*_: object) -> None:
        raise BrokerUnavailable("down", 7)

    monkeypatch.setattr(gate.intake._packer, "put", refuse)
    answer = await client.post(URL, data=(FIXTURES / "good" / "mot.json").read_bytes(), headers=bearer)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "7")


async def test_more_callers_than_places_are_sent_away_before_their_bodies_are_read(
    door: Any, bearer: dict[str, str]
) -> None:
    client, gate = door
    gate._places = asyncio.Semaphore(0)
    assert (await client.post(URL, data=b"[]", headers=bearer)).status == 503


async def test_bodies_beyond_the_budget_are_refused_before_they_are_read(
    settings: Settings, catalog: Catalog, intake: Intake, bearer: dict[str, str]
) -> None:
    """A caller that sends slowly holds the room it said it needs; another is told to come back, then gets in."""
    app = web.Application()
    gate = gateway.add_routes(app, settings.model_copy(update={"gateway_mb": 1}), catalog)
    gate.intake = intake
    go_on = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"["
        await go_on.wait()
        yield b"]"

    async with TestClient(TestServer(app)) as client:
        first = asyncio.create_task(client.post(URL, data=slow(), headers=bearer))
        async with asyncio.timeout(20):
            while not gate._reserved:
                await asyncio.sleep(0.01)
        answer = await client.post(URL, data=b"[]", headers=bearer)
        assert (answer.status, answer.headers["Retry-After"]) == (503, "2")
        assert "memory" in (await answer.json())["error"]["reason"]
        go_on.set()
        assert (await first).status == 202
        assert gate._reserved == 0
        assert (await client.post(URL, data=b"[]", headers=bearer)).status == 202


async def test_a_source_that_takes_half_of_the_room_is_429_while_others_get_in(
    settings: Settings, catalog: Catalog, broker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = "another-office"
    sources = {**catalog.sources, other: msgspec.structs.replace(catalog.sources["one-stop-dossiers"], id=other)}
    monkeypatch.setattr(catalog, "sources", sources)
    packer = Packer(broker.publisher, pack_records=1000, linger_s=30, max_waiting=8)
    app = web.Application()
    gate = gateway.add_routes(app, settings, catalog)
    gate.intake = Intake(catalog, packer)
    body = (FIXTURES / "good" / "mang.json").read_bytes()

    def post(client: TestClient, source: str) -> Any:
        token = {"Authorization": f"Bearer {token_of(settings, source)}"}
        return client.post(f"/api/sources/{source}", data=body, headers=token)

    async with TestClient(TestServer(app)) as client:
        waiting = []
        async with asyncio.timeout(20):
            while not packer.crowded_by("one-stop-dossiers"):
                waiting.append(asyncio.create_task(post(client, "one-stop-dossiers")))
                await asyncio.sleep(0.1)
        answer = await post(client, "one-stop-dossiers")
        assert (answer.status, answer.headers["Retry-After"]) == (429, "2")
        assert not packer.crowded_by(other)
        assert not packer.full
        waiting.append(asyncio.create_task(post(client, other)))
        assert packer._round
        async with asyncio.timeout(20):
            while not packer._waiting_of[other]:
                await asyncio.sleep(0.01)
        packer._round.full.set()
        assert {(await w).status for w in waiting} == {202}


def test_tokens_are_made_once_by_source_and_nobody_else_reads_them(settings: Settings) -> None:
    mine, other = token_of(settings, "a"), token_of(settings, "b")
    assert mine != other
    assert token_of(settings, "a") == mine
    assert stat.S_IMODE((settings.data_dir / "tokens.json").stat().st_mode) == 0o600
    assert is_token(settings, "a", f"bearer {mine}")
    assert not is_token(settings, "b", f"Bearer {mine}")


def test_a_token_of_the_environment_is_used_for_every_source(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, source_token=SecretStr("from-the-environment"))
    assert token_of(settings, "a") == token_of(settings, "b") == "from-the-environment"
    assert not (tmp_path / "tokens.json").exists()
