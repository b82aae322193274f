"""A store beside the real one, for what is awkward to bring about with it: slowness, odd values, errors on demand."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from grafana.preview.app import add_routes
from ioc.settings import Settings


@dataclass(frozen=True)
class _Type:
    name: str


@dataclass(frozen=True)
class Result:
    """What clickhouse-connect gives, as far as the page reads it."""

    column_names: Sequence[str]
    column_types: Sequence[_Type]
    result_rows: Sequence[Sequence[Any]]


def result(columns: dict[str, str], *rows: Sequence[Any]) -> Result:
    """Rows under columns given as name → ClickHouse type."""
    return Result(list(columns), [_Type(name) for name in columns.values()], rows)


@dataclass
class FakeStore:
    """Clients of it answer `answer`, or fail with `failure`; `gate` holds every query while it is not set."""

    answer: Result = field(default_factory=lambda: result({"n": "UInt64"}, (3,)))
    failure: Exception | None = None
    gate: threading.Event = field(default_factory=threading.Event)
    asked: list[str] = field(default_factory=list)
    connections: int = 0
    closed: int = 0

    def __post_init__(self) -> None:
        self.gate.set()

    def connect(self) -> FakeStore:
        """A client: the store itself."""
        self.connections += 1
        return self

    def close(self) -> None:
        """Count it."""
        self.closed += 1

    def query(self, sql: str, settings: dict[str, Any]) -> Result:
        """As clickhouse-connect's client has it."""
        assert settings["max_execution_time"] > 0
        self.asked.append(sql)
        assert self.gate.wait(30)
        if self.failure:
            raise self.failure
        return self.answer


@asynccontextmanager
async def page_over(settings: Settings, client_factory: Callable[[], Any]) -> AsyncIterator[TestClient]:  # type: ignore[type-arg]
    """A client of the page's server."""
    app = web.Application()
    add_routes(app, settings, client_factory)
    async with TestClient(TestServer(app)) as client:
        yield client
