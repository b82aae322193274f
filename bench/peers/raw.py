"""The limit: aiokafka and Arrow inserts of the centre's packs without Faust; no dedup, no rollups. ``TOPIC GROUP``."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import pyarrow as pa
from aiokafka import AIOKafkaConsumer

from clickhouse.sink import Store
from ioc.packs import decode
from ioc.settings import Settings, load_settings

_FETCH_BYTES = 4 << 20


async def run(settings: Settings, topic: str, group: str) -> None:
    """Consume until cancelled; one insert is under way while the next packs are decoded."""
    servers = settings.broker_url.partition("://")[2]
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=servers, group_id=group, enable_auto_commit=False, auto_offset_reset="earliest",
        max_partition_fetch_bytes=_FETCH_BYTES,
    )  # fmt: skip
    await consumer.start()
    store, under_way = Store(settings), asyncio.create_task(asyncio.sleep(0))
    try:
        while True:
            found = await consumer.getmany(timeout_ms=250, max_records=settings.insert_rows // settings.pack_records)
            messages = [m for records in found.values() for m in records]
            if not messages:
                continue
            table = pa.Table.from_batches([_batch(m) for m in messages])
            await under_way
            ends = {tp: records[-1].offset + 1 for tp, records in found.items()}
            under_way = asyncio.create_task(_store(store, table, consumer, ends))
    finally:
        await consumer.stop()


def _batch(message: Any) -> pa.RecordBatch:
    headers = dict(message.headers)
    return decode(message.value, "readings", headers["source"].decode(), int(headers["count"]))


async def _store(store: Store, table: pa.Table, consumer: Any, ends: dict[Any, int]) -> None:
    await asyncio.to_thread(store.insert, "readings", table)
    await consumer.commit(ends)


if __name__ == "__main__":
    asyncio.run(run(load_settings(), *sys.argv[1:3]))
