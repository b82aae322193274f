"""What is drawn from a blocking iterator comes one by one, and a cancelled taker leaves it closed."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from threading import Event

import pytest

from ioc.cli.drawn import drawn


def counted(told: list[object]) -> Generator[int, None, None]:
    try:
        for n in range(3):
            told.append(n)
            yield n
    finally:
        told.append("closed")


async def test_each_is_made_only_when_asked_for() -> None:
    told: list[object] = []
    async for item in drawn(counted(told)):
        told.append(f"took {item}")
    assert told == [0, "took 0", 1, "took 1", 2, "took 2", "closed"]


async def test_an_error_comes_through() -> None:
    def breaks() -> Generator[int, None, None]:
        yield 1
        raise OSError("gone")

    found = drawn(breaks())
    assert await anext(found) == 1
    with pytest.raises(OSError, match="gone"):
        await anext(found)


async def test_a_cancelled_taker_waits_for_the_item_in_hand_and_closes() -> None:
    told: list[object] = []
    begun, go_on = Event(), Event()

    def slow() -> Generator[int, None, None]:
        try:
            begun.set()
            go_on.wait(30)
            told.append("made")
            yield 1
        finally:
            told.append("closed")

    async def take() -> None:
        async for item in drawn(slow()):
            told.append(item)

    task = asyncio.create_task(take())
    await asyncio.to_thread(begun.wait, 30)
    task.cancel()
    await asyncio.sleep(0)
    assert told == []
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert told == ["made", "closed"]
