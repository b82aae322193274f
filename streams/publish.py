"""Bring messages onto the broker from outside a Faust worker: the gateway, the folder watcher, the pollers, imports."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ioc.errors import BrokerUnavailable, ConfigurationError
from streams.topics import LEADER_TOPIC, all_topics

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ioc.settings import Settings
    from streams.embedded.log import Log

MAX_MESSAGE_BYTES = 32 << 20


@dataclass(frozen=True)
class Message:
    """One pack on its way: topic, partition, key, payload, headers."""

    topic: str
    partition: int
    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]


class Publisher(Protocol):
    """What the packer needs of a broker."""

    def partitions(self, topic: str) -> int:
        """How many partitions a topic has."""

    async def deliver(self, messages: Sequence[Message]) -> None:
        """Return when the broker holds all of them, order kept within a partition.

        Raises:
            BrokerUnavailable: some may be missing; send all again (identities make that harmless).
        """


class EmbeddedPublisher:
    """Appends to the embedded log."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._partitions = {topic: log.partitions(topic) or 1 for topic in all_topics()}

    def partitions(self, topic: str) -> int:
        """How many partitions a topic has."""
        return self._partitions[topic]

    async def deliver(self, messages: Sequence[Message]) -> None:
        """One transaction for all."""
        from streams.embedded.log import Outgoing

        await asyncio.to_thread(
            self._log.append, [Outgoing(m.topic, m.value, m.key, m.headers, m.partition) for m in messages]
        )


class KafkaPublisher:
    """Sends through aiokafka, idempotent, acknowledged by all replicas."""

    def __init__(self, producer: object, partitions: dict[str, int]) -> None:
        self._producer, self._partitions = producer, partitions

    def partitions(self, topic: str) -> int:
        """How many partitions a topic has."""
        return self._partitions[topic]

    async def deliver(self, messages: Sequence[Message]) -> None:
        """Send all, then wait for all."""
        from aiokafka.errors import KafkaError

        producer = self._producer
        try:
            waiting = [
                await producer.send(m.topic, m.value, key=m.key, partition=m.partition, headers=m.headers)  # type: ignore[attr-defined]
                for m in messages
            ]
            await asyncio.gather(*waiting)
        except KafkaError as error:
            raise BrokerUnavailable(f"Kafka did not take the messages: {error!r}", 2.0) from error


def compression_of(settings: Settings) -> str | None:
    """The codec of the configuration, as aiokafka names it."""
    return None if settings.broker_compression == "none" else settings.broker_compression


@asynccontextmanager
async def open_publisher(settings: Settings) -> AsyncIterator[Publisher]:
    """The publisher of the configured broker, with all topics created.

    Raises:
        BrokerUnavailable: the broker does not answer.
        ConfigurationError: a scheme that is neither ``sqlite`` nor ``kafka``.
    """
    scheme, _, rest = settings.broker_url.partition("://")
    if scheme == "sqlite":
        from streams.embedded.transport import open_log

        log = await asyncio.to_thread(open_log, settings.broker_url)
        for topic in all_topics():
            await asyncio.to_thread(log.create_topic, topic, settings.partitions)
        try:
            yield EmbeddedPublisher(log)
        finally:
            log.close()
    elif scheme == "kafka":
        async with _kafka(rest, settings) as publisher:
            yield publisher
    else:
        raise ConfigurationError(f"IOC_BROKER: {settings.broker_url!r} is neither sqlite:///path nor kafka://host:port")


@asynccontextmanager
async def _kafka(servers: str, settings: Settings) -> AsyncIterator[Publisher]:
    from aiokafka import AIOKafkaProducer
    from aiokafka.errors import KafkaError

    producer = AIOKafkaProducer(
        bootstrap_servers=servers, acks="all", enable_idempotence=True, compression_type=compression_of(settings),
        max_request_size=MAX_MESSAGE_BYTES, linger_ms=5, request_timeout_ms=20_000,
    )  # fmt: skip
    try:
        await create_kafka_topics(servers, settings.partitions)
        await producer.start()
        counts = {topic: len(await producer.partitions_for(topic)) for topic in all_topics()}
    except KafkaError as error:
        await producer.stop()
        raise BrokerUnavailable(f"Kafka at {servers} does not answer: {error!r}", 2.0) from error
    try:
        yield KafkaPublisher(producer, counts)
    finally:
        await producer.stop()


async def create_kafka_topics(servers: str, partitions: int) -> None:
    """Create the topics that are missing, with a set number of partitions; that of the leaders has one."""
    from aiokafka.admin import AIOKafkaAdminClient, NewTopic
    from aiokafka.errors import for_code

    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        config = {"max.message.bytes": str(MAX_MESSAGE_BYTES)}
        wanted = dict.fromkeys(all_topics(), partitions) | {LEADER_TOPIC: 1}
        missing = sorted(wanted.keys() - set(await admin.list_topics()))
        new = [NewTopic(topic, wanted[topic], 1, topic_configs=config) for topic in missing]
        reply = await admin.create_topics(new) if new else None
        for topic, code, *_ in reply.topic_errors if reply else []:
            if code not in (0, 36):  # 36: another process created it first
                raise BrokerUnavailable(f"Kafka refused to create {topic}: {for_code(code).__name__}")
    finally:
        await admin.close()
