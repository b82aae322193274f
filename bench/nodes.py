"""Disk and servers for one province or many, from rows a day and bytes a row; what is assumed stands here, to be changed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

DAYS_KEPT = 365
REPLICAS = 2
HEADROOM = 1.5  # disk beside the data: merges write a part before they drop its sources, and a full disk stops inserts
DISK_A_NODE = 4e12  # bytes, one NVMe drive
ROWS_A_SECOND = 100_000  # that a shard takes all day beside its queries: a fifth of what the embedded server took alone
PROVINCES = (1, 10, 100)


@dataclass(frozen=True)
class Stream:
    """One kind of record of a whole province.

    Attributes:
        kind: of record.
        what: there are `count` of.
        count: how many.
        rows_each: rows at a time.
        every_s: seconds between.
    """

    kind: str
    what: str
    count: int
    rows_each: int
    every_s: float

    @property
    def rows_a_day(self) -> int:
        """Of all of them."""
        return round(self.count * self.rows_each * 86400 / self.every_s)


# A province in full swing. None of these counts is known yet (docs/open-questions.md).
ASSUMED = (
    Stream("readings", "stations of 8 metrics, every 5 min", 150, 8, 300),
    Stream("positions", "vehicles, every 30 s", 3000, 1, 30),
    Stream("camera_events", "traffic cameras, every 20 s", 500, 1, 20),
    Stream("cyber_events", "events a second at network sensors", 10, 1, 1),
    Stream("dossiers", "status changes of dossiers a day", 30_000, 1, 86400),
    Stream("posts", "articles and posts a day", 2000, 1, 86400),
    Stream("indicator_values", "values a month: 300 indicators of 166 communes", 300 * 166, 1, 30 * 86400),
)


@dataclass(frozen=True)
class Province:
    """What a province sends and what a row of each kind weighs, bytes."""

    streams: Sequence[Stream]
    bytes_a_row: dict[str, float]

    def bytes_a_year(self, stream: Stream) -> float:
        """On one copy's disk."""
        return stream.rows_a_day * DAYS_KEPT * self.bytes_a_row[stream.kind]

    @property
    def bytes_kept(self) -> float:
        """One copy of everything."""
        return sum(map(self.bytes_a_year, self.streams))

    @property
    def rows_a_second(self) -> float:
        """The mean; a day's peak is some three times that."""
        return sum(stream.rows_a_day for stream in self.streams) / 86400

    def shards(self, provinces: int) -> int:
        """By disk or by inserts, whichever needs more."""
        disk = provinces * self.bytes_kept * HEADROOM / DISK_A_NODE
        return max(1, math.ceil(max(disk, 3 * provinces * self.rows_a_second / ROWS_A_SECOND)))


def table_of_province(province: Province) -> list[str]:
    """Markdown: each stream of a province."""
    lines = [
        f"| `{s.kind}` | {s.count:,} {s.what} | {s.rows_a_day:,} | {province.bytes_a_year(s) / 1e9:.1f} |"
        for s in province.streams
    ]
    rows = sum(s.rows_a_day for s in province.streams)
    return [
        "| kind | assumed | rows/day | GB/year, one copy |",
        "|---|---|---|---|",
        *lines,
        f"| **all** | mean {province.rows_a_second:.0f} rows/s | {rows:,} | {province.bytes_kept / 1e9:.0f} |",
    ]


def table_of_nodes(province: Province) -> list[str]:
    """Markdown: servers for some numbers of provinces."""
    lines = [
        "| provinces | data of a year, one copy | shards × replicas | servers | disk a server | keepers |",
        "|---|---|---|---|---|---|",
    ]
    for n in PROVINCES:
        shards, data = province.shards(n), n * province.bytes_kept
        disk = data * HEADROOM / shards
        lines.append(
            f"| {n} | {data / 1e12:.2f} TB | {shards} × {REPLICAS} | {shards * REPLICAS} | {disk / 1e12:.2f} TB | 3 |"
        )
    return lines
