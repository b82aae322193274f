"""States of detectors come back as they went in, the latest of each series."""

from __future__ import annotations

from datetime import timedelta

import pyarrow as pa

from clickhouse.states import SCHEMA, States
from tests.clickhouse.samples import START

ALL_BYTES = bytes(range(256)) * 3 + b"\x00'\\\xff"


def states(*rows: tuple[str, bytes, int]) -> pa.Table:
    columns = ("source", "station", "metric", "newest", "version", "state")
    known = [("nguồn", station, "it's", START + timedelta(milliseconds=n), n, state) for station, state, n in rows]
    return pa.Table.from_pylist([dict(zip(columns, row, strict=True)) for row in known], schema=SCHEMA)


def test_bytes_come_back_and_the_latest_wins(store_settings):
    store = States(store_settings)
    store.save(states(("một", b"older", 1), ("hai\\", b"", 1)))
    store.save(states(("một", ALL_BYTES, 2)))
    keys = [("nguồn", name, "it's") for name in ("một", "hai\\", "chưa có")]
    found = store.load([*keys, *keys])
    assert found.schema == SCHEMA
    assert found.sort_by("version").to_pylist() == states(("hai\\", b"", 1), ("một", ALL_BYTES, 2)).to_pylist()


def test_more_series_than_fit_one_request(store_settings):
    many = [(f"trạm {n}", n.to_bytes(4, "big"), n) for n in range(2500)]
    store = States(store_settings)
    store.save(states(*many))
    found = store.load(("nguồn", name, "it's") for name, _, _ in many)
    assert found.sort_by("version").to_pylist() == states(*many).to_pylist()


def test_nothing_asked_nothing_found(store_settings):
    store = States(store_settings)
    store.save(states())
    assert store.load([]).schema == SCHEMA
    assert store.load([("a", "b", "c")]).num_rows == 0
