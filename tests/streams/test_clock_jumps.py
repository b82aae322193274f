"""Senders whose clocks jump: what cannot be is told by its field, what is merely old is stored and counted where it belongs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from clickhouse.client import connect
from ioc.catalog.load import load_catalog
from ioc.records import Reading
from ioc.settings import Settings
from streams.agents.pipeline import Pipeline
from tests.streams.test_pipeline import NOW, App, pack, readings, sent, take

LONG_AGO = datetime(1995, 6, 1, 7, 20, tzinfo=UTC)
HOURS = "SELECT toUnixTimestamp(hour), points, total FROM readings_hourly FINAL ORDER BY hour"


@pytest.fixture
def pipeline(store_settings: Settings) -> Pipeline:
    return Pipeline(store_settings, load_catalog(), App())


async def test_a_year_ahead_is_a_dead_letter_and_1995_is_stored_and_summed(
    pipeline: Pipeline, store_settings: Settings
) -> None:
    first, *others = readings(12, value=2.5)
    assert isinstance(first, Reading)
    ahead = structs.replace(first, event_id="ahead", observed_at=NOW + timedelta(days=365))
    old = structs.replace(first, event_id="old", observed_at=LONG_AGO, value=7.25)
    await take(pipeline, "readings", [pack([first, ahead, *others[:5], old, *others[5:]], 0)])
    await pipeline.settlement.settle_all()

    (letter,) = sent(pipeline, "dead_letters")
    assert (letter.field, letter.source) == ("observed_at", "env-stations")
    assert b'"ahead"' in letter.raw
    with connect(store_settings) as client:
        stored = set(client.query("SELECT event_id FROM readings FINAL").result_columns[0])
        hours = client.query(HOURS).result_rows
    assert stored == {first.event_id, "old", *(other.event_id for other in others)}
    assert hours[0] == (LONG_AGO.replace(minute=0).timestamp(), 1, 7.25)
    assert sum(points for _, points, _ in hours[1:]) == 12
    assert sum(total for _, _, total in hours[1:]) == 12 * 2.5


async def test_the_old_value_that_comes_again_later_corrects_its_hour_only(
    pipeline: Pipeline, store_settings: Settings
) -> None:
    (first,) = readings(1, value=1.0)
    old = structs.replace(first, event_id="old", observed_at=LONG_AGO, value=7.0)
    again = structs.replace(old, received_at=NOW + timedelta(seconds=1), value=8.0)
    await take(pipeline, "readings", [pack([first, old], 0)])
    await pipeline.settlement.settle_all()
    await take(pipeline, "readings", [pack([again], 1)])
    await pipeline.settlement.settle_all()
    with connect(store_settings) as client:
        hours = client.query("SELECT points, total FROM readings_hourly FINAL ORDER BY hour").result_rows
    assert hours == [(1, 8.0), (1, 1.0)]
