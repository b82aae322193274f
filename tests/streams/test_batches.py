"""Batches of a stream's events: bounded by number, bytes and time, in order, none lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest

from streams.agents.batches import batches


class Stream:
    """A Faust stream that a queue feeds; None ends it."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[bytes | None] = asyncio.Queue()

    def noack(self) -> Stream:
        return self

    async def events(self) -> AsyncIterator[Any]:
        while (value := await self.queue.get()) is not None:
            yield SimpleNamespace(message=SimpleNamespace(value=value))

    def feed(self, *values: bytes | None) -> Stream:
        for value in values:
            self.queue.put_nowait(value)
        return self


async def sizes(stream: Stream, **limits: Any) -> list[list[int]]:
    found = batches(stream, **{"most": 3, "most_bytes": 100, "within_s": 60} | limits)
    return [[len(e.message.value) for e in batch] async for batch in found]


async def test_a_batch_ends_by_number_and_what_is_left_comes_at_the_end() -> None:
    assert await sizes(Stream().feed(*[b"x"] * 7, None)) == [[1, 1, 1], [1, 1, 1], [1]]


async def test_a_batch_ends_by_bytes_and_a_larger_event_comes_with_what_was_before() -> None:
    assert await sizes(Stream().feed(b"x" * 60, b"x" * 40, b"x", b"x" * 500, b"x", None)) == [[60, 40], [1, 500], [1]]


async def test_an_empty_stream_has_no_batch_and_empty_values_count_as_nothing() -> None:
    assert await sizes(Stream().feed(None)) == []
    assert await sizes(Stream().feed(b"", b"", None)) == [[0, 0]]


async def test_the_first_event_does_not_wait_long_and_the_late_one_is_not_lost() -> None:
    stream = Stream().feed(b"a")
    found = batches(stream, most=10, most_bytes=100, within_s=0.01)
    assert len(await anext(found)) == 1
    stream.feed(b"b", b"c", None)
    assert [e.message.value for e in await anext(found)] == [b"b", b"c"]
    with pytest.raises(StopAsyncIteration):
        await anext(found)


async def test_a_fault_of_the_stream_comes_out() -> None:
    class Broken(Stream):
        async def events(self) -> AsyncIterator[Any]:
            yield SimpleNamespace(message=SimpleNamespace(value=b"x"))
            raise RuntimeError("the channel broke")

    with pytest.raises(RuntimeError, match="channel broke"):
        await sizes(Broken())


async def test_giving_up_ends_the_wait_for_the_next_event() -> None:
    stream = Stream().feed(b"a")
    found = batches(stream, most=10, most_bytes=100, within_s=0.01)
    await anext(found)
    await found.aclose()
    await asyncio.sleep(0)
    assert not [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
