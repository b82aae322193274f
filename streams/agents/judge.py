"""Judge how each post speaks of each agency it names."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pyarrow as pa

from ioc.catalog.model import Catalog
from ioc.packs import records_of, utc_now
from ioc.records import Post, Record
from nlp.judge import Judge


class JudgePosts:
    """Posts in, stances out; keeps nothing between packs."""

    def __init__(self, catalog: Catalog) -> None:
        self._judge = Judge(catalog)

    def reset(self) -> None:
        """Keeps nothing."""

    async def save(self) -> None:
        """Keeps nothing."""

    async def derive(self, batch: pa.RecordBatch) -> Sequence[Record]:
        """Stances of one pack of posts."""
        return await asyncio.to_thread(self._judge_all, batch)

    def _judge_all(self, batch: pa.RecordBatch) -> list[Record]:
        now = utc_now()
        return [
            s for post in records_of(batch, "posts") if isinstance(post, Post) for s in self._judge.judge(post, now)
        ]
