"""People judge anomalies over HTTP: who may, what is refused, and that what is taken is on the broker."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from clickhouse.accounts import Account, changing_accounts, hashed, users_file
from clickhouse.judges import is_open
from clickhouse.roles import ROLES
from clickhouse.sink import Store
from ioc.records import Anomaly, Verdict
from ioc.settings import Settings
from streams.judging import Desk, add_routes
from streams.packer import Packer
from tests.clickhouse.people import OTHER, OWN, PASSWORD, server_with_people
from tests.clickhouse.samples import sample, table_of
from tests.streams.conftest import Broker

ROWS = [sample("anomalies", number, agency=agency) for number, agency in enumerate((OWN, OTHER))]
OURS, THEIRS = (row.event_id for row in ROWS)
CENTRE = "mật khẩu của trung tâm"
FALSE = {"verdict": "false", "note": "bảo trì"}

Client = TestClient[web.Request, web.Application]


@pytest.fixture(scope="module")
def peopled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """An embedded ClickHouse that has a user of each role, and whose own user has a password."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("IOC_CLICKHOUSE_PASSWORD", CENTRE)
        with server_with_people(tmp_path_factory.mktemp("people")) as settings:
            patched.undo()
            Store(settings).insert("anomalies", table_of(ROWS))
            yield settings.model_copy(update={"clickhouse": ""})


@pytest.fixture(scope="module")
def nameless(shared_store_settings: Settings) -> Settings:
    """A machine as it is at first: no users, no password."""
    Store(shared_store_settings).insert("anomalies", table_of(ROWS))
    return shared_store_settings.model_copy(update={"clickhouse": ""})


@asynccontextmanager
async def desk_over(settings: Settings, broker: Broker | None) -> AsyncIterator[tuple[Client, Desk]]:
    app = web.Application()
    desk = add_routes(app, settings)
    desk.packer = Packer(broker.publisher, pack_records=10, linger_s=0.0) if broker else None
    async with TestClient(TestServer(app)) as client:
        yield client, desk


async def post(client: Client, anomaly: str, body: Any = FALSE, **more: Any) -> tuple[int, dict[str, str]]:
    headers = {"Content-Type": "application/json"} | more.pop("headers", {})
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with client.post(f"/api/anomalies/{anomaly}/verdict", data=data, headers=headers, **more) as answer:
        assert "WWW-Authenticate" not in answer.headers, "the browser would ask by itself, and remember"
        return answer.status, await answer.json()


def user(role: str, password: str = PASSWORD) -> dict[str, str]:
    return named(f"u-{role}", password)


def named(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{name}:{password}".encode()).decode()}


async def test_at_first_whoever_sits_at_the_machine_judges(nameless: Settings, broker: Broker) -> None:
    async with desk_over(nameless, broker) as (client, _):
        status, told = await post(client, OURS)
        assert (status, told["verdict"], told["verdict_by"]) == (202, "false", "local")
    [verdict] = broker.records("verdicts")
    assert isinstance(verdict, Verdict)
    assert isinstance(ROWS[0], Anomaly)
    assert verdict.event_id == told["event_id"]
    assert (verdict.anomaly, verdict.source, verdict.detector) == (OURS, ROWS[0].source, ROWS[0].detector)
    assert (verdict.observed_at, verdict.note, verdict.agency) == (ROWS[0].observed_at, "bảo trì", OWN)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "wall.example"},  # a name that was bent to this machine
        {"X-Forwarded-For": "10.0.0.9"},
        {"Via": "1.1 proxy"},
        {"Forwarded": "for=10.0.0.9"},
    ],
)
async def test_whoever_comes_from_elsewhere_must_say_who_he_is(
    nameless: Settings, broker: Broker, headers: dict[str, str]
) -> None:
    async with desk_over(nameless, broker) as (client, _):
        status, told = await post(client, OURS, headers=headers)
        assert (status, told["field"]) == (401, "Authorization")
        assert "đăng nhập" in told["error"]
    async with desk_over(nameless.model_copy(update={"http_host": "0.0.0.0"}), broker) as (client, _):  # noqa: S104
        assert (await post(client, OURS))[0] == 401
    assert broker.records("verdicts") == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
