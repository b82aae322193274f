"""The records that benchmarks send: readings of many series the catalogue does not describe, as packs or one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

import msgspec
import numpy as np
import pyarrow as pa
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from ioc.packs import arrow_schema, encode, headers_of, utc_now
from ioc.records import Reading, event_id
from ioc.settings import Settings
from streams.publish import Message, open_publisher
from streams.topics import topic_of

SOURCE, METRIC, UNIT = "bench", "x", "u"
JSON_TOPIC = "bench.readings"
_STEP = timedelta(minutes=5)
_AT_ONCE = 4 << 20  # bytes sent before the broker's answer is waited for


@dataclass(frozen=True)
class Load:
    """What to send.

    Attributes:
        records: how many, in all.
        series: over how many series, in turn.
        partitions: of the topic.
        pack_records: in a pack.
        padding: bytes of text added to each record.
    """

    records: int
    series: int
    partitions: int
    pack_records: int = 500
    padding: int = 0

    @property
    def codes(self) -> list[str]:
        """The stations' codes."""
        return codes_of(self.series)


@dataclass(frozen=True)
class Sent:
    """What lies on the broker: records, messages, and bytes a record before compression."""

    records: int
    messages: int
    record_bytes: float


def readings_at(codes: Sequence[str], moment: datetime, values: Sequence[float]) -> list[Reading]:
    """One reading a series, observed and received at the same moment."""
    return [
        Reading(
            event_id=event_id(SOURCE, code, METRIC, moment), received_at=moment, source=SOURCE, station=code,
            metric=METRIC, observed_at=moment, value=value, unit=UNIT,
        )
        for code, value in zip(codes, values, strict=True)
    ]  # fmt: skip


def codes_of(series: int) -> list[str]:
    """The stations' codes of so many series."""
    return [f"BENCH_{number:05d}" for number in range(series)]


def partition(code: str, partitions: int) -> int:
    """As `streams.topics.partition_of` of a reading of this station."""
    return crc32(code.encode()) % partitions


def packs(load: Load) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Partition and batch; the times of each series rise and end now."""
    now = utc_now()
    random = np.random.default_rng(1)
    for part in range(load.partitions):
        codes = [code for code in load.codes if partition(code, load.partitions) == part]
        for start in range(0, records_of_partition(load, len(codes)), load.pack_records):
            numbers = np.arange(start, min(start + load.pack_records, records_of_partition(load, len(codes))))
            yield part, _batch(load, codes, numbers, now, random)


def records_of_partition(load: Load, codes: int) -> int:
    """So many records that each series has the same number."""
    return load.records // load.series * codes


def _batch(
    load: Load, codes: Sequence[str], numbers: np.ndarray, now: datetime, random: np.random.Generator
) -> pa.RecordBatch:
    steps = load.records // load.series
    stations = [codes[n % len(codes)] for n in numbers.tolist()]
    times = [now - _STEP * (steps - n // len(codes)) for n in numbers.tolist()]
    count = len(numbers)
    values = np.round(20 + 5 * np.sin(numbers // len(codes) * (2 * np.pi / 288)) + random.normal(0, 1, count), 2)
    columns = {
        "event_id": [event_id(SOURCE, s, METRIC, t) for s, t in zip(stations, times, strict=True)],
        "received_at": [now] * count, "source": [SOURCE] * count, "station": stations, "metric": [METRIC] * count,
        "observed_at": times, "value": values, "unit": [UNIT] * count, "status": ["ok"] * count,
        "agency": [""] * count, "area": [""] * count, "raw_time": ["x" * load.padding] * count,
    }  # fmt: skip
    schema = arrow_schema("readings")
    return pa.RecordBatch.from_arrays([pa.array(columns[f.name], type=f.type) for f in schema], schema=schema)


def pack_messages(load: Load) -> Iterator[Message]:
    """The load as the centre's own packs."""
    for part, batch in packs(load):
        headers = headers_of("readings", SOURCE, batch.num_rows)
        yield Message(topic_of("readings"), part, SOURCE.encode(), encode(batch), headers)


def json_messages(load: Load, topic: str) -> Iterator[Message]:
    """The load as one JSON object a message; fields at their default are left out, as senders do."""
    for part, batch in packs(load):
        for row in batch.to_pylist():
            said = {name: value for name, value in row.items() if value != "" and name != "status"}
            yield Message(topic, part, row["station"].encode(), msgspec.json.encode(said), [])


async def prefill(settings: Settings, messages: Iterator[Message]) -> Sent:
    """Send everything and return when the broker holds it; a message without a ``count`` header is one record."""
    records = count = size = 0
    async with open_publisher(settings) as publisher:
        while group := list(_some(messages)):
            await publisher.deliver(group)
            count += len(group)
            size += sum(len(m.value) for m in group)
            records += sum(int(dict(m.headers).get("count", b"1")) for m in group)
    return Sent(records, count, size / max(records, 1))


def _some(messages: Iterator[Message]) -> Iterator[Message]:
    size = 0
    for message in messages:
        yield message
        size += len(message.value)
        if size >= _AT_ONCE:
            return


async def create_topic(servers: str, name: str, partitions: int) -> None:
    """A topic beside the centre's own."""
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, partitions, 1)])
    finally:
        await admin.close()
