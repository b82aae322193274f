"""How many rows a day a province makes and what they weigh: ``python -m bench.sizing`` writes both into docs/clusters.md.

Rows of the catalogue's sources come from the simulated province through the real adapters; their bytes are read from the
embedded ClickHouse after a full merge, with everything derived from them (histories, latest states, sums).
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from bench.nodes import ASSUMED, Province, table_of_nodes, table_of_province
from clickhouse.client import answering, connect
from clickhouse.migrate import prepare
from clickhouse.rollups import QUERIES, Rollups
from clickhouse.sink import Store
from ioc.catalog.load import load_catalog
from ioc.catalog.model import Catalog
from ioc.packs import batch_of, utc_now
from ioc.records import CameraEvent, Position, Record, event_id
from ioc.settings import Settings
from simulator import feeds
from simulator.dossier_wire import over_http, payload, reports
from simulator.province import Province as Simulated
from simulator.world import World, build
from streams.sources.base import Arrival, Reject, adapter

PAGE = Path(__file__).parents[1] / "docs" / "clusters.md"
DAYS = 14  # whole weeks hold whole weekends
_OBJECTS, _CAMERAS = 500, 100

Rows = dict[str, list[Record]]  # by source


def monday(now: datetime) -> datetime:
    """The Monday two or three weeks before: recent, for old rows expire."""
    midnight = datetime(now.year, now.month, now.day, tzinfo=UTC)
    return midnight - timedelta(days=midnight.weekday() + DAYS)


def simulated(began: datetime, days: int = DAYS) -> Rows:
    """What the catalogue's sources bring in so many days, as the real adapters read it."""
    catalog = load_catalog(None)
    world = build(Simulated(36, began, catalog))
    found: Rows = {}
    for day in range(days):
        after = began + timedelta(days=day)
        for source, name, content, at in _payloads(world, catalog, after, after + timedelta(days=1)):
            parts = adapter(catalog.sources[source].adapter)(
                content, catalog.sources[source], Arrival(at, name, catalog)
            )
            found.setdefault(source, []).extend(p for p in parts if not isinstance(p, Reject))
    return {source: _distinct(records) for source, records in sorted(found.items())}


def rows_a_day(rows: Rows, days: int = DAYS) -> dict[str, int]:
    """Per source, the mean."""
    return {source: round(len(records) / days) for source, records in rows.items()}


def formula(catalog: Catalog) -> dict[str, int]:
    """Rows a day that sources with stations announce: a day over the cadence, for every metric of every station."""
    return {
        source.id: sum(len(station.metrics) for station in source.stations) * 86400 // source.every_s
        for source in catalog.sources.values()
        if source.stations
    }


def bytes_a_row(settings: Settings, rows: Iterable[Record]) -> dict[str, float]:
    """On disk after a full merge, by kind, with what is derived from it.

    Args:
        settings: a migrated database without records.
        rows: of any kinds.
    """
    store = Store(settings)
    by_kind: dict[str, list[Record]] = {}
    for record in rows:
        by_kind.setdefault(record.kind, []).append(record)
    for kind, records in by_kind.items():
        records.sort(key=lambda r: (r.received_at, r.event_id))
        for offset, start in enumerate(range(0, len(records), 50_000)):
            store.insert(kind, _table(kind, records[start : start + 50_000], offset))
    _sum_up(settings, by_kind)
    return {kind: _bytes_of(settings, kind) / len(records) for kind, records in by_kind.items()}


def moving(began: datetime, days: int = 1) -> Iterator[Record]:
    """Positions every half minute and a camera's events every minute, of sources the catalogue does not have yet."""
    random = np.random.default_rng(36)
    for number in range(_OBJECTS):
        steps = days * 2880
        lat = 19.8 + np.cumsum(random.normal(0, 2e-4, steps))
        lon = 105.8 + np.cumsum(random.normal(0, 2e-4, steps))
        speed = np.abs(random.normal(40, 15, steps)).round()
        for step in range(steps):
            at = began + timedelta(seconds=30 * step + number % 30)
            name = f"36C-{10000 + 7 * number}"
            yield Position(
                event_id=event_id("gps", name, at), received_at=at + timedelta(seconds=4), source="gps",
                object_type="vehicle", object_id=name, operator=f"DN{number % 40}", business_type="bus", observed_at=at,
                lat=round(float(lat[step]), 5), lon=round(float(lon[step]), 5), speed_kmh=float(speed[step]),
                heading=float(step * 7 % 360), driver=event_id("driver", number), area="14758",
            )  # fmt: skip
    for number in range(_CAMERAS):
        for step in range(days * 1440):
            at = began + timedelta(seconds=60 * step + number % 60)
            yield CameraEvent(
                event_id=event_id("camera", number, at), received_at=at + timedelta(seconds=2), source="traffic",
                camera=f"CAM{number:03}", occurred_at=at, event_type="count", lane=str(step % 3), vehicle_class="car",
                vehicles=int(random.poisson(12)), speed_kmh=float(random.normal(42, 6)), area="14758",
            )  # fmt: skip


