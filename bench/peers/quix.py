"""Quix Streams with a BatchingSink, one JSON record a message, as its users write it. ``TOPIC GROUP``."""

from __future__ import annotations

import sys

import msgspec
from quixstreams import Application
from quixstreams.sinks import BatchingSink, SinkBatch

from clickhouse.sink import Store
from ioc.packs import batch_of
from ioc.records import Reading
from ioc.settings import Settings, load_settings

import pyarrow as pa  # isort: skip

_COMMIT_EVERY, _COMMIT_S = 20_000, 1.0  # rows and seconds to a checkpoint, which is one insert a partition


class ClickHouseSink(BatchingSink):
    """One insert a partition and checkpoint."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._store = Store(settings)

    def write(self, batch: SinkBatch) -> None:
        """Insert what was collected since the last checkpoint."""
        self._store.insert("readings", pa.Table.from_batches([batch_of([item.value for item in batch])]))


def run(settings: Settings, topic: str, group: str) -> None:
    """Consume until a signal says stop; decoding is validation (msgspec), the fastest there is for them."""
    app = Application(
        broker_address=settings.broker_url.partition("://")[2], consumer_group=group, auto_offset_reset="earliest",
        commit_every=_COMMIT_EVERY, commit_interval=_COMMIT_S, loglevel="WARNING",
    )  # fmt: skip
    decoder = msgspec.json.Decoder(Reading)
    frame = app.dataframe(app.topic(topic, value_deserializer="bytes"))
    frame = frame.apply(decoder.decode)
    frame.sink(ClickHouseSink(settings))
    app.run()


if __name__ == "__main__":
    run(load_settings(), *sys.argv[1:3])
