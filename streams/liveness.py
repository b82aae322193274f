"""Whether broker and ClickHouse answer: asked cheaply, not for long, and once a second however often one wants to know."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from yarl import URL

from clickhouse.client import answering, connect
from ioc.errors import BrokerUnavailable, IocError
from ioc.settings import Settings

_PATIENCE_S = 3.0
_FRESH_S = 1.0

Question = Callable[[], Awaitable[None]]


class Liveness:
    """Of one server.

    Args:
        ask: raises an `IocError` that says why the server does not do its work.
        patience_s: for one answer.
    """

    def __init__(self, ask: Question, patience_s: float = _PATIENCE_S) -> None:
        self._ask, self._patience_s = ask, patience_s
        self._fault, self._asked_at = "", float("-inf")
        self._asking = asyncio.Lock()

    async def fault(self) -> str:
        """Why the server does not answer, empty if it does; not older than a second."""
        async with self._asking:
            if time.monotonic() - self._asked_at >= _FRESH_S:
                self._fault = await self._ask_now()
                self._asked_at = time.monotonic()
            return self._fault

    async def _ask_now(self) -> str:
        try:
            await asyncio.wait_for(self._ask(), self._patience_s)
        except TimeoutError:
            return f"no answer within {self._patience_s:g} s"
        except IocError as error:
            return str(error)
        return ""


def of_store(settings: Settings) -> Liveness:
    """Of ClickHouse."""

    def ask() -> None:
        client = connect(settings, answer_timeout_s=int(_PATIENCE_S))
        with answering(client.uri):
            client.command("SELECT 1")
        client.close()

    return Liveness(partial(asyncio.to_thread, ask))


def of_broker(settings: Settings) -> Liveness:
    """Of Kafka or of the embedded broker's file."""
    scheme, _, rest = settings.broker_url.partition("://")
    if scheme == "kafka":
        return Liveness(partial(_ask_kafka, rest))
    return Liveness(partial(asyncio.to_thread, _ask_file, Path(URL(settings.broker_url).path)))


async def _ask_kafka(servers: str) -> None:
    """A new connection each time: an old one may stand while the broker takes no more."""
    from aiokafka.client import AIOKafkaClient
    from aiokafka.errors import KafkaError

    client = AIOKafkaClient(bootstrap_servers=servers, client_id="ioc-ready", request_timeout_ms=int(_PATIENCE_S * 900))
    try:
        await client.bootstrap()  # asks for the metadata of the cluster
    except KafkaError as error:
        raise BrokerUnavailable(f"Kafka at {servers} does not answer: {error}") from error
    finally:
        await client.close()


def _ask_file(path: Path) -> None:
    """Reads beside whoever writes; a file that is gone is not made anew."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=_PATIENCE_S)) as db:
            db.execute("SELECT count(*) FROM topics").fetchone()
    except sqlite3.Error as error:
        raise BrokerUnavailable(f"the broker file {path} does not answer: {error}") from error
