"""Score every reading before learning it; a series met for the first time is warmed up from what ClickHouse holds.

Nothing else is kept: after a crash or a rebalance the new owner warms up from the store, each series from its readings
before its first of the pack in hand, so that a pack delivered again finds the same anomalies with the same identities.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

import pyarrow as pa

from clickhouse.connection import Connection
from ioc import metrics
from ioc.catalog.model import Catalog
from ioc.packs import utc_now
from ioc.records import Record
from ioc.settings import Settings
from models.bank import Bank

WARM_UP_POINTS = 4000

Series = tuple[str, str, str]


class Detect:
    """Readings in, anomalies out; owns the bank of detectors."""

    def __init__(self, settings: Settings, catalog: Catalog) -> None:
        self._bank = Bank(catalog)
        self._store = Connection(settings)

    def reset(self) -> None:
        """Partitions moved: another worker may have gone on with our series."""
        self._bank.clear()

    async def derive(self, batch: pa.RecordBatch) -> Sequence[Record]:
        """Anomalies of one pack of readings.

        Raises:
            StoreUnavailable: the warm-up could not be read.
        """
        return await asyncio.to_thread(self._detect, batch)

    def _detect(self, batch: pa.RecordBatch) -> Sequence[Record]:
        if unknown := self._bank.unknown(batch):
            first = _first_times(batch)
            self._warm_up({series: first[series] for series in unknown})
        found = self._bank.process(batch, utc_now())
        metrics.SERIES.set(len(self._bank))
        return found

    def _warm_up(self, first: dict[Series, datetime]) -> None:
        """Teach each series what is stored of it before its first reading in the pack."""
        params = {"series": list(first), "before": max(first.values()), "points": WARM_UP_POINTS}
        table = self._store.query("series_tail", params)
        keys = zip(*(table.column(name).to_pylist() for name in ("source", "station", "metric")), strict=True)
        before = [m < first[key] for key, m in zip(keys, table.column("observed_at").to_pylist(), strict=True)]
        self._bank.warm(table.filter(pa.array(before, pa.bool_())), list(first))


def _first_times(batch: pa.RecordBatch) -> dict[Series, datetime]:
    keys = ["source", "station", "metric"]
    firsts = pa.Table.from_batches([batch]).group_by(keys).aggregate([("observed_at", "min")])
    return {(row["source"], row["station"], row["metric"]): row["observed_at_min"] for row in firsts.to_pylist()}
