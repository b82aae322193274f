"""What series were like before the load, put straight into ClickHouse, so that their detectors begin warm."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pyarrow as pa

from bench.load import codes_of, readings_at
from clickhouse.rollups import Rollups
from clickhouse.sink import Store
from ioc.packs import batch_of, utc_now
from ioc.settings import Settings

_POINTS, _AT_ONCE = 400, 50  # of each series, an hour apart


def store_history(settings: Settings, series: int) -> None:
    """Insert noise around 20; these rows have no topic, by which they are told from the load."""
    random, codes, now = np.random.default_rng(2), codes_of(series), utc_now()
    store = Store(settings)
    for start in range(0, _POINTS, _AT_ONCE):
        records = [
            record
            for n in range(start, start + _AT_ONCE)
            for record in readings_at(codes, now - timedelta(hours=_POINTS - n), random.normal(20, 1, series).tolist())
        ]
        store.insert("readings", pa.Table.from_batches([batch_of(records)]))
    store.close()
    rollups = Rollups(settings)
    for _ in rollups.rebuild("readings", now - timedelta(hours=_POINTS + 1), now):  # they came past the workers
        pass
    rollups.close()
