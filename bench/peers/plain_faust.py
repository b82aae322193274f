"""Plain Faust, one JSON record a message, ``take`` and batched inserts. ``TOPIC GROUP``."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import faust
import msgspec
import pyarrow as pa

from clickhouse.sink import Store
from ioc.packs import batch_of
from ioc.records import Reading
from ioc.settings import Settings, load_settings

_TAKE, _WITHIN_S = 10_000, 0.25


def make_app(settings: Settings, topic: str, group: str) -> faust.App:
    """An app with one agent."""
    app = faust.App(
        group, broker=settings.broker_url, store="memory://", datadir=settings.data_dir / group, web_enabled=False,
        topic_disable_leader=True, topic_partitions=settings.partitions, consumer_auto_offset_reset="earliest",
    )  # fmt: skip
    decoder, store = msgspec.json.Decoder(Reading), Store(settings)

    async def keep(stream: Any) -> None:
        async for values in stream.take(_TAKE, within=_WITHIN_S):
            table = pa.Table.from_batches([batch_of([decoder.decode(value) for value in values])])
            await asyncio.to_thread(store.insert, "readings", table)

    app.agent(app.topic(topic, value_serializer="raw", key_serializer="raw"), name="keep")(keep)
    return app


if __name__ == "__main__":
    faust.Worker(make_app(load_settings(), *sys.argv[1:3]), loglevel="warn").execute_from_commandline()
