"""Events of a stream in batches bounded by number, bytes and time; whoever is done with an event acknowledges it.

Faust's `noack_take` knows neither bytes, so that a hundred packs of 10 MB would be taken at once, nor work on one batch
while the next is under way.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any


async def batches(stream: Any, *, most: int, most_bytes: int, within_s: float) -> AsyncIterator[list[Any]]:
    """Batches in order, none of them empty; ends with the stream.

    Args:
        stream: of Faust, with raw values.
        most: events in a batch.
        most_bytes: a batch that has so many ends.
        within_s: seconds that the first event of a batch waits for others.
    """
    events = aiter(stream.noack().events())
    coming: asyncio.Future[Any] | None = None
    now = asyncio.get_running_loop().time
    try:
        while True:
            batch: list[Any] = []
            size, until = 0, 0.0
            while len(batch) < most and size < most_bytes:
                coming = coming or asyncio.ensure_future(anext(events))
                done, _ = await asyncio.wait({coming}, timeout=max(until - now(), 0) if batch else None)
                if not done:
                    break
                until = until or now() + within_s
                event, coming = _result(coming), None
                if event is None:
                    break
                batch.append(event)
                size += len(event.message.value or b"")
            if not batch:
                return
            yield batch
    finally:
        if coming is not None:
            coming.cancel()


def _result(coming: asyncio.Future[Any]) -> Any:
    """The event, None at the end of the stream."""
    try:
        return coming.result()
    except StopAsyncIteration:
        return None
