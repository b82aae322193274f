"""The forecaster forecasts what has changed, each time once. It goes to work when data has come and settled, once, and again when a round came to nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa

from clickhouse.connection import Connection
from forecasting.job import Memory
from forecasting.kept import Shelf
from ioc.catalog.load import load_catalog
from ioc.cli.forecaster import _Changes, _forecast_changed
from ioc.cli.run import opened_packer
from ioc.settings import Settings
from tests.forecasting.making import seasonal
from tests.forecasting.test_store import TWICE, insert, published, value


class Answers:
    """A store whose next answer the test sets."""

    def __init__(self) -> None:
        self.rows = 0

    def query(self, name: str, params: Any = None) -> pa.Table:
        assert name == "indicator_changes"
        return pa.table({"rows": [self.rows], "newest": [f"at {self.rows}"]})


def test_data_that_still_comes_is_waited_for_and_said_once() -> None:
    store = Answers()
    changes = _Changes(store)  # type: ignore[arg-type]
    assert [changes.settled(), changes.settled()] == [False, False], "an empty store is no change"
    looks = []
    for rows in (5, 9, 9, 9):
        store.rows = rows
        looks.append(changes.settled())
    assert looks == [False, False, True, False]


def test_a_round_that_came_to_nothing_is_said_again() -> None:
    store = Answers()
    store.rows = 5
    changes = _Changes(store)  # type: ignore[arg-type]
    assert [changes.settled(), changes.settled(), changes.settled()] == [False, True, False]
    changes.again()
    assert [changes.settled(), changes.settled()] == [True, False]


async def test_what_changed_is_forecast_in_a_process_of_its_own_and_is_done(
    store_settings: Settings, tmp_path: Path
) -> None:
    """Two series, one of them too short: both are said to be done when the broker holds what there is of them."""
    settings = store_settings.model_copy(update={"data_dir": tmp_path})
    insert(settings, [value(m, float(v)) for m, v in enumerate(seasonal(30))] + [value(0, 1.0, indicator="ngan")])
    store, memory, catalog = Connection(settings), Memory(), load_catalog(None)
    async with opened_packer(settings) as packer:
        await _forecast_changed(settings, store, catalog, memory, packer)
        assert memory.done.keys() == {(TWICE, "38"), ("ngan", "38")}
        sent = len(published(tmp_path, "forecasts"))
        await _forecast_changed(settings, store, catalog, memory, packer)
    assert len(published(tmp_path, "forecasts")) == sent > 0
    (outlook,) = published(tmp_path, "outlooks")
    kept = Shelf(settings.forecast_models).get((TWICE, "38"))
    assert kept is not None
    assert (kept.model, kept.issued_at) == (outlook.model, outlook.issued_at)  # type: ignore[attr-defined]