async def test_another_sites_page_judges_nothing(nameless: Settings, broker: Broker, headers: dict[str, str]) -> None:
    async with desk_over(nameless, broker) as (client, _):
        assert (await post(client, OURS, headers=headers))[0] == 403
        assert (await post(client, OURS, headers={"Content-Type": "text/plain"}))[0] == 415
        own = f"http://{client.host}:{client.port}"
        assert (await post(client, OURS, headers={"Origin": own, "Sec-Fetch-Site": "same-origin"}))[0] == 202


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        ({"verdict": "maybe"}, 400),
        ({"verdict": "reset"}, 400),
        ({"verdict": "true", "by": "ai"}, 400),
        ({"verdict": "true", "note": "x" * 1001}, 400),
        (b"x" * 9000, 413),
    ],
)
async def test_what_is_no_verdict_is_refused(nameless: Settings, broker: Broker, body: Any, status: int) -> None:
    async with desk_over(nameless, broker) as (client, _):
        got, told = await post(client, OURS, body)
        assert got == status
        assert told["error"]
    assert broker.records("verdicts") == []


async def test_an_anomaly_that_is_not_there(nameless: Settings, broker: Broker) -> None:
    async with desk_over(nameless, broker) as (client, _):
        status, told = await post(client, "0" * 32)
        assert (status, told) == (404, {"field": "anomaly", "error": "Không có bất thường này"})
        assert (await client.get("/api/anomalies/" + "0" * 32)).status == 404


async def test_not_now(nameless: Settings) -> None:
    async with desk_over(nameless, None) as (client, _):
        assert (await post(client, OURS))[0] == 503
    away = nameless.model_copy(update={"clickhouse_port": 9})
    async with desk_over(away, None) as (client, _):
        assert (await post(client, OURS))[0] == 503
        answer = await client.get(f"/api/anomalies/{OURS}")
        assert (answer.status, answer.headers["Retry-After"]) == (503, "2")


@pytest.mark.parametrize("role", ROLES)
async def test_where_there_are_users_only_roles_that_judge_do(peopled: Settings, broker: Broker, role: str) -> None:
    async with desk_over(peopled, broker) as (client, _):
        status, told = await post(client, OURS, headers=user(role))
        assert status == (202 if ROLES[role].judges else 403), told
    assert [v.decided_by for v in broker.records("verdicts")] == ([f"u-{role}"] if ROLES[role].judges else [])  # type: ignore[attr-defined]


async def test_a_department_judges_its_own_anomalies(peopled: Settings, broker: Broker) -> None:
    async with desk_over(peopled, broker) as (client, _):
        assert (await post(client, OURS, headers=user("department")))[0] == 202
        assert (await post(client, THEIRS, headers=user("department")))[0] == 404
        assert (await post(client, THEIRS, headers=user("operator")))[0] == 202


async def test_who_does_not_say_who_he_is_or_lies_is_not_let_in(peopled: Settings, broker: Broker) -> None:
    async with desk_over(peopled, broker) as (client, _):
        assert (await post(client, OURS))[0] == 401
        for who in (user("operator", "sai"), user("khong-co"), named("default", "x"), named("default", "")):
            status, told = await post(client, OURS, headers=who)
            assert (status, told["field"]) == (401, "Authorization"), who
        for header in ("Bearer x", "Basic !", "Basic eA==", "Basic"):
            assert (await post(client, OURS, headers={"Authorization": header}))[0] == 401
    assert broker.records("verdicts") == []


async def test_the_page_is_told_whether_to_ask_for_a_name(peopled: Settings, nameless: Settings) -> None:
    for settings, asks in ((peopled, True), (nameless, False)):
        async with desk_over(settings, None) as (client, _):
            answer = await client.get(f"/api/anomalies/{OURS}")
            told = await answer.json()
        assert (told["event_id"], told["verdict"], told["sign_in"]) == (OURS, "", asks)
        assert told["observed_at"] == int(ROWS[0].observed_at.timestamp() * 1000)  # type: ignore[attr-defined]


async def test_the_centres_own_user_judges_with_its_password(peopled: Settings, broker: Broker) -> None:
    async with desk_over(peopled, broker) as (client, _):
        assert (await post(client, THEIRS, headers=named("default", CENTRE)))[0] == 202
    assert [v.decided_by for v in broker.records("verdicts")] == ["default"]  # type: ignore[attr-defined]


def test_a_password_or_a_user_closes_the_door(tmp_path: Path) -> None:
    assert is_open(Settings(data_dir=tmp_path))
    assert not is_open(Settings(data_dir=tmp_path, clickhouse_password=SecretStr(CENTRE)))
    with changing_accounts(users_file(tmp_path)) as accounts:
        accounts["lan"] = Account(hashed(PASSWORD), ("press",))
    assert not is_open(Settings(data_dir=tmp_path))


def test_a_server_that_does_not_tell_its_users_is_not_open(shared_store_settings: Settings) -> None:
    """The embedded one is asked as a server here, and tells none."""
    assert shared_store_settings.clickhouse
    assert not is_open(shared_store_settings)
    assert is_open(shared_store_settings.model_copy(update={"clickhouse": ""}))
