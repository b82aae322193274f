"""What columns of readings weigh under which codec, and how fast they are read: ``python -m bench.codecs`` writes docs/schema.md.

Every candidate is a copy of the column in one table that is sorted as `readings` is, so that all compress the same rows.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from clickhouse_connect.driver.client import Client

from clickhouse.client import answering, connect
from clickhouse.migrate import prepare
from ioc.catalog.load import load_catalog
from ioc.packs import utc_now
from ioc.settings import Settings

PAGE = Path(__file__).parents[1] / "docs" / "schema.md"
ROWS, SERIES, RUNS = 5_000_000, 1_000, 5

# A station file every five minutes: two decimals, a daily course, noise, 1 % without a value; received with the file.
_TIME = "DateTime64(3, 'UTC')"
READINGS = f"""
SELECT
    lower(hex(sipHash128('env-stations', series, step))) AS event_id, at + toIntervalMillisecond(40000 + cityHash64(intDiv(series, 8), step) % 60000) AS received_at,
    'TH_BENCH_' || leftPad(toString(intDiv(series, 8)), 3, '0') AS station, 'metric' || toString(series % 8) AS metric,
    toDateTime64('2026-11-01 00:00:00', 3, 'UTC') + toIntervalMinute(5 * step) AS at,
    if(cityHash64(number) % 100 = 0, NULL, round((5 + 20 * (series % 8)) * (1 + 0.2 * sin(step / 288 * 2 * pi() + series) + 0.03 * randNormal(0, 1, number)), 2)) AS value,
    ['µg/Nm3', 'mg/L', '°C', '%'][series % 4 + 1] AS unit, formatDateTime(at, '%Y%m%d%H%i%S') AS raw_time, toInt64(intDiv(number, 500)) AS position
FROM (SELECT number, number % {SERIES} AS series, intDiv(number, {SERIES}) AS step FROM numbers({{rows}}))
"""

# What is stored, as which type, under which codecs.
CANDIDATES: dict[str, list[tuple[str, str]]] = {
    "event_id": [("String", c) for c in ("ZSTD(1)", "ZSTD(3)", "LZ4", "NONE")] + [("FixedString(16)", "NONE")],
    "received_at": [(_TIME, c) for c in ("Delta, ZSTD(1)", "DoubleDelta, ZSTD(1)", "ZSTD(1)", "ZSTD(3)", "LZ4", "NONE")],
    "at": [(_TIME, c) for c in ("Delta, ZSTD(1)", "DoubleDelta, ZSTD(1)", "ZSTD(1)", "LZ4", "NONE")],
    "value": [
        ("Nullable(Float64)", c)
        for c in ("Gorilla, ZSTD(1)", "Gorilla, LZ4", "FPC, ZSTD(1)", "ZSTD(1)", "ZSTD(3)", "LZ4", "NONE")
    ],
    "station": [(t, c) for c in ("LZ4", "ZSTD(1)") for t in ("LowCardinality(String)", "String")],
    "unit": [(t, c) for c in ("LZ4", "ZSTD(1)") for t in ("LowCardinality(String)", "String")],
    "raw_time": [("String", c) for c in ("ZSTD(1)", "ZSTD(3)", "LZ4", "NONE")],
    "position": [("Int64", c) for c in ("Delta, ZSTD(1)", "DoubleDelta, ZSTD(1)", "T64, ZSTD(1)", "ZSTD(1)", "LZ4")],
}  # fmt: skip
_IN_TABLE = {"at": "observed_at", "position": "_offset"}


def measured(client: Client, rows: int = ROWS) -> Iterator[tuple[str, str, str, float, float]]:
    """Column, type, codec, bytes a row on disk, and milliseconds in which one thread reads it all.

    Args:
        client: of a server on which a database `codecs` may be made.
        rows: of readings.
    """
    copies = [(f"{name}_{n}", name, *kind) for name, kinds in CANDIDATES.items() for n, kind in enumerate(kinds)]
    with answering(client.uri):
        client.command("DROP DATABASE IF EXISTS codecs")
        client.command("CREATE DATABASE codecs")
        columns = ", ".join(f"{copy} {kind} CODEC({codec})" for copy, _, kind, codec in copies)
        client.command(
            f"CREATE TABLE codecs.t (metric LowCardinality(String), station LowCardinality(String), observed_at {_TIME},"
            f" {columns}) ENGINE = MergeTree ORDER BY (metric, station, observed_at)"
        )
        chosen = ", ".join(_from(name, kind) for _, name, kind, _ in copies)
        client.command(f"INSERT INTO codecs.t SELECT metric, station, at, {chosen} FROM ({READINGS.format(rows=rows)})")
        client.command("OPTIMIZE TABLE codecs.t FINAL")
        for copy, name, kind, codec in copies:
            size = "SELECT sum(column_bytes_on_disk) FROM system.parts_columns WHERE active AND database = 'codecs' AND column = {c:String}"
            weight = float(client.query(size, parameters={"c": copy}).first_row[0]) / rows
            yield _IN_TABLE.get(name, name), kind, codec, weight, _milliseconds(client, copy)


def _from(name: str, kind: str) -> str:
    return f"unhex({name})" if kind.startswith("FixedString") else name


def _milliseconds(client: Client, copy: str) -> float:
    """The median of some runs."""
    took = []
    for _ in range(RUNS):
        began = time.perf_counter()
        client.query(f"SELECT sum(cityHash64({copy})) FROM codecs.t", settings={"max_threads": 1})
        took.append(1000 * (time.perf_counter() - began))
    return statistics.median(took)


def in_use(settings: Settings) -> dict[str, tuple[str, str]]:
    """Type and codec of each column of `readings`, as this page writes them."""
    client = connect(settings)
    sql = "SELECT name, type, compression_codec FROM system.columns WHERE database = {db:String} AND table = 'readings'"
    with answering(client.uri):
        rows = client.query(sql, parameters={"db": settings.database}).result_rows
    return {name: (kind, _plain(codec)) for name, kind, codec in rows}


def _plain(codec: str) -> str:
    """Without the width that ClickHouse adds; the server's default where none was chosen."""
    return re.sub(r"(?<=[a-z])\(8\)", "", codec.removeprefix("CODEC(").removesuffix(")")) or "LZ4"


def table(found: Iterable[tuple[str, str, str, float, float]], used: Mapping[str, tuple[str, str]]) -> list[str]:
    """Lines of Markdown; what is in use in bold."""
    lines = ["| column | type | codec | bytes/row | read, ms |", "|---|---|---|---|---|"]
    for name, kind, codec, weight, took in found:
        shown = f"**{codec}**" if used[name] == (kind, codec) else codec
        lines.append(f"| `{name}` | {kind} | {shown} | {weight:.2f} | {took:.0f} |")
    return lines


def written(text: str, lines: Iterable[str]) -> str:
    """The page with its table made anew."""
    before, begin, rest = text.partition("<!-- codecs -->\n")
    _, end, after = rest.partition("<!-- end of codecs -->")
    return before + begin + "\n".join(lines) + "\n" + end + after


def main() -> None:
    """Measure and write the page."""
    from tests.servers.clickhouse import start_clickhouse, stop_clickhouse

    with tempfile.TemporaryDirectory() as folder:
        process, settings = start_clickhouse(Path(folder))
        try:
            prepare(settings, load_catalog(None), utc_now())
            lines = table(measured(connect(settings)), in_use(settings))
        finally:
            stop_clickhouse(process)
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), lines), encoding="utf-8")
    sys.stdout.write("\n".join(lines) + f"\nwrote docs/{PAGE.name}\n")


if __name__ == "__main__":
    main()