def written(text: str, measured: dict[str, float], days: dict[str, int]) -> str:
    """The page with its tables made anew."""
    catalog = load_catalog(None)
    announced = formula(catalog)
    lines = ["| source | rows/day, simulated | by the formula |", "|---|---|---|"]
    lines += [f"| `{s}` | {n:,} | {f'{announced[s]:,}' if s in announced else '–'} |" for s, n in days.items()]
    weights = ["| kind | bytes/row on disk |", "|---|---|", *(f"| `{k}` | {b:.0f} |" for k, b in measured.items())]
    rounded = {kind: float(round(b)) for kind, b in measured.items()}
    province = Province(ASSUMED, rounded)
    parts = {"sources": lines, "bytes": weights, "province": table_of_province(province), "nodes": table_of_nodes(province)}  # fmt: skip
    for name, made in parts.items():
        before, begin, rest = text.partition(f"<!-- {name} -->\n")
        _, end, after = rest.partition(f"<!-- end of {name} -->")
        text = before + begin + "\n".join(made) + "\n" + end + after
    return text


def days_on(text: str) -> dict[str, int]:
    """The rows a day that a page states."""
    block = text.partition("<!-- sources -->")[2].partition("<!-- end of sources -->")[0]
    return {
        source: int(number.replace(",", "")) for source, number in re.findall(r"\| `([\w-]+)` \| ([\d,]+) \|", block)
    }


def measured_on(text: str) -> dict[str, float]:
    """The bytes a row that a page states."""
    block = text.partition("<!-- bytes -->")[2].partition("<!-- end of bytes -->")[0]
    return {kind: float(number) for kind, number in re.findall(r"\| `(\w+)` \| (\d+) \|", block)}


def _payloads(
    world: World, catalog: Catalog, after: datetime, until: datetime
) -> Iterator[tuple[str, str, bytes, datetime]]:
    files = [*(world.stations.between(after, until) if world.stations else []), *world.cyber.between(after, until)]
    files += [*world.indicators.between(after, until), *reports(world.dossiers, catalog, after, until)]
    yield from ((f.source, f.name, f.content, f.at) for f in files)
    yield "one-stop-dossiers", "http", payload(over_http(world.dossiers.between(after, until)), catalog), until
    articles = world.press.between(after, until)
    for outlet in world.press.outlets:
        own = [a for a in articles if a.outlet == outlet.id]
        make = feeds.atom if outlet.id == "press-truyenhinh" else feeds.rss
        yield outlet.id, "poll", make(outlet, own, "http://127.0.0.1").encode(), until


def _distinct(records: list[Record]) -> list[Record]:
    """A record that was sent twice is one row."""
    return list({record.event_id: record for record in records}.values())


def _table(kind: str, records: list[Record], offset: int) -> pa.Table:
    table = pa.Table.from_batches([batch_of(records)])
    rows = table.num_rows
    table = table.append_column("_topic", pa.repeat(pa.scalar(f"ioc.{kind}"), rows))
    table = table.append_column("_partition", pa.array(np.arange(rows) % 4, pa.int32()))
    return table.append_column("_offset", pa.array(offset * 100 + np.arange(rows) // 500, pa.int64()))


def _sum_up(settings: Settings, by_kind: dict[str, list[Record]]) -> None:
    rollups = Rollups(settings)
    for kind in QUERIES.keys() & by_kind.keys():
        times = [getattr(record, QUERIES[kind].time) for record in by_kind[kind]]
        for _ in rollups.rebuild(kind, min(times), max(times) + timedelta(days=1)):
            pass
    rollups.close()


def _bytes_of(settings: Settings, kind: str) -> float:
    client = connect(settings)
    tables = "SELECT name FROM system.tables WHERE database = {d:String} AND engine LIKE '%MergeTree' AND (name = {k:String} OR startsWith(name, {k:String} || '_'))"
    size = "SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = {d:String} AND table IN {t:Array(String)}"
    with answering(client.uri):
        names = client.query(tables, parameters={"d": settings.database, "k": kind}).result_columns[0]
        for name in names:
            client.command(f"OPTIMIZE TABLE {name} FINAL")
        return float(client.query(size, parameters={"d": settings.database, "t": list(names)}).first_row[0])


def main() -> None:
    """Measure and write the page."""
    from tests.servers.clickhouse import start_clickhouse, stop_clickhouse

    with tempfile.TemporaryDirectory() as folder:
        process, settings = start_clickhouse(Path(folder))
        try:
            began = monday(utc_now())
            prepare(settings, load_catalog(None), utc_now())
            rows = simulated(began)
            known = [record for records in rows.values() for record in records]
            measured = bytes_a_row(settings, [*known, *moving(began)])
        finally:
            stop_clickhouse(process)
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), measured, rows_a_day(rows)), encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE.name}\n")


if __name__ == "__main__":
    main()
