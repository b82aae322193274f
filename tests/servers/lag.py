"""How many messages a broker holds that our group has not committed yet."""

from __future__ import annotations

import asyncio
from pathlib import Path

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.embedded.log import Log
from streams.topics import all_topics

GROUP = "ioc"


def lag(broker_url: str) -> int:
    """Messages of all topics behind the group's committed offsets."""
    scheme, _, rest = broker_url.partition("://")
    if scheme == "kafka":
        return asyncio.run(_kafka_lag(rest))
    log = Log(Path(rest))
    try:
        return log.lag(GROUP)
    finally:
        log.close()


async def _kafka_lag(servers: str) -> int:
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, group_id=GROUP, enable_auto_commit=False)
    await consumer.start()
    try:
        await consumer._client.force_metadata_update()
        known = {t: consumer.partitions_for_topic(t) or set() for t in all_topics()}
        partitions = [TopicPartition(t, p) for t, ids in known.items() for p in ids]
        ends = await consumer.end_offsets(partitions)
        committed = [await consumer.committed(tp) or 0 for tp in partitions]
        return sum(ends[tp] - done for tp, done in zip(partitions, committed, strict=True))
    finally:
        await consumer.stop()
