"""A pause in the middle of a fetch: what was fetched already must reach the agent, in order, whatever is paused meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faust

from ioc.errors import StoreUnavailable
from streams.agents.patience import Patience
from streams.embedded.log import Log, Outgoing
from tests.streams.test_transport import running, until

_MESSAGES = 60


def make_app(path: Path, seen: list[int]) -> faust.App:
    """An agent whose store is away when the first message comes; its stream holds two of them."""
    app = faust.App(
        "g", broker=f"sqlite://{path}", datadir=path.parent / "faust", store="memory://", web_enabled=False,
        topic_partitions=1, topic_disable_leader=True, broker_commit_interval=0.05, stream_wait_empty=False,
        stream_buffer_maxsize=2,
    )  # fmt: skip
    patience, failures = Patience(app), [1, 1]

    async def store(number: int) -> None:
        if number in (0, 30) and failures and failures.pop():
            raise StoreUnavailable("down", 0.2)
        seen.append(number)

    async def keep(stream: Any) -> None:
        async for value in stream:
            await patience.of("in", store, int(value))

    topic = app.topic("in", key_serializer="raw", value_serializer="raw", internal=True, partitions=1)
    app.agent(topic, name="keep")(keep)
    return app


async def test_messages_that_were_fetched_before_a_pause_are_not_skipped(tmp_path: Path) -> None:
    path, seen = tmp_path / "b.sqlite", list[int]()
    log = Log(path)
    log.create_topic("in", 1)
    log.append([Outgoing("in", str(n).encode(), partition=0) for n in range(_MESSAGES)])
    async with running(make_app(path, seen)):
        await until(lambda: _MESSAGES - 1 in seen or log.committed("g", "in", 0) == _MESSAGES, 8)
        log.append([Outgoing("in", str(_MESSAGES).encode(), partition=0)])
        await until(lambda: _MESSAGES in seen)
    log.close()
    assert seen == list(range(_MESSAGES + 1))
