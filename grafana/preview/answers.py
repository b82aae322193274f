"""Asks ClickHouse for panels: in threads, each question once however many screens show it."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

THREADS = 4
MOST_ROWS = 10_000
MOST_KEPT = 512
PATIENCE_S = 25  # a little longer than ClickHouse may take
REST = 4  # a question that took a second rests four: no question keeps the store busy more than a fifth of the time
LIMITS = {"max_execution_time": 20}

Answer = dict[str, Any]
Key = tuple[object, ...]


class Answers:
    """A small cache in front of a pool of clients; to be used from one event loop.

    Args:
        client_factory: makes a clickhouse-connect client; called once a thread, and again after it failed.
        clock: seconds, monotonic.
    """

    def __init__(self, client_factory: Callable[[], Any], clock: Callable[[], float] = time.monotonic) -> None:
        self._factory, self._clock = client_factory, clock
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="panel")
        self._local = threading.local()
        self._kept: dict[Key, tuple[float, asyncio.Task[Answer]]] = {}

    async def get(self, key: Key, sql: Callable[[], str], keep_s: float) -> Answer:
        """The answer to a question, at most `keep_s` seconds old, or older where it is costly.

        A question still being answered is not asked again, however long it takes.

        Raises:
            TimeoutError: no answer within `PATIENCE_S`.
            Exception: whatever the client raised; failures are not kept.
        """
        now = self._clock()
        kept = self._kept.get(key)
        if kept is None or (kept[0] <= now and kept[1].done()):
            self._forget(now)
            task = asyncio.get_running_loop().create_task(self._ask(sql()))
            kept = self._kept[key] = (now + keep_s, task)
            task.add_done_callback(lambda done: self._rest(key, done, now))
        try:
            return await asyncio.wait_for(asyncio.shield(kept[1]), PATIENCE_S)
        except Exception:
            if kept[1].done() and self._kept.get(key, (0, None))[1] is kept[1]:
                del self._kept[key]
            raise

    async def close(self) -> None:
        """Let running queries end and their threads go."""
        tasks = [task for _, task in self._kept.values()]
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.to_thread(self._pool.shutdown, wait=True, cancel_futures=True)

    def _rest(self, key: Key, done: asyncio.Task[Answer], began: float) -> None:
        """Keep an answer the longer the longer it took."""
        until, task = self._kept.get(key, (0.0, None))
        if task is done:
            now = self._clock()
            self._kept[key] = (max(until, now + REST * (now - began)), done)

    def _forget(self, now: float) -> None:
        for key in [k for k, (until, task) in self._kept.items() if until <= now and task.done()]:
            del self._kept[key]
        while len(self._kept) >= MOST_KEPT:
            del self._kept[next(iter(self._kept))]

    async def _ask(self, sql: str) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._query, sql)

    def _query(self, sql: str) -> Answer:
        if getattr(self._local, "client", None) is None:
            self._local.client = self._factory()
        began = time.perf_counter()
        try:
            result = self._local.client.query(sql, settings=LIMITS)
        except Exception:
            client, self._local.client = self._local.client, None
            with suppress(Exception):
                client.close()
            raise
        rows = result.result_rows[:MOST_ROWS]
        took_ms = round(1000 * (time.perf_counter() - began), 1)
        columns = [
            {"name": n, "type": _type(t.name)} for n, t in zip(result.column_names, result.column_types, strict=True)
        ]
        return {
            "columns": columns,
            "rows": [_plain_row(row) for row in rows],
            "asked_at": int(time.time() * 1000),
            "took_ms": took_ms,
        }


def _type(clickhouse: str) -> str:
    inner = clickhouse.replace("Nullable(", "").replace("LowCardinality(", "")
    if inner.startswith("Date"):
        return "time"
    return "number" if inner.startswith(("Int", "UInt", "Float", "Decimal", "Bool")) else "string"


def _plain_row(row: Sequence[Any]) -> list[Any]:
    return [plain(value) for value in row]


def plain(value: Any) -> Any:
    """A value as JSON has it: times as milliseconds since 1970, what is no number as null."""
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return int(aware.timestamp() * 1000)
    if isinstance(value, date):
        return int(datetime(value.year, value.month, value.day, tzinfo=UTC).timestamp() * 1000)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return value if value is None or isinstance(value, (int, str)) else str(value)
