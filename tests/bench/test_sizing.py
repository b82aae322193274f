"""The page on sizing says what the catalogue, the simulated province and the arithmetic say."""

from __future__ import annotations

import pytest

from bench.nodes import ASSUMED, Province, Stream
from bench.sizing import (
    PAGE,
    bytes_a_row,
    days_on,
    formula,
    measured_on,
    monday,
    moving,
    rows_a_day,
    simulated,
    written,
)
from ioc.catalog.load import load_catalog
from ioc.packs import utc_now
from ioc.settings import Settings

TEXT = PAGE.read_text(encoding="utf-8")


def test_the_page_is_what_the_arithmetic_makes_of_its_numbers() -> None:
    assert written(TEXT, measured_on(TEXT), days_on(TEXT)) == TEXT, "run: python -m bench.sizing"
    assert {stream.kind for stream in ASSUMED} <= measured_on(TEXT).keys()


def test_the_page_counts_what_the_province_sends() -> None:
    made = rows_a_day(simulated(monday(utc_now()), days=2), days=2)
    stated = days_on(TEXT)
    assert made.keys() <= stated.keys()
    for source, announced in formula(load_catalog(None)).items():
        assert 0.9 * announced < made[source] <= announced
        assert stated[source] == pytest.approx(made[source], rel=0.05)


def test_the_page_weighs_what_the_engine_weighs(store_settings: Settings) -> None:
    rows = [record for record in moving(monday(utc_now())) if record.kind == "positions"][:200_000]
    weight = bytes_a_row(store_settings, rows)["positions"]
    assert measured_on(TEXT)["positions"] == pytest.approx(weight, rel=0.3), "run: python -m bench.sizing"


def test_servers_follow_disk_or_inserts() -> None:
    light = Province([Stream("a", "x", 1, 1, 86400)], {"a": 1.0})
    assert light.shards(1) == 1
    heavy = Province([Stream("a", "x", 1, 1, 86400)], {"a": 4e12 / 365})
    assert heavy.bytes_kept == pytest.approx(4e12)
    assert (heavy.shards(1), heavy.shards(10)) == (2, 15)
    fast = Province([Stream("a", "x", 100_000, 1, 1)], {"a": 1e-9})
    assert fast.shards(1) == 3
