"""Sensor faults told apart from events on the simulated province's air stations: `python -m bench.causes`.

Two stations that are neighbours run for two weeks; then either haze lies over both, or the PM2.5 instrument of one goes wrong.
What is labelled is compared with the cause that the anomalies have in the end. Readings come as in the province: every five
minutes, one station after the other, each pack examined after it is stored.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import pyarrow as pa

from clickhouse.client import connect
from clickhouse.migrate import prepare
from clickhouse.sink import PLACE, Store
from ioc.catalog.load import load_catalog
from ioc.catalog.model import Catalog, Station
from ioc.packs import batch_of, utc_now
from ioc.records import Anomaly, Reading, event_id
from ioc.settings import Settings
from simulator.courses import Times, course
from simulator.province import moment
from streams.agents.detect import Detect

SOURCE, STATIONS = "env-stations", ("TH_HACTHANH_KK01", "TH_SAMSON_KK01")
STEP_S, DAYS, HOURS = 300, 14, 2  # the last hours hold what happens
BEGIN_H, RISE_S = 0.5, 1800.0  # after the quiet part; haze rises within half an hour, an instrument at once
EPOCH = 1_772_323_200  # 1 March 2026
TRIALS = 6
_CALM_PACK = 5000  # readings


class Trial(NamedTuple):
    """What happens: `event` is haze at both stations, `sensor` an offset of one instrument; strength in µg/Nm³."""

    label: str
    seed: int
    strength: float


def trials() -> list[Trial]:
    """As many of either kind, of the strengths of the simulator's plumes."""
    rng = np.random.default_rng(1)
    return [Trial(label, n, float(rng.uniform(80, 240))) for n in range(TRIALS) for label in ("event", "sensor")]


def readings(catalog: Catalog, station: Station, trial: Trial) -> list[Reading]:
    """All readings of one station, by time; both strike in the afternoon, local time differs by trial."""
    begin = EPOCH + 3600 * (trial.seed * 2 % 24)
    epochs = begin + STEP_S * np.arange((DAYS * 24 + HOURS) * 3600 // STEP_S, dtype=np.int64)
    times, known = Times.of(epochs, catalog.sources[SOURCE].zone), catalog.metrics
    since = epochs - (begin + DAYS * 86400 + BEGIN_H * 3600)
    late = 600.0 * (station.code != STATIONS[0])  # the wind takes ten minutes
    force = np.clip((since - late) / RISE_S, 0.0, 1.0) if trial.label == "event" else (since >= 0).astype(float)
    columns = {}
    for name in station.metrics:
        columns[name] = course(known[SOURCE, name], station, trial.seed, times)
        if trial.label == "event" and name in {"pm25", "pm10"}:
            columns[name] = columns[name] + trial.strength * force * (1.6 if name == "pm10" else 1.0)
        elif trial.label == "sensor" and name == "pm25" and station.code == STATIONS[0]:
            columns[name] = columns[name] + trial.strength * force
    return [
        Reading(
            event_id=event_id(SOURCE, station.code, name, moment(int(at))), received_at=moment(int(at)), source=SOURCE,
            station=station.code, metric=name, observed_at=moment(int(at)),
            value=round(float(values[row]), known[SOURCE, name].decimals), unit=known[SOURCE, name].unit,
        )
        for row, at in enumerate(epochs)
        for name, values in columns.items()
    ]  # fmt: skip


def packs(catalog: Catalog, trial: Trial) -> Iterator[list[Reading]]:
    """The quiet part in large packs, the rest in one pack a station and time."""
    both = [readings(catalog, catalog.stations[code], trial) for code in STATIONS]
    starts = both[0][0].observed_at + timedelta(days=DAYS)
    for rows in both:
        calm = [r for r in rows if r.observed_at < starts]
        yield from (calm[at : at + _CALM_PACK] for at in range(0, len(calm), _CALM_PACK))
    rest = [r for rows in both for r in rows if r.observed_at >= starts]
    for at in dict.fromkeys(r.observed_at for r in rest):
        yield from ([r for r in rest if r.observed_at == at and r.station == code] for code in STATIONS)


def causes(settings: Settings, catalog: Catalog, trial: Trial) -> Counter[str]:
    """How many anomalies of what was struck have which cause in the end."""
    detect, store, found = Detect(settings, catalog), Store(settings), dict[str, Anomaly]()
    for pack in packs(catalog, trial):
        store.insert("readings", _placed(pack))
        found |= {a.event_id: a for a in asyncio.run(_derived(detect, pack)) if isinstance(a, Anomaly)}
    begins = moment(EPOCH + 3600 * (trial.seed * 2 % 24) + DAYS * 86400 + int(BEGIN_H * 3600))
    struck = (
        {("pm25", STATIONS[0])} if trial.label == "sensor" else {(m, s) for m in ("pm25", "pm10") for s in STATIONS}
    )
    late = [a for a in found.values() if a.observed_at >= begins and (a.metric, a.station) in struck]
    return Counter(a.cause or "unknown" for a in late)


async def _derived(detect: Detect, pack: list[Reading]) -> list[object]:
    return list(await detect.derive(batch_of(pack)))


def _placed(pack: list[Reading]) -> pa.Table:
    table = pa.Table.from_batches([batch_of(pack)])
    for name, value in zip(
        PLACE, (pa.scalar("bench"), pa.scalar(0, pa.int32()), pa.scalar(0, pa.int64())), strict=True
    ):
        table = table.append_column(name, pa.repeat(value, table.num_rows))
    return table


def main() -> None:
    """Print a line a trial and one with the sums."""
    from tests.servers.clickhouse import start_clickhouse, stop_clickhouse

    catalog, total = load_catalog(), {"event": Counter[str](), "sensor": Counter[str]()}
    with tempfile.TemporaryDirectory() as temporary:
        process, settings = start_clickhouse(Path(temporary))
        try:
            prepare(settings, catalog, utc_now())
            for trial in trials():
                one = causes(settings, catalog, trial)
                connect(settings).command("TRUNCATE TABLE readings")
                sys.stdout.write(f"{trial.label} {trial.strength:.0f} µg/Nm³: {dict(one)}\n")
                sys.stdout.flush()
                total[trial.label] += one
        finally:
            stop_clickhouse(process)
    sys.stdout.write(msgspec.json.encode(total).decode() + "\n")


if __name__ == "__main__":
    main()
