"""Records a second and core from Kafka to ClickHouse: ours, the raw limit, Quix Streams and plain Faust, in one run."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench.load import JSON_TOPIC, Load, create_topic, json_messages, pack_messages, prefill
from bench.measure import Speed, rewind, watch
from bench.report import Tell
from bench.servers import WORKER, Lab, lab, process
from streams.topics import topic_of

GROUP = "ioc"  # of `streams.app`, which cannot be imported without making an app
TOPIC = topic_of("readings")
_SIZES = (0, 800, 2800, 9800)  # bytes added to a record: about 200 bytes to 10 kB
_PARTITIONS = (1, 4, 16, 64)


@dataclass(frozen=True)
class Counts:
    """How many records each contestant gets: the slow ones fewer, so that the run stays short."""

    records: int = 2_000_000
    quix: int = 300_000
    plain_faust: int = 50_000
    series: int = 1_000


def ingest(counts: Counts, tell: Tell) -> dict[str, Any]:
    """All contestants, one after another, on the same servers.

    Returns:
        Records/s of each, CPU speeds, sizes and the goals, as the JSON line has them.
    """
    with lab() as here:
        load = _load(here, counts.records, counts.series)
        tell(0.0, f"{load.records} records in packs")
        packed = asyncio.run(prefill(here.settings, pack_messages(load)))
        speeds = {
            "raw": _told(tell, 0.2, "raw", lambda: measure(here, "raw", packed.records, peer="raw", topic=TOPIC)),
            "ours": _told(tell, 0.3, "ours", lambda: measure(here, "ours", packed.records, detect=False)),
        }
        asyncio.run(rewind(here.settings, GROUP, TOPIC))
        speeds["ours_detecting"] = _told(
            tell, 0.4, "ours, detecting", lambda: measure(here, "detecting", packed.records)
        )
        single, sizes = {}, {}
        for share, name in ((0.7, "quix"), (0.85, "plain_faust")):
            topic = f"{JSON_TOPIC}.{name}"
            count = getattr(counts, name)
            asyncio.run(create_topic(here.kafka.address, topic, here.settings.partitions))
            sent = asyncio.run(prefill(here.settings, json_messages(_load(here, count, counts.series), topic)))
            single[name], sizes[name] = sent.records, sent.record_bytes
            speeds[name] = _told(
                tell, share, name, lambda n=name, s=sent, t=topic: measure(here, n, s.records, peer=n, topic=t)
            )
        counted = {"ours": packed.records, "ours_detecting": packed.records, "raw": packed.records, **single}
        return _result(speeds, counted, packed.record_bytes, max(sizes.values()))


def curves(counts: Counts, tell: Tell) -> dict[str, Any]:
    """Ours with detection off against record size, partitions and workers; fewer records of the larger sizes."""
    out: dict[str, Any] = {"record_bytes": {}, "partitions": {}, "workers": {}}
    for padding in _SIZES:
        tell(0.1, f"records of {200 + padding} bytes")
        records = max(counts.series, counts.records * 200 // (200 + padding))
        size, speed = alone(records, counts.series, padding=padding)
        out["record_bytes"][str(round(size))] = round(speed.per_s)
    for partitions in _PARTITIONS:
        tell(0.5, f"{partitions} partitions")
        out["partitions"][str(partitions)] = round(alone(counts.records, counts.series, partitions=partitions)[1].per_s)
    for workers in (1, 2):
        tell(0.9, f"{workers} workers")
        out["workers"][str(workers)] = round(alone(counts.records, counts.series, workers=workers)[1].per_s)
    return out


def alone(records: int, series: int, *, padding: int = 0, partitions: int = 4, workers: int = 1) -> tuple[float, Speed]:
    """Bytes a record in a pack, and our speed with detection off on fresh servers."""
    with lab(partitions) as here:
        sent = asyncio.run(prefill(here.settings, pack_messages(_load(here, records, series, padding))))
        return sent.record_bytes, measure(here, "ours", sent.records, detect=False, workers=workers)


def measure(  # noqa: PLR0913 - a contestant has so many sides
    here: Lab, name: str, expected: int, *, peer: str = "", topic: str = TOPIC, detect: bool = True, workers: int = 1
) -> Speed:
    """Start the contestant on its core, wait until it is through, stop it.

    A second worker gets the next core, which it shares with the servers.
    """
    group = f"peer-{peer}" if peer else GROUP
    command: Sequence[str] = (f"bench.peers.{peer}", topic, group) if peer else WORKER
    log = here.directory / f"{name}.log"
    with here.database(f"bench_{name}", detect=detect) as settings, contextlib.ExitStack() as stack:
        cores = [{here.measured}, {here.measured + 1}]
        running = [stack.enter_context(process(settings, command, cores[n], log)) for n in range(workers)]
        return watch(settings, group, topic, expected, processes=running, log=log)


def _load(here: Lab, records: int, series: int, padding: int = 0) -> Load:
    series = min(series, records)
    return Load(records, series, here.settings.partitions, here.settings.pack_records, padding)


def _told(tell: Tell, share: float, name: str, work: Any) -> Speed:
    tell(share, name)
    speed: Speed = work()
    return speed


def _result(speeds: dict[str, Speed], records: dict[str, int], arrow: float, json: float) -> dict[str, Any]:
    rates = {name: round(speed.per_s) for name, speed in speeds.items()}
    rates["ours_detecting"] = round(speeds["ours_detecting"].acknowledged_per_s)  # found anomalies are part of the job
    return {
        **rates,
        "ours_acknowledged": round(speeds["ours"].acknowledged_per_s),
        "per_cpu_s": {name: round(speed.per_cpu_s) for name, speed in speeds.items()},
        "includes_start": [name for name, speed in speeds.items() if speed.whole],
        "records": records, "bytes_arrow": round(arrow), "bytes_json": round(json),
        "of_raw": round(rates["ours"] / rates["raw"], 3), "times_quix": round(rates["ours"] / rates["quix"], 1),
        "times_plain_faust": round(rates["ours"] / rates["plain_faust"], 1),
        "goals_met": {
            "ours >= 0.6 raw": rates["ours"] >= 0.6 * rates["raw"],
            "ours >= 5 quix": rates["ours"] >= 5 * rates["quix"],
            "ours >= 40 plain_faust": rates["ours"] >= 40 * rates["plain_faust"],
            "ours_detecting >= 30000": rates["ours_detecting"] >= 30_000,
        },
    }  # fmt: skip
