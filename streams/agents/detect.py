"""Score every reading before learning it; a series met for the first time is warmed up from what ClickHouse holds.

Nothing else is kept: after a crash or a rebalance the new owner warms up from the store, from readings before the
first of the pack in hand, so that a pack delivered again finds the same anomalies with the same identities.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc
from models.bank import Bank

from clickhouse.client import connect
from clickhouse.queries import query
from ioc.catalog.model import Catalog
from ioc.packs import utc_now
from ioc.records import Record
from ioc.settings import Settings

WARM_UP_POINTS = 4000

Series = tuple[str, str, str]


class Detect:
    """Readings in, anomalies out; owns the bank of detectors."""

    def __init__(self, settings: Settings, catalog: Catalog) -> None:
        self._settings, self._catalog = settings, catalog
        self._bank = Bank(catalog)

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
            self._warm_up(unknown, pc.min(batch.column("observed_at")).as_py())
        return self._bank.process(batch, utc_now())

    def _warm_up(self, unknown: Sequence[Series], before: datetime) -> None:
        client = connect(self._settings)
        params = {
            "series": [tuple(s) for s in unknown],
            "before": before,
            "points": WARM_UP_POINTS,
        }
        tail = query(client, "series_tail", params)
        rows: dict[Series, tuple[list[datetime], list[float]]] = {series: ([], []) for series in unknown}
        for row in tail.to_pylist():
            times, values = rows[row["source"], row["station"], row["metric"]]
            times.append(row["observed_at"])
            values.append(row["value"])
        for series, (times, values) in rows.items():
            self._bank.warm(series, times, values)
