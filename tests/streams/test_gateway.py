"""The HTTP way in: the right token opens one source, everything else is a clear refusal, overload says when to come back."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

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
