"""Takes from an iterator that blocks, without blocking the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from typing import TypeVar

Item = TypeVar("Item")


async def drawn(items: Generator[Item, None, None]) -> AsyncGenerator[Item, None]:
    """The items one by one, each made in a thread only when it is asked for; use it with `contextlib.aclosing`.

    Cancelled, it lets the item in hand be finished, since a generator cannot be closed while it runs, and closes it.
    """
    step: asyncio.Future[Item | None] | None = None
    try:
        while True:
            step = asyncio.ensure_future(asyncio.to_thread(next, items, None))
            item = await asyncio.shield(step)
            if item is None:
                return
            yield item
    finally:
        if step is not None and not step.done():
            await asyncio.wait([step])
        items.close()
