"""The catalogue's names in the database: written again at every start, read as one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from clickhouse.client import connect
from clickhouse.dimensions import COLUMNS, limit_on, load_dimensions
from ioc.catalog.load import load_catalog
from ioc.packs import utc_now

CATALOG = load_catalog(None)


@pytest.mark.parametrize("table", COLUMNS)
def test_tables_have_the_columns_that_are_written(shared_store_settings, table):
    found = connect(shared_store_settings).query(f"SELECT * FROM {table} LIMIT 0").column_names
    assert found == (*COLUMNS[table], "loaded_at")


def test_everything_of_the_catalogue_is_there_once_however_often_it_is_loaded(store_settings):
    client = connect(store_settings)
    for _ in range(2):
        load_dimensions(client, store_settings.database, CATALOG, utc_now() + timedelta(seconds=1))
    counts = {table: client.command(f"SELECT count() FROM {table} FINAL") for table in COLUMNS}
    sources = CATALOG.sources.values()
    assert counts == {
        "dim_agencies": len(CATALOG.agencies),
        "dim_areas": len({(u.code, u.valid_from) for u in CATALOG.areas}),
        "dim_stations": sum(len(s.stations) for s in sources),
        "dim_metrics": sum(len(s.metrics) for s in sources),
        "dim_limits": sum(len(m.limits) for s in sources for m in s.metrics),
        "dim_indicators": len(CATALOG.indicators),
        "dim_sources": len(sources),
    }


def test_names_keep_their_diacritics(shared_store_settings):
    name = connect(shared_store_settings).command("SELECT short FROM dim_agencies WHERE id = 'so-yte'")
    assert name == CATALOG.agencies["so-yte"].short == "Sở Y tế"


def test_the_limit_of_a_day():
    metric = next(m for m in CATALOG.sources["env-stations"].metrics if m.id == "pm25")
    assert limit_on(metric, date(2026, 11, 25)) is not None
    assert limit_on(metric, date(1950, 1, 1)) is None
