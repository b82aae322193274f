"""Lets the workers read again what the broker still has and a restored database lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from clickhouse.backup import folder_of
from clickhouse.manifest import Manifest
from ioc.records import KINDS
from ioc.settings import Settings
from streams.embedded.log import Log
from streams.topics import topic_of

GROUP = "ioc"  # of `streams.app`, which cannot be imported without making an app
UNSETTLED = (
    10_000  # messages of a partition that a worker may be at work on: below the highest stored some may be missing
)

Places = dict[tuple[str, int], int]


@contextmanager
def rewind(settings: Settings) -> Iterator[Callable[[Manifest], list[str]]]:
    """Around a restore: on the embedded broker no worker can run meanwhile; yields what to call at its end.

    That rewinds the embedded broker, or writes the file from which Kafka's own tool does; it returns what people must
    know, in sentences. Reading messages again changes nothing: workers drop rows that are stored.

    Raises:
        DataDirectoryInUse: a worker runs on the embedded broker.
        BrokerUnavailable: the broker's file cannot be read.
    """
    scheme, _, rest = settings.broker_url.partition("://")
    if scheme != "sqlite":
        yield lambda manifest: [_file_for_kafka(settings, manifest)]
        return
    with closing(Log(Path(rest))) as log:
        log.claim_consumer()
        yield lambda manifest: _rewound(log, manifest)


def wanted(manifest: Manifest, partitions: Callable[[str], int]) -> Places:
    """The offsets to go on from, by topic and partition: 0 where the backup has nothing."""
    places = {(topic, p): 0 for topic in map(topic_of, KINDS) for p in range(partitions(topic))}
    for held in manifest.offsets:
        if (held.topic, held.partition) in places:
            places[held.topic, held.partition] = max(held.highest - UNSETTLED, 0)
    return places


def _rewound(log: Log, manifest: Manifest) -> list[str]:
    """Only ever backwards, and not before what the broker still has."""
    highest = {(held.topic, held.partition): held.highest for held in manifest.offsets}
    back: Places = {}
    lost = []
    for place, offset in wanted(manifest, lambda topic: log.partitions(topic) or 0).items():
        now, earliest = log.committed(GROUP, *place), log.earliest_offset(*place)
        if now is not None and max(offset, earliest) < now:
            back[place] = max(offset, earliest)
        if now is not None and (first := highest.get(place, -1) + 1) < min(earliest, now):
            lost.append(f"{place[0]}/{place[1]}: các gói {first}–{min(earliest, now) - 1} không còn | no longer there")
    log.commit(GROUP, back)
    return [f"hàng đợi: đọc lại {len(back)} phân vùng | the broker is read again in so many partitions", *lost]


def _file_for_kafka(settings: Settings, manifest: Manifest) -> str:
    file = folder_of(settings) / f"{manifest.name}.offsets.csv"
    places = wanted(manifest, lambda _: settings.partitions)
    file.write_text("".join(f"{topic},{p},{offset}\n" for (topic, p), offset in places.items()), encoding="ascii")
    return (
        f"trước khi chạy lại các worker | before workers start again: kafka-consumer-groups.sh --group {GROUP}"
        f" --reset-offsets --from-file {file} --execute --bootstrap-server …"
    )
