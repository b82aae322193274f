"""The Faust transport over the embedded log: agents consume, commit, resume after a stop, and see what they produce."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import faust

from streams.embedded.log import Log, Outgoing


def make_app(path: Path, seen: list[bytes], *, forward_to: str = "") -> faust.App:
    app = faust.App(
        "g",
        broker=f"sqlite://{path}",
        datadir=path.parent / "faust",
        store="memory://",
        web_enabled=False,
        topic_partitions=2,
        topic_disable_leader=True,
        broker_commit_interval=0.05,
        stream_wait_empty=False,
    )

    async def collect(stream: Any) -> None:
        async for event in stream.events():
            seen.append(event.value)
            if forward_to:
                await app.producer.send_and_wait(forward_to, None, event.value, 0, None, None)

    async def collect_forwarded(stream: Any) -> None:
        async for value in stream:
            seen.append(b"forwarded:" + value)

    raw = {"key_serializer": "raw", "value_serializer": "raw", "internal": True, "partitions": 2}
    app.agent(app.topic("in", **raw), name="collect")(collect)
    if forward_to:
        app.agent(app.topic(forward_to, **raw), name="forwarded")(collect_forwarded)
    return app


@asynccontextmanager
async def running(app: faust.App) -> AsyncIterator[faust.App]:
    await app.start()
    try:
        yield app
    finally:
        await app.stop()


async def until(condition: Callable[[], bool], timeout: float = 15) -> None:
    async with asyncio.timeout(timeout):
        while not condition():
            await asyncio.sleep(0.01)


def put(path: Path, *values: bytes) -> None:
    log = Log(path)
    log.create_topic("in", 2)
    log.append([Outgoing("in", value, partition=0) for value in values])
    log.close()


async def test_an_agent_sees_what_other_processes_append_in_order_and_commits_it(tmp_path: Path) -> None:
    path, seen = tmp_path / "b.sqlite", list[bytes]()
    put(path, b"1", b"2")
    async with running(make_app(path, seen)):
        await until(lambda: len(seen) == 2)
        put(path, b"3", b"4")
        await until(lambda: len(seen) == 4)
        await until(lambda: Log(path).committed("g", "in", 0) == 4)
    assert seen == [b"1", b"2", b"3", b"4"]


async def test_a_new_worker_goes_on_where_the_last_one_committed(tmp_path: Path) -> None:
    path, first, second = tmp_path / "b.sqlite", list[bytes](), list[bytes]()
    put(path, b"1", b"2")
    async with running(make_app(path, first)):
        await until(lambda: Log(path).committed("g", "in", 0) == 2)
    put(path, b"3")
    async with running(make_app(path, second)):
        await until(lambda: len(second) == 1)
    assert second == [b"3"]


async def test_what_an_agent_produces_reaches_the_other_agents(tmp_path: Path) -> None:
    path, seen = tmp_path / "b.sqlite", list[bytes]()
    put(path, b"1")
    async with running(make_app(path, seen, forward_to="out")):
        await until(lambda: b"forwarded:1" in seen)
    assert Log(path).partitions("out") == 2


async def test_committed_but_deleted_records_do_not_stop_a_worker_that_lags_past_retention(tmp_path: Path) -> None:
    path, seen = tmp_path / "b.sqlite", list[bytes]()
    put(path, *(b"%d" % n for n in range(10)))
    log = Log(path, max_age_s=0)
    log.commit("other", {("in", 0): 6})
    log.apply_retention()
    log.close()
    async with running(make_app(path, seen)):
        await until(lambda: len(seen) >= 4)
    assert seen[-4:] == [b"6", b"7", b"8", b"9"]
